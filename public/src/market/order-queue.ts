/**
 * Every order that a market shows, folded from the room's snapshot and updates. Orders of one price stand in
 * the order in which they came there; sorting by price happens when somebody looks. A change costs nothing
 * but itself; a look is linear in the orders, of which a side shows at most `rowsMax`.
 */
import type { OrderRow, OrdersMessage } from "../client/market-wire.ts";
import { parseDecimal } from "../decimal.ts";

export interface QueuedOrder {
  readonly id: string;
  readonly price: string;
  readonly units: bigint;
  readonly quantity: string;
}

export interface QueueView {
  readonly bids: readonly QueuedOrder[];
  readonly asks: readonly QueuedOrder[];
}

export class OrderQueue {
  readonly #bids = new Map<string, QueuedOrder>();
  readonly #asks = new Map<string, QueuedOrder>();
  readonly #priceDigits: number;

  constructor(priceDigits: number) {
    this.#priceDigits = priceDigits;
  }

  replace(message: OrdersMessage): void {
    this.#bids.clear();
    this.#asks.clear();
    this.change(message);
  }

  change(message: OrdersMessage): void {
    for (const row of message.bids) this.#set(this.#bids, row);
    for (const row of message.asks) this.#set(this.#asks, row);
  }

  /** The first `rowsMax` of each side in priority order. */
  view(rowsMax: number): QueueView {
    // Sorting keeps the order of equals, and a map keeps that in which they came.
    const down = [...this.#bids.values()].sort((a, b) => Number(b.units - a.units));
    const up = [...this.#asks.values()].sort((a, b) => Number(a.units - b.units));
    return { bids: down.slice(0, rowsMax), asks: up.slice(0, rowsMax) };
  }

  #set(side: Map<string, QueuedOrder>, { id, price, quantity, last }: OrderRow): void {
    const units = parseDecimal(price, this.#priceDigits);
    const gone = !/[1-9]/.test(quantity);
    if (gone || last || units === undefined) side.delete(id);
    if (!gone && units !== undefined) side.set(id, { id, price, units, quantity });
  }
}
