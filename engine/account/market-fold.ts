/**
 * What each record of a market's journal changes in a shard: the marks, and those of its orders, positions
 * and balances that the events name. A trade's taker, its maker, both or neither may be here. Nothing that
 * one market's record does depends on another market's, so the order in which markets are heard leaves no
 * trace.
 *
 * Admitted worst case: a market's record of thousands of trades is settled in one go.
 */
import type { ShardCommand } from "../market/command.ts";
import type { MarketEvent } from "../market/event.ts";
import type { MarketRecord } from "../market/record.ts";
import type { Rejection } from "../rejection.ts";
import { type AccountId, assert, type Lots, type OrderId, type Ticks, unreachable } from "../units.ts";
import { type Account, addOpen, type Exposure } from "./account.ts";
import { newOrder, type Order, type OrderState, remainingLots } from "./order.ts";
import { settlePosition } from "./position.ts";
import type { Cause, ShardState } from "./shard-state.ts";

/** What became of a command that this shard sent: for the caller who waits. */
export interface Answer {
  readonly market: number;
  readonly number: number;
  readonly sequence: number;
  readonly kind: ShardCommand["kind"];
  readonly account: AccountId;
  /** The order after the record; undefined where the command named none that this shard knows as open. */
  readonly order: OrderState | undefined;
  /** Why the market refused. A refused amend or cancel leaves the order as it was. */
  readonly rejection: Rejection | undefined;
}

type TradedEvent = Extract<MarketEvent, { event: "traded" }>;

/** Records at or below the cursor are passed over; any other must be the next. */
export function foldMarketRecord(state: ShardState, record: MarketRecord): Answer | undefined {
  const cursor = state.cursors.get(record.market) ?? 0;
  if (record.sequence <= cursor) return undefined;
  assert(record.sequence === cursor + 1, "a market's records are heard in order, without a gap");
  state.cursors.set(record.market, record.sequence);
  state.marks.update(record.market, record.bestBid, record.bestAsk, record.sequence);
  const { command, events } = record;
  if (command.kind === "owner" || command.kind === "shardEpoch" || command.kind === "phase") return undefined;
  // An order of a liquidity provider that this record closes is gone after it.
  let order = command.kind === "place" ? undefined : state.orders.get(command.orderId);
  let rejection: Rejection | undefined;
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    assert(event !== undefined, "events are dense");
    if (event.event === "rejected") rejection = event.rejection;
    const changed = foldEvent(state, record, command, event, index);
    if (command.kind === "place") order = changed ?? order;
  }
  if (command.shard !== state.shard) return undefined;
  const { kind, number, account } = command;
  return { market: record.market, number, sequence: record.sequence, kind, account, order, rejection };
}

/** Returns the order whose event it is, if it is this shard's. */
function foldEvent(
  state: ShardState,
  record: MarketRecord,
  command: ShardCommand,
  event: MarketEvent,
  index: number,
): Order | undefined {
  if (event.event === "traded") return trade(state, record, event, index);
  const account = state.local(event.account);
  if (account === undefined) return undefined;
  switch (event.event) {
    case "accepted":
      return place(state, record, command, account, event.orderId, undefined);
    case "rejected":
      if (command.kind !== "place") return undefined;
      return place(state, record, command, account, event.orderId, event.rejection);
    case "amended": {
      const order = state.orderOf(event.orderId);
      amend(state, record, account, order, event.ticks, event.totalLots);
      return order;
    }
    case "cancelled":
    case "expired": {
      const order = state.orderOf(event.orderId);
      stamp(order, record);
      state.close(account, order, event.event);
      state.changed(account, order);
      return order;
    }
    case "rested":
    case "armed":
    case "triggered":
    case "displayed":
      return undefined;
    default:
      return unreachable(event);
  }
}

function stamp(order: Order, record: MarketRecord): void {
  order.sequence = record.sequence;
  order.updatedAt = record.command.time;
}

function place(
  state: ShardState,
  record: MarketRecord,
  command: ShardCommand,
  account: Account,
  id: OrderId,
  rejection: Rejection | undefined,
): Order {
  assert(command.kind === "place", "only placing accepts an order");
  assert(command.account === account.id, "an order is accepted for the account that placed it");
  const order = newOrder(id, record.market, record.sequence, command.time, command);
  if (rejection !== undefined) {
    order.status = "rejected";
    order.rejection = rejection;
  }
  state.enter(account, order);
  return order;
}

function amend(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  ticks: Ticks,
  totalLots: Lots,
): void {
  assert(totalLots >= order.filledLots, "an order's size is at least what is filled");
  const exposure = account.exposure(state.instrument(order.market));
  addOpen(exposure, order.side, -remainingLots(order), order.ticks);
  order.ticks = ticks;
  order.lots = totalLots;
  addOpen(exposure, order.side, remainingLots(order), order.ticks);
  stamp(order, record);
  state.changed(account, order);
}

function trade(
  state: ShardState,
  record: MarketRecord,
  event: TradedEvent,
  index: number,
): Order | undefined {
  const maker = state.local(event.makerAccount);
  const taker = state.local(event.account);
  let order: Order | undefined;
  if (taker !== undefined) {
    order = state.orderOf(event.orderId);
    fill(state, record, taker, order, event, 4 * index);
    assert(remainingLots(order) === event.remaining, "a taker's rest is its size less its fills");
  }
  if (maker !== undefined) {
    const resting = state.orderOf(event.makerOrderId);
    fill(state, record, maker, resting, event, 4 * index + 2);
    assert(remainingLots(resting) === event.makerRemaining, "a maker's rest is its size less its fills");
  }
  return order;
}

/** `part` names this side of this trade within the record. */
function fill(
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
  addOpen(exposure, order.side, -lots, order.ticks);
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
  settle(state, account, exposure, bought, ticks, {
    kind: "trade",
    market,
    sequence,
    part,
    time,
    orderId: order.id,
  });
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
