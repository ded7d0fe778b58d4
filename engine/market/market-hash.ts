/**
 * The hash of a market's state; the reference machine of the tests makes the same of its own. Parts that a
 * market has not come to have leave the hash as it was before they existed, so that snapshots of earlier
 * layouts still prove themselves.
 */
import type { RestingOrder, WaitingOrder } from "../book/audit.ts";
import { StateHash } from "../state-hash.ts";
import type { OrderId } from "../units.ts";
import type { TimeInForce } from "./command.ts";
import type { Expiry } from "./expiries.ts";
import type { Fence } from "./fence.ts";
import { hashLists } from "./list-snapshot.ts";
import type { OrderList } from "./order-list.ts";
import type { OutsidePrices } from "./outside-prices.ts";
import type { PeggedOrder } from "./peg-price.ts";
import type { Phase } from "./phase.ts";
import type { ProtectedAccount } from "./protection.ts";
import type { Schedule } from "./schedule.ts";
import type { TradingDay } from "./trading-day.ts";
import type { Equilibrium } from "./uncross.ts";

/** What is hashed, in this order. */
export interface MarketState {
  readonly sequence: number;
  /** Orders named so far. */
  readonly orders: number;
  readonly fence: Fence;
  readonly resting: Iterable<RestingOrder>;
  readonly lastTicks: number;
  /** Orders that wait for their trigger, in the order of their arrival. */
  readonly armed: Iterable<WaitingOrder>;
  readonly phase: Phase;
  readonly unpriced: Iterable<RestingOrder>;
  /** By order id. */
  readonly expiries: Iterable<Expiry>;
  /** In the order in which they will enter their auction. */
  readonly parked: Iterable<RestingOrder & { readonly timeInForce: TimeInForce }>;
  /** Indicative price and volume that were last told in a call. */
  readonly told: Equilibrium;
  /** How far its calendar was followed. */
  readonly schedule: Pick<Schedule, "followed" | "held">;
  /** Pegged ones in the order in which they came. */
  readonly pegs?: Iterable<PeggedOrder>;
  /** Told from outside. */
  readonly outside: Pick<OutsidePrices, "markTicks" | "referenceTicks">;
  /** These by account. */
  readonly protection: Iterable<ProtectedAccount>;
  readonly quotes: Iterable<readonly [number, readonly OrderId[]]>;
  readonly deadMan: Iterable<readonly [number, number]>;
  readonly lists: Iterable<OrderList>;
  /** What a static band lies around where nobody tells it. */
  readonly anchorTicks: number;
  /** When an auction that a price band has started ends, infinity for none; the phase that it interrupted. */
  readonly day: Pick<TradingDay, "next" | "interrupted">;
}

export function hashMarket(state: MarketState): string {
  const { lastTicks, phase, outside } = state;
  const hash = new StateHash();
  hash.number(state.sequence);
  hash.number(state.orders);
  state.fence.hash(hash);
  for (const order of state.resting) hashOrder(hash, order);
  // A market that has not traded hashes as it did before last prices were kept.
  if (lastTicks !== 0) hash.number(lastTicks);
  for (const order of state.armed) hashWaiting(hash, order);
  if (phase !== "continuous") hash.text(phase);
  for (const order of state.unpriced) hashOrder(hash, order);
  for (const { orderId, timeInForce, expireAt } of state.expiries) {
    hash.number(orderId);
    hash.text(timeInForce);
    hash.number(expireAt ?? 0);
  }
  for (const order of state.parked) {
    hashOrder(hash, order);
    hash.text(order.timeInForce);
  }
  if (state.told.lots !== 0) hash.text(`told ${state.told.lots} ${state.told.ticks}`);
  if (outside.markTicks !== 0) hash.text(`mark ${outside.markTicks}`);
  if (outside.referenceTicks !== 0) hash.text(`reference ${outside.referenceTicks}`);
  for (const { orderId, peg, capTicks, parked } of state.pegs ?? []) {
    hash.number(orderId);
    hash.text(`peg ${peg.to} ${peg.offset} ${capTicks}`);
    if (parked !== undefined) hashOrder(hash, parked);
  }
  const { followed, held } = state.schedule;
  if (followed !== undefined) hash.text(`followed ${followed.time} ${followed.index} ${followed.phase}`);
  if (held) hash.text("held");
  for (const account of state.protection) hashProtection(hash, account);
  for (const [account, ids] of state.quotes) {
    hash.text(`quotes ${account}`);
    for (const id of ids) hash.number(id);
  }
  for (const [account, time] of state.deadMan) hash.text(`deadMan ${account} ${time}`);
  hashLists(hash, state.lists);
  if (state.anchorTicks !== 0) hash.text(`anchor ${state.anchorTicks}`);
  const { next, interrupted } = state.day;
  if (Number.isFinite(next)) hash.text(`interrupted ${interrupted} until ${next}`);
  return hash.digest();
}

function hashProtection(hash: StateHash, { account, limits, frozen, entries }: ProtectedAccount): void {
  const { windowMs, quantityMax, countMax, deltaMax } = limits;
  hash.text(`protection ${account} ${windowMs} ${quantityMax} ${countMax} ${deltaMax} ${frozen}`);
  for (const { time, lots, count, delta } of entries) {
    for (const number of [time, lots, count, delta]) hash.number(number);
  }
}

function hashWaiting(hash: StateHash, order: WaitingOrder): void {
  const { kind, source, stopTicks, doubleTick, trail, limitOffset } = order.trigger;
  hashOrder(hash, order);
  hash.text(`${kind} ${source} ${order.timeInForce}`);
  hash.number(stopTicks);
  if (doubleTick) hash.text(`double ${order.firstHalfTicks ?? 0}`);
  if (trail !== undefined) hash.text(`trail ${trail.by} ${trail.distance} ${order.bestHalfTicks ?? 0}`);
  if (limitOffset !== undefined) hash.text(`offset ${limitOffset}`);
  if (order.due) hash.text("due");
}

function hashOrder(hash: StateHash, order: RestingOrder): void {
  hash.number(order.orderId);
  hash.number(order.account);
  hash.number(order.side === "sell" ? 1 : 0);
  hash.number(order.ticks);
  hash.number(order.lots);
  hash.number(order.totalLots);
  hash.number(order.postOnly ? 1 : 0);
  const { hidden, allOrNone, minimumLots, displayLots, shownLots, selfTrade, slippageTicks, slide } = order;
  if (hidden) hash.text("hidden");
  if (allOrNone) hash.text("allOrNone");
  if (minimumLots !== undefined) hash.number(minimumLots);
  if (selfTrade !== undefined) {
    hash.text(`selfTrade ${selfTrade.mode}`);
    hash.number(selfTrade.group ?? 0);
  }
  if (slide) hash.text("slide");
  if (slippageTicks !== undefined) {
    hash.text("slippage");
    hash.number(slippageTicks);
  }
  if (displayLots === undefined) return;
  hash.text("display");
  hash.number(displayLots);
  hash.number(shownLots ?? 0);
}
