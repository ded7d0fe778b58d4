/**
 * The checks that the venue will make and that the page can make before: same rules, same order, same codes.
 * What passes here may still be refused there.
 */
import type { OrderType, TimeInForce } from "../client/wire.ts";
import { parseDecimal, readDecimal } from "../decimal.ts";
import type { Instrument } from "./instrument.ts";

/** The ticket as typed. */
export interface Draft {
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
}

export interface Complaint {
  readonly field: "quantity" | "price" | "timeInForce" | "postOnly";
  readonly code: string;
}

const PRICE_TICKS_MAX = 2n ** 31n - 1n;

export function checkQuantity(instrument: Instrument, typed: string): string | undefined {
  const text = readDecimal(typed);
  const units = text === undefined ? undefined : parseDecimal(text, instrument.quantityDigits);
  if (units === undefined || units % instrument.lotUnits !== 0n) return "quantityNotMultiple";
  if (units <= 0n || units < instrument.minimumUnits) return "quantityBelowMinimum";
  if (instrument.maximumUnits !== undefined && units > instrument.maximumUnits) return "quantityAboveMaximum";
  return undefined;
}

export function checkPrice(instrument: Instrument, typed: string): string | undefined {
  if (typed.trim() === "") return "priceMissing";
  const text = readDecimal(typed);
  const units = text === undefined ? undefined : parseDecimal(text, instrument.priceDigits);
  if (units === undefined || units % instrument.tickUnits !== 0n) return "priceNotMultiple";
  const ticks = units / instrument.tickUnits;
  return ticks < 1n || ticks > PRICE_TICKS_MAX ? "priceOutOfRange" : undefined;
}

/** All complaints, in the venue's order of precedence. */
export function checkDraft(instrument: Instrument, draft: Draft): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const quantity = checkQuantity(instrument, draft.quantity);
  if (quantity !== undefined) complaints.push({ field: "quantity", code: quantity });
  const price = draft.type === "limit" ? checkPrice(instrument, draft.price) : undefined;
  if (price !== undefined) complaints.push({ field: "price", code: price });
  if (draft.type === "market" && draft.timeInForce === "GTC") {
    complaints.push({ field: "timeInForce", code: "timeInForceNotAllowed" });
  }
  if (draft.postOnly && (draft.type === "market" || draft.timeInForce !== "GTC")) {
    complaints.push({ field: "postOnly", code: "postOnlyNotAllowed" });
  }
  return complaints;
}
