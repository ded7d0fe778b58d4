/**
 * The bytes of a market's command: u8 kind, f64 time, then its fields. A command of a shard begins with
 * shard, number, account, reference and a byte of flags, whose upper bits are the kind's own. Up to layout 2
 * a placed order had two bits for its time in force, and the mark of terms was 64.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { assert, type Lots, type Milliseconds, type Money, type OrderId } from "../units.ts";
import { numberOf } from "../word-list.ts";
import { BODY_FLAGS, LIQUIDITY, readBody, TERMS, writeBody } from "./body-record.ts";
import type { CancelCondition, FromShard, MarketCommand, ReplaceOrder, ShardCommand } from "./command.ts";
import {
  ALLOW_FAILURE,
  CONDITION_SHIFT,
  FILLED_TOLD,
  KNOWN_FLAGS,
  OLD_FLAGS,
  OLD_TERMS,
  ONE_SIDE,
  POST_ONLY,
  SELL,
} from "./command-flags.ts";
import { amendOrder, cancelOrder, placeOrder } from "./command-shape.ts";
import { readList, writeList } from "./list-record.ts";
import { PHASES } from "./phase.ts";
import { readProtection, readQuotes, writeProtection, writeQuotes } from "./quote-record.ts";
import { readScheduled, writeScheduled } from "./schedule-record.ts";
import { readSender, writeSender } from "./sender-record.ts";
import { readAmendTerms, writeAmendTerms } from "./terms-record.ts";

/** A kind's number in journals is its place here; 0 is none. */
const KINDS = [
  undefined,
  "place",
  "amend",
  "cancel",
  "shardEpoch",
  "owner",
  "phase",
  "replace",
  "list",
  "massCancel",
  "massQuote",
  "cancelAllAfter",
  "protect",
  "resetProtection",
  "price",
  "endOfDay",
  "clock",
] as const;
const PRICES = ["mark", "reference"] as const;
const CONDITIONS: readonly (CancelCondition | undefined)[] = [undefined, "new", "partlyFilled"];
export function writeCommand(writer: ByteWriter, command: MarketCommand): void {
  writer.u8(numberOf(KINDS, command.kind));
  writer.f64(command.time);
  switch (command.kind) {
    case "shardEpoch":
      writer.u16(command.shard);
      writer.f64(command.epoch);
      return;
    case "owner":
      writer.f64(command.epoch);
      return;
    case "phase":
      writer.u8(numberOf(PHASES, command.phase));
      writer.ascii(command.reason);
      writeScheduled(writer, command.scheduled);
      return;
    case "price":
      writer.u8(numberOf(PRICES, command.which));
      writer.u32(command.ticks);
      return;
    case "endOfDay":
      writeScheduled(writer, command.scheduled);
      return;
    case "clock":
      return;
    default:
      writeShardCommand(writer, command);
  }
}

function writeShardCommand(writer: ByteWriter, command: ShardCommand): void {
  switch (command.kind) {
    case "place":
      writeBody(writer, command, flags => writeSender(writer, command, flags));
      return;
    case "amend":
      writeSender(writer, command, command.terms === undefined ? 0 : TERMS);
      writer.f64(command.orderId);
      writer.f64(command.lots);
      writer.u32(command.ticks);
      writer.i128(command.reserved);
      if (command.terms !== undefined) writeAmendTerms(writer, command.terms);
      return;
    case "cancel":
      writeSender(writer, command, numberOf(CONDITIONS, command.onlyIf) << CONDITION_SHIFT);
      writer.f64(command.orderId);
      return;
    case "replace":
      writeReplace(writer, command);
      return;
    case "list":
      writeSender(writer, command, 0);
      writeList(writer, command);
      return;
    case "massCancel":
      writeSender(
        writer,
        command,
        command.side === undefined ? 0 : ONE_SIDE | (command.side === "sell" ? SELL : 0),
      );
      return;
    case "massQuote":
      writeSender(writer, command, command.postOnly ? POST_ONLY : 0);
      writeQuotes(writer, command);
      return;
    case "cancelAllAfter":
      writeSender(writer, command, 0);
      writer.f64(command.timeoutMs);
      return;
    case "protect":
      writeSender(writer, command, 0);
      writeProtection(writer, command);
      return;
    case "resetProtection":
      writeSender(writer, command, 0);
  }
}

