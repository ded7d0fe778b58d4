/** The fields of a ledger's records about transfers, and a transfer's state as bytes. */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { TRANSFER_LEGS_MAX } from "../limits.ts";
import { type AccountId, assert, type Milliseconds, type Money, unreachable } from "../units.ts";
import { SHARD_ACCOUNTS } from "./ledger-account.ts";
import { TRANSACTION_KINDS } from "./transaction.ts";
import {
  type CutLog,
  TRANSFER_STATUSES,
  type TransferAccount,
  type TransferCommand,
  type TransferLeg,
  type TransferMoney,
  type TransferState,
} from "./transfer.ts";

type TransferFields = Omit<TransferMoney, "kind" | "time">;

/** Stands where a shard's account would: the account is a client's, and follows. */
const CLIENT = 255;

function writeTransferAccount(writer: ByteWriter, account: TransferAccount): void {
  if (typeof account === "string") {
    writer.u8(SHARD_ACCOUNTS.indexOf(account));
    return;
  }
  writer.u8(CLIENT);
  writer.f64(account);
}

function readTransferAccount(reader: ByteReader): TransferAccount {
  const index = reader.u8();
  if (index === CLIENT) return reader.whole() as AccountId;
  const account = SHARD_ACCOUNTS[index];
  assert(account !== undefined, "a transfer is between known accounts");
  return account;
}

function writeLeg(writer: ByteWriter, leg: TransferLeg): void {
  writer.u8(TRANSACTION_KINDS.indexOf(leg.kind));
  writeTransferAccount(writer, leg.debit);
  writeTransferAccount(writer, leg.credit);
  writer.ascii(leg.currency);
  writer.i128(leg.amount);
}

function readLeg(reader: ByteReader): TransferLeg {
  return {
    kind: reader.choice(TRANSACTION_KINDS),
    debit: readTransferAccount(reader),
    credit: readTransferAccount(reader),
    currency: reader.ascii(),
    amount: reader.i128() as Money,
  };
}

function writeFields(writer: ByteWriter, transfer: TransferFields): void {
  writer.f64(transfer.account);
  writer.ascii(transfer.id);
  writer.u8(transfer.legs.length);
  for (const leg of transfer.legs) writeLeg(writer, leg);
  writer.f64(transfer.timeoutAt);
  writer.i128(transfer.counted);
  writer.f64(transfer.destination);
  writer.ascii(transfer.rate);
  writer.ascii(transfer.reference);
  writer.ascii(transfer.by);
}

function readFields(reader: ByteReader): TransferFields {
  const account = reader.whole() as AccountId;
  const id = reader.ascii();
  const count = reader.u8();
  assert(count > 0 && count <= TRANSFER_LEGS_MAX, "a transfer has legs, and few");
  return {
    account,
    id,
    legs: Array.from({ length: count }, () => readLeg(reader)),
    timeoutAt: reader.integer() as Milliseconds,
    counted: reader.i128() as Money,
    destination: reader.whole() as AccountId,
    rate: reader.ascii(),
    reference: reader.ascii(),
    by: reader.ascii(),
  };
}

export function writeCursors(writer: ByteWriter, cursors: CutLog["cursors"]): void {
  writer.u16(cursors.length);
  for (const [market, sequence] of cursors) {
    writer.u16(market);
    writer.f64(sequence);
  }
}

export function readCursors(reader: ByteReader): CutLog["cursors"] {
  return Array.from({ length: reader.u16() }, () => [reader.u16(), reader.whole()] as const);
}

export function writeTransferCommand(writer: ByteWriter, command: TransferCommand): void {
  switch (command.kind) {
    case "transfer":
      writeFields(writer, command);
      return;
    case "settle":
      writer.f64(command.account);
      writer.ascii(command.id);
      writer.i128(command.amount);
      writer.ascii(command.by);
      return;
    case "void":
    case "timeOut":
      writer.f64(command.account);
      writer.ascii(command.id);
      writer.ascii(command.reason);
      writer.ascii(command.by);
      return;
    case "credit":
      writer.u16(command.origin);
      writer.f64(command.originSequence);
      writer.f64(command.account);
      writer.ascii(command.currency);
      writer.i128(command.amount);
      writer.ascii(command.reference);
      return;
    case "cut":
      writeCursors(writer, command.cursors);
      return;
    default:
      unreachable(command);
  }
}

export function readTransferCommand(
  reader: ByteReader,
  kind: TransferCommand["kind"],
  time: Milliseconds,
): TransferCommand {
  if (kind === "transfer") return { kind, time, ...readFields(reader) };
  if (kind === "cut") return { kind, time, cursors: readCursors(reader) };
  if (kind === "credit") {
    return {
      kind,
      time,
      origin: reader.u16(),
      originSequence: reader.whole(),
      account: reader.whole() as AccountId,
      currency: reader.ascii(),
      amount: reader.i128() as Money,
      reference: reader.ascii(),
    };
  }
  const account = reader.whole() as AccountId;
  const id = reader.ascii();
  if (kind !== "settle") return { kind, time, account, id, reason: reader.ascii(), by: reader.ascii() };
  return { kind, time, account, id, amount: reader.i128() as Money, by: reader.ascii() };
}

/** The least that a transfer's state takes. */
export const BYTES_A_TRANSFER = 108;

export function writeTransferState(writer: ByteWriter, transfer: TransferState): void {
  writeFields(writer, transfer);
  writer.u8(TRANSFER_STATUSES.indexOf(transfer.status));
  writer.i128(transfer.settledAmount);
  writer.f64(transfer.createdAt);
  writer.f64(transfer.updatedAt);
  writer.f64(transfer.sequence);
  writer.ascii(transfer.reason);
  writer.ascii(transfer.endedBy);
}

export function readTransferState(reader: ByteReader): TransferState {
  return {
    ...readFields(reader),
    status: reader.choice(TRANSFER_STATUSES),
    settledAmount: reader.i128() as Money,
    createdAt: reader.integer() as Milliseconds,
    updatedAt: reader.integer() as Milliseconds,
    sequence: reader.whole(),
    reason: reader.ascii(),
    endedBy: reader.ascii(),
  };
}
