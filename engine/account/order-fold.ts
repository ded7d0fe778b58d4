/**
 * What an event of a market changes in the order that it names, which is this shard's: it enters, changes,
 * waits, enters the market, fills, closes. Open sums follow each change.
 */

import type { PlaceOrder } from "../market/command.ts";
import type { MarketEvent } from "../market/market-event.ts";
import type { MarketRecord } from "../market/record.ts";
import type { AmendTerms } from "../market/terms.ts";
import type { Rejection } from "../rejection.ts";
import { assert, type Lots, type OrderId, type Ticks } from "../units.ts";
import { type Account, addOpen, type Exposure } from "./account.ts";
import { countedAfter } from "./claims.ts";
import { type Awaited, countedAt, newOrder, type Order, remainingLots } from "./order.ts";
import { settlePosition } from "./position.ts";
import type { Cause, ShardState } from "./shard-state.ts";

export type TradedEvent = Extract<MarketEvent, { event: "traded" }>;
export type AmendedEvent = Extract<MarketEvent, { event: "amended" }>;

function stamp(order: Order, record: MarketRecord): void {
  order.sequence = record.sequence;
  order.updatedAt = record.command.time;
}

/** The order of a command that places one, accepted or refused. */
export function enterOrder(
  state: ShardState,
  record: MarketRecord,
  asked: PlaceOrder,
  account: Account,
  id: OrderId,
  rejection: Rejection | undefined,
): Order {
  assert(asked.account === account.id, "an order is accepted for the account that placed it");
  const order = newOrder(id, record.market, record.sequence, record.command.time, asked);
  if (rejection === undefined) {
    const { settlement, valuePerTickLot } = state.instrument(record.market);
    if (asked.ticks === 0 && asked.side === "buy" && settlement === "spot") {
      // What the shard has decided comes back from the journal, so that a replay counts the same.
      order.countedTicks = Number(asked.reserved / (BigInt(asked.lots) * valuePerTickLot));
    }
  } else {
    order.status = "rejected";
    order.rejection = rejection;
  }
  state.enter(account, order);
  return order;
}

/** `terms`: of the command that amends this order; undefined where something else has changed it. */
export function amendOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  { ticks, totalLots }: AmendedEvent,
  terms: AmendTerms | undefined,
): void {
  assert(totalLots >= order.filledLots, "an order's size is at least what is filled");
  const exposure = account.exposure(state.instrument(order.market));
  addOpen(exposure, order.side, -remainingLots(order), countedAt(order));
  if (order.countedTicks !== undefined) order.countedTicks = countedAfter(order, terms);
  order.ticks = ticks;
  order.lots = totalLots;
  if (terms !== undefined) changeTerms(order, terms);
  addOpen(exposure, order.side, remainingLots(order), countedAt(order));
  stamp(order, record);
  state.changed(account, order);
}

function changeTerms(order: Order, { stopTicks, minimumLots }: AmendTerms): void {
  const trigger = order.terms?.trigger;
  order.terms = {
    ...order.terms,
    ...(stopTicks === undefined || trigger === undefined ? {} : { trigger: { ...trigger, stopTicks } }),
    ...(minimumLots === undefined ? {} : { minimumLots }),
  };
}

/** The order begins to wait; undefined: it enters the market. */
export function awaitEvent(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  awaited: Awaited | undefined,
): void {
  order.awaits = awaited;
  stamp(order, record);
  state.changed(account, order);
}

export function closeOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  status: "cancelled" | "expired",
): void {
  stamp(order, record);
  state.close(account, order, status);
  state.changed(account, order);
}

/** A fill of the order, which is the trade's taker or its maker. `part` names this side within the record. */
export function fillOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  event: TradedEvent,
  part: number,
): void {
  const { ticks, lots } = event;
  const { sequence, market } = record;
  const time = record.command.time;
  const exposure = account.exposure(state.instrument(market));
  addOpen(exposure, order.side, -lots, countedAt(order));
  order.filledLots = (order.filledLots + lots) as Lots;
  order.filledValue += BigInt(ticks) * BigInt(lots);
  order.status = "partiallyFilled";
  stamp(order, record);
  if (!account.liquidity) {
    const taker = order.id === event.orderId;
    const counterOrderId = taker ? event.makerOrderId : event.orderId;
    order.fills.push({ sequence, time, ticks, lots, role: taker ? "taker" : "maker", counterOrderId });
  }
  if (order.filledLots === order.lots) state.close(account, order, "filled");
  const bought = order.side === "buy" ? lots : -lots;
  const cause = { kind: "trade", market, sequence, part, time, orderId: order.id } as const;
  settle(state, account, exposure, bought, ticks, cause);
  state.changed(account, order);
}

function settle(
  state: ShardState,
  account: Account,
  exposure: Exposure,
  bought: number,
  ticks: Ticks,
  cause: Cause,
): void {
  const { instrument } = exposure;
  if (instrument.settlement === "margin") {
    const realised = settlePosition(exposure, bought, ticks);
    if (realised !== 0n) state.move(account, instrument.quote, realised, cause);
    return;
  }
  const size = BigInt(bought);
  state.move(account, instrument.quote, -size * BigInt(ticks) * instrument.valuePerTickLot, cause);
  state.move(account, instrument.base, size * instrument.baseMoneyPerLot, { ...cause, part: cause.part + 1 });
}
