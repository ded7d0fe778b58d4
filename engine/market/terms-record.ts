/**
 * The bytes of what an order has beyond limit and size: a u16 that names the parts which follow, each part in
 * the order of its bit. A journal that knows more parts than its reader is refused.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { assert, type Ticks } from "../units.ts";
import type { AmendTerms, OrderTerms, TimeInForce, Trigger, TriggerSource } from "./command.ts";

export const SOURCES: readonly TriggerSource[] = ["last", "bid", "ask", "mid"];
export const TIMES_IN_FORCE: readonly TimeInForce[] = ["GTC", "IOC", "FOK"];
const KINDS: readonly Trigger["kind"][] = ["stop", "takeProfit"];

const TRIGGER = 1;
const KNOWN = TRIGGER;
const STOP_PRICE = 1;
const KNOWN_OF_AMEND = STOP_PRICE;

export function writeTerms(writer: ByteWriter, terms: OrderTerms): void {
  const { trigger } = terms;
  writer.u16(trigger === undefined ? 0 : TRIGGER);
  if (trigger === undefined) return;
  writer.u8(KINDS.indexOf(trigger.kind));
  writer.u8(SOURCES.indexOf(trigger.source));
  writer.u32(trigger.stopTicks);
}

export function readTerms(reader: ByteReader): OrderTerms {
  const parts = reader.u16();
  assert((parts & ~KNOWN) === 0, "an order's terms are known ones");
  if ((parts & TRIGGER) === 0) return {};
  const kind = KINDS[reader.u8()] ?? "stop";
  const source = SOURCES[reader.u8()] ?? "last";
  return { trigger: { kind, source, stopTicks: reader.u32() as Ticks } };
}

export function writeAmendTerms(writer: ByteWriter, terms: AmendTerms): void {
  writer.u16(terms.stopTicks === undefined ? 0 : STOP_PRICE);
  if (terms.stopTicks !== undefined) writer.u32(terms.stopTicks);
}

export function readAmendTerms(reader: ByteReader): AmendTerms {
  const parts = reader.u16();
  assert((parts & ~KNOWN_OF_AMEND) === 0, "an amend's terms are known ones");
  return (parts & STOP_PRICE) === 0 ? {} : { stopTicks: reader.u32() as Ticks };
}
