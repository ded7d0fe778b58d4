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
export function partsOf(terms: OrderTerms): number {
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

export function writeTerms(writer: ByteWriter, terms: OrderTerms): void {
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
  // Each part is read in the order of its bit, into one shape: see `command-shape.ts`.
  return {
    trigger: (parts & TRIGGER) === 0 ? undefined : readTrigger(reader, parts),
    displayLots: (parts & DISPLAY) === 0 ? undefined : (reader.whole() as Lots),
    minimumLots: (parts & MINIMUM) === 0 ? undefined : (reader.whole() as Lots),
    hidden: (parts & HIDDEN) === 0 ? undefined : true,
    allOrNone: (parts & ALL_OR_NONE) === 0 ? undefined : true,
    expireAt: (parts & EXPIRY) === 0 ? undefined : (reader.whole() as Milliseconds),
    peg: (parts & PEG) === 0 ? undefined : readPeg(reader),
    slippageTicks: (parts & SLIPPAGE) === 0 ? undefined : reader.ticks(),
    budget: (parts & BUDGET) === 0 ? undefined : (reader.i128() as Money),
    slide: (parts & SLIDE) === 0 ? undefined : true,
    selfTrade: (parts & SELF_TRADE) === 0 ? undefined : readSelfTrade(reader),
    intent: (parts & INTENT) === 0 ? undefined : reader.choice(ORDER_INTENTS),
    position: (parts & POSITION) === 0 ? undefined : (reader.whole() as OrderId),
  };
}

function readTrigger(reader: ByteReader, parts: number): Trigger {
  const kind = reader.choice(TRIGGER_KINDS);
  const source = reader.choice(TRIGGER_SOURCES);
  return {
    kind,
    source,
    stopTicks: reader.ticks(),
    doubleTick: (parts & DOUBLE_TICK) === 0 ? undefined : true,
    trail: (parts & TRAIL) === 0 ? undefined : readTrail(reader),
    limitOffset: (parts & LIMIT_OFFSET) === 0 ? undefined : reader.ticks(),
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
    stopTicks: (parts & STOP_PRICE) === 0 ? undefined : reader.ticks(),
    minimumLots: (parts & NEW_MINIMUM) === 0 ? undefined : (reader.whole() as Lots),
    displayLots: (parts & NEW_DISPLAY) === 0 ? undefined : (reader.whole() as Lots),
    expireAt: (parts & NEW_EXPIRY) === 0 ? undefined : (reader.whole() as Milliseconds),
    trail: (parts & NEW_TRAIL) === 0 ? undefined : readTrail(reader),
    peg: (parts & NEW_PEG) === 0 ? undefined : readPeg(reader),
  };
}
