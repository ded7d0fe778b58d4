/** What of one's own rests in a market, added up by price: for the ladder's marks and the chart's lines. */
import type { Order, Side } from "../client/wire.ts";
import { formatDecimal, parseDecimal } from "../decimal.ts";
import type { Instrument } from "./instrument.ts";

/** Whether it stands at its price: it waits for nothing and follows nothing. */
export function isResting(order: Order): boolean {
  return order.awaits === undefined && order.price !== undefined && order.type !== "pegged";
}

export interface OwnSize {
  readonly side: Side;
  /** Not yet filled. */
  readonly left: string;
}

/**
 * By price, written with all of the market's digits. One's own orders never stand on both sides of one price.
 */
export function ownSizes(instrument: Instrument | undefined, orders: readonly Order[]): Map<string, OwnSize> {
  const sizes = new Map<string, OwnSize>();
  if (instrument === undefined) return sizes;
  const { symbol, priceDigits, quantityDigits } = instrument;
  const count = (quantity: string) => parseDecimal(quantity, quantityDigits) ?? 0n;
  for (const order of orders) {
    const units =
      order.price === undefined || !isResting(order) ? undefined : parseDecimal(order.price, priceDigits);
    if (order.symbol !== symbol || units === undefined) continue;
    const price = formatDecimal(units, priceDigits);
    const before = count(sizes.get(price)?.left ?? "0");
    const left = before + count(order.quantity) - count(order.filledQuantity);
    sizes.set(price, { side: order.side, left: formatDecimal(left, quantityDigits) });
  }
  return sizes;
}
