/**
 * The part of a shard's snapshot that is only kept for a while, and is in no hash: closed orders,
 * transactions and revocations that are not known to be stored, liquidity providers' past ids, sums of
 * realised profit, which are for views, and the filter of used client order ids, which only saves questions.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { LIQUIDITY_IDS_MAX } from "../../limits.ts";
import { type AccountId, assert, type Milliseconds, type OrderId } from "../../units.ts";
import { readTransactions, writeTransactions } from "../money/log-record.ts";
import { readEndedTransfers, writeEndedTransfers } from "../money/transfers-record.ts";
import { IdFilter } from "../order/id-filter.ts";
import { isOpen } from "../order/order.ts";
import { BYTES_AN_ORDER, readOrder, writeOrder } from "../order/order-record.ts";
import { readRealised, writeRealised } from "../position/realised-record.ts";
import type { ShardState } from "./shard-state.ts";

/** The least that one thing of each list takes. */
const BYTES_A_DOCUMENTED_ORDER = 16;
const BYTES_A_REVOCATION = 25;
const BYTES_OF_PAST_IDS = 12;
const BYTES_A_PAST_ID = 2;

export function writeKept(writer: ByteWriter, state: ShardState): void {
  const closed = [...state.orders.values()].filter(order => !isOpen(order));
  writer.u32(closed.length);
  for (const order of closed) writeOrder(writer, order);
  const documented = [...state.orders.values()].filter(order => order.documentedSequence > 0);
  writer.u32(documented.length);
  for (const order of documented) {
    writer.f64(order.id);
    writer.f64(order.documentedSequence);
  }
  writeTransactions(writer, state);
  const revocations = [...state.outbox.revocations()];
  writer.u32(revocations.length);
  for (const revocation of revocations) {
    writer.f64(revocation.account);
    writer.ascii(revocation.clientOrderId);
    writer.f64(revocation.time);
    writer.f64(revocation.sequence);
  }
  writePastIds(writer, state);
  writeEndedTransfers(writer, state);
  writeRealised(writer, state);
  writer.u8(state.usedIds === undefined ? 0 : 1);
  state.usedIds?.write(writer);
}

function writePastIds(writer: ByteWriter, state: ShardState): void {
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

export function readKept(reader: ByteReader, state: ShardState, layout: number): void {
  for (let left = reader.count(BYTES_AN_ORDER); left > 0; left--) {
    const order = readOrder(reader, layout);
    state.keep(state.known(order.account), order);
    state.outbox.closedOrders++;
  }
  for (let left = reader.count(BYTES_A_DOCUMENTED_ORDER); left > 0; left--) {
    const order = state.orderOf(reader.whole() as OrderId);
    assert(order.documentedSequence === 0, "an order's document is told of once");
    order.documentedSequence = reader.whole();
    assert(order.documentedSequence > 0, "a document has a sequence");
  }
  for (const order of state.orders.values()) {
    if (!order.liquidity && order.documentedSequence < order.sequence) state.outbox.change(order);
  }
  readTransactions(reader, state, layout);
  for (let left = reader.count(BYTES_A_REVOCATION); left > 0; left--) {
    const account = reader.whole() as AccountId;
    const clientOrderId = reader.ascii();
    const time = reader.integer() as Milliseconds;
    const { ids } = state.known(account);
    assert(!ids.has(clientOrderId), "only an unused client order id is revoked");
    ids.set(clientOrderId, "revoked");
    const waiting = state.outbox.closedInMemory;
    state.outbox.addRevocation({ account, clientOrderId, time, sequence: reader.whole() });
    assert(state.outbox.closedInMemory > waiting, "a revocation is told of once");
  }
  readPastIds(reader, state);
  if (layout > 3) readEndedTransfers(reader, state);
  if (layout > 3) readRealised(reader, state);
  state.usedIds = layout > 4 && reader.bits(1) === 1 ? IdFilter.read(reader) : undefined;
}

function readPastIds(reader: ByteReader, state: ShardState): void {
  const told = new Set<AccountId>();
  for (let left = reader.count(BYTES_OF_PAST_IDS); left > 0; left--) {
    const account = state.known(reader.whole() as AccountId);
    told.add(account.id);
    let ids = reader.count(BYTES_A_PAST_ID);
    assert(ids <= LIQUIDITY_IDS_MAX, "past ids are limited");
    for (; ids > 0; ids--) {
      const clientOrderId = reader.ascii();
      assert(account.liquidity && !account.ids.has(clientOrderId), "a past id is a liquidity provider's");
      account.keepPastId(clientOrderId, reader.bits(1) === 1 ? "revoked" : "closed");
    }
  }
  assert(told.size === state.accounts.size, "a snapshot tells the past ids of each account");
}
