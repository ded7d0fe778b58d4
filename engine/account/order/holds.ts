/**
 * Commands on their way to a market: what they claim counts from the decision until the market's record of
 * their number arrives. This is an overlay, not state: a shard that restarts begins with none, for by then
 * every record of its earlier epoch has been heard.
 */
import type { MarketRecord } from "../../market/record.ts";
import { assert, type OrderId } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import { countHeldIntent } from "../position/intent.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { type Change, claimsBeyond, claimsOfChanges } from "./changes.ts";
import type { Claim } from "./claims.ts";
import type { OrderState } from "./order.ts";

export interface Hold {
  readonly account: Account;
  readonly exposure: Exposure;
  readonly claims: readonly Claim[];
  /** Of the orders that the command asks for; none for an amend. */
  readonly clientOrderIds: readonly string[];
  /** The open order that it changes, and how: what that claims is counted with what else changes it. */
  readonly changes?: { readonly order: OrderState; readonly change: Change } | undefined;
}

/** An open order that commands on their way change. */
interface Changing {
  readonly order: OrderState;
  readonly account: Account;
  readonly exposure: Exposure;
  /** By the command's number. */
  readonly changes: Map<number, Change>;
  claims: readonly Claim[];
}

export class Holds {
  readonly #state: ShardState;
  /** By market, then by the command's number. */
  readonly #holds = new Map<number, Map<number, Hold>>();
  readonly #changing = new Map<OrderId, Changing>();
  #count = 0;

  constructor(state: ShardState) {
    this.#state = state;
  }

  get count(): number {
    return this.#count;
  }

  add(market: number, number: number, hold: Hold): void {
    let ofMarket = this.#holds.get(market);
    if (ofMarket === undefined) {
      ofMarket = new Map();
      this.#holds.set(market, ofMarket);
    }
    assert(!ofMarket.has(number), "a shard gives each of its numbers for a market once");
    ofMarket.set(number, hold);
    this.#count++;
    count(hold, 1);
    this.#begin(number, hold);
    const { account } = hold;
    for (const clientOrderId of hold.clientOrderIds) {
      assert(!account.heldOrders.has(clientOrderId), "a client order id is on its way once");
      account.holdId(clientOrderId);
    }
  }

  /** The market's record of this number has arrived. */
  release(market: number, number: number): void {
    const hold = this.#holds.get(market)?.get(number);
    if (hold === undefined) return;
    this.#holds.get(market)?.delete(number);
    this.#drop(hold);
    if (hold.changes !== undefined) this.#end(number, hold.changes.order.id);
  }

  /** A record has been applied: what changes the orders that it names is counted anew. */
  heard({ events }: MarketRecord): void {
    if (this.#changing.size === 0) return;
    for (const event of events) {
      if ("orderId" in event) this.#recount(this.#changing.get(event.orderId));
      if ("makerOrderId" in event) this.#recount(this.#changing.get(event.makerOrderId));
    }
  }

  /** Whether a command that asks for something of this position is on its way. */
  has(exposure: Exposure): boolean {
    for (const hold of this.#holds.get(exposure.instrument.number)?.values() ?? []) {
      if (hold.exposure === exposure) return true;
    }
    return false;
  }

  /** What a further change of an order would add to what is held for it. */
  claimsOf(order: OrderState, change: Change): Claim[] {
    const changing = this.#changing.get(order.id);
    if (changing === undefined) return claimsBeyond(claimsOfChanges(this.#state, order, [change]), []);
    const all = [...changing.changes.values(), change];
    return claimsBeyond(claimsOfChanges(this.#state, order, all), changing.claims);
  }

  clear(): void {
    for (const ofMarket of this.#holds.values()) {
      for (const hold of ofMarket.values()) this.#drop(hold);
    }
    this.#holds.clear();
    for (const changing of this.#changing.values()) count(changing, -1);
    this.#changing.clear();
    this.#state.closeBys.underWay.clear();
  }

  /** For `check`. */
  byAccount(): Map<Account, Hold[]> {
    const groups = new Map<Account, Hold[]>();
    for (const ofMarket of this.#holds.values()) {
      for (const hold of ofMarket.values()) {
        const group = groups.get(hold.account);
        if (group === undefined) groups.set(hold.account, [hold]);
        else group.push(hold);
      }
    }
    for (const { account, exposure, claims } of this.#changing.values()) {
      groups.get(account)?.push({ account, exposure, claims, clientOrderIds: [] });
    }
    return groups;
  }

  #begin(number: number, { account, exposure, changes: changed }: Hold): void {
    if (changed === undefined) return;
    const { order, change } = changed;
    let changing = this.#changing.get(order.id);
    if (changing === undefined) {
      changing = { order, account, exposure, changes: new Map(), claims: [] };
      this.#changing.set(order.id, changing);
    }
    changing.changes.set(number, change);
    this.#recount(changing);
  }

  #end(number: number, id: OrderId): void {
    const changing = this.#changing.get(id);
    assert(changing !== undefined, "what changes an order is held with it");
    changing.changes.delete(number);
    this.#recount(changing);
    if (changing.changes.size === 0) this.#changing.delete(id);
  }

  #recount(changing: Changing | undefined): void {
    if (changing === undefined) return;
    count(changing, -1);
    changing.claims = claimsOfChanges(this.#state, changing.order, changing.changes.values());
    count(changing, 1);
  }

  #drop(hold: Hold): void {
    this.#count--;
    count(hold, -1);
    for (const clientOrderId of hold.clientOrderIds) hold.account.dropId(clientOrderId);
  }
}

function count({ exposure, claims }: Pick<Hold, "exposure" | "claims">, sign: 1 | -1): void {
  for (const claim of claims) {
    const { side, lots, buyValue } = claim;
    countHeldIntent(exposure, claim, sign * lots);
    if (side === "sell") {
      exposure.heldSells += sign * lots;
      continue;
    }
    exposure.heldBuys += sign * lots;
    exposure.heldBuyValue += BigInt(sign) * buyValue;
  }
}
