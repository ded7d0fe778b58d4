/** What must hold of a shard's state between two records, and the sums that must be zero over all shards. */
import { OPEN_ORDERS_PER_ACCOUNT_MAX } from "../limits.ts";
import { assert, type Money } from "../units.ts";
import { type Account, addOpen, newExposure } from "./account.ts";
import type { Hold, Holds } from "./holds.ts";
import { countedAt, isOpen, type Order } from "./order.ts";
import type { ShardState } from "./shard-state.ts";

export function totals(state: ShardState): Map<string, Money> {
  const sums = new Map<string, Money>();
  const add = (currency: string, amount: bigint) =>
    sums.set(currency, ((sums.get(currency) ?? 0n) + amount) as Money);
  for (const [currency, amount] of state.issuer) add(currency, amount);
  for (const account of state.accounts.values()) {
    for (const [currency, amount] of account.balances) add(currency, amount);
    for (const { instrument, cost } of account.exposures.values()) {
      if (cost !== 0n) add(instrument.quote, -cost);
    }
  }
  return sums;
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
  }
  const openOfAccounts = [...state.accounts.values()].reduce((sum, account) => sum + account.open.size, 0);
  assert(open === openOfAccounts, "each open order is its account's");
  assert(closed === state.outbox.closedOrders, "closed orders in memory are counted");
  for (const amount of state.issuer.values()) assert(amount <= 0n, "the issuer owes what it has paid out");
}

function checkOrders(state: ShardState, account: Account): void {
  assert(account.open.size <= OPEN_ORDERS_PER_ACCOUNT_MAX, "an account's open orders are limited");
  for (const order of account.open.values()) {
    assert(state.orders.get(order.id) === order, "an open order is known by its id");
    assert(isOpen(order) && order.account === account.id, "an account's open orders are open and its own");
    assert(order.filledLots >= 0 && order.filledLots < order.lots, "an open order has something left");
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
  assert(
    order.awaits === undefined || order.terms?.trigger !== undefined,
    "an order waits for its own trigger",
  );
  assert(order.awaits === undefined || order.filledLots === 0, "an order that waits has not traded");
  assert(
    order.countedTicks === undefined || (order.ticks === 0 && order.side === "buy"),
    "only a buy without a limit is counted at a price of its own",
  );
}

function checkExposures(account: Account, held: readonly Hold[]): void {
  const orders = held.filter(hold => hold.clientOrderId !== undefined);
  assert(orders.length === account.heldOrders.size, "an account's held orders are its holds");
  for (const [market, exposure] of account.exposures) {
    const sums = newExposure(exposure.instrument);
    for (const order of account.open.values()) {
      if (order.market === market) addOpen(sums, order.side, order.lots - order.filledLots, countedAt(order));
    }
    for (const { claim } of held.filter(hold => hold.exposure === exposure)) {
      if (claim.side === "sell") sums.heldSells += claim.lots;
      else sums.heldBuys += claim.lots;
      sums.heldBuyValue += claim.buyValue;
    }
    assert(exposure.openBuys === sums.openBuys, "open buys are those of the open orders");
    assert(exposure.openSells === sums.openSells, "open sells are those of the open orders");
    assert(exposure.openBuyValue === sums.openBuyValue, "what open buys may cost is that of the open orders");
    assert(exposure.heldBuys === sums.heldBuys, "held buys are those of the holds");
    assert(exposure.heldSells === sums.heldSells, "held sells are those of the holds");
    assert(exposure.heldBuyValue === sums.heldBuyValue, "what held buys may cost is that of the holds");
    assert(exposure.lots !== 0 || exposure.cost === 0n, "a flat position has no cost");
    assert(exposure.lots > 0 ? exposure.cost >= 0n : exposure.cost <= 0n, "a cost has its position's sign");
  }
}
