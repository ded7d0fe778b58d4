/** What must hold of a shard's state between two records, and the sums that must be zero over all shards. */
import { OPEN_ORDERS_PER_ACCOUNT_MAX, PENDING_TRANSFERS_PER_ACCOUNT_MAX } from "../../limits.ts";
import { assert, type Money } from "../../units.ts";
import { type Account, addOpenValue, type Exposure, newExposure } from "../account.ts";
import { stakeWithLinked } from "../order/counting.ts";
import type { Hold, Holds } from "../order/holds.ts";
import { isLinked } from "../order/list-place.ts";
import { isOpen, type Order } from "../order/order.ts";
import { countHeldIntent, countIntent, newReducing, type Reducing } from "../position/intent.ts";
import type { Holding, Tickets } from "../position/position.ts";
import type { ShardState } from "./shard-state.ts";

export function totals(state: ShardState): Map<string, Money> {
  const sums = state.books.sums() as Map<string, Money>;
  for (const account of state.accounts.values()) {
    for (const [currency, amount] of account.balances) add(sums, currency, amount);
    for (const [currency, amount] of account.purse?.reserved ?? []) add(sums, currency, amount);
  }
  return sums;
}

function add(sums: Map<string, Money>, currency: string, amount: bigint): void {
  sums.set(currency, ((sums.get(currency) ?? 0n) + amount) as Money);
}

/** Of one currency in one shard. Summed over all shards that have heard the same: positions = 0. */
export interface Clearing {
  /** `clearing` + Σ cost of positions. */
  readonly positions: Money;
  /** Debited here and not yet credited in another shard, less the reverse. */
  readonly transit: Money;
}

export function clearingOf(state: ShardState): Map<string, Clearing> {
  const { books } = state;
  const positions = new Map<string, Money>();
  for (const [currency, amount] of books.of("clearing")) add(positions, currency, amount);
  for (const [currency] of books.of("transit")) add(positions, currency, 0n);
  for (const account of state.accounts.values()) {
    for (const { instrument, cost } of account.exposures.values()) {
      if (cost !== 0n) add(positions, instrument.quote, cost);
    }
  }
  const both = [...positions].map(([currency, amount]): [string, Clearing] => {
    return [currency, { positions: amount, transit: books.balance("transit", currency) as Money }];
  });
  return new Map(both);
}

export function lotsByMarket(state: ShardState): Map<number, number> {
  const sums = new Map<number, number>();
  for (const account of state.accounts.values()) {
    for (const [market, { lots }] of account.exposures) sums.set(market, (sums.get(market) ?? 0) + lots);
  }
  return sums;
}

export function checkShard(state: ShardState, holds: Holds): void {
  const held = holds.byAccount();
  for (const account of state.accounts.values()) {
    checkOrders(state, account);
    checkExposures(account, held.get(account) ?? []);
    assert(!account.balances.has(""), "a balance has a currency");
    checkTransfers(account);
  }
  let closed = 0;
  let open = 0;
  for (const order of state.orders.values()) {
    if (isOpen(order)) open++;
    else closed++;
    assert(isOpen(order) || !order.liquidity, "a liquidity provider's closed order leaves memory");
    assert(
      state.known(order.account).ids.get(order.clientOrderId) === order,
      "an order is found by its client id",
    );
    assert(order.liquidity || mayHave(state, order), "a client's id that was used is known to be");
  }
  const openOfAccounts = [...state.accounts.values()].reduce((sum, account) => sum + account.open.size, 0);
  assert(open === openOfAccounts, "each open order is its account's");
  assert(closed === state.outbox.closedOrders, "closed orders in memory are counted");
  for (const [, amount] of state.books.of("issuer")) {
    assert(amount <= 0n, "the issuer owes what it has paid out");
  }
  for (const [market, waiting] of state.closeBys.pending) {
    const waits = waiting.every(({ sequence }) => sequence > state.cursorOf(market));
    assert(waiting.length > 0 && waits, "a close-by waits for a record that was not heard");
  }
  for (const amount of totals(state).values()) assert(amount === 0n, "a shard's books sum to zero");
}

function mayHave({ usedIds }: ShardState, { account, clientOrderId }: Order): boolean {
  return usedIds === undefined || usedIds.mayHave(account, clientOrderId);
}

/** Money is reserved for pending transfers, and for nothing else. */
function checkTransfers({ purse }: Account): void {
  if (purse === undefined) return;
  assert(purse.pending <= PENDING_TRANSFERS_PER_ACCOUNT_MAX, "an account's pending transfers are limited");
  const reserved = new Map<string, bigint>();
  for (const { account, legs, status } of purse.transfers.values()) {
    if (status !== "pending") continue;
    for (const { debit, currency, amount } of legs) {
      if (debit === account) reserved.set(currency, (reserved.get(currency) ?? 0n) + amount);
    }
  }
  assert(reserved.size === purse.reserved.size, "reserved money is that of the pending transfers");
  for (const [currency, amount] of purse.reserved) {
    assert(amount > 0n && amount === reserved.get(currency), "each pending transfer has its money");
  }
}

