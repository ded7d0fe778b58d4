/**
 * A market whose journal a test writes by hand: a shard hears records of whatever events the test states, so
 * that what a shard makes of them is tested by itself. One account, one instrument, ids as a market gives.
 */
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { OrderRequest } from "../../../engine/account/command.ts";
import type { Answer } from "../../../engine/account/order/answer.ts";
import type { LegRequest, ListRequest } from "../../../engine/account/order/request.ts";
import type { Decision } from "../../../engine/account/order/wish.ts";
import { composeOrderId, marketOrigin } from "../../../engine/ids.ts";
import type { Instrument } from "../../../engine/instrument.ts";
import type { MarketCommand, PlaceList, ShardCommand } from "../../../engine/market/command.ts";
import type { MarketEvent } from "../../../engine/market/market-event.ts";
import type { OrderTerms } from "../../../engine/market/terms.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../../../engine/units.ts";
import { accountsOf } from "./venue.ts";

export const [TRADER = 1 as AccountId] = accountsOf(0, 2, 1);
const [ELSEWHERE = 2 as AccountId] = accountsOf(1, 2, 1);
/** Of an account of another shard. */
const OTHER_ORDER = 999 as OrderId;

export interface Leg {
  readonly side: Side;
  readonly lots: number;
  readonly ticks?: number;
  readonly terms?: OrderTerms;
}

export function bodyOf(
  { market: _market, account: _account, liquidity: _own, reference: _quote, ...body }: OrderRequest,
  reserved: Money,
) {
  return { ...body, reserved };
}

export class ScriptedMarket {
  readonly machine: AccountMachine;
  readonly instrument: Instrument;
  #sequence = 0;
  #number = 0;
  #names = 0;
  #placed = 0;

  constructor(instrument: Instrument, deposits: Readonly<Record<string, bigint>>, leverage = 30) {
    this.instrument = instrument;
    this.machine = new AccountMachine(0, 2, [instrument]);
    const time = 0 as Milliseconds;
    const [[currency, first] = ["USD", 0n], ...rest] = Object.entries(deposits);
    const settings = { account: TRADER, leverage, liquidity: false };
    this.machine.applyLedger(1, { kind: "open", time, currency, deposit: first as Money, ...settings });
    for (const [index, [other, amount]] of rest.entries()) {
      const deposit = { account: TRADER, currency: other, amount: amount as Money, reference: "" };
      this.machine.applyLedger(2 + index, { kind: "deposit", time, ...deposit });
    }
  }

  /** The id of the `count`-th order, from 1. */
  id(count: number): OrderId {
    return composeOrderId(count, marketOrigin(this.instrument.number));
  }

  order(count: number) {
    return this.machine.order(this.id(count));
  }

  /** What orders tie up of a currency. */
  reserved(currency: string): bigint {
    const balances = this.machine.money.balances(TRADER);
    return balances.find(balance => balance.currency === currency)?.locked ?? 0n;
  }

  /** Best prices, told by somebody else's command. */
  quote(bestBid: number, bestAsk: number): void {
    this.hear({ kind: "clock", time: 1 as Milliseconds }, [], bestBid, bestAsk);
  }

  hear(command: MarketCommand, events: readonly MarketEvent[], bestBid = 0, bestAsk = 0): Answer | undefined {
    const prices = { bestBid: bestBid as Ticks, bestAsk: bestAsk as Ticks };
    const record = { market: this.instrument.number, sequence: ++this.#sequence, command, events, ...prices };
    const answer = this.machine.applyMarket(record);
    this.machine.check();
    return answer;
  }

  /** Decides, holds, and hears that the order was accepted, at another size or price where that is told. */
  place(
    leg: Leg,
    told: { lots?: number; ticks?: number } = {},
    further: readonly MarketEvent[] = [],
  ): Decision {
    const request = this.request(leg);
    const decision = this.machine.decide(request);
    if (typeof decision === "string") return decision;
    const from = this.from();
    this.machine.desk.holdOrder(from.number, request);
    this.machine.check();
    const size = [told.lots ?? leg.lots, told.ticks ?? leg.ticks ?? 0] as const;
    const accepted = this.of(++this.#placed, leg.side, ...size);
    this.hear({ kind: "place", ...from, ...bodyOf(request, decision.reserved) }, [
      { event: "accepted", ...accepted },
      ...further,
    ]);
    return decision;
  }

  leg({ side, lots, ticks = 0, terms }: Leg): LegRequest {
    const type = ticks === 0 ? ("market" as const) : ("limit" as const);
    return {
      ...{ clientOrderId: `c${++this.#names}`, side, type, timeInForce: "GTC", postOnly: false },
      ...{ lots: lots as Lots, ticks: ticks as Ticks },
      ...(terms === undefined ? {} : { terms }),
    };
  }

  request(leg: Leg): OrderRequest {
    return { ...this.#common(), ...this.leg(leg) };
  }

  list(contingency: PlaceList["contingency"], ...legs: readonly Leg[]): ListRequest {
    return { ...this.#common(), contingency, legs: legs.map(leg => this.leg(leg)) };
  }

  /** The next number of the shard, and what each of its commands carries. */
  from(): Omit<Extract<ShardCommand, { kind: "resetProtection" }>, "kind"> {
    const { account, liquidity, reference } = this.#common();
    return { time: 2 as Milliseconds, shard: 0, number: ++this.#number, account, liquidity, reference };
  }

  /** The fields of an event of an order of the account. */
  of(count: number, side: Side, lots: number, ticks: number) {
    const sizes = { ticks: ticks as Ticks, lots: lots as Lots };
    return { orderId: this.id(count), account: TRADER, side, ...sizes };
  }

  /** A trade of the account's order as maker, with somebody else's. */
  filled(count: number, side: Side, lots: number, ticks: number, left: number): MarketEvent {
    return {
      event: "traded",
      ...{ orderId: OTHER_ORDER, account: ELSEWHERE, side: side === "buy" ? "sell" : "buy" },
      ...{ ticks: ticks as Ticks, lots: lots as Lots, remaining: 0 as Lots },
      ...{ makerOrderId: this.id(count), makerAccount: TRADER, makerRemaining: left as Lots },
    };
  }

  #common() {
    return { account: TRADER, market: this.instrument.number, liquidity: false, reference: 0 };
  }
}
