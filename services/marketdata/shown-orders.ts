/**
 * Every order that a market shows, folded from its events: price, size and place in its queue. An iceberg
 * shows what it displays, a hidden order nothing. It begins with what the market itself said at a sequence;
 * records up to there are passed over.
 *
 * What has changed since the last telling is kept by order, so that a telling is as large as the orders that
 * changed, however often they did. An order that has come to stand behind all others of its price is told so.
 */
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import type { OrderId, Side } from "../../engine/units.ts";

export interface ShownOrder {
  readonly id: number;
  readonly side: Side;
  readonly ticks: number;
  readonly lots: number;
}

/** An order after what happened to it; `lots` 0: it is gone. */
export interface ChangedOrder extends ShownOrder {
  /** It stands behind all others of its price. */
  readonly last: boolean;
}

type Fold = Extract<MarketEvent, { orderId: OrderId }>;

export class ShownOrders {
  /** In the order of their queues, where they have the same side and price. */
  readonly #orders = new Map<number, ShownOrder>();
  readonly #changed = new Map<number, ChangedOrder>();
  /** Of orders that do not show all: what they have traded since they last said what they show. */
  readonly #traded = new Map<number, number>();
  #sequence: number;

  /** `orders` in priority order. */
  constructor(sequence: number, orders: Iterable<ShownOrder>) {
    this.#sequence = sequence;
    for (const order of orders) this.#orders.set(order.id, order);
  }

  get sequence(): number {
    return this.#sequence;
  }

  get size(): number {
    return this.#orders.size;
  }

  fold({ sequence, events }: MarketRecord): void {
    if (sequence <= this.#sequence) return;
    this.#sequence = sequence;
    // The trades of an uncrossing, and what they show, come right behind the change of phase.
    let uncrossing = false;
    for (const event of events) {
      if (event.event !== "traded" && event.event !== "displayed") uncrossing = event.event === "phased";
      if ("orderId" in event) this.#foldEvent(event, uncrossing);
    }
    this.#traded.clear();
  }

  /** The best orders of a side in priority order, at most `most`. */
  list(side: Side, most: number): ShownOrder[] {
    const sign = side === "buy" ? -1 : 1;
    const own = [...this.#orders.values()].filter(order => order.side === side);
    // Sorting is stable, and the map is in the order of the queues.
    return own.sort((one, other) => sign * (one.ticks - other.ticks)).slice(0, most);
  }

  /** What has changed since the last call: an order told as last comes behind those told before it. */
  take(): ChangedOrder[] {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    return changed;
  }

  #foldEvent(event: Fold, uncrossing: boolean): void {
    const id = event.orderId;
    switch (event.event) {
      case "rested":
        if (!event.unseen) this.#enter({ id, side: event.side, ticks: event.ticks, lots: event.lots });
        return;
      case "displayed":
        this.#display(
          { id, side: event.side, ticks: event.ticks, lots: event.lots },
          event.oldLots,
          uncrossing,
        );
        return;
      case "cancelled":
      case "removed":
        if (!event.unseen) this.#leave(id);
        return;
      case "traded":
        if (!event.unseen) this.#resize(event.makerOrderId, event.makerRemaining);
        else this.#traded.set(event.makerOrderId, (this.#traded.get(event.makerOrderId) ?? 0) + event.lots);
        return;
      case "amended":
        if (event.unseen) return;
        if (event.lots === 0) this.#leave(id);
        else if (event.ticks === event.oldTicks && event.lots <= event.oldLots) this.#resize(id, event.lots);
        else this.#enter({ id, side: event.side, ticks: event.ticks, lots: event.lots });
        return;
      default:
        return;
    }
  }

  /**
   * A part that is larger, or comes after nothing or after one that was traded whole, is new: it stands last.
   * In an uncrossing an order trades with all that it has, and what it shows of the rest keeps its place.
   */
  #display(order: ShownOrder, oldLots: number, uncrossing: boolean): void {
    const traded = this.#traded.get(order.id) ?? 0;
    this.#traded.delete(order.id);
    if (order.lots === 0) this.#leave(order.id);
    else if (!uncrossing && (traded >= oldLots || order.lots >= oldLots)) this.#enter(order);
    else this.#resize(order.id, order.lots);
  }

  #enter(order: ShownOrder): void {
    this.#orders.delete(order.id);
    this.#orders.set(order.id, order);
    this.#changed.delete(order.id);
    this.#changed.set(order.id, { ...order, last: true });
  }

  #resize(id: number, lots: number): void {
    const order = this.#orders.get(id);
    if (order === undefined) return;
    if (lots === 0) {
      this.#leave(id);
      return;
    }
    const smaller = { ...order, lots };
    this.#orders.set(id, smaller);
    this.#changed.set(id, { ...smaller, last: this.#changed.get(id)?.last ?? false });
  }

  #leave(id: number): void {
    const order = this.#orders.get(id);
    if (order === undefined) return;
    this.#orders.delete(id);
    this.#changed.set(id, { ...order, lots: 0, last: false });
  }
}
