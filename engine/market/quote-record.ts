/** The bytes of a mass quote and of a market maker's protection. */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import type { Lots, Money } from "../units.ts";
import type { MassQuote, Quote, SetProtection } from "./command.ts";

const SELL = 1;

type Quotes = Pick<MassQuote, "clientOrderId" | "reserved" | "quotes">;
type Protection = Pick<SetProtection, "windowMs" | "quantityMax" | "countMax" | "deltaMax">;

export function writeQuotes(writer: ByteWriter, { clientOrderId, reserved, quotes }: Quotes): void {
  writer.ascii(clientOrderId);
  writer.i128(reserved);
  writer.u16(quotes.length);
  for (const quote of quotes) {
    writer.u8(quote.side === "sell" ? SELL : 0);
    writer.f64(quote.lots);
    writer.u32(quote.ticks);
  }
}

export function readQuotes(reader: ByteReader): Quotes {
  const clientOrderId = reader.ascii();
  const reserved = reader.i128() as Money;
  const quotes: Quote[] = [];
  for (let left = reader.u16(); left > 0; left--) {
    const side = reader.bits(SELL) === SELL ? "sell" : "buy";
    quotes.push({ side, lots: reader.whole() as Lots, ticks: reader.ticks() });
  }
  return { clientOrderId, reserved, quotes };
}

export function writeProtection(writer: ByteWriter, protection: Protection): void {
  writer.f64(protection.windowMs);
  writer.f64(protection.quantityMax);
  writer.f64(protection.countMax);
  writer.f64(protection.deltaMax);
}

export function readProtection(reader: ByteReader): Protection {
  const windowMs = reader.whole();
  const quantityMax = reader.whole() as Lots;
  const countMax = reader.whole();
  return { windowMs, quantityMax, countMax, deltaMax: reader.whole() as Lots };
}
