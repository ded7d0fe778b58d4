/**
 * What operators read and turn: a market's phase, and the kill switch of a market, an account or the venue.
 * Who is no operator is asked once, and has none of it; the venue refuses him anyway.
 */
import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import type { MarketState } from "../client/market-wire.ts";
import type { KillTarget, TradingState } from "../client/rest.ts";
import { failureInWords } from "../client/words.ts";
import type { Outcome } from "../order-words.ts";
import { venue } from "../venue.ts";

export const useOperations = defineStore("operations", () => {
  const roles = shallowRef<readonly string[]>([]);
  const isOperator = computed(() => roles.value.includes("operator"));
  const market = shallowRef<MarketState>();
  const failure = shallowRef<Failure>();
  const working = ref(false);
  const outcome = shallowRef<Outcome>();
  let asked = 0;

  async function start(): Promise<void> {
    try {
      ({ roles: roles.value } = await venue.rest.me());
    } catch {
      // Without an answer nothing more is offered; the next connection asks again.
      roles.value = [];
    }
  }

  function stop(): void {
    roles.value = [];
    market.value = undefined;
    outcome.value = undefined;
  }

  /** The answer of a market that is looked at no more is dropped. */
  async function look(symbol: string): Promise<void> {
    const number = ++asked;
    market.value = undefined;
    failure.value = undefined;
    try {
      const state = await venue.rest.marketState(symbol);
      if (number === asked) market.value = state;
    } catch (caught) {
      if (number === asked) failure.value = failureOf(caught);
    }
  }

  async function tell(words: string, symbol: string, act: () => Promise<void>): Promise<boolean> {
    if (working.value) return false;
    working.value = true;
    outcome.value = undefined;
    try {
      await act();
      outcome.value = { tone: "good", text: words };
      void look(symbol);
      return true;
    } catch (caught) {
      outcome.value = { tone: "bad", text: failureInWords(failureOf(caught)) };
      return false;
    } finally {
      working.value = false;
    }
  }

  function setPhase(symbol: string, phase: string, reason: string): Promise<boolean> {
    return tell(`${symbol} goes to ${phase}.`, symbol, () => venue.rest.setPhase(symbol, phase, reason));
  }

  function turn(target: KillTarget, state: TradingState, reason: string, symbol: string): Promise<boolean> {
    const what =
      target.of === "venue" ? "The venue" : `${target.of === "market" ? "" : "Account "}${target.id}`;
    return tell(`${what} is ${state}.`, symbol, () => venue.rest.killSwitch(target, state, reason));
  }

  return { isOperator, market, failure, working, outcome, start, stop, look, setPhase, turn };
});
