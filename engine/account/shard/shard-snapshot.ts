/**
 * A shard's state as bytes, in two parts. The truth comes first, in canonical order, and is what the hash
 * covers: equal facts, equal bytes. Then what is only kept for a while: closed orders, transactions and
 * revocations that are not known to be stored, and liquidity providers' past ids; these depend on what was
 * stored when. Sums over open orders are not written: they follow from the orders.
 *
 * Layout 1 had no phases and no terms, layout 2 no settings, layout 3 no kinds of accounts, books, guards and
 * charges, layout 4 no filter of used ids, which can't be made later. A hash leaves out what a shard has none
 * of, so that a snapshot of an earlier layout still proves itself.
 */
import { ByteReader, ByteWriter } from "../../bytes.ts";
import { shardOf } from "../../ids.ts";
import { PHASES } from "../../market/phase.ts";
import { StateHash } from "../../state-hash.ts";
import { type AccountId, assert } from "../../units.ts";
import { Account, hasPosition } from "../account.ts";
import { readCharges, writeCharges } from "../charge/charge-book-record.ts";
import { readWatches, writeWatches } from "../guard/watch-record.ts";
import { moneysOf, readBooks, readInto, writeBooks } from "../money/books-record.ts";
import { readLog, writeLog } from "../money/log-record.ts";
import { readTransfers, writeTransfers } from "../money/transfers-record.ts";
import { BYTES_AN_ORDER, readOrder, writeOrder } from "../order/order-record.ts";
import { byNumber, readAscending, readMoneys, writeMoneys } from "../order/ordered-record.ts";
import { readCloseBys, writeCloseBys } from "../position/close-by-record.ts";
import { readTickets, writeTickets } from "../position/ticket-record.ts";
import { DEFAULT_KIND, DEFAULT_PROFILE, kindOrDefault, profileOrDefault } from "../profile.ts";
import { readKind, readProfile, writeKind, writeProfile } from "../profile-record.ts";
import { readSettings, writeSettings } from "./settings-record.ts";
import { readKept, writeKept } from "./shard-kept.ts";
import type { ShardState } from "./shard-state.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 5;

/** The least that one thing of each list takes. */
const BYTES_A_MARKET = 2;
const BYTES_A_CURSOR = 10;
const BYTES_A_MARK = 18;
const BYTES_AN_ACCOUNT = 34;
const BYTES_A_POSITION = 26;
const BYTES_A_PHASE = 3;

const LIQUIDITY = 1;
const KIND = 2;

function isPlain({ kind, profile }: Account): boolean {
  return kind === DEFAULT_KIND && profile === DEFAULT_PROFILE;
}

export function hashShard(state: ShardState): string {
  const writer = new ByteWriter();
  writeTruth(writer, state, true);
  const bytes = writer.view();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hash = new StateHash();
  hash.number(bytes.length);
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) hash.number(view.getUint32(at, true));
  for (; at < bytes.length; at++) hash.number(view.getUint8(at));
  return hash.digest();
}

export function writeShard(state: ShardState): Uint8Array {
  const writer = new ByteWriter();
  writer.u8(LAYOUT);
  writeTruth(writer, state, false);
  writeKept(writer, state);
  return writer.copy();
}

/** Fills a new state. */
export function readShard(state: ShardState, bytes: Uint8Array): void {
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a shard's snapshot has a known layout");
  readTruth(reader, state, layout);
  readKept(reader, state, layout);
  reader.end();
}

function writeTruth(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  writer.u16(state.shard);
  writer.u16(state.shards);
  writer.f64(state.epoch);
  writer.f64(state.ledgerSequence);
  writer.f64(state.refusals);
  writer.u32(state.listed.size);
  for (const market of [...state.listed].sort((left, right) => left - right)) writer.u16(market);
  writer.u32(state.cursors.size);
  for (const [market, cursor] of [...state.cursors].sort(byNumber)) {
    writer.u16(market);
    writer.f64(cursor);
  }
  const marks = state.marks.entries();
  writer.u32(marks.length);
  for (const [market, mark] of marks) {
    writer.u16(market);
    writer.u32(mark.bid);
    writer.u32(mark.ask);
    writer.f64(mark.sequence);
  }
  writeMoneys(writer, moneysOf(state, "issuer"));
  writer.u32(state.accounts.size);
  for (const [, account] of [...state.accounts].sort(byNumber)) writeAccount(writer, account, hashing);
  const phases = state.phases();
  if (!hashing || phases.length > 0) writer.u32(phases.length);
  for (const [market, phase] of phases) {
    writer.u16(market);
    writer.u8(PHASES.indexOf(phase));
  }
  writeSettings(writer, state, hashing);
  writeBooks(writer, state, hashing);
  writeWatches(writer, state, hashing);
  writeTransfers(writer, state, hashing);
  writeLog(writer, state, hashing);
  writeCharges(writer, state, hashing);
  writeCloseBys(writer, state, hashing);
}