function writeReplace(writer: ByteWriter, command: ReplaceOrder): void {
  const { onFailure, filledLots, orderId } = command;
  const told = filledLots === undefined ? 0 : FILLED_TOLD;
  assert(told === 0 || onFailure === "stop", "only a replace that may stop tells what has traded");
  writeSender(writer, command, (onFailure === "allow" ? ALLOW_FAILURE : 0) | told);
  writer.f64(orderId);
  if (filledLots !== undefined) writer.f64(filledLots);
  writeBody(writer, command.order, flags => writer.u8(flags));
}

function readReplace(reader: ByteReader, flags: number, layout: number) {
  const onFailure: ReplaceOrder["onFailure"] = (flags & ALLOW_FAILURE) === 0 ? "stop" : "allow";
  const told = (flags & FILLED_TOLD) !== 0;
  assert(!told || onFailure === "stop", "only a replace that may stop tells what has traded");
  const orderId = reader.whole() as OrderId;
  const filled = told ? { filledLots: reader.whole() as Lots } : undefined;
  return { orderId, onFailure, ...filled, order: readBody(reader, reader.bits(BODY_FLAGS), layout) };
}

export function readCommand(reader: ByteReader, layout: number): MarketCommand {
  const kind = reader.choice(KINDS);
  assert(kind !== undefined, "a market's record holds a command of a known kind");
  const time = reader.integer() as Milliseconds;
  switch (kind) {
    case "shardEpoch":
      return { kind, time, shard: reader.u16(), epoch: reader.whole() };
    case "owner":
      return { kind, time, epoch: reader.whole() };
    case "phase": {
      const phase = reader.choice(PHASES);
      const command = { kind, time, phase, reason: reader.ascii() };
      return layout > 2 ? { ...command, ...readScheduled(reader) } : command;
    }
    case "price":
      return { kind, time, which: reader.choice(PRICES), ticks: reader.ticks() };
    case "endOfDay":
      return { kind, time, ...readScheduled(reader) };
    case "clock":
      return { kind, time };
    default:
      return readShardCommand(reader, kind, time, layout);
  }
}

function conditionOf(number: number): CancelCondition | undefined {
  assert(number < CONDITIONS.length, "a cancel has a known condition");
  return CONDITIONS[number];
}

function readShardCommand(
  reader: ByteReader,
  kind: ShardCommand["kind"],
  time: Milliseconds,
  layout: number,
): ShardCommand {
  const sender = readSender(reader);
  const flags = reader.bits(layout > 2 ? KNOWN_FLAGS[kind] : (OLD_FLAGS[kind] ?? 0));
  const common: FromShard = {
    time,
    shard: sender.shard,
    number: sender.number,
    account: sender.account,
    reference: sender.reference,
    liquidity: (flags & LIQUIDITY) !== 0,
    feeTier: sender.feeTier,
  };
  switch (kind) {
    case "place":
      return placeOrder(common, readBody(reader, flags, layout));
    case "amend": {
      const orderId = reader.whole() as OrderId;
      const lots = reader.whole() as Lots;
      const ticks = reader.ticks();
      const reserved = reader.i128() as Money;
      const hasTerms = (flags & (layout > 2 ? TERMS : OLD_TERMS)) !== 0;
      const terms = hasTerms ? readAmendTerms(reader) : undefined;
      return amendOrder(common, { orderId, lots, ticks, reserved, terms });
    }
    case "cancel": {
      const onlyIf = conditionOf((flags >> CONDITION_SHIFT) & 3);
      return cancelOrder(common, reader.whole() as OrderId, onlyIf);
    }
    case "replace":
      return { kind, ...common, ...readReplace(reader, flags, layout) };
    case "list":
      return { kind, ...common, ...readList(reader, layout) };
    case "massCancel": {
      const side = (flags & SELL) === 0 ? "buy" : "sell";
      assert(side === "buy" || (flags & ONE_SIDE) !== 0, "a side is named where one is meant");
      return (flags & ONE_SIDE) === 0 ? { kind, ...common } : { kind, ...common, side };
    }
    case "massQuote":
      return { kind, ...common, postOnly: (flags & POST_ONLY) !== 0, ...readQuotes(reader) };
    case "cancelAllAfter":
      return { kind, ...common, timeoutMs: reader.whole() };
    case "protect":
      return { kind, ...common, ...readProtection(reader) };
    case "resetProtection":
      return { kind, ...common };
  }
}
