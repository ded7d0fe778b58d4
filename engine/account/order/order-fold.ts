/**
 * What an event of a market changes in the order that it names, which is this shard's: it enters, changes,
 * waits, enters the market, fills, closes. Open sums follow each change.
 */
import type { AmendOrder } from "../../market/command.ts";
import type { RemovalCause } from "../../market/event.ts";
import type { MarketEvent } from "../../market/market-event.ts";
import type { MarketRecord } from "../../market/record.ts";
import type { AmendTerms } from "../../market/terms.ts";
import type { Rejection } from "../../rejection.ts";
import { assert, type Lots, type OrderId, type Ticks } from "../../units.ts";
import { type Account, addOpen, type Exposure, productOf } from "../account.ts";
import { chargeFill, feesOf } from "../charge/fill-fee.ts";
import { watchLoss } from "../guard/watch.ts";
import { countIntent } from "../position/intent.ts";
import { settleFill } from "../position/settlement.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { countedAfter, countedAtStop } from "./claims.ts";
import { count, recount } from "./counting.ts";
import type { Entering } from "./entering.ts";
import { hasEntry } from "./list-place.ts";
import { type Awaited, countedAt, type Fill, newOrder, type Order } from "./order.ts";

export type TradedEvent = Extract<MarketEvent, { event: "traded" }>;
export type AmendedEvent = Extract<MarketEvent, { event: "amended" }>;

/** Removals that are an order's own end; the others are as a cancel. */
const EXPIRIES: readonly RemovalCause[] = ["expiry", "endOfDay", "auctionEnd"];

function stamp(order: Order, record: MarketRecord): void {
  order.sequence = record.sequence;
  order.updatedAt = record.command.time;
}

function exposureOf(state: ShardState, account: Account, order: Order): Exposure {
  return account.exposure(state.instrument(order.market));
}

/** An order that a command asks for, as the market has accepted or refused it. */
export function enterOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  id: OrderId,
  entering: Entering,
  told: { readonly ticks: Ticks; readonly lots: Lots; readonly rejection: Rejection | undefined },
): Order {
  const { asked, list, quoted } = entering;
  assert(asked.account === account.id, "an order is accepted for the account that placed it");
  const order = newOrder(id, record.market, record.sequence, record.command.time, asked);
  if (list !== undefined) order.list = list;
  if (quoted !== undefined) order.quoted = quoted;
  if (asked.feeTier !== undefined && told.rejection === undefined) order.fees = feesOf(asked.feeTier);
  if (told.rejection === undefined) {
    // A post-only order may have slid, and a budget come to a size.
    order.ticks = told.ticks;
    order.lots = told.lots;
    const counted = countedTicks(state, record.market, entering, told.lots);
    if (counted !== undefined) order.countedTicks = Math.max(counted, told.ticks);
    if (!account.liquidity) account.watched().countOrder(state.days.of(record.command.time));
  } else {
    order.status = "rejected";
    order.rejection = told.rejection;
  }
  state.enter(account, order);
  return order;
}

/** What the shard has decided comes back from the journal, so that a replay counts the same. */
function countedTicks(
  state: ShardState,
  market: number,
  { asked }: Entering,
  lots: Lots,
): number | undefined {
  const { settlement, valuePerTickLot } = state.instrument(market);
  const follows = asked.ticks === 0 || asked.terms?.peg !== undefined;
  if (!follows || asked.side === "sell" || settlement === "margin" || lots === 0) return undefined;
  return Number(asked.reserved / (BigInt(lots) * valuePerTickLot));
}

/** `asked`: the command that amends this order; undefined where something else has changed it. */
export function amendOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  { ticks, totalLots }: AmendedEvent,
  asked: AmendOrder | undefined,
): void {
  assert(totalLots >= order.filledLots, "an order's size is at least what is filled");
  recount(exposureOf(state, account, order), order, () => {
    if (order.countedTicks !== undefined && asked !== undefined) {
      const ask = state.marks.settled(record.market, "buy");
      order.countedTicks = countedAfter(order, asked.ticks, asked.terms, ask);
    }
    if (order.countedTicks !== undefined) order.countedTicks = Math.max(order.countedTicks, ticks);
    order.ticks = ticks;
    order.lots = totalLots;
    if (asked?.terms !== undefined) changeTerms(order, asked.terms);
  });
  stamp(order, record);
  state.changed(account, order);
}

