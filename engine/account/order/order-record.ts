/**
 * An order as bytes: of a shard's snapshot, its hash, and an order's document. What an
 * order has beyond limit and size comes last, behind a u16 that names the parts which follow, each in the
 * order of its bit. Layout 1 had none of them; in a hash an order that has none ends as it did then, so that
 * earlier snapshots still prove themselves.
 */
import { ByteReader, type ByteWriter } from "../../bytes.ts";
import { CONTINGENCIES } from "../../market/command.ts";
import { REMOVAL_CAUSES } from "../../market/event.ts";
import { readDistance, writeDistance } from "../../market/list-record.ts";
import { readTerms, writeTerms } from "../../market/terms-record.ts";
import { rejectionCode, rejectionName } from "../../rejection.ts";
import { type AccountId, assert, type Lots, type Milliseconds, type OrderId } from "../../units.ts";
import { readExplanation, writeExplanation } from "../guard/explanation-record.ts";
import { readFees, readFills, writeFees, writeFills } from "./fill-record.ts";
import type { ListPlace } from "./list-place.ts";
import { AWAITED, type Fill, ORDER_STATUSES, type Order, type OrderState, OWN } from "./order.ts";
import { flagsOf, readFlags } from "./order-flags.ts";

/** Version of a stored order's layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 2;
/** The least that an order takes. */
export const BYTES_AN_ORDER = 101;
const TERMS = 1;
/** Other terms than the ones it has now were asked for at first. */
const REQUESTED_TERMS = 2;
const AWAITS = 4;
const COUNTED = 8;
const TERMS_TEXT = 16;
const LIST = 32;
const QUOTED = 64;
const REMOVAL = 128;
const EXPLANATION = 256;
const FEES = 512;
const KNOWN = 1023;
const COVERED = 1;

/** A whole order behind its layout's version: as it is stored when it leaves the shard's memory. */
export function encodeOrder(writer: ByteWriter, order: OrderState): Uint8Array {
  writer.clear();
  writer.u8(LAYOUT);
  writeOrder(writer, order);
  return writer.copy();
}

export function decodeOrder(bytes: Uint8Array): OrderState {
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a stored order has a known layout");
  const { linked: _others, documentedSequence: _own, changed: _told, ...order } = readOrder(reader, layout);
  reader.end();
  return order;
}

/** `hashing`: the bytes are for a hash and never read. */
export function writeOrder(writer: ByteWriter, order: OrderState, hashing = false): void {
  writer.f64(order.id);
  writer.ascii(order.clientOrderId);
  writer.f64(order.account);
  writer.u16(order.market);
  writer.u8(flagsOf(order));
  writer.f64(order.lots);
  writer.u32(order.ticks);
  writer.f64(order.filledLots);
  writer.i128(order.filledValue);
  writer.u8(ORDER_STATUSES.indexOf(order.status));
  writer.u16(order.rejection === undefined ? 0 : rejectionCode(order.rejection));
  writer.f64(order.sequence);
  writer.f64(order.createdAt);
  writer.f64(order.updatedAt);
  writer.f64(order.requestedLots);
  writer.u32(order.requestedTicks);
  writeFills(writer, order.fills);
  writer.ascii(order.quantityText ?? "");
  writer.ascii(order.priceText ?? "");
  const parts = partsOf(order);
  if (!hashing || parts !== 0) writeParts(writer, order, parts);
}

function partsOf(order: OrderState): number {
  const { terms, requestedTerms, awaits, countedTicks, termsText, list, quoted, removal, fees } = order;
  return (
    (terms === undefined ? 0 : TERMS) |
    (requestedTerms === undefined || requestedTerms === terms ? 0 : REQUESTED_TERMS) |
    (awaits === undefined ? 0 : AWAITS) |
    (countedTicks === undefined ? 0 : COUNTED) |
    (termsText === undefined ? 0 : TERMS_TEXT) |
    (list === undefined ? 0 : LIST) |
    (quoted === undefined ? 0 : QUOTED) |
    (removal === undefined ? 0 : REMOVAL) |
    (order.explanation === undefined ? 0 : EXPLANATION) |
    (fees === undefined ? 0 : FEES)
  );
}

