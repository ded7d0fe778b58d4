/**
 * The bytes of what an order has beyond limit and size: a u16 that names the parts which follow, each part in
 * the order of its bit. A journal that knows more parts than its reader is refused.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { assert, type Lots } from "../units.ts";
import type { AmendTerms, OrderTerms, TimeInForce, Trigger, TriggerSource } from "./command.ts";

export const SOURCES: readonly TriggerSource[] = ["last", "bid", "ask", "mid"];
export const TIMES_IN_FORCE: readonly TimeInForce[] = ["GTC", "IOC", "FOK"];
const KINDS: readonly Trigger["kind"][] = ["stop", "takeProfit"];

const TRIGGER = 1;
const DISPLAY = 2;
const MINIMUM = 4;
const HIDDEN = 8;
const ALL_OR_NONE = 16;
const KNOWN = 31;
const STOP_PRICE = 1;
const NEW_MINIMUM = 2;
const KNOWN_OF_AMEND = 3;

export function writeTerms(writer: ByteWriter, terms: OrderTerms): void {
  const { trigger, displayLots, minimumLots, hidden, allOrNone } = terms;
  writer.u16(
    (trigger === undefined ? 0 : TRIGGER) |
      (displayLots === undefined ? 0 : DISPLAY) |
      (minimumLots === undefined ? 0 : MINIMUM) |
      (hidden ? HIDDEN : 0) |
      (allOrNone ? ALL_OR_NONE : 0),
  );
  if (trigger !== undefined) {
    writer.u8(KINDS.indexOf(trigger.kind));
    writer.u8(SOURCES.indexOf(trigger.source));
    writer.u32(trigger.stopTicks);
  }
  if (displayLots !== undefined) writer.f64(displayLots);
  if (minimumLots !== undefined) writer.f64(minimumLots);
}

export function readTerms(reader: ByteReader): OrderTerms {
  const parts = reader.u16();
  assert((parts & ~KNOWN) === 0, "an order's terms are known ones");
  return {
    ...((parts & TRIGGER) === 0 ? undefined : { trigger: readTrigger(reader) }),
    ...((parts & DISPLAY) === 0 ? undefined : { displayLots: reader.whole() as Lots }),
    ...((parts & MINIMUM) === 0 ? undefined : { minimumLots: reader.whole() as Lots }),
    ...((parts & HIDDEN) === 0 ? undefined : { hidden: true as const }),
    ...((parts & ALL_OR_NONE) === 0 ? undefined : { allOrNone: true as const }),
  };
}

function readTrigger(reader: ByteReader): Trigger {
  return { kind: reader.choice(KINDS), source: reader.choice(SOURCES), stopTicks: reader.ticks() };
}

export function writeAmendTerms(writer: ByteWriter, terms: AmendTerms): void {
  const { stopTicks, minimumLots } = terms;
  writer.u16((stopTicks === undefined ? 0 : STOP_PRICE) | (minimumLots === undefined ? 0 : NEW_MINIMUM));
  if (stopTicks !== undefined) writer.u32(stopTicks);
  if (minimumLots !== undefined) writer.f64(minimumLots);
}

export function readAmendTerms(reader: ByteReader): AmendTerms {
  const parts = reader.u16();
  assert((parts & ~KNOWN_OF_AMEND) === 0, "an amend's terms are known ones");
  return {
    ...((parts & STOP_PRICE) === 0 ? undefined : { stopTicks: reader.ticks() }),
    ...((parts & NEW_MINIMUM) === 0 ? undefined : { minimumLots: reader.whole() as Lots }),
  };
}
