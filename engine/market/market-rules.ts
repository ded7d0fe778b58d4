/**
 * What a market refuses before its book is asked: the first rule that a command breaks, in the order of
 * `engine/rejection.ts`. Rules that depend on the book (post-only, room, what is filled) are the book's.
 */
import type { Instrument } from "../instrument.ts";
import type { Rejection } from "../rejection.ts";
import { TICKS_MAX } from "../units.ts";
import type { AmendOrder, PlaceOrder } from "./command.ts";

export function refusalOfPlace(instrument: Instrument, command: PlaceOrder): Rejection | undefined {
  const { ticks, lots, timeInForce } = command;
  if (lots < instrument.minimumLots || lots < 1) return "quantityBelowMinimum";
  if (lots > instrument.maximumLots) return "quantityAboveMaximum";
  if (command.type === "limit") {
    if (ticks === 0) return "priceMissing";
    if (ticks < 0 || ticks > TICKS_MAX) return "priceOutOfRange";
    return command.postOnly && timeInForce !== "GTC" ? "postOnlyNotAllowed" : undefined;
  }
  if (ticks !== 0) return "priceUnexpected";
  if (timeInForce === "GTC") return "timeInForceNotAllowed";
  return command.postOnly ? "postOnlyNotAllowed" : undefined;
}

/** As above; 0 leaves size or price as it is. */
export function refusalOfAmend(instrument: Instrument, command: AmendOrder): Rejection | undefined {
  const { ticks, lots } = command;
  if (lots !== 0 && (lots < instrument.minimumLots || lots < 1)) return "quantityBelowMinimum";
  if (lots > instrument.maximumLots) return "quantityAboveMaximum";
  return ticks < 0 || ticks > TICKS_MAX ? "priceOutOfRange" : undefined;
}
