/** What of an open order may be changed in place, checked as the venue will, and what is sent of it. */
import type { OrderField } from "../client/rejection-words.ts";
import type { Order, OrderChange } from "../client/wire.ts";
import { readDecimal } from "../decimal.ts";
import type { Instrument } from "./instrument.ts";
import { checkPrice, checkQuantity } from "./ticket-checks.ts";

export type ChangeField = "quantity" | "price" | "stopPrice";
export type Edited = Readonly<Partial<Record<ChangeField, string>>>;

/** The size unless it is its entry's to decide; prices that still count and don't move by themselves. */
export function changeableFields(order: Order): readonly ChangeField[] {
  const trails = order.trailDistance !== undefined || order.trailPerMille !== undefined;
  return [
    ...(order.awaits === "entry" ? [] : (["quantity"] as const)),
    ...(order.awaits === "trigger" && order.stopPrice !== undefined && !trails
      ? (["stopPrice"] as const)
      : []),
    ...(order.price === undefined || order.type === "pegged" ? [] : (["price"] as const)),
  ];
}

export function editedFrom(order: Order): Edited {
  return Object.fromEntries(changeableFields(order).map(field => [field, order[field] ?? ""]));
}

/** Rejections by field. */
export function problemsOf(instrument: Instrument, edited: Edited): ReadonlyMap<OrderField, string> {
  const problems = new Map<OrderField, string>();
  for (const [field, typed] of Object.entries(edited)) {
    if (field !== "quantity" && field !== "price" && field !== "stopPrice") continue;
    const code =
      field === "quantity" ? checkQuantity(instrument, typed) : checkPrice(instrument, typed, field);
    if (code !== undefined) problems.set(field, code);
  }
  return problems;
}

/** Only what differs; undefined where nothing does. */
export function changeOf(order: Order, edited: Edited): OrderChange | undefined {
  const changed = Object.entries(edited)
    .map(([field, typed]) => [field, readDecimal(typed)] as const)
    .filter(([field, value]) => value !== undefined && value !== order[field as ChangeField]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}
