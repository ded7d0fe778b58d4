/**
 * The bytes of what an order has beyond limit and size: a u16 that names the parts which follow, each part in
 * the order of its bit. A journal that knows more parts than its reader is refused.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { assert, type Lots, type Milliseconds, type Money, type OrderId } from "../units.ts";
import { numberOf } from "../word-list.ts";
import {
  type AmendTerms,
  ORDER_INTENTS,
  type OrderTerms,
  PEG_REFERENCES,
  type Peg,
  SELF_TRADE_MODES,
  type SelfTradePrevention,
  type TermsAtHand,
  TRIGGER_KINDS,
  TRIGGER_SOURCES,
  type Trail,
  type Trigger,
} from "./terms.ts";

const TRAIL_UNITS = ["ticks", "perMille"] as const;

const TRIGGER = 1;
const DISPLAY = 2;
const MINIMUM = 4;
const HIDDEN = 8;
const ALL_OR_NONE = 16;
const EXPIRY = 32;
const PEG = 64;
const SLIPPAGE = 128;
const BUDGET = 256;
const SLIDE = 512;
const SELF_TRADE = 1024;
/** Parts of the trigger, which come right behind it. */
const DOUBLE_TICK = 2048;
const TRAIL = 4096;
const LIMIT_OFFSET = 8192;
const INTENT = 16_384;
const POSITION = 32_768;
const KNOWN = 65_535;
const OF_TRIGGER = DOUBLE_TICK | TRAIL | LIMIT_OFFSET;

const STOP_PRICE = 1;
const NEW_MINIMUM = 2;
const NEW_DISPLAY = 4;
const NEW_EXPIRY = 8;
const NEW_TRAIL = 16;
const NEW_PEG = 32;
const KNOWN_OF_AMEND = 63;

/** Which parts an order's terms have, as bits. */
export function partsOf(terms: TermsAtHand): number {
  const { trigger } = terms;
  return (
    (trigger === undefined ? 0 : TRIGGER) |
    (terms.displayLots === undefined ? 0 : DISPLAY) |
    (terms.minimumLots === undefined ? 0 : MINIMUM) |
    (terms.hidden ? HIDDEN : 0) |
    (terms.allOrNone ? ALL_OR_NONE : 0) |
    (terms.expireAt === undefined ? 0 : EXPIRY) |
    (terms.peg === undefined ? 0 : PEG) |
    (terms.slippageTicks === undefined ? 0 : SLIPPAGE) |
    (terms.budget === undefined ? 0 : BUDGET) |
    (terms.slide ? SLIDE : 0) |
    (terms.selfTrade === undefined ? 0 : SELF_TRADE) |
    (trigger?.doubleTick ? DOUBLE_TICK : 0) |
    (trigger?.trail === undefined ? 0 : TRAIL) |
    (trigger?.limitOffset === undefined ? 0 : LIMIT_OFFSET) |
    (terms.intent === undefined ? 0 : INTENT) |
    (terms.position === undefined ? 0 : POSITION)
  );
}

export function writeTerms(writer: ByteWriter, terms: TermsAtHand): void {
  const { trigger, displayLots, minimumLots, expireAt, peg, slippageTicks, budget, selfTrade } = terms;
  const { intent, position } = terms;
  writer.u16(partsOf(terms));
  if (trigger !== undefined) {
    writer.u8(numberOf(TRIGGER_KINDS, trigger.kind));
    writer.u8(numberOf(TRIGGER_SOURCES, trigger.source));
    writer.u32(trigger.stopTicks);
    if (trigger.trail !== undefined) writeTrail(writer, trigger.trail);
    if (trigger.limitOffset !== undefined) writer.u32(trigger.limitOffset);
  }
  if (displayLots !== undefined) writer.f64(displayLots);
  if (minimumLots !== undefined) writer.f64(minimumLots);
  if (expireAt !== undefined) writer.f64(expireAt);
  if (peg !== undefined) writePeg(writer, peg);
  if (slippageTicks !== undefined) writer.u32(slippageTicks);
  if (budget !== undefined) writer.i128(budget);
  if (selfTrade !== undefined) {
    writer.u8(numberOf(SELF_TRADE_MODES, selfTrade.mode));
    writer.f64(selfTrade.group ?? 0);
  }
  if (intent !== undefined) writer.u8(numberOf(ORDER_INTENTS, intent));
  if (position !== undefined) writer.f64(position);
}

