/**
 * The terms of a line in the instrument's integers, or the first rejection that they deserve, in the order of
 * `engine/rejection.ts`. What the machine refuses by itself is left to it.
 */
import { type Instrument, parsePrice, parseQuantity } from "../engine/instrument.ts";
import type { AmendTerms, OrderTerms } from "../engine/market/terms.ts";
import type { Rejection } from "../engine/rejection.ts";
import type { Lots, Ticks } from "../engine/units.ts";
import type { AmendLine, PlaceLine } from "./match-command.ts";
import { MATCH_TYPES } from "./match-types.ts";

export interface LineTerms<Terms> {
  readonly lots: Lots;
  /** Limit; 0 for none. */
  readonly ticks: Ticks;
  /** Undefined for a plain order. */
  readonly terms: Terms | undefined;
}

const NO_LIMIT = 0 as Ticks;
const UNCHANGED = 0;

export function readTerms(instrument: Instrument, line: PlaceLine): LineTerms<OrderTerms> | Rejection {
  const { type, waits } = MATCH_TYPES[line.type];
  const lots = parseQuantity(instrument, line.quantity);
  if (typeof lots === "string") return lots;
  if (type === "limit" && line.price === undefined) return "priceMissing";
  if (type === "market" && line.price !== undefined) return "priceUnexpected";
  const ticks = line.price === undefined ? NO_LIMIT : parsePrice(instrument, line.price);
  if (typeof ticks === "string") return ticks;
  const stopTicks = readStopPrice(instrument, line.stopPrice);
  if (typeof stopTicks === "string") return stopTicks;
  if (waits === undefined && (stopTicks !== undefined || line.trigger !== undefined)) {
    return "stopPriceUnexpected";
  }
  if (waits !== undefined && stopTicks === undefined) return "stopPriceMissing";
  const displayLots = readPart(instrument, line.displayQuantity);
  if (displayLots === null) return "displayQuantityOutOfRange";
  const minimumLots = readPart(instrument, line.minimumQuantity);
  if (minimumLots === null) return "minimumQuantityOutOfRange";
  const { hidden, allOrNone } = line;
  const plain = waits === undefined && displayLots === undefined && minimumLots === undefined;
  if (plain && !hidden && !allOrNone) return { lots, ticks, terms: undefined };
  const terms: OrderTerms = {
    ...(waits === undefined || stopTicks === undefined
      ? undefined
      : { trigger: { kind: waits, source: line.trigger ?? "last", stopTicks } }),
    ...(displayLots === undefined ? undefined : { displayLots }),
    ...(minimumLots === undefined ? undefined : { minimumLots }),
    ...(hidden ? { hidden } : undefined),
    ...(allOrNone ? { allOrNone } : undefined),
  };
  return { lots, ticks, terms };
}

export function readAmendTerms(instrument: Instrument, line: AmendLine): LineTerms<AmendTerms> | Rejection {
  const lots = line.quantity === undefined ? (UNCHANGED as Lots) : parseQuantity(instrument, line.quantity);
  if (typeof lots === "string") return lots;
  const ticks = line.price === undefined ? (UNCHANGED as Ticks) : parsePrice(instrument, line.price);
  if (typeof ticks === "string") return ticks;
  const stopTicks = readStopPrice(instrument, line.stopPrice);
  if (typeof stopTicks === "string") return stopTicks;
  const minimumLots = readPart(instrument, line.minimumQuantity);
  if (minimumLots === null) return "minimumQuantityOutOfRange";
  if (stopTicks === undefined && minimumLots === undefined) return { lots, ticks, terms: undefined };
  const terms: AmendTerms = {
    ...(stopTicks === undefined ? undefined : { stopTicks }),
    ...(minimumLots === undefined ? undefined : { minimumLots }),
  };
  return { lots, ticks, terms };
}

function readStopPrice(instrument: Instrument, text: string | undefined): Ticks | Rejection | undefined {
  if (text === undefined) return undefined;
  const ticks = parsePrice(instrument, text);
  if (ticks === "priceNotMultiple") return "stopPriceNotMultiple";
  return ticks === "priceOutOfRange" ? "stopPriceOutOfRange" : ticks;
}

/** A part of an order; null where it is no quantity of the instrument. */
function readPart(instrument: Instrument, text: string | undefined): Lots | null | undefined {
  if (text === undefined) return undefined;
  const lots = parseQuantity(instrument, text);
  return typeof lots === "string" ? null : lots;
}
