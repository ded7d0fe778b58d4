/** The fields of a ledger's records about margin calls, close-outs and protection. See `record.ts`. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import {
  type AccountId,
  assert,
  type Lots,
  type Milliseconds,
  type Money,
  type OrderId,
  unreachable,
} from "../../units.ts";
import { readExplanation, writeExplanation } from "./explanation-record.ts";
import { CALL_EVENTS, CLOSE_OUT_EVENTS, type MarginCommand, type RecordCloseOut } from "./margin-command.ts";

const SELL = 1;

export function writeMarginCommand(writer: ByteWriter, command: MarginCommand): void {
  writer.f64(command.account);
  switch (command.kind) {
    case "marginCall":
      writer.u8(CALL_EVENTS.indexOf(command.event));
      writer.u32(command.perMille);
      writer.i128(command.equity);
      writer.i128(command.marginUsed);
      return;
    case "closeOut":
      writer.u8(CLOSE_OUT_EVENTS.indexOf(command.event));
      if (command.reduction !== undefined) {
        writer.u16(command.reduction.market);
        writer.u8(command.reduction.side === "sell" ? SELL : 0);
        writer.f64(command.reduction.lots);
        writer.f64(command.reduction.ticket ?? 0);
      }
      writeExplanation(writer, command.explanation);
      return;
    case "protectBalance":
      writer.i128(command.amount);
      return;
    default:
      unreachable(command);
  }
}

export function readMarginCommand(
  reader: ByteReader,
  kind: MarginCommand["kind"],
  time: Milliseconds,
): MarginCommand {
  const account = reader.whole() as AccountId;
  switch (kind) {
    case "marginCall": {
      const event = reader.choice(CALL_EVENTS);
      const perMille = reader.u32();
      const equity = reader.i128() as Money;
      return { kind, time, account, event, perMille, equity, marginUsed: reader.i128() as Money };
    }
    case "closeOut":
      return { kind, time, account, ...readCloseOut(reader) };
    case "protectBalance": {
      const amount = reader.i128() as Money;
      assert(amount > 0n, "a protection pays something");
      return { kind, time, account, amount };
    }
    default:
      return unreachable(kind);
  }
}

function readCloseOut(reader: ByteReader): Omit<RecordCloseOut, "kind" | "time" | "account"> {
  const event = reader.choice(CLOSE_OUT_EVENTS);
  if (event !== "reduce") return { event, explanation: readExplanation(reader) };
  const market = reader.u16();
  const side = reader.bits(SELL) === SELL ? ("sell" as const) : ("buy" as const);
  const closed = { market, side, lots: reader.whole() as Lots };
  const ticket = reader.whole() as OrderId;
  const reduction = ticket === 0 ? closed : { ...closed, ticket };
  return { event, reduction, explanation: readExplanation(reader) };
}
