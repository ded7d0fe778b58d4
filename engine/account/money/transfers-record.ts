/**
 * What a shard knows of transfers, as bytes of a snapshot. In the truth: the pending ones (what is reserved
 * follows from them), what accounts have paid in and out lately, which debits of other shards were credited;
 * a shard that has none of it leaves the section out of its hash. Kept for a while: ended transfers that are
 * not known to be stored.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import type { PaymentKind } from "../../ledger/payment-limits.ts";
import type { TransferState } from "../../ledger/transfer.ts";
import { BYTES_A_TRANSFER, readTransferState, writeTransferState } from "../../ledger/transfer-record.ts";
import { type AccountId, assert } from "../../units.ts";
import type { Account } from "../account.ts";
import { byNumber, readAscending } from "../order/ordered-record.ts";
import type { ShardState } from "../shard/shard-state.ts";

/** The least that one thing of each list takes. */
const BYTES_OF_A_PURSE = 20;
const BYTES_A_DAY = 24;
const BYTES_A_SHARD = 10;

const KINDS: readonly PaymentKind[] = ["deposit", "withdrawal"];

function pendingOf({ purse }: Account): TransferState[] {
  const pending = [...(purse?.transfers.values() ?? [])].filter(({ status }) => status === "pending");
  return pending.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Whether the account has anything that the truth tells. */
function isTold(account: Account): boolean {
  const { purse } = account;
  if (purse === undefined) return false;
  return purse.pending > 0 || KINDS.some(kind => purse.payments.entries(kind).length > 0);
}

export function writeTransfers(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const told = [...state.accounts].filter(([, account]) => isTold(account)).sort(byNumber);
  if (hashing && told.length === 0 && state.credited.size === 0) return;
  writer.u32(told.length);
  for (const [id, account] of told) {
    writer.f64(id);
    const pending = pendingOf(account);
    writer.u32(pending.length);
    for (const transfer of pending) writeTransferState(writer, transfer);
    for (const kind of KINDS) {
      const days = account.purse?.payments.entries(kind) ?? [];
      writer.u32(days.length);
      for (const [day, amount] of days) {
        writer.f64(day);
        writer.i128(amount);
      }
    }
  }
  writeByShard(writer, state.credited);
}

function writeByShard(writer: ByteWriter, sequences: ReadonlyMap<number, number>): void {
  writer.u32(sequences.size);
  for (const [shard, sequence] of [...sequences].sort(byNumber)) {
    writer.u16(shard);
    writer.f64(sequence);
  }
}

function readByShard(reader: ByteReader, state: ShardState, sequences: Map<number, number>): void {
  readAscending(reader, BYTES_A_SHARD, () => {
    const shard = reader.u16();
    assert(shard < state.shards && shard !== state.shard, "only other shards are credited from");
    sequences.set(shard, reader.whole());
    return shard;
  });
}

export function readTransfers(reader: ByteReader, state: ShardState): void {
  readAscending(reader, BYTES_OF_A_PURSE, () => {
    const account = state.known(reader.whole() as AccountId);
    const purse = account.openPurse;
    readAscending(reader, BYTES_A_TRANSFER, () => {
      const transfer = readTransferState(reader);
      assert(transfer.account === account.id && transfer.status === "pending", "a pending transfer is told");
      purse.transfers.set(transfer.id, transfer);
      for (const { debit, currency, amount } of transfer.legs) {
        if (debit === account.id) purse.reserve(currency, amount);
      }
      state.transferring.add(account.id);
      state.outbox.changeTransfer(transfer);
      return transfer.id;
    });
    for (const kind of KINDS) {
      readAscending(reader, BYTES_A_DAY, () => {
        const day = reader.integer();
        purse.payments.restore(kind, day, reader.i128());
        return day;
      });
    }
    assert(isTold(account), "an account whose transfers are told has some");
    return account.id;
  });
  readByShard(reader, state, state.credited);
}

/** How far other shards' ledgers were heard is kept too. */
export function writeEndedTransfers(writer: ByteWriter, state: ShardState): void {
  const ended = [...state.accounts.values()].flatMap(({ purse }) =>
    [...(purse?.transfers.values() ?? [])].filter(({ status }) => status !== "pending"),
  );
  writer.u32(ended.length);
  for (const transfer of ended) writeTransferState(writer, transfer);
  writeByShard(writer, state.heard);
}

export function readEndedTransfers(reader: ByteReader, state: ShardState): void {
  for (let left = reader.count(BYTES_A_TRANSFER); left > 0; left--) {
    const transfer = readTransferState(reader);
    const { transfers } = state.known(transfer.account).openPurse;
    assert(transfer.status !== "pending" && !transfers.has(transfer.id), "an ended transfer is told once");
    transfers.set(transfer.id, transfer);
    state.outbox.changeTransfer(transfer);
  }
  readByShard(reader, state, state.heard);
}
