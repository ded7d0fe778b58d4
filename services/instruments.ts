/**
 * What this venue lists: nine forex pairs, each with its number for ever (order ids are made from it).
 *
 * Five decimals and a tick of a tenth of a pip, as the interbank venues quote; yen pairs have three. Sizes
 * are units of the base currency in steps of 1,000 (a micro lot). A number is never used again, even when a
 * pair is delisted.
 */
import { defineInstrument, type Instrument } from "../engine/instrument.ts";

/** Fifty standard lots of a million: more than the quoted depth, less than a slip of three zeros. */
const MAXIMUM_QUANTITY = "50000000";
/** Net position of one client's account; its leverage stops most of them long before. */
const POSITION_LIMIT = "500000000";

function pair(symbol: string, number: number): Instrument {
  const yen = symbol.endsWith("JPY");
  return defineInstrument({
    symbol,
    number,
    tickSize: yen ? "0.001" : "0.00001",
    pipSize: yen ? "0.01" : "0.0001",
    lotStep: "1000",
    minimumQuantity: "1000",
    maximumQuantity: MAXIMUM_QUANTITY,
    positionLimit: POSITION_LIMIT,
    settlement: "margin",
  });
}

export const INSTRUMENTS: readonly Instrument[] = [
  pair("EURUSD", 1),
  pair("GBPUSD", 2),
  pair("USDJPY", 3),
  pair("USDCHF", 4),
  pair("AUDUSD", 5),
  pair("USDCAD", 6),
  pair("NZDUSD", 7),
  pair("EURGBP", 8),
  pair("EURJPY", 9),
];
