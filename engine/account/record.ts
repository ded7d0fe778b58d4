/**
 * A ledger's journal record: one command of a risk shard, binary like a market's.
 *
 *   u8 layout · u8 kind · f64 time · (the command's fields)
 *
 * The fields of each family of commands are written and read in a file of its own. Layout 1 had no terms of a
 * refused order, layout 2 no kind and profile of an opened account. Money takes sixteen bytes, numbers eight,
 * strings a length byte and ASCII.
 */
import { ByteReader, ByteWriter } from "../bytes.ts";
import { readTransferCommand, writeTransferCommand } from "../ledger/transfer-record.ts";
import { assert, type Milliseconds, unreachable } from "../units.ts";
import { readAccountCommand, writeAccountCommand } from "./account-record.ts";
import { readCharge, writeCharge } from "./charge/charge-record.ts";
import type { LedgerCommand } from "./command.ts";
import { readGuardCommand, writeGuardCommand } from "./guard/guard-record.ts";
import { readMarginCommand, writeMarginCommand } from "./guard/margin-record.ts";
import { readRefusal, writeRefusal } from "./order/refusal-record.ts";
import { readCloseBy, writeCloseBy } from "./position/close-by-record.ts";
import { readProfileCommand, writeProfileCommand } from "./profile-record.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 3;
/** The index is stored: new kinds come last. */
const KINDS = [
  "owner",
  "open",
  "deposit",
  "refuse",
  "revoke",
  "listMarket",
  "restrict",
  "limit",
  "profile",
  "guard",
  "baselines",
  "transfer",
  "settle",
  "void",
  "timeOut",
  "credit",
  "cut",
  "marginCall",
  "closeOut",
  "protectBalance",
  "feeTier",
  "accountTier",
  "swapPoints",
  "rollover",
  "closeBy",
  "refuseAmend",
] as const;

export function encodeLedgerCommand(command: LedgerCommand): Uint8Array {
  const writer = new ByteWriter(128);
  writer.u8(LAYOUT);
  writer.u8(KINDS.indexOf(command.kind));
  writer.f64(command.time);
  writeFields(writer, command);
  return writer.copy();
}

/** Throws where the bytes are of another layout, end early or say what no writer says. */
export function decodeLedgerCommand(bytes: Uint8Array): LedgerCommand {
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a ledger's record has a known layout");
  const kind = reader.choice(KINDS);
  const command = readFields(reader, kind, reader.integer() as Milliseconds, layout);
  reader.end();
  return command;
}

function writeFields(writer: ByteWriter, command: LedgerCommand): void {
  switch (command.kind) {
    case "owner":
    case "listMarket":
    case "open":
    case "deposit":
    case "restrict":
    case "limit":
      writeAccountCommand(writer, command);
      return;
    case "refuse":
    case "refuseAmend":
    case "revoke":
      writeRefusal(writer, command);
      return;
    case "guard":
    case "baselines":
      writeGuardCommand(writer, command);
      return;
    case "marginCall":
    case "closeOut":
    case "protectBalance":
      writeMarginCommand(writer, command);
      return;
    case "profile":
      writeProfileCommand(writer, command);
      return;
    case "transfer":
    case "settle":
    case "void":
    case "timeOut":
    case "credit":
    case "cut":
      writeTransferCommand(writer, command);
      return;
    case "feeTier":
    case "accountTier":
    case "swapPoints":
    case "rollover":
      writeCharge(writer, command);
      return;
    case "closeBy":
      writeCloseBy(writer, command);
      return;
    default:
      unreachable(command);
  }
}

function readFields(
  reader: ByteReader,
  kind: LedgerCommand["kind"],
  time: Milliseconds,
  layout: number,
): LedgerCommand {
  switch (kind) {
    case "owner":
    case "listMarket":
    case "open":
    case "deposit":
    case "restrict":
    case "limit":
      return readAccountCommand(reader, kind, time, layout);
    case "refuse":
    case "refuseAmend":
    case "revoke":
      return readRefusal(reader, kind, time, layout);
    case "guard":
    case "baselines":
      return readGuardCommand(reader, kind, time);
    case "marginCall":
    case "closeOut":
    case "protectBalance":
      return readMarginCommand(reader, kind, time);
    case "profile":
      return readProfileCommand(reader, kind, time);
    case "transfer":
    case "settle":
    case "void":
    case "timeOut":
    case "credit":
    case "cut":
      return readTransferCommand(reader, kind, time);
    case "feeTier":
    case "accountTier":
    case "swapPoints":
    case "rollover":
      return readCharge(reader, kind, time);
    case "closeBy":
      return readCloseBy(reader, time);
    default:
      return unreachable(kind);
  }
}
