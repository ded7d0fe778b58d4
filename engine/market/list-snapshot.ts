/**
 * The lists of a market in its hash and in its snapshot: lists in the order of their time, legs in theirs.
 * What an order that rests or waits for a price is, stands with those; here stands how it depends on others.
 * What no market wrote is refused as far as one list shows it.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import type { StateHash } from "../state-hash.ts";
import { type AccountId, assert, type Lots, type Money, type OrderId } from "../units.ts";
import { numberOf } from "../word-list.ts";
import { BODY_FLAGS, readBody, writeBody } from "./body-record.ts";
import { CONTINGENCIES } from "./command.ts";
import { readDistance, writeDistance } from "./list-record.ts";
import { emptyList, granted, hasEntry, LEG_STATES, type Leg, type OrderList } from "./order-list.ts";

/** The newest layout of an order's body. */
const BODY_LAYOUT = 3;
const BYTES_A_LIST = 50;

export function hashLists(hash: StateHash, lists: Iterable<OrderList>): void {
  for (const list of lists) {
    hash.text(list.contingency);
    hash.number(list.account);
    hash.number(list.entryLots);
    hash.number(list.filled);
    hash.bigint(list.value);
    for (const leg of list.legs) hashLeg(hash, leg);
  }
}

function hashLeg(hash: StateHash, leg: Leg): void {
  hash.number(leg.orderId);
  hash.text(leg.state);
  const { list, body, distance, filled, waiting } = leg;
  if (leg.state === "closed" || !hasEntry(list.contingency) || leg === list.legs[0]) return;
  hash.number(filled);
  hash.number(leg.granted);
  hash.number(body.lots);
  hash.number(body.ticks);
  hash.number(body.terms?.trigger?.stopTicks ?? 0);
  hash.text(`${body.side} ${body.type} ${body.timeInForce} ${distance?.by}`);
  if (leg.state === "pending") hash.number(waiting);
}

export function writeLists(writer: ByteWriter, lists: ReadonlyMap<number, OrderList>): void {
  writer.u32(lists.size);
  for (const list of lists.values()) {
    writer.u8(numberOf(CONTINGENCIES, list.contingency));
    writer.f64(list.account);
    writer.f64(list.entryLots);
    writer.f64(list.filled);
    writer.i128(list.value);
    writer.u8(list.legs.length);
    for (const leg of list.legs) writeLeg(writer, leg);
  }
}

function writeLeg(writer: ByteWriter, leg: Leg): void {
  writer.f64(leg.orderId);
  writer.u8(numberOf(LEG_STATES, leg.state));
  writer.f64(leg.filled);
  writer.f64(leg.granted);
  writer.f64(leg.waiting);
  writer.u32(leg.limitOffset);
  writeDistance(writer, leg.distance);
  writeBody(writer, leg.body, flags => writer.u8(flags));
}

/** `keep` is given each list, its legs in the states that they were in. */
export function readLists(reader: ByteReader, readId: () => OrderId, keep: (list: OrderList) => void): void {
  for (let left = reader.count(BYTES_A_LIST); left > 0; left--) {
    const contingency = reader.choice(CONTINGENCIES);
    const account = reader.whole() as AccountId;
    const entryLots = reader.whole();
    const list = emptyList(contingency, account, entryLots);
    list.filled = reader.whole();
    list.value = reader.i128();
    assert(hasEntry(contingency) === entryLots > 0, "only a list with an entry has an entry's size");
    assert(list.value >= 0n && (list.filled > 0 || list.value === 0n), "what is filled has a value");
    for (let legs = reader.u8(); legs > 0; legs--) list.legs.push(readLeg(reader, readId, list));
    assert(list.legs.length > 1, "a list has at least two orders");
    keep(list);
  }
}

function readLeg(reader: ByteReader, readId: () => OrderId, list: OrderList): Leg {
  const orderId = readId();
  const state = reader.choice(LEG_STATES);
  const filled = reader.whole();
  const given = reader.whole();
  const waiting = reader.whole() as Lots;
  const limitOffset = reader.ticks();
  const distance = readDistance(reader);
  const body = readBody(reader, reader.bits(BODY_FLAGS), BODY_LAYOUT);
  assert(state !== "queued", "between commands no order waits for its turn");
  const follows = hasEntry(list.contingency) && list.legs.length > 0 && state !== "closed";
  assert(!follows || given === granted(list, body.lots), "an entry's trades give what they must");
  const kept = { ...body, clientOrderId: "", reserved: 0n as Money };
  return {
    ...{ orderId, list, state, body: kept, distance, limitOffset, filled, granted: given, waiting },
    ...{ change: 0, ending: false, dry: false },
  };
}
