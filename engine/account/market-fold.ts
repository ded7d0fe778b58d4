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
import type { ShardCommand } from "../market/command.ts";
import type { MarketEvent } from "../market/market-event.ts";
import type { MarketRecord } from "../market/record.ts";
import type { Rejection } from "../rejection.ts";
import { type AccountId, assert, unreachable } from "../units.ts";
import { type Order, type OrderState, remainingLots } from "./order.ts";
import { amendOrder, awaitEvent, closeOrder, enterOrder, fillOrder, type TradedEvent } from "./order-fold.ts";
import type { ShardState } from "./shard-state.ts";

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

/** Records at or below the cursor are passed over; any other must be the next. */
export function foldMarketRecord(state: ShardState, record: MarketRecord): Answer | undefined {
  const { market, command, events } = record;
  const cursor = state.cursors.get(market) ?? 0;
  if (record.sequence <= cursor) return undefined;
  assert(record.sequence === cursor + 1, "a market's records are heard in order, without a gap");
  state.cursors.set(market, record.sequence);
  if (command.kind === "phase") state.setPhase(market, command.phase);
  if (state.marksMove(market)) state.marks.update(market, record.bestBid, record.bestAsk, record.sequence);
  const own = "number" in command && command.shard === state.shard ? command : undefined;
  // An order of a liquidity provider that this record closes is gone after it.
  let order = own !== undefined && "orderId" in own ? state.orders.get(own.orderId) : undefined;
  let rejection: Rejection | undefined;
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    assert(event !== undefined, "events are dense");
    const entered = foldEvent(state, record, event, index);
    if (event.event === "rejected") rejection = event.rejection;
    if (own?.kind === "place") order ??= entered;
  }
  if (own === undefined) return undefined;
  const { kind, number, account } = own;
  return { market, number, sequence: record.sequence, kind, account, order, rejection };
}

/** Returns the order that the event lets in, if it is this shard's. */
function foldEvent(
  state: ShardState,
  record: MarketRecord,
  event: MarketEvent,
  index: number,
): Order | undefined {
  if (event.event === "traded") {
    trade(state, record, event, index);
    return undefined;
  }
  if (event.event === "phased" || event.event === "indicative" || event.event === "restricted")
    return undefined;
  const account = state.local(event.account);
  if (account === undefined) return undefined;
  const { command } = record;
  const { orderId: id } = event;
  switch (event.event) {
    case "accepted":
      assert(command.kind === "place", "only placing accepts an order");
      return enterOrder(state, record, command, account, id, undefined);
    case "rejected":
      if (command.kind !== "place") return undefined;
      return enterOrder(state, record, command, account, id, event.rejection);
    case "amended": {
      const asked = command.kind === "amend" && command.orderId === id ? command.terms : undefined;
      amendOrder(state, record, account, state.orderOf(id), event, asked);
      return undefined;
    }
    case "cancelled":
    case "expired":
      closeOrder(state, record, account, state.orderOf(id), event.event);
      return undefined;
    case "armed":
      awaitEvent(state, record, account, state.orderOf(id), "trigger");
      return undefined;
    case "triggered":
      awaitEvent(state, record, account, state.orderOf(id), undefined);
      return undefined;
    case "rested":
    case "displayed":
    case "parked":
    case "prevented":
    case "removed":
      return undefined;
    default:
      return unreachable(event);
  }
}

function trade(state: ShardState, record: MarketRecord, event: TradedEvent, index: number): void {
  const maker = state.local(event.makerAccount);
  const taker = state.local(event.account);
  if (taker !== undefined) {
    const order = state.orderOf(event.orderId);
    fillOrder(state, record, taker, order, event, 4 * index);
    assert(remainingLots(order) === event.remaining, "a taker's rest is its size less its fills");
  }
  if (maker !== undefined) {
    const resting = state.orderOf(event.makerOrderId);
    fillOrder(state, record, maker, resting, event, 4 * index + 2);
    assert(remainingLots(resting) === event.makerRemaining, "a maker's rest is its size less its fills");
  }
}
