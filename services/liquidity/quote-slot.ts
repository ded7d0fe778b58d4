/**
 * One layer of one side: the order that stands for it, kept up by amends as long as it is open.
 *
 * A filled order is replaced by a new one. An answer that was lost leaves the slot unsure; the next quote
 * first asks what became of it, so there is never a second order in a slot. An amend that is refused takes
 * the quote away: an order at a price that nobody stands behind any more would be worse than none.
 */
import {
  formatPrice,
  formatQuantity,
  type Instrument,
  parsePrice,
  parseQuantity,
} from "../../engine/instrument.ts";
import { type Lots, lots, type Side, type Ticks } from "../../engine/units.ts";
import type { OrderView } from "../../models/order.model.ts";
import type { OrderDoor } from "./order-door.ts";

/** A quote stands at most this long before its size is drawn anew, which also shows what was filled of it. */
const STANDS_MS = 3_000;
/** An order with so many fills makes way for a new one: the venue keeps every fill of an open order. */
const FILLS_MAX = 16;

interface Standing {
  readonly id: string;
  readonly ticks: Ticks;
  readonly filled: Lots;
  readonly since: number;
  readonly worn: boolean;
}

type State =
  | { readonly is: "empty" }
  | { readonly is: "standing"; readonly order: Standing }
  | { readonly is: "unsure"; readonly clientOrderId: string };

export interface SlotQuote {
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly reference: number;
  readonly now: number;
}

/** The code of a fault that came over the broker. */
export function faultCode(error: unknown): string {
  return error instanceof Error && "type" in error && typeof error.type === "string" ? error.type : "";
}

function isOpen(order: OrderView): boolean {
  return order.status === "open" || order.status === "partiallyFilled";
}

export class QuoteSlot {
  readonly #instrument: Instrument;
  readonly #side: Side;
  readonly #door: OrderDoor;
  #state: State = { is: "empty" };

  constructor(instrument: Instrument, side: Side, door: OrderDoor) {
    this.#instrument = instrument;
    this.#side = side;
    this.#door = door;
  }

  /** Price of the order that stands, as far as is known. */
  get ticks(): Ticks | undefined {
    return this.#state.is === "standing" ? this.#state.order.ticks : undefined;
  }

  get standing(): boolean {
    return this.#state.is === "standing";
  }

  /** Takes over what an answer says about the slot's order, or an order of an earlier run. */
  adopt(order: OrderView, now: number): void {
    const ticks = order.price === undefined ? "priceMissing" : parsePrice(this.#instrument, order.price);
    if (!isOpen(order) || typeof ticks === "string") {
      this.#state = { is: "empty" };
      return;
    }
    const filled =
      order.filledQuantity === "0" ? lots(0) : parseQuantity(this.#instrument, order.filledQuantity);
    if (typeof filled === "string") throw new Error(`Invariant: what is filled is whole lots: ${order.id}`);
    const worn = order.fills.length >= FILLS_MAX;
    this.#state = { is: "standing", order: { id: order.id, ticks, filled, since: now, worn } };
  }

  /**
   * Brings the slot's order to the quote. True where the venue has acknowledged something. Throws what it
   * answered.
   */
  async update(quote: SlotQuote): Promise<boolean> {
    if (this.#state.is === "unsure") await this.#clear(this.#state.clientOrderId, quote.now);
    if (this.#state.is === "standing" && this.#state.order.worn)
      await this.#cancel(this.#state.order, quote.now);
    const state = this.#state;
    if (state.is !== "standing") return this.#place(quote);
    if (state.order.ticks === quote.ticks && quote.now - state.order.since < STANDS_MS) return false;
    return this.#amend(state.order, quote);
  }

  /** Takes the order out of the market. */
  async withdraw(now: number): Promise<void> {
    if (this.#state.is !== "standing") return;
    await this.#cancel(this.#state.order, now);
  }

  async #place({ ticks, lots, reference, now }: SlotQuote): Promise<boolean> {
    const clientOrderId = this.#door.nextId();
    this.#state = { is: "unsure", clientOrderId };
    const order = await this.#door.place({
      clientOrderId,
      symbol: this.#instrument.symbol,
      side: this.#side,
      quantity: formatQuantity(this.#instrument, lots),
      price: formatPrice(this.#instrument, ticks),
      timeInForce: "GTC",
      reference,
    });
    this.adopt(order, now);
    if (order.status === "rejected") throw new Error(`Cannot quote: ${order.rejection ?? "rejected"}`);
    return true;
  }

  async #amend(order: Standing, quote: SlotQuote): Promise<boolean> {
    const amended = await this.#amended(order, quote);
    if (amended !== undefined) this.adopt(amended, quote.now);
    else this.#state = { is: "empty" };
    // It was filled meanwhile, or so much of it that the amend has closed it: a new order takes its place.
    return amended === undefined || amended.status === "cancelled" ? this.#place(quote) : true;
  }

  /** The order after an amend; undefined where it is not open any more. */
  async #amended(order: Standing, quote: SlotQuote): Promise<OrderView | undefined> {
    const total = lots(order.filled + quote.lots);
    try {
      return await this.#door.amend({
        id: order.id,
        price: formatPrice(this.#instrument, quote.ticks),
        // A total beyond the largest order: keep what is left, a new order follows when that is gone.
        ...(total > this.#instrument.maximumLots
          ? {}
          : { quantity: formatQuantity(this.#instrument, total) }),
        reference: quote.reference,
      });
    } catch (error) {
      const code = faultCode(error);
      if (code === "ORDER_NOT_OPEN" || code === "ORDER_UNKNOWN") return undefined;
      if (code === "AMEND_REJECTED") await this.#cancel(order, quote.now);
      throw error;
    }
  }

  async #cancel(order: Standing, now: number): Promise<void> {
    try {
      this.adopt(await this.#door.cancel(order.id), now);
    } catch (error) {
      const code = faultCode(error);
      if (code !== "ORDER_NOT_OPEN" && code !== "ORDER_UNKNOWN") throw error;
      this.#state = { is: "empty" };
    }
  }

  async #clear(clientOrderId: string, now: number): Promise<void> {
    try {
      this.adopt(await this.#door.resolve(clientOrderId), now);
    } catch (error) {
      const code = faultCode(error);
      if (code !== "ORDER_NEVER_ACCEPTED" && code !== "ORDER_UNKNOWN") throw error;
      this.#state = { is: "empty" };
    }
  }
}