export function readTerms(reader: ByteReader): OrderTerms {
  const parts = reader.u16();
  assert((parts & ~KNOWN) === 0, "an order's terms are known ones");
  assert((parts & TRIGGER) !== 0 || (parts & OF_TRIGGER) === 0, "what is a trigger's comes with one");
  return {
    ...((parts & TRIGGER) === 0 ? undefined : { trigger: readTrigger(reader, parts) }),
    ...((parts & DISPLAY) === 0 ? undefined : { displayLots: reader.whole() as Lots }),
    ...((parts & MINIMUM) === 0 ? undefined : { minimumLots: reader.whole() as Lots }),
    ...((parts & HIDDEN) === 0 ? undefined : { hidden: true as const }),
    ...((parts & ALL_OR_NONE) === 0 ? undefined : { allOrNone: true as const }),
    ...((parts & EXPIRY) === 0 ? undefined : { expireAt: reader.whole() as Milliseconds }),
    ...((parts & PEG) === 0 ? undefined : { peg: readPeg(reader) }),
    ...((parts & SLIPPAGE) === 0 ? undefined : { slippageTicks: reader.ticks() }),
    ...((parts & BUDGET) === 0 ? undefined : { budget: reader.i128() as Money }),
    ...((parts & SLIDE) === 0 ? undefined : { slide: true as const }),
    ...((parts & SELF_TRADE) === 0 ? undefined : { selfTrade: readSelfTrade(reader) }),
    ...((parts & INTENT) === 0 ? undefined : { intent: reader.choice(ORDER_INTENTS) }),
    ...((parts & POSITION) === 0 ? undefined : { position: reader.whole() as OrderId }),
  };
}

function readTrigger(reader: ByteReader, parts: number): Trigger {
  const kind = reader.choice(TRIGGER_KINDS);
  const source = reader.choice(TRIGGER_SOURCES);
  const trigger = { kind, source, stopTicks: reader.ticks() };
  return {
    ...trigger,
    ...((parts & DOUBLE_TICK) === 0 ? undefined : { doubleTick: true as const }),
    ...((parts & TRAIL) === 0 ? undefined : { trail: readTrail(reader) }),
    ...((parts & LIMIT_OFFSET) === 0 ? undefined : { limitOffset: reader.ticks() }),
  };
}

function readSelfTrade(reader: ByteReader): SelfTradePrevention {
  const mode = reader.choice(SELF_TRADE_MODES);
  const group = reader.whole();
  return group === 0 ? { mode } : { mode, group };
}

function writeTrail(writer: ByteWriter, trail: Trail): void {
  writer.u8(numberOf(TRAIL_UNITS, trail.by));
  writer.u32(trail.distance);
}

function readTrail(reader: ByteReader): Trail {
  return { by: reader.choice(TRAIL_UNITS), distance: reader.ticks() };
}

function writePeg(writer: ByteWriter, peg: Peg): void {
  writer.u8(numberOf(PEG_REFERENCES, peg.to));
  writer.f64(peg.offset);
}

function readPeg(reader: ByteReader): Peg {
  return { to: reader.choice(PEG_REFERENCES), offset: reader.integer() };
}

export function writeAmendTerms(writer: ByteWriter, terms: AmendTerms): void {
  const { stopTicks, minimumLots, displayLots, expireAt, trail, peg } = terms;
  writer.u16(
    (stopTicks === undefined ? 0 : STOP_PRICE) |
      (minimumLots === undefined ? 0 : NEW_MINIMUM) |
      (displayLots === undefined ? 0 : NEW_DISPLAY) |
      (expireAt === undefined ? 0 : NEW_EXPIRY) |
      (trail === undefined ? 0 : NEW_TRAIL) |
      (peg === undefined ? 0 : NEW_PEG),
  );
  if (stopTicks !== undefined) writer.u32(stopTicks);
  if (minimumLots !== undefined) writer.f64(minimumLots);
  if (displayLots !== undefined) writer.f64(displayLots);
  if (expireAt !== undefined) writer.f64(expireAt);
  if (trail !== undefined) writeTrail(writer, trail);
  if (peg !== undefined) writePeg(writer, peg);
}

export function readAmendTerms(reader: ByteReader): AmendTerms {
  const parts = reader.u16();
  assert((parts & ~KNOWN_OF_AMEND) === 0, "an amend's terms are known ones");
  return {
    ...((parts & STOP_PRICE) === 0 ? undefined : { stopTicks: reader.ticks() }),
    ...((parts & NEW_MINIMUM) === 0 ? undefined : { minimumLots: reader.whole() as Lots }),
    ...((parts & NEW_DISPLAY) === 0 ? undefined : { displayLots: reader.whole() as Lots }),
    ...((parts & NEW_EXPIRY) === 0 ? undefined : { expireAt: reader.whole() as Milliseconds }),
    ...((parts & NEW_TRAIL) === 0 ? undefined : { trail: readTrail(reader) }),
    ...((parts & NEW_PEG) === 0 ? undefined : { peg: readPeg(reader) }),
  };
}
