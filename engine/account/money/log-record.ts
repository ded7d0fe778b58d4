/**
 * The transaction log as bytes of a snapshot. In the truth: each account's newest number, and cuts that the
 * markets have not come to; a shard without any leaves the section out of its hash. Kept for a while:
 * movements without a number, and transactions that are not known to be stored. Up to layout 3 there were no
 * cuts: what waited then gets its numbers from the first one.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { type Movement, TRANSACTION_KINDS } from "../../ledger/transaction.ts";
import { readCursors, writeCursors } from "../../ledger/transfer-record.ts";
import { type AccountId, assert, type Milliseconds, type Money, type OrderId } from "../../units.ts";
import { byNumber, readAscending } from "../order/ordered-record.ts";
import type { ShardState } from "../shard/shard-state.ts";

/** The least that one thing of each list takes. */
const BYTES_A_NUMBER = 16;
const BYTES_A_CUT = 18;
const BYTES_A_MOVEMENT = 56;
const BYTES_A_TRANSACTION = 88;
const BYTES_AN_EARLIER_TRANSACTION = 67;
/** Where a movement names no market: it is the ledger's. */
const LEDGER = 0;
const EARLIER_ID = /^(?:l\d+|m(\d+))-\d+-(\d+)$/;

export function writeLog(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const numbered = [...state.accounts].filter(([, { transactions }]) => transactions > 0).sort(byNumber);
  const { cuts } = state.log;
  if (hashing && numbered.length + cuts.length === 0) return;
  writer.u32(numbered.length);
  for (const [id, { transactions }] of numbered) {
    writer.f64(id);
    writer.f64(transactions);
  }
  writer.u32(cuts.length);
  for (const { sequence, time, cursors } of cuts) {
    writer.f64(sequence);
    writer.f64(time);
    writeCursors(writer, cursors);
  }
}

export function readLog(reader: ByteReader, state: ShardState): void {
  readAscending(reader, BYTES_A_NUMBER, () => {
    const account = state.known(reader.whole() as AccountId);
    account.transactions = reader.whole();
    assert(account.transactions > 0, "a number that is told was given");
    return account.id;
  });
  readAscending(reader, BYTES_A_CUT, () => {
    const [sequence, time] = [reader.whole(), reader.integer() as Milliseconds];
    state.log.cut({ sequence, time, cursors: readCursors(reader) });
    return sequence;
  });
}

export function writeTransactions(writer: ByteWriter, state: ShardState): void {
  const transactions = [...state.outbox.transactions()];
  writer.u32(transactions.length);
  for (const transaction of transactions) {
    writeMovement(writer, transaction);
    writer.f64(transaction.id);
    writer.i128(transaction.balanceAfter);
    writer.f64(transaction.bookedAt);
  }
  const movements = state.log.movements();
  writer.u32(movements.length);
  for (const movement of movements) writeMovement(writer, movement);
}

export function readTransactions(reader: ByteReader, state: ShardState, layout: number): void {
  if (layout < 4) {
    readEarlier(reader, state);
    return;
  }
  const count = reader.count(BYTES_A_TRANSACTION);
  for (let left = count; left > 0; left--) {
    const movement = readMovement(reader);
    const id = reader.whole();
    const balanceAfter = reader.i128() as Money;
    const bookedAt = reader.integer() as Milliseconds;
    assert(id > 0 && id <= state.known(movement.account).transactions, "a transaction has its number");
    state.outbox.addTransaction({ ...movement, id, balanceAfter, bookedAt });
  }
  assert(state.outbox.transactionsInMemory === count, "a transaction is told of once");
  for (let left = reader.count(BYTES_A_MOVEMENT); left > 0; left--) {
    const movement = readMovement(reader);
    state.log.add(state.known(movement.account), movement);
  }
}

function writeMovement(writer: ByteWriter, movement: Movement): void {
  writer.u8(TRANSACTION_KINDS.indexOf(movement.kind));
  writer.u16(movement.market ?? LEDGER);
  writer.f64(movement.sequence);
  writer.u32(movement.part);
  writer.f64(movement.time);
  writer.f64(movement.orderId ?? 0);
  writer.f64(movement.account);
  writer.ascii(movement.currency);
  writer.i128(movement.amount);
}

function readMovement(reader: ByteReader): Movement {
  const kind = reader.choice(TRANSACTION_KINDS);
  const market = reader.u16();
  const [sequence, part] = [reader.whole(), reader.u32()];
  const time = reader.integer() as Milliseconds;
  const orderId = reader.whole() as OrderId;
  const account = reader.whole() as AccountId;
  const [currency, amount] = [reader.ascii(), reader.i128() as Money];
  const journal = market === LEDGER ? undefined : market;
  const movement = { kind, market: journal, sequence, part, time, account, currency, amount };
  return orderId === 0 ? movement : { ...movement, orderId };
}

/** Layouts 1 to 3: where a movement came from stood in its id. */
function readEarlier(reader: ByteReader, state: ShardState): void {
  for (let left = reader.count(BYTES_AN_EARLIER_TRANSACTION); left > 0; left--) {
    const [, market, part] = EARLIER_ID.exec(reader.ascii()) ?? [];
    assert(part !== undefined, "an earlier transaction's id names its record");
    const account = reader.whole() as AccountId;
    const kind = reader.choice(TRANSACTION_KINDS);
    const [currency, amount] = [reader.ascii(), reader.i128() as Money];
    reader.i128();
    const time = reader.integer() as Milliseconds;
    const sequence = reader.whole();
    const orderId = reader.whole() as OrderId;
    const from = { kind, market: market === undefined ? undefined : Number(market), sequence };
    const movement = { ...from, part: Number(part), time, account, currency, amount };
    state.log.add(state.known(account), orderId === 0 ? movement : { ...movement, orderId });
  }
}
