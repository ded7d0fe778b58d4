/** An order's type, time, conditions and what it waits for, in few words for a table. */
import type { Order } from "./client/wire.ts";
import { groupDigits, signOf } from "./decimal.ts";
import { type Instrument, readableQuantity } from "./market/instrument.ts";
import { ORDER_KINDS, PEG_WORDS, SOURCE_WORDS, triggersUpwards } from "./market/order-kinds.ts";

const AWAITED: Readonly<Record<string, string>> = {
  auction: "Waits for the next auction",
  close: "Waits for the closing auction",
  entry: "Waits for its entry to trade",
  reference: "Waits for a price to follow",
};

export function typeInWords(order: Order): string {
  return ORDER_KINDS[order.type].words;
}

function sourceOf(order: Order): string {
  const name = Object.entries(SOURCE_WORDS).find(([source]) => source === order.trigger)?.[1];
  return (name ?? order.trigger ?? SOURCE_WORDS.last).toLowerCase();
}

/** "0.00200" or "5‰". */
function trailOf(order: Order): string | undefined {
  return order.trailPerMille === undefined ? order.trailDistance : `${order.trailPerMille}‰`;
}

/** "Follows own side's best −0.00010"; undefined of an order that follows nothing. */
export function pegInWords(order: Order): string | undefined {
  if (order.peg === undefined) return undefined;
  const [, words = order.peg] = Object.entries(PEG_WORDS).find(([peg]) => peg === order.peg) ?? [];
  const sign = signOf(order.pegOffset ?? "0");
  const offset = sign === 0 ? "" : ` ${sign > 0 ? "+" : ""}${groupDigits(order.pegOffset ?? "")}`;
  return `Follows ${words.toLowerCase()}${offset}`;
}

/** The price that releases it: "≤ 1.09500", of a trailing stop that of when it was asked. */
export function triggerInWords(order: Order): string | undefined {
  if (order.awaits !== "trigger") return undefined;
  const { waits } = ORDER_KINDS[order.type];
  const trail = trailOf(order);
  if (waits === "trail" && trail !== undefined) return `trails by ${trail}`;
  if (order.stopPrice === undefined) return undefined;
  return `${triggersUpwards(waits, order.side) ? "≥" : "≤"} ${order.stopPrice}`;
}

/** "Waits for last trade ≤ 1.09500"; undefined once it is in the market. */
export function awaitsInWords(order: Order): string | undefined {
  if (order.awaits === undefined) return undefined;
  if (order.awaits !== "trigger") return AWAITED[order.awaits] ?? `Waits: ${order.awaits}`;
  const trigger = triggerInWords(order);
  const twice = order.doubleTick ? ", twice in a row" : "";
  const source = sourceOf(order);
  if (trigger === undefined) return `Waits for ${source}${twice}`;
  return trigger.startsWith("trails")
    ? `Stop ${trigger} behind ${source}${twice}`
    : `Waits for ${source} ${trigger}${twice}`;
}

/** Until when, and on what conditions: "GTC, post-only". */
export function termsInWords(order: Order): string {
  const until = order.expireTime === undefined ? "" : ` ${readableTime(order.expireTime)}`;
  return [
    `${order.timeInForce}${until}`,
    ...(order.postOnly ? ["post-only"] : []),
    ...(order.allOrNone ? ["all or none"] : []),
  ].join(", ");
}

/** What others see of it: "shows 1,000"; undefined where that is all of it. */
export function showingInWords(order: Order, instrument: Instrument | undefined): string | undefined {
  if (order.hidden) return "hidden";
  if (order.displayQuantity !== undefined)
    return `shows ${readableQuantity(instrument, order.displayQuantity)}`;
  if (order.minimumQuantity !== undefined) {
    return `not shown, at least ${readableQuantity(instrument, order.minimumQuantity)} a trade`;
  }
  return order.allOrNone ? "not shown" : undefined;
}

/** "01-05 10:00:00 UTC". */
function readableTime(time: string): string {
  return `${time.slice(5, 10)} ${time.slice(11, 19)} UTC`;
}