/** An amend's fields are all there, undefined where it leaves a term as it is. */
function changeTerms(order: Order, amended: AmendTerms): void {
  const { stopTicks, trail, minimumLots, displayLots, expireAt, peg } = amended;
  const trigger = order.terms?.trigger;
  const changes = {
    ...(stopTicks === undefined ? {} : { stopTicks }),
    ...(trail === undefined ? {} : { trail }),
  };
  order.terms = {
    ...order.terms,
    ...(minimumLots === undefined ? {} : { minimumLots }),
    ...(displayLots === undefined ? {} : { displayLots }),
    ...(expireAt === undefined ? {} : { expireAt }),
    ...(peg === undefined ? {} : { peg }),
    ...(trigger === undefined ? {} : { trigger: { ...trigger, ...changes } }),
  };
}

/** The order begins to wait; a pegged one has its cap for a limit until it enters. */
export function awaitEvent(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  awaited: Awaited,
  ticks: Ticks = order.ticks,
): void {
  recount(exposureOf(state, account, order), order, () => {
    order.awaits = awaited;
    if (order.terms?.peg !== undefined) order.ticks = ticks;
  });
  stamp(order, record);
  state.changed(account, order);
}

/** The order waits for this price, which a list or an amend may have changed. */
export function armOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  stopTicks: Ticks,
): void {
  const trigger = order.terms?.trigger;
  if (trigger !== undefined && trigger.stopTicks !== stopTicks) {
    order.terms = { ...order.terms, trigger: { ...trigger, stopTicks } };
  }
  recount(exposureOf(state, account, order), order, () => {
    if (order.countedTicks === undefined) return;
    order.countedTicks = countedAtStop(order, stopTicks);
  });
  awaitEvent(state, record, account, order, "trigger");
}

/** An order that has waited enters the market, at a limit that may only be known now. */
export function releaseOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  ticks: Ticks,
): void {
  recount(exposureOf(state, account, order), order, () => {
    order.awaits = undefined;
    if (ticks === 0 || (order.ticks !== 0 && order.terms?.peg === undefined)) return;
    order.ticks = ticks;
    if (order.countedTicks !== undefined) order.countedTicks = Math.max(order.countedTicks, ticks);
  });
  stamp(order, record);
  state.changed(account, order);
}

export function closeOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  status: "cancelled" | "expired",
  cause?: RemovalCause,
): void {
  stamp(order, record);
  if (cause !== undefined) order.removal = cause;
  const expired = cause !== undefined && EXPIRIES.includes(cause);
  const whole = order.filledLots > 0 && order.filledLots === order.lots;
  state.close(account, order, whole ? "filled" : expired ? "expired" : status);
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
  const { time } = record.command;
  if (order.awaits !== undefined) releaseOrder(state, record, account, order, 0 as Ticks);
  const exposure = account.exposure(state.instrument(market));
  if (order.linked !== undefined) count(exposure, order, -1);
  else {
    addOpen(exposure, order.side, -lots, countedAt(order));
    countIntent(exposure, order, -lots);
  }
  order.filledLots = (order.filledLots + lots) as Lots;
  if (order.linked !== undefined) count(exposure, order, 1);
  order.filledValue += productOf(ticks, lots);
  order.status = "partiallyFilled";
  stamp(order, record);
  const taker = order.id === event.orderId;
  const role = taker ? "taker" : "maker";
  const fee = chargeFill(state, record, account, order, { ticks, lots, role, part });
  if (!account.liquidity) {
    const counterOrderId = taker ? event.makerOrderId : event.orderId;
    const fill: Fill =
      fee === undefined
        ? { sequence, time, ticks, lots, role, counterOrderId }
        : { sequence, time, ticks, lots, role, counterOrderId, fee };
    // To push the first one would make room for seventeen, and most orders fill at once.
    if (order.fills.length === 0) order.fills = [fill];
    else order.fills.push(fill);
  }
  const whole = order.filledLots === order.lots;
  if (whole && !waitsForMore(record, order, part >> 2)) state.close(account, order, "filled");
  const bought = order.side === "buy" ? lots : -lots;
  const cause = { kind: "trade", market, sequence, part, time, orderId: order.id } as const;
  const before = exposure.lots;
  const realised = settleFill(state, account, order, bought, ticks, cause);
  if (realised < 0n) watchLoss(account, order, time);
  if (!account.liquidity) account.charges.follow(market, lots, before, exposure.lots, time);
  state.changed(account, order);
}

/** An order that follows an entry and has traded all that this has given it so far, may wait for more. */
function waitsForMore({ events }: MarketRecord, { id, list }: Order, trade: number): boolean {
  if (list === undefined || list.leg === 0 || !hasEntry(list.contingency)) return false;
  return events.some((event, index) => index > trade && event.event === "parked" && event.orderId === id);
}