function writeParts(writer: ByteWriter, order: OrderState, parts: number): void {
  const { terms, requestedTerms, awaits, countedTicks, termsText, list, removal, fees, fills } = order;
  writer.u16(parts);
  if (terms !== undefined) writeTerms(writer, terms);
  if (requestedTerms !== undefined && requestedTerms !== terms) writeTerms(writer, requestedTerms);
  if (awaits !== undefined) writer.u8(AWAITED.indexOf(awaits));
  if (countedTicks !== undefined) writer.f64(countedTicks);
  if (termsText !== undefined) writer.ascii(termsText);
  if (list !== undefined) writeList(writer, list);
  if (removal !== undefined) writer.u8(REMOVAL_CAUSES.indexOf(removal));
  if (order.explanation !== undefined) writeExplanation(writer, order.explanation);
  if (fees !== undefined) writeFees(writer, fees, fills);
}

function writeList(writer: ByteWriter, list: ListPlace): void {
  writer.f64(list.id);
  writer.u8(CONTINGENCIES.indexOf(list.contingency));
  writer.u8(list.leg);
  writer.u8(list.covered ? COVERED : 0);
  writeDistance(writer, list.distance);
}

function readList(reader: ByteReader): ListPlace {
  const id = reader.whole() as OrderId;
  const contingency = reader.choice(CONTINGENCIES);
  const leg = reader.u8();
  const covered = reader.bits(COVERED) === COVERED;
  const distance = readDistance(reader);
  const place = { id, contingency, leg, covered };
  return distance === undefined ? place : { ...place, distance };
}

function readParts(reader: ByteReader, fills: readonly Fill[]): Partial<Order> {
  const parts = reader.u16();
  assert((parts & ~KNOWN) === 0, "an order has known parts");
  if (parts === 0) return {};
  const terms = (parts & TERMS) === 0 ? undefined : readTerms(reader);
  const requestedTerms = (parts & REQUESTED_TERMS) === 0 ? terms : readTerms(reader);
  const awaits = (parts & AWAITS) === 0 ? undefined : reader.choice(AWAITED);
  return {
    ...(terms === undefined ? {} : { terms }),
    ...(requestedTerms === undefined ? {} : { requestedTerms }),
    ...(awaits === undefined ? {} : { awaits }),
    ...((parts & COUNTED) === 0 ? {} : { countedTicks: reader.whole() }),
    ...((parts & TERMS_TEXT) === 0 ? {} : { termsText: reader.ascii() }),
    ...((parts & LIST) === 0 ? {} : { list: readList(reader) }),
    ...((parts & QUOTED) === 0 ? {} : { quoted: true as const }),
    ...((parts & REMOVAL) === 0 ? {} : { removal: reader.choice(REMOVAL_CAUSES) }),
    ...((parts & EXPLANATION) === 0 ? {} : { explanation: readExplanation(reader) }),
    ...((parts & FEES) === 0 ? {} : readFees(reader, fills)),
  };
}

export function readOrder(reader: ByteReader, layout = LAYOUT): Order {
  const id = reader.whole() as OrderId;
  const clientOrderId = reader.ascii();
  const account = reader.whole() as AccountId;
  const market = reader.u16();
  const flags = readFlags(reader.u8());
  const lots = reader.whole() as Lots;
  const ticks = reader.ticks();
  const filledLots = reader.whole() as Lots;
  const filledValue = reader.i128();
  const status = reader.choice(ORDER_STATUSES);
  const rejection = reader.u16();
  assert(filledLots <= lots, "an order is filled at most whole");
  const times = {
    sequence: reader.whole(),
    createdAt: reader.integer() as Milliseconds,
    updatedAt: reader.integer() as Milliseconds,
    requestedLots: reader.whole() as Lots,
    requestedTicks: reader.ticks(),
  };
  const fills = readFills(reader);
  return {
    id,
    clientOrderId,
    account,
    market,
    ...flags,
    lots,
    ticks,
    filledLots,
    filledValue,
    status,
    ...(rejection === 0 ? {} : { rejection: rejectionName(rejection) }),
    ...times,
    fills,
    ...OWN,
    ...readTexts(reader),
    ...(layout === 1 ? {} : readParts(reader, fills)),
  };
}

/** A size or price that could not be read, as it was asked. */
export function readTexts(reader: ByteReader): Pick<Order, "quantityText" | "priceText"> {
  const quantityText = reader.ascii();
  const priceText = reader.ascii();
  return {
    ...(quantityText === "" ? {} : { quantityText }),
    ...(priceText === "" ? {} : { priceText }),
  };
}