function checkOrders(state: ShardState, account: Account): void {
  assert(account.open.size <= OPEN_ORDERS_PER_ACCOUNT_MAX, "an account's open orders are limited");
  for (const order of account.open.values()) {
    assert(state.orders.get(order.id) === order, "an open order is known by its id");
    assert(isOpen(order) && order.account === account.id, "an account's open orders are open and its own");
    const left = order.lots - order.filledLots;
    assert(left > 0 || (left === 0 && order.awaits === "entry"), "an open order has something left");
    assert(
      order.filledLots > 0 === (order.status === "partiallyFilled"),
      "a filled part shows in the status",
    );
    checkWaiting(order);
    if (order.liquidity) continue;
    const filled = order.fills.reduce((sum, fill) => sum + fill.lots, 0);
    assert(filled === order.filledLots, "an order's fills add up");
  }
}

function checkWaiting(order: Order): void {
  const { awaits, terms, list, linked } = order;
  assert(awaits !== "trigger" || terms?.trigger !== undefined, "an order waits for its own trigger");
  assert(
    awaits !== "entry" || (list !== undefined && list.leg > 0),
    "what waits for an entry is in its list",
  );
  assert(
    order.countedTicks === undefined || order.side === "buy",
    "only a buy is counted at a price of its own",
  );
  assert(
    (linked !== undefined) === (list !== undefined && isLinked(list)),
    "what is linked knows the others",
  );
  for (const other of linked ?? []) {
    const alike = isOpen(other) && other.linked === linked && other.side === order.side;
    assert(alike && other.list?.id === list?.id, "what is linked is open, of one list and of one side");
  }
}

/** Adds what an order counts; of linked ones the first counts for all. */
function addAlone(sums: Exposure, order: Order): void {
  if (order.linked !== undefined && order.linked[0] !== order) return;
  const { lots, buyValue } = stakeWithLinked(order);
  addOpenValue(sums, order.side, lots, buyValue);
  countIntent(sums, order, lots);
}

function checkExposures(account: Account, held: readonly Hold[]): void {
  const names = held.reduce((sum, hold) => sum + hold.clientOrderIds.length, 0);
  assert(names === account.heldOrders.size, "an account's held orders are its holds");
  for (const [market, exposure] of account.exposures) {
    const sums = newExposure(exposure.instrument, exposure.tickets);
    for (const order of account.open.values()) {
      if (order.market === market) addAlone(sums, order);
    }
    for (const hold of held.filter(each => each.exposure === exposure)) {
      for (const { side, lots, buyValue, intent, ticket } of hold.claims) {
        countHeldIntent(sums, { side, intent, ticket }, lots);
        if (side === "sell") sums.heldSells += lots;
        else sums.heldBuys += lots;
        sums.heldBuyValue += buyValue;
      }
    }
    assert(exposure.openBuys === sums.openBuys, "open buys are those of the open orders");
    assert(exposure.openSells === sums.openSells, "open sells are those of the open orders");
    assert(exposure.openBuyValue === sums.openBuyValue, "what open buys may cost is that of the open orders");
    assert(exposure.heldBuys === sums.heldBuys, "held buys are those of the holds");
    assert(exposure.heldSells === sums.heldSells, "held sells are those of the holds");
    assert(exposure.heldBuyValue === sums.heldBuyValue, "what held buys may cost is that of the holds");
    checkReducing(exposure.reducing ?? newReducing(), sums.reducing ?? newReducing());
    if (exposure.tickets === undefined) checkHolding(exposure);
    else checkTickets(exposure, exposure.tickets);
  }
}

function checkHolding({ lots, cost }: Holding): void {
  assert(lots !== 0 || cost === 0n, "a flat position has no cost");
  assert(lots > 0 ? cost >= 0n : cost <= 0n, "a cost has its position's sign");
}

function checkTickets(exposure: Exposure, tickets: Tickets): void {
  let [lots, cost] = [0, 0n];
  for (const ticket of tickets.values()) {
    assert(ticket.lots !== 0, "a ticket that is kept is not flat");
    checkHolding(ticket);
    lots += ticket.lots;
    cost += ticket.cost;
  }
  assert(exposure.lots === lots, "a hedging account's position is the sum of its tickets");
  assert(exposure.cost === cost, "what it cost is the sum of what they cost");
}

function checkReducing(known: Reducing, sums: Reducing): void {
  for (const side of ["buy", "sell"] as const) {
    const [kept, summed] = [known[side], sums[side]];
    assert(kept.reduceOnly === summed.reduceOnly, "reduce-only lots are those of the open orders");
    assert(kept.reduceFirst === summed.reduceFirst, "reduce-first lots are those of the open orders");
    assert(kept.heldReduceOnly === summed.heldReduceOnly, "held reduce-only lots are those of the holds");
    assert(kept.heldReduceFirst === summed.heldReduceFirst, "held reduce-first lots are those of the holds");
  }
  assert(known.heldTickets.size === sums.heldTickets.size, "held tickets are those of the holds");
  for (const [ticket, lots] of known.heldTickets) {
    assert(sums.heldTickets.get(ticket) === lots, "lots held for a ticket are those of the holds");
  }
}
