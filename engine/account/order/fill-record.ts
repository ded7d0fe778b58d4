/** An order's fills as bytes, and apart from them, as most orders have none, what it paid for them. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { assert, type Lots, type Milliseconds, type Money, type OrderId } from "../../units.ts";
import type { OrderFees } from "../charge/fill-fee.ts";
import type { Fill, Order } from "./order.ts";

const BYTES_A_FILL = 37;

export function writeFees(writer: ByteWriter, fees: Readonly<OrderFees>, fills: readonly Fill[]): void {
  writer.u16(fees.tier);
  writer.f64(fees.makerLots);
  writer.i128(fees.makerValue);
  writer.i128(fees.paid);
  for (const { fee } of fills) writer.i128(fee ?? 0n);
}

/** Fees come last, as they tell what each fill has paid. */
export function readFees(reader: ByteReader, fills: readonly Fill[]): Pick<Order, "fees" | "fills"> {
  const tier = reader.u16();
  assert(tier > 0, "an order's fees are those of a tier");
  const [makerLots, makerValue, paid] = [reader.whole(), reader.i128(), reader.i128()];
  const charged = fills.map(fill => ({ ...fill, fee: reader.i128() as Money }));
  return { fees: { tier, makerLots, makerValue, paid }, fills: charged };
}

export function writeFills(writer: ByteWriter, fills: readonly Fill[]): void {
  writer.u32(fills.length);
  for (const fill of fills) writeFill(writer, fill);
}

export function readFills(reader: ByteReader): Fill[] {
  return Array.from({ length: reader.count(BYTES_A_FILL) }, () => readFill(reader));
}

function writeFill(writer: ByteWriter, fill: Fill): void {
  writer.f64(fill.sequence);
  writer.f64(fill.time);
  writer.u32(fill.ticks);
  writer.f64(fill.lots);
  writer.u8(fill.role === "maker" ? 1 : 0);
  writer.f64(fill.counterOrderId);
}

function readFill(reader: ByteReader): Fill {
  return {
    sequence: reader.whole(),
    time: reader.integer() as Milliseconds,
    ticks: reader.ticks(),
    lots: reader.whole() as Lots,
    role: reader.bits(1) === 1 ? "maker" : "taker",
    counterOrderId: reader.whole() as OrderId,
  };
}