function readTruth(reader: ByteReader, state: ShardState, layout: number): void {
  assert(reader.u16() === state.shard, "a shard is restored from its own snapshot");
  assert(reader.u16() === state.shards, "a snapshot is of the same number of shards");
  state.epoch = reader.whole();
  state.ledgerSequence = reader.whole();
  state.refusals = reader.whole();
  readAscending(reader, BYTES_A_MARKET, () => {
    const market = reader.u16();
    state.listed.add(market);
    return market;
  });
  readAscending(reader, BYTES_A_CURSOR, () => {
    const market = reader.u16();
    state.cursors.set(market, reader.whole());
    return market;
  });
  readAscending(reader, BYTES_A_MARK, () => {
    const [market, bid, ask] = [reader.u16(), reader.ticks(), reader.ticks()];
    state.marks.restore(market, { bid, ask, sequence: reader.whole(), bidAt: 0, askAt: 0 });
    return market;
  });
  readInto(reader, state, "issuer");
  readAscending(reader, BYTES_AN_ACCOUNT, () => readAccount(reader, state, layout));
  if (layout > 1) readPhases(reader, state);
  if (layout > 2) readSettings(reader, state);
  readBooks(reader, state, layout);
  if (layout > 3) readWatches(reader, state);
  if (layout > 3) readTransfers(reader, state);
  if (layout > 3) readLog(reader, state);
  if (layout > 3) readCharges(reader, state);
  if (layout > 3) readCloseBys(reader, state);
  for (const account of state.accounts.values()) if (!account.liquidity) state.stirred.add(account);
}

function readPhases(reader: ByteReader, state: ShardState): void {
  readAscending(reader, BYTES_A_PHASE, () => {
    const market = reader.u16();
    const phase = reader.choice(PHASES);
    assert(phase !== "continuous", "a phase that is told is another than the usual one");
    state.setPhase(market, phase);
    return market;
  });
}

function writeAccount(writer: ByteWriter, account: Account, hashing: boolean): void {
  writer.f64(account.id);
  writer.ascii(account.currency);
  writer.u32(account.leverage);
  writer.u8((account.liquidity ? LIQUIDITY : 0) | (isPlain(account) ? 0 : KIND));
  if (!isPlain(account)) {
    writeKind(writer, account.kind);
    writeProfile(writer, account.profile);
  }
  writer.f64(account.version);
  writeMoneys(writer, account.balances);
  const positions = [...account.exposures].filter(([, exposure]) => hasPosition(exposure)).sort(byNumber);
  writer.u32(positions.length);
  for (const [market, { lots, cost, tickets }] of positions) {
    writer.u16(market);
    writer.f64(lots);
    writer.i128(cost);
    if (tickets !== undefined) writeTickets(writer, tickets);
  }
  writer.u32(account.open.size);
  for (const [, order] of [...account.open].sort(byNumber)) writeOrder(writer, order, hashing);
}

function readAccount(reader: ByteReader, state: ShardState, layout: number): number {
  const id = reader.whole() as AccountId;
  assert(id > 0 && shardOf(id, state.shards) === state.shard, "an account opens in its own shard");
  const [currency, leverage, flags] = [reader.ascii(), reader.u32(), reader.bits(layout < 4 ? 1 : 3)];
  const account = new Account(id, currency, leverage, (flags & LIQUIDITY) !== 0);
  if ((flags & KIND) !== 0) {
    account.kind = kindOrDefault(readKind(reader));
    account.profile = profileOrDefault(readProfile(reader));
    assert(!isPlain(account), "an account whose kind is told has another than the default");
  }
  assert(account.leverage >= 1, "leverage is an integer from 1");
  account.version = reader.whole();
  state.accounts.set(id, account);
  readMoneys(reader, account.balances);
  readAscending(reader, BYTES_A_POSITION, () => {
    const market = reader.u16();
    const exposure = account.exposure(state.instrument(market));
    exposure.lots = reader.integer();
    exposure.cost = reader.i128();
    if (exposure.tickets !== undefined) readTickets(reader, exposure.tickets);
    assert(hasPosition(exposure), "a position that is told is not flat");
    return market;
  });
  readAscending(reader, BYTES_AN_ORDER, () => {
    const order = readOrder(reader, layout);
    state.keep(account, order);
    account.open.set(order.id, order);
    state.countIn(account, order);
    return order.id;
  });
  return id;
}
