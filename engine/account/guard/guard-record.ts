/** The fields of a ledger's records about guards and days, and guards in a snapshot. See `record.ts`. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import {
  type AccountId,
  assert,
  type Lots,
  type Milliseconds,
  type Money,
  unreachable,
} from "../../units.ts";
import { ACCESS_RIGHTS, type Baseline, GUARD_SCOPES, type Guard, type GuardCommand } from "./guard.ts";

const BYTES_A_MAXIMUM = 10;
const BYTES_A_BASELINE = 28;
const BYTES_A_SUM = 17;

export function writeGuard(writer: ByteWriter, guard: Guard): void {
  writer.u8(ACCESS_RIGHTS.indexOf(guard.access));
  writer.u32(guard.openOrdersMaximum);
  writer.u32(guard.dailyOrdersMaximum);
  writer.i128(guard.notionalMaximum);
  writer.u32(guard.leverageMaximum);
  writer.i128(guard.dailyLossMaximum);
  writer.u32(guard.dailyLossPerMille);
  writer.f64(guard.coolDownMs);
  writer.u32(guard.stopOutsMaximum);
  writer.f64(guard.stopWindowMs);
  writer.f64(guard.stopPauseMs);
  writer.u32(guard.marginCallPerMille);
  writer.u32(guard.closeOutPerMille);
  writer.u32(guard.positionMaximums.length);
  for (const { market, lots } of guard.positionMaximums) {
    writer.u16(market);
    writer.f64(lots);
  }
}

export function readGuard(reader: ByteReader): Guard {
  return {
    access: reader.choice(ACCESS_RIGHTS),
    openOrdersMaximum: reader.u32(),
    dailyOrdersMaximum: reader.u32(),
    notionalMaximum: reader.i128() as Money,
    leverageMaximum: reader.u32(),
    dailyLossMaximum: reader.i128() as Money,
    dailyLossPerMille: reader.u32(),
    coolDownMs: reader.whole(),
    stopOutsMaximum: reader.u32(),
    stopWindowMs: reader.whole(),
    stopPauseMs: reader.whole(),
    marginCallPerMille: reader.u32(),
    closeOutPerMille: reader.u32(),
    positionMaximums: Array.from({ length: reader.count(BYTES_A_MAXIMUM) }, () => ({
      market: reader.u16(),
      lots: reader.whole() as Lots,
    })),
  };
}

export function writeSums(writer: ByteWriter, sums: readonly (readonly [string, bigint])[]): void {
  writer.u32(sums.length);
  for (const [currency, amount] of sums) {
    writer.ascii(currency);
    writer.i128(amount);
  }
}

export function readSums(reader: ByteReader): [string, Money][] {
  return Array.from({ length: reader.count(BYTES_A_SUM) }, () => {
    const currency = reader.ascii();
    return [currency, reader.i128() as Money];
  });
}

export function writeGuardCommand(writer: ByteWriter, command: GuardCommand): void {
  switch (command.kind) {
    case "guard":
      writer.u8(GUARD_SCOPES.indexOf(command.scope));
      writer.f64(command.account);
      writer.ascii(command.group);
      writeGuard(writer, command.guard);
      writer.ascii(command.by);
      writer.ascii(command.reason);
      return;
    case "baselines":
      writer.u32(command.day);
      writer.u8(command.last ? 1 : 0);
      writer.u32(command.baselines.length);
      for (const { account, equity, paid } of command.baselines) {
        writer.f64(account);
        writer.i128(equity);
        writeSums(writer, paid);
      }
      return;
    default:
      unreachable(command);
  }
}

export function readGuardCommand(
  reader: ByteReader,
  kind: GuardCommand["kind"],
  time: Milliseconds,
): GuardCommand {
  switch (kind) {
    case "guard": {
      const scope = reader.choice(GUARD_SCOPES);
      const account = reader.whole() as AccountId;
      const group = reader.ascii();
      assert((account !== 0) === (scope === "account"), "an account's guard, and no other, names it");
      assert((group !== "") === (scope === "group"), "a group's guard, and no other, names it");
      const guard = readGuard(reader);
      return { kind, time, scope, account, group, guard, by: reader.ascii(), reason: reader.ascii() };
    }
    case "baselines":
      return {
        ...{ kind, time, day: reader.u32(), last: reader.bits(1) === 1 },
        baselines: readBaselines(reader),
      };
    default:
      return unreachable(kind);
  }
}

function readBaselines(reader: ByteReader): Baseline[] {
  return Array.from({ length: reader.count(BYTES_A_BASELINE) }, () => ({
    account: reader.whole() as AccountId,
    equity: reader.i128() as Money,
    paid: readSums(reader),
  }));
}
