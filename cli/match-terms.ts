/**
 * The terms of a placed line in the instrument's integers, or the first rejection that they deserve, in the
 * order of `engine/rejection.ts`. What the machine refuses by itself is left to it.
 */
import { type Instrument, parsePrice, parseQuantity } from "../engine/instrument.ts";
import type { Trigger } from "../engine/market/command.ts";
import type { Rejection } from "../engine/rejection.ts";
import type { Lots, Ticks } from "../engine/units.ts";
import { MATCH_TYPES, type PlaceLine } from "./match-command.ts";

export interface LineTerms {
  readonly lots: Lots;
  /** Limit; 0 for none. */
  readonly ticks: Ticks;
  readonly trigger: Trigger | undefined;
}

const NO_LIMIT = 0 as Ticks;

export function readTerms(instrument: Instrument, line: PlaceLine): LineTerms | Rejection {
  const { type, waits } = MATCH_TYPES[line.type];
  const lots = parseQuantity(instrument, line.quantity);
  if (typeof lots === "string") return lots;
  if (type === "limit" && line.price === undefined) return "priceMissing";
  if (type === "market" && line.price !== undefined) return "priceUnexpected";
  const ticks = line.price === undefined ? NO_LIMIT : parsePrice(instrument, line.price);
  if (typeof ticks === "string") return ticks;
  if (waits === undefined) {
    const unexpected = line.stopPrice !== undefined || line.trigger !== undefined;
    return unexpected ? "stopPriceUnexpected" : { lots, ticks, trigger: undefined };
  }
  const stopTicks = readStopPrice(instrument, line.stopPrice) ?? "stopPriceMissing";
  if (typeof stopTicks === "string") return stopTicks;
  return { lots, ticks, trigger: { kind: waits, source: line.trigger ?? "last", stopTicks } };
}

export function readStopPrice(
  instrument: Instrument,
  text: string | undefined,
): Ticks | Rejection | undefined {
  if (text === undefined) return undefined;
  const ticks = parsePrice(instrument, text);
  if (ticks === "priceNotMultiple") return "stopPriceNotMultiple";
  return ticks === "priceOutOfRange" ? "stopPriceOutOfRange" : ticks;
}
