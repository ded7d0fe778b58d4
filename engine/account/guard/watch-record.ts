/**
 * Guards and what they look at, as bytes of a snapshot: when each mark was confirmed, the guards of the
 * venue, of groups and of accounts, and what accounts have been watched at. A hash leaves out what a shard
 * has none of.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { type AccountId, assert } from "../../units.ts";
import type { Account } from "../account.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { readGuard, readSums, writeGuard, writeSums } from "./guard-record.ts";
import { STOP_OUTS_KEPT, type Watch } from "./watch.ts";

const BYTES_A_TIME = 18;
const BYTES_A_GROUP = 100;
const BYTES_A_CHANGE = 8;
const BYTES_AN_ACCOUNT = 9;
const GUARD = 1;
const WATCH = 2;
const CALLED = 1;
const CLOSING = 2;

function isSet({ guard, watch }: Account): boolean {
  return guard !== undefined || (watch !== undefined && !watch.isEmpty);
}

export function writeWatches(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const { venue, groups, changes, day } = state.guards;
  const times = state.marks.entries().filter(([, { bidAt, askAt }]) => bidAt !== 0 || askAt !== 0);
  const accounts = [...state.accounts.values()].filter(isSet).sort((one, other) => one.id - other.id);
  const told = times.length + groups.size + changes.length + accounts.length + day;
  const none = told === 0 && venue === undefined;
  if (hashing && none) return;
  writer.u32(times.length);
  for (const [market, { bidAt, askAt }] of times) {
    writer.u16(market);
    writer.f64(bidAt);
    writer.f64(askAt);
  }
  writer.u32(day);
  writer.u8(venue === undefined ? 0 : 1);
  if (venue !== undefined) writeGuard(writer, venue);
  writer.u32(groups.size);
  for (const [group, guard] of [...groups].sort(([one], [other]) => (one < other ? -1 : 1))) {
    writer.ascii(group);
    writeGuard(writer, guard);
  }
  writer.u32(changes.length);
  for (const sequence of changes) writer.f64(sequence);
  writer.u32(accounts.length);
  for (const { id, guard, watch } of accounts) {
    const watched = watch?.isEmpty === false ? watch : undefined;
    writer.f64(id);
    writer.u8((guard === undefined ? 0 : GUARD) | (watched === undefined ? 0 : WATCH));
    if (guard !== undefined) writeGuard(writer, guard);
    if (watched !== undefined) writeWatch(writer, watched);
  }
}

export function readWatches(reader: ByteReader, state: ShardState): void {
  let before = -1;
  const ascends = (key: number) => {
    assert(key > before, "a snapshot's watches stand in canonical order");
    before = key;
  };
  for (let left = reader.count(BYTES_A_TIME); left > 0; left--) {
    const market = reader.u16();
    ascends(market);
    state.marks.confirm(market, reader.integer(), reader.integer());
  }
  const { guards } = state;
  guards.day = reader.u32();
  if (reader.bits(1) === 1) guards.venue = readGuard(reader);
  for (let left = reader.count(BYTES_A_GROUP); left > 0; left--) {
    const group = reader.ascii();
    assert(group !== "" && !guards.groups.has(group), "a group's guard is told once");
    guards.groups.set(group, readGuard(reader));
  }
  before = 0;
  for (let left = reader.count(BYTES_A_CHANGE); left > 0; left--) {
    const sequence = reader.whole();
    ascends(sequence);
    guards.changes.push(sequence);
  }
  before = 0;
  for (let left = reader.count(BYTES_AN_ACCOUNT); left > 0; left--) {
    const account = state.known(reader.whole() as AccountId);
    ascends(account.id);
    const parts = reader.bits(GUARD | WATCH);
    if ((parts & GUARD) !== 0) account.guard = readGuard(reader);
    if ((parts & WATCH) !== 0) readWatch(reader, account.watched());
    assert(isSet(account), "an account that is told of is watched");
  }
}

function sorted(sums: ReadonlyMap<string, bigint>): [string, bigint][] {
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
}

function writeWatch(writer: ByteWriter, watch: Watch): void {
  writer.f64(watch.ordersDay);
  writer.f64(watch.orders);
  writer.f64(watch.lastLossAt);
  writer.u8(watch.stopOuts.length);
  for (const time of watch.stopOuts) writer.f64(time);
  writeSums(writer, sorted(watch.paid));
  writer.f64(watch.baselineDay);
  writer.i128(watch.baseline);
  writeSums(writer, sorted(watch.paidBefore));
  const { calledPerMille, closeOut } = watch;
  writer.u8((calledPerMille === undefined ? 0 : CALLED) | (closeOut === undefined ? 0 : CLOSING));
  if (calledPerMille !== undefined) writer.u32(calledPerMille);
  if (closeOut !== undefined) writer.f64(closeOut);
}

function readWatch(reader: ByteReader, watch: Watch): void {
  watch.ordersDay = reader.integer();
  watch.orders = reader.whole();
  watch.lastLossAt = reader.integer();
  const count = reader.u8();
  assert(count <= STOP_OUTS_KEPT, "the stop-outs that are kept are limited");
  for (let left = count; left > 0; left--) watch.stopOut(reader.integer());
  readInto(reader, watch.paid);
  watch.baselineDay = reader.whole();
  watch.baseline = reader.i128();
  const paidBefore = new Map<string, bigint>();
  readInto(reader, paidBefore);
  if (paidBefore.size > 0) watch.paidBefore = paidBefore;
  const parts = reader.bits(CALLED | CLOSING);
  if ((parts & CALLED) !== 0) watch.calledPerMille = reader.u32();
  if ((parts & CLOSING) !== 0) watch.closeOut = reader.whole();
}

function readInto(reader: ByteReader, sums: Map<string, bigint>): void {
  let before = "";
  for (const [currency, amount] of readSums(reader)) {
    assert(currency > before, "sums stand in the order of their currencies");
    before = currency;
    sums.set(currency, amount);
  }
}
