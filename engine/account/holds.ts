/**
 * Commands on their way to a market: what they claim counts from the decision until the market's record of
 * their number arrives. This is an overlay, not state: a shard that restarts begins with none, for by then
 * every record of its earlier epoch has been heard.
 */
import { assert } from "../units.ts";
import type { Account, Exposure } from "./account.ts";
import type { Claim } from "./claims.ts";

export interface Hold {
  readonly account: Account;
  readonly exposure: Exposure;
  readonly claims: readonly Claim[];
  /** Of the orders that the command asks for; none for an amend. */
  readonly clientOrderIds: readonly string[];
}

export class Holds {
  /** By market, then by the command's number. */
  readonly #holds = new Map<number, Map<number, Hold>>();
  #count = 0;

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
    const { heldOrders } = hold.account;
    for (const clientOrderId of hold.clientOrderIds) {
      assert(!heldOrders.has(clientOrderId), "a client order id is on its way once");
      heldOrders.add(clientOrderId);
    }
  }

  /** The market's record of this number has arrived. */
  release(market: number, number: number): void {
    const hold = this.#holds.get(market)?.get(number);
    if (hold === undefined) return;
    this.#holds.get(market)?.delete(number);
    this.#drop(hold);
  }

  clear(): void {
    for (const ofMarket of this.#holds.values()) {
      for (const hold of ofMarket.values()) this.#drop(hold);
    }
    this.#holds.clear();
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
    return groups;
  }

  #drop(hold: Hold): void {
    this.#count--;
    count(hold, -1);
    for (const clientOrderId of hold.clientOrderIds) hold.account.heldOrders.delete(clientOrderId);
  }
}

function count({ exposure, claims }: Hold, sign: 1 | -1): void {
  for (const { side, lots, buyValue } of claims) {
    if (side === "sell") {
      exposure.heldSells += sign * lots;
      continue;
    }
    exposure.heldBuys += sign * lots;
    exposure.heldBuyValue += BigInt(sign) * buyValue;
  }
}
