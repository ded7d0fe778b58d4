/**
 * What a market refuses before its book is asked: the first rule that a command breaks, in the order of
 * `engine/rejection.ts`. Rules that depend on the book (post-only, room, what is filled) are the book's.
 */
import type { RestingOrder } from "../book/audit.ts";
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
    if (command.terms !== undefined && !hasPossibleStop(command)) return "stopPriceOutOfRange";
    return command.postOnly && timeInForce !== "GTC" ? "postOnlyNotAllowed" : undefined;
  }
  if (ticks !== 0) return "priceUnexpected";
  if (command.terms !== undefined && !hasPossibleStop(command)) return "stopPriceOutOfRange";
  if (timeInForce === "GTC" && command.terms?.trigger === undefined) return "timeInForceNotAllowed";
  return command.postOnly ? "postOnlyNotAllowed" : undefined;
}

function hasPossibleStop(command: PlaceOrder): boolean {
  const stopTicks = command.terms?.trigger?.stopTicks;
  return stopTicks === undefined || (stopTicks >= 1 && stopTicks <= TICKS_MAX);
}

/** As above; 0 leaves size or price as it is. `armed`: the order, if it waits for its trigger. */
export function refusalOfAmend(
  instrument: Instrument,
  command: AmendOrder,
  armed: RestingOrder | undefined,
): Rejection | undefined {
  const { ticks, lots } = command;
  if (lots !== 0 && (lots < instrument.minimumLots || lots < 1)) return "quantityBelowMinimum";
  if (lots > instrument.maximumLots) return "quantityAboveMaximum";
  if (armed?.ticks === 0 && ticks !== 0) return "priceUnexpected";
  if (ticks < 0 || ticks > TICKS_MAX) return "priceOutOfRange";
  const stopTicks = command.terms?.stopTicks;
  if (stopTicks === undefined) return undefined;
  if (armed === undefined) return "stopPriceUnexpected";
  return stopTicks < 1 || stopTicks > TICKS_MAX ? "stopPriceOutOfRange" : undefined;
}
