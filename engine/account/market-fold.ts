/**
 * What each record of a market's journal changes in a shard: the phase, the marks, and those of its orders,
 * positions and balances that the events name, whoever's command it was: an uncrossing or somebody else's
 * trade releases, fills and ends orders too. A trade's taker, its maker, both or neither may be here. Nothing
 * that one market's record does depends on another market's, so the order in which markets are heard leaves
 * no trace.
 *
 * Marks stand still while a market doesn't match, as anybody may put any price into a call; only the first
 * one may come then. Admitted worst case: a market's record of thousands of trades is settled in one go.
 */
import type { MarketEvent } from "../market/market-event.ts";
import type { Phase } from "../market/phase.ts";
import type { MarketRecord } from "../market/record.ts";
import { assert, type Lots, type Milliseconds, type Ticks, unreachable } from "../units.ts";
import type { Account } from "./account.ts";
import { type Answer, Answering } from "./order/answer.ts";
import { enteringOf, unnamedLegs } from "./order/entering.ts";
import { type Order, remainingLots } from "./order/order.ts";
import {
  amendOrder,
  armOrder,
  awaitEvent,
  closeOrder,
  enterOrder,
  fillOrder,
  releaseOrder,
  type TradedEvent,
} from "./order/order-fold.ts";
import { closeReached } from "./position/close-by.ts";
import type { ShardState } from "./shard/shard-state.ts";

/** An event that names one order of one account. */
type OrderEvent = Exclude<MarketEvent, { event: "traded" | "phased" | "indicative" | "restricted" }>;

/** Records at or below the cursor are passed over; any other must be the next. */
export function foldMarketRecord(state: ShardState, record: MarketRecord): Answer | undefined {
  const { market, command, events, sequence } = record;
  const cursor = state.cursors.get(market) ?? 0;
  if (sequence <= cursor) return undefined;
  assert(sequence === cursor + 1, "a market's records are heard in order, without a gap");
  state.cursors.set(market, sequence);
  const own = "number" in command && command.shard === state.shard ? command : undefined;
  const answering = own === undefined ? undefined : new Answering(state, own);
  if (command.kind === "phase") state.setPhase(market, command.phase);
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    assert(event !== undefined, "events are dense");
    foldEvent(state, record, event, index, answering);
  }
  if (command.kind === "list") refuseLegs(state, record, answering);
  closeReached(state, market);
  if (state.marksMove(market)) {
    state.marks.update(market, record.bestBid, record.bestAsk, sequence, command.time);
  }
  state.numberTransactions();
  return answering?.answer(record);
}

/** What a market stands at behind a run of its records. */
export interface PassedRun {
  readonly market: number;
  /** The last of them. */
  readonly sequence: number;
  /** Of its command. */
  readonly time: Milliseconds;
  readonly phase: Phase;
  readonly bestBid: Ticks;
  readonly bestAsk: Ticks;
}

/** Records that have been dropped, as none of them is a client's business; only clients' accounts go on. */
export function passRecords(state: ShardState, { market, sequence, ...after }: PassedRun): void {
  assert(state.clientsOnly, "providers' accounts need every record");
  assert(sequence >= (state.cursors.get(market) ?? 0), "a market's records are heard in order");
  state.cursors.set(market, sequence);
  state.setPhase(market, after.phase);
  closeReached(state, market);
  const { time, bestBid, bestAsk } = after;
  if (state.marksMove(market)) state.marks.update(market, bestBid, bestAsk, sequence, time);
  state.numberTransactions();
}

function foldEvent(
  state: ShardState,
  record: MarketRecord,
  event: MarketEvent,
  index: number,
  answering: Answering | undefined,
): void {
  switch (event.event) {
    case "traded":
      trade(state, record, event, index);
      return;
    case "phased":
      state.setPhase(record.market, event.phase);
      return;
    case "indicative":
      return;
    case "restricted": {
      const account = state.local(event.account);
      if (account !== undefined) state.freeze(account, record.market, event.frozen);
      return;
    }
    default: {
      const account = state.local(event.account);
      if (account === undefined) return;
      const order = foldOrderEvent(state, record, account, event);
      answering?.hear(event, order);
    }
  }
}

/** Returns the order that the event changes in more than what is shown of it. */
function foldOrderEvent(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  event: OrderEvent,
): Order | undefined {
  const { orderId: id } = event;
  if (event.event === "accepted" || event.event === "rejected") {
    const entering = enteringOf(record, event);
    const rejection = event.event === "rejected" ? event.rejection : undefined;
    assert(entering !== undefined || rejection !== undefined, "only what was asked for is accepted");
    const told = { ticks: event.ticks, lots: event.lots, rejection };
    return entering && enterOrder(state, record, account, id, entering, told);
  }
  // What an order shows may be told after it has filled, and changes nothing here.
  if (event.event === "displayed") return undefined;
  return changeOrder(state, record, account, state.orderOf(id), event);
}

function changeOrder(
  state: ShardState,
  record: MarketRecord,
  account: Account,
  order: Order,
  event: OrderEvent,
): Order | undefined {
  switch (event.event) {
    case "amended": {
      const { command } = record;
      const asked = command.kind === "amend" && command.orderId === order.id ? command : undefined;
      amendOrder(state, record, account, order, event, asked);
      return order;
    }
    case "cancelled":
    case "expired":
      closeOrder(state, record, account, order, event.event);
      return order;
    case "removed":
      closeOrder(state, record, account, order, "cancelled", event.cause);
      return order;
    case "armed":
      armOrder(state, record, account, order, event.ticks);
      return order;
    case "parked":
      awaitEvent(state, record, account, order, event.reason, event.ticks);
      return order;
    case "triggered":
      releaseOrder(state, record, account, order, event.ticks);
      return order;
    case "rested":
      if (order.awaits !== undefined) releaseOrder(state, record, account, order, event.ticks);
      return undefined;
    case "prevented":
    case "accepted":
    case "rejected":
    case "displayed":
      return undefined;
    default:
      return unreachable(event);
  }
}

/** All legs of a list are accepted or none: those that no event names are refused with the others. */
function refuseLegs(state: ShardState, record: MarketRecord, answering: Answering | undefined): void {
  const { command, events } = record;
  const refusal = events.find(event => event.event === "rejected");
  if (command.kind !== "list" || refusal?.event !== "rejected") return;
  const account = state.local(command.account);
  if (account === undefined) return;
  const { rejection } = refusal;
  for (const [id, entering] of unnamedLegs(record, command)) {
    const { ticks, lots } = entering.asked;
    const order = enterOrder(state, record, account, id, entering, { ticks, lots, rejection });
    answering?.hear(refusal, order);
  }
}

function trade(state: ShardState, record: MarketRecord, event: TradedEvent, index: number): void {
  const maker = state.local(event.makerAccount);
  const taker = state.local(event.account);
  if (taker !== undefined) {
    const order = state.orderOf(event.orderId);
    fillOrder(state, record, taker, order, event, 4 * index);
    assertLeft(order, event.remaining, "a taker's rest is its size less its fills");
  }
  if (maker !== undefined) {
    const resting = state.orderOf(event.makerOrderId);
    fillOrder(state, record, maker, resting, event, 4 * index + 2);
    assertLeft(resting, event.makerRemaining, "a maker's rest is its size less its fills");
  }
}

function assertLeft(order: Order, left: Lots, rule: string): void {
  assert(remainingLots(order) === left, rule);
}
