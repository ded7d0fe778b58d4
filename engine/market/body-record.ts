/** The bytes of an order as a command carries it: flags, size, limit, what is reserved, client id, terms. */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import type { Lots, Money } from "../units.ts";
import { numberOf, wordOf } from "../word-list.ts";
import { type OrderBody, TIMES_IN_FORCE } from "./command.ts";
import { readTerms, writeTerms } from "./terms-record.ts";

/** Flags; 1 is the command's own: whether it is a liquidity provider's. */
export const LIQUIDITY = 1;
export const TERMS = 128;
/** Those that stand alone, without a command's own. */
export const BODY_FLAGS = 254;
const SELL = 2;
const MARKET = 4;
const POST_ONLY = 8;
const TIME_SHIFT = 4;
const TIME_MASK = 7;
/** Up to layout 2. */
const OLD_TIME_MASK = 3;
const OLD_TERMS = 64;

/** `writeFlags` writes what stands in front of the body, the flags at its end. */
export function writeBody(writer: ByteWriter, body: OrderBody, writeFlags: (flags: number) => void): void {
  writeFlags(
    (body.side === "sell" ? SELL : 0) |
      (body.type === "market" ? MARKET : 0) |
      (body.postOnly ? POST_ONLY : 0) |
      (numberOf(TIMES_IN_FORCE, body.timeInForce) << TIME_SHIFT) |
      (body.terms === undefined ? 0 : TERMS),
  );
  writer.f64(body.lots);
  writer.u32(body.ticks);
  writer.i128(body.reserved);
  writer.ascii(body.clientOrderId);
  if (body.terms !== undefined) writeTerms(writer, body.terms);
}

export function readBody(reader: ByteReader, flags: number, layout: number): OrderBody {
  const old = layout < 3;
  const lots = reader.whole() as Lots;
  const ticks = reader.ticks();
  const reserved = reader.i128() as Money;
  return {
    clientOrderId: reader.ascii(),
    side: (flags & SELL) === 0 ? "buy" : "sell",
    type: (flags & MARKET) === 0 ? "limit" : "market",
    timeInForce: wordOf(TIMES_IN_FORCE, (flags >> TIME_SHIFT) & (old ? OLD_TIME_MASK : TIME_MASK)),
    postOnly: (flags & POST_ONLY) !== 0,
    lots,
    ticks,
    reserved,
    terms: (flags & (old ? OLD_TERMS : TERMS)) === 0 ? undefined : readTerms(reader),
  };
}
