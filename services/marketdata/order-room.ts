/**
 * The room `orders:SYMBOL`: every order that the market shows. It is made when the first one comes: the
 * market is asked for its orders at a sequence, what the journal tells meanwhile is kept and folded in behind
 * them. Nothing is kept while nobody is there. Changes are told at most every 100 ms, each telling whole:
 * what a reader holds after it is the book at its `last`.
 */
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import { assert, type Lots, type Side, type Ticks } from "../../engine/units.ts";
import type { OrderRow, OrdersEvent } from "../../models/market-data.model.ts";
import { Conflator } from "./conflator.ts";
import { type ChangedOrder, type ShownOrder, ShownOrders } from "./shown-orders.ts";

const INTERVAL_MS = 100;
/** Orders of a side in a snapshot. */
export const SNAPSHOT_ORDERS_MAX = 5_000;
/** Records that may wait for the market's answer. */
const BACKLOG_MAX = 65_536;

/** A market's shown orders at a sequence, in priority order. */
export interface OrdersAt {
  readonly sequence: number;
  readonly orders: readonly ShownOrder[];
}

export interface OrderRoomPorts {
  orders(): Promise<OrdersAt>;
  publish(event: OrdersEvent): void;
}

export class OrderRoom {
  readonly #instrument: Instrument;
  readonly #ports: OrderRoomPorts;
  readonly #conflator = new Conflator(INTERVAL_MS, () => this.#flush());
  #orders: ShownOrders | undefined;
  #opening: Promise<ShownOrders> | undefined;
  #backlog: MarketRecord[] = [];
  #last = 0;
  /** Grows each time that the room empties. */
  #generation = 0;

  constructor(instrument: Instrument, ports: OrderRoomPorts) {
    this.#instrument = instrument;
    this.#ports = ports;
  }

  fold(record: MarketRecord): void {
    if (this.#opening !== undefined && this.#backlog.length < BACKLOG_MAX) this.#backlog.push(record);
    this.#orders?.fold(record);
  }

  /** A batch has been folded. */
  folded(now: number): void {
    if (this.#orders !== undefined && this.#orders.sequence > this.#last) this.#conflator.touch(now);
  }

  async snapshot(): Promise<OrdersEvent> {
    if (this.#orders === undefined) this.#opening ??= this.#open();
    const orders = this.#orders ?? (await this.#opening);
    assert(orders !== undefined, "a room that is not open is being opened");
    this.#conflator.cancel();
    this.#flush();
    const side = (name: Side) =>
      orders.list(name, SNAPSHOT_ORDERS_MAX).map(order => this.#row({ ...order, last: false }));
    return { ...this.#head(), last: this.#last, bids: side("buy"), asks: side("sell") };
  }

  /** Nobody is in the room any more. */
  leave(): void {
    this.#conflator.cancel();
    this.#orders = undefined;
    this.#opening = undefined;
    this.#backlog = [];
    this.#generation++;
  }

  async #open(): Promise<ShownOrders> {
    const generation = this.#generation;
    for (;;) {
      const { sequence, orders } = await this.#ports.orders();
      const shown = new ShownOrders(sequence, orders);
      const waited = this.#backlog;
      this.#backlog = [];
      // Everybody may have left meanwhile: who still waits gets what was, and nothing is kept.
      if (generation !== this.#generation) return shown;
      if (waited.length >= BACKLOG_MAX) continue;
      for (const record of waited) shown.fold(record);
      shown.take();
      this.#opening = undefined;
      this.#orders = shown;
      this.#last = shown.sequence;
      return shown;
    }
  }

  #flush(): void {
    const orders = this.#orders;
    if (orders === undefined || orders.sequence === this.#last) return;
    const first = this.#last + 1;
    this.#last = orders.sequence;
    const rows = orders.take();
    const side = (name: Side) => rows.filter(row => row.side === name).map(row => this.#row(row));
    this.#ports.publish({ ...this.#head(), first, last: this.#last, bids: side("buy"), asks: side("sell") });
  }

  #head() {
    const { symbol } = this.#instrument;
    return { room: `orders:${symbol}`, symbol };
  }

  #row({ id, ticks, lots, last }: ChangedOrder): OrderRow {
    const price = formatPrice(this.#instrument, ticks as Ticks);
    const quantity = formatQuantity(this.#instrument, lots as Lots);
    return last ? [String(id), price, quantity, true] : [String(id), price, quantity];
  }
}
