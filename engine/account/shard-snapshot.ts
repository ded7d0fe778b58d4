/**
 * A shard's state as bytes, in two parts. The truth comes first, in canonical order, and is what the hash
 * covers: equal facts, equal bytes. Then what is only kept for a while: closed orders, transactions and
 * revocations that are not known to be stored, and liquidity providers' past ids; these depend on what was
 * stored when. Sums over open orders are not written: they follow from the orders.
 *
 * Layout 1 had no phases and no terms. A hash leaves out what a shard has none of, so that a snapshot of
 * layout 1 still proves itself.
 */
import { ByteReader, ByteWriter } from "../bytes.ts";
import { PHASES } from "../market/phases.ts";
import { StateHash } from "../state-hash.ts";
import { type AccountId, assert, type Milliseconds, type OrderId, type Ticks } from "../units.ts";
import { Account, addOpen } from "./account.ts";
import { countedAt, isOpen, type Order } from "./order.ts";
import { readOrder, readTransaction, writeOrder, writeTransaction } from "./order-record.ts";
import type { ShardState } from "./shard-state.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 2;

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
  assert(reader.remaining === 0, "a shard's snapshot ends where its state does");
}

function byText(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : 1;
}

function byNumber(left: readonly [number, unknown], right: readonly [number, unknown]): number {
  return left[0] - right[0];
}

function writeMoneys(writer: ByteWriter, moneys: ReadonlyMap<string, bigint>): void {
  writer.u32(moneys.size);
  for (const [currency, amount] of [...moneys].sort(byText)) {
    writer.ascii(currency);
    writer.i128(amount);
  }
}

function readMoneys(reader: ByteReader, moneys: Map<string, bigint>): void {
  for (let left = reader.u32(); left > 0; left--) moneys.set(reader.ascii(), reader.i128());
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
  writeMoneys(writer, state.issuer);
  writer.u32(state.accounts.size);
  for (const [, account] of [...state.accounts].sort(byNumber)) writeAccount(writer, account, hashing);
  const phases = state.phases();
  if (hashing && phases.length === 0) return;
  writer.u32(phases.length);
  for (const [market, phase] of phases) {
    writer.u16(market);
    writer.u8(PHASES.indexOf(phase));
  }
}

function readTruth(reader: ByteReader, state: ShardState, layout: number): void {
  assert(reader.u16() === state.shard, "a shard is restored from its own snapshot");
  assert(reader.u16() === state.shards, "a snapshot is of the same number of shards");
  state.epoch = reader.f64();
  state.ledgerSequence = reader.f64();
  state.refusals = reader.f64();
  for (let left = reader.u32(); left > 0; left--) state.listed.add(reader.u16());
  for (let left = reader.u32(); left > 0; left--) state.cursors.set(reader.u16(), reader.f64());
  for (let left = reader.u32(); left > 0; left--) {
    state.marks.update(reader.u16(), reader.u32() as Ticks, reader.u32() as Ticks, reader.f64());
  }
  readMoneys(reader, state.issuer);
  for (let left = reader.u32(); left > 0; left--) readAccount(reader, state, layout);
  if (layout === 1) return;
  for (let left = reader.u32(); left > 0; left--) {
    const market = reader.u16();
    const phase = PHASES[reader.u8()];
    assert(phase !== undefined, "a market's phase is a known one");
    state.setPhase(market, phase);
  }
}

function writeAccount(writer: ByteWriter, account: Account, hashing: boolean): void {
  writer.f64(account.id);
  writer.ascii(account.currency);
  writer.u32(account.leverage);
  writer.u8(account.liquidity ? 1 : 0);
  writer.f64(account.version);
  writeMoneys(writer, account.balances);
  const positions = [...account.exposures].filter(([, { lots }]) => lots !== 0).sort(byNumber);
  writer.u32(positions.length);
  for (const [market, { lots, cost }] of positions) {
    writer.u16(market);
    writer.f64(lots);
    writer.i128(cost);
  }
  writer.u32(account.open.size);
  for (const [, order] of [...account.open].sort(byNumber)) writeOrder(writer, order, hashing);
}

function readAccount(reader: ByteReader, state: ShardState, layout: number): void {
  const id = reader.f64() as AccountId;
  const account = new Account(id, reader.ascii(), reader.u32(), reader.u8() === 1);
  account.version = reader.f64();
  state.accounts.set(id, account);
  readMoneys(reader, account.balances);
  for (let left = reader.u32(); left > 0; left--) {
    const exposure = account.exposure(state.instrument(reader.u16()));
    exposure.lots = reader.f64();
    exposure.cost = reader.i128();
  }
  for (let left = reader.u32(); left > 0; left--) {
    const order = readOrder(reader, layout);
    keepOrder(state, account, order);
    account.open.set(order.id, order);
    const exposure = account.exposure(state.instrument(order.market));
    addOpen(exposure, order.side, order.lots - order.filledLots, countedAt(order));
  }
}

function keepOrder(state: ShardState, account: Account, order: Order): void {
  state.orders.set(order.id, order);
  account.ids.set(order.clientOrderId, order);
}

function writeKept(writer: ByteWriter, state: ShardState): void {
  const closed = [...state.orders.values()].filter(order => !isOpen(order));
  writer.u32(closed.length);
  for (const order of closed) writeOrder(writer, order);
  const documented = [...state.orders.values()].filter(order => order.documentedSequence > 0);
  writer.u32(documented.length);
  for (const order of documented) {
    writer.f64(order.id);
    writer.f64(order.documentedSequence);
  }
  const transactions = [...state.outbox.transactions()];
  writer.u32(transactions.length);
  for (const transaction of transactions) writeTransaction(writer, transaction);
  const revocations = [...state.outbox.revocations()];
  writer.u32(revocations.length);
  for (const revocation of revocations) {
    writer.f64(revocation.account);
    writer.ascii(revocation.clientOrderId);
    writer.f64(revocation.time);
    writer.f64(revocation.sequence);
  }
  writer.u32(state.accounts.size);
  for (const account of state.accounts.values()) {
    writer.f64(account.id);
    writer.u32(account.pastIds.size);
    for (const clientOrderId of account.pastIds) {
      writer.ascii(clientOrderId);
      writer.u8(account.ids.get(clientOrderId) === "revoked" ? 1 : 0);
    }
  }
}

function readKept(reader: ByteReader, state: ShardState, layout: number): void {
  for (let left = reader.u32(); left > 0; left--) {
    const order = readOrder(reader, layout);
    keepOrder(state, state.known(order.account), order);
    state.outbox.closedOrders++;
  }
  for (let left = reader.u32(); left > 0; left--) {
    state.orderOf(reader.f64() as OrderId).documentedSequence = reader.f64();
  }
  for (const order of state.orders.values()) {
    if (!order.liquidity && order.documentedSequence < order.sequence) state.outbox.change(order);
  }
  for (let left = reader.u32(); left > 0; left--) state.outbox.addTransaction(readTransaction(reader));
  for (let left = reader.u32(); left > 0; left--) {
    const account = reader.f64() as AccountId;
    const clientOrderId = reader.ascii();
    const time = reader.f64() as Milliseconds;
    state.outbox.addRevocation({ account, clientOrderId, time, sequence: reader.f64() });
    state.known(account).ids.set(clientOrderId, "revoked");
  }
  for (let left = reader.u32(); left > 0; left--) {
    const account = state.known(reader.f64() as AccountId);
    for (let ids = reader.u32(); ids > 0; ids--) {
      account.keepPastId(reader.ascii(), reader.u8() === 1 ? "revoked" : "closed");
    }
  }
}
