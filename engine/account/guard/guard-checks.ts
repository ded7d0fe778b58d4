/**
 * The checks of a decision that guards ask for: orders a day, pauses after losses, how large all positions
 * may be together, what a day may lose. Each says why not, or undefined.
 */
import type { Rejection } from "../../rejection.ts";
import type { Milliseconds } from "../../units.ts";
import type { Case } from "../order/wish.ts";
import { paidSince } from "../position/day-profit.ts";
import { notionalUsed } from "../position/valuation.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { input, type Notes } from "./explanation.ts";
import { least, leastMoney } from "./guard.ts";

/** Why a valuation has no answer: no mark at all, or none that is young enough. */
export function missing(state: ShardState, notes: Notes | undefined): Rejection {
  const stale = state.marks.foundStale;
  if (stale === undefined) {
    notes?.say("markPresent", []);
    return "markMissing";
  }
  const { now, confirmedAt, ageMaximum } = stale;
  const figures = [input("now", now), input("confirmedAt", confirmedAt)];
  notes?.say("markAge", figures, input("markAgeMaximum", ageMaximum));
  return "markStale";
}

/** Orders a day and pauses; `closes` is asked only where one of them has come to its end. */
export function guardRefusal(asked: Case, closes: (asked: Case) => boolean): Rejection | undefined {
  const { guards, wish } = asked;
  if (guards.length === 0 || wish.at === undefined || wish.manner === "shrinks") return undefined;
  const rejection = dailyOrders(asked, wish.at) ?? pause(asked, wish.at);
  return rejection === undefined || closes(asked) ? undefined : rejection;
}

function dailyOrders({ state, account, guards, wish, notes }: Case, at: Milliseconds): Rejection | undefined {
  const most = least(guards, guard => guard.dailyOrdersMaximum);
  if (most === 0 || wish.orders <= 0) return undefined;
  const { watch } = account;
  const today = state.days.of(at);
  const seen = (watch?.ordersDay === today ? watch.orders : 0) + account.heldOrders.size;
  if (seen + wish.orders <= most) return undefined;
  const figures = [input("ordersToday", seen), input("orders", wish.orders)];
  notes?.say("dailyOrders", figures, input("dailyOrdersMaximum", most));
  return "dailyOrdersLimit";
}

function pause({ account: { watch }, guards, notes }: Case, at: number): Rejection | undefined {
  if (watch === undefined) return undefined;
  for (const { coolDownMs, stopOutsMaximum, stopWindowMs, stopPauseMs } of guards) {
    if (coolDownMs !== 0 && watch.lastLossAt !== 0 && at < watch.lastLossAt + coolDownMs) {
      const figures = [input("now", at), input("lastLossAt", watch.lastLossAt)];
      notes?.say("coolDown", figures, input("coolDownMs", coolDownMs));
      return "coolingDown";
    }
    if (stopOutsMaximum === 0) continue;
    const last = watch.stopOuts.at(-1) ?? 0;
    const first = watch.stopOuts.at(-stopOutsMaximum);
    if (first === undefined || last - first > stopWindowMs || at >= last + stopPauseMs) continue;
    const figures = [input("now", at), input("lastStopOutAt", last), input("stopOuts", stopOutsMaximum)];
    notes?.say(
      "stopGuard",
      [...figures, input("stopPauseMs", stopPauseMs)],
      input("stopOutsMaximum", stopOutsMaximum),
    );
    return "stopGuardTripped";
  }
  return undefined;
}

/** All positions together; `equity` is left out in a spot market, where nothing is borrowed. */
export function sizeRefusal(asked: Case, equity?: bigint): Rejection | undefined {
  const { state, account, instrument, guards, wish, notes } = asked;
  const most = leastMoney(guards, guard => guard.notionalMaximum, account.limits.notionalMaximum);
  const leverage = equity === undefined ? 0 : least(guards, guard => guard.leverageMaximum);
  if (most === 0n && leverage === 0) return undefined;
  if (wish.claims.every(({ lots }) => lots === 0)) return undefined;
  const further = { exposure: account.peek(instrument), claims: wish.claims };
  const used = notionalUsed(account, state.conversion, further);
  if (used === undefined) return missing(state, notes);
  const home = account.currency;
  if (most !== 0n && used > most) {
    notes?.say("notional", [input("notional", used, home)], input("notionalMaximum", most, home));
    return "notionalLimit";
  }
  if (equity === undefined || leverage === 0 || used <= equity * BigInt(leverage)) return undefined;
  const figures = [input("notional", used, home), input("equity", equity, home)];
  notes?.say("leverage", figures, input("leverageMaximum", leverage));
  return "leverageLimit";
}

/** What the day has lost: what it began with and what was paid in since, less what there is. */
export function lossRefusal({ state, account, guards, notes }: Case, equity: bigint): Rejection | undefined {
  const perMille = least(guards, guard => guard.dailyLossPerMille);
  const most = leastMoney(guards, guard => guard.dailyLossMaximum);
  if (perMille === 0 && most === 0n) return undefined;
  const { watch, currency: home } = account;
  const paid = paidSince(account, state.conversion);
  if (paid === undefined) return missing(state, notes);
  const baseline = watch?.baseline ?? 0n;
  const share = perMille === 0 ? 0n : ((baseline + paid) * BigInt(perMille)) / 1_000n;
  const limit = perMille !== 0 && (most === 0n || share < most) ? share : most;
  if (baseline + paid - equity < limit) return undefined;
  const figures = [
    input("baseline", baseline, home),
    input("paid", paid, home),
    input("equity", equity, home),
  ];
  notes?.say("dailyLoss", figures, input("dailyLossMaximum", limit, home));
  return "dailyLossLimit";
}
