/**
 * The fields of a ledger's records about its owner, its markets, and accounts: opened, paid into, restricted,
 * limited. See `record.ts`.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { type AccountId, type Milliseconds, type Money, unreachable } from "../units.ts";
import { type AccountCommand, type AccountLimits, type OpenAccount, TRADING_STATES } from "./command.ts";
import { DEFAULT_KIND, DEFAULT_PROFILE, kindOrDefault, profileOrDefault } from "./profile.ts";
import { readKind, readProfile, writeKind, writeProfile } from "./profile-record.ts";

export function writeLimits(writer: ByteWriter, limits: AccountLimits): void {
  writer.f64(limits.openOrdersMaximum);
  writer.i128(limits.notionalMaximum);
  writer.f64(limits.selfTradeGroup);
}

export function readLimits(reader: ByteReader): AccountLimits {
  const openOrdersMaximum = reader.whole();
  const notionalMaximum = reader.i128() as Money;
  return { openOrdersMaximum, notionalMaximum, selfTradeGroup: reader.whole() };
}

export function writeAccountCommand(writer: ByteWriter, command: AccountCommand): void {
  switch (command.kind) {
    case "owner":
      writer.f64(command.epoch);
      return;
    case "open":
      writer.f64(command.account);
      writer.ascii(command.currency);
      writer.u32(command.leverage);
      writer.u8(command.liquidity ? 1 : 0);
      writer.i128(command.deposit);
      writeKind(writer, command.as ?? DEFAULT_KIND);
      writeProfile(writer, command.profile ?? DEFAULT_PROFILE);
      return;
    case "deposit":
      writer.f64(command.account);
      writer.ascii(command.currency);
      writer.i128(command.amount);
      writer.ascii(command.reference);
      return;
    case "listMarket":
      writer.u16(command.market);
      return;
    case "restrict":
      writer.f64(command.account);
      writer.u8(TRADING_STATES.indexOf(command.state));
      writer.ascii(command.reason);
      return;
    case "limit":
      writer.f64(command.account);
      writeLimits(writer, command);
      return;
    default:
      unreachable(command);
  }
}

function readOpen(
  reader: ByteReader,
  layout: number,
  begun: Pick<OpenAccount, "kind" | "time">,
): OpenAccount {
  const opened = {
    ...begun,
    account: reader.whole() as AccountId,
    currency: reader.ascii(),
    leverage: reader.u32(),
    liquidity: reader.bits(1) === 1,
    deposit: reader.i128() as Money,
  };
  if (layout < 3) return opened;
  const kind = kindOrDefault(readKind(reader));
  const profile = profileOrDefault(readProfile(reader));
  return {
    ...opened,
    ...(kind === DEFAULT_KIND ? {} : { as: kind }),
    ...(profile === DEFAULT_PROFILE ? {} : { profile }),
  };
}

export function readAccountCommand(
  reader: ByteReader,
  kind: AccountCommand["kind"],
  time: Milliseconds,
  layout: number,
): AccountCommand {
  switch (kind) {
    case "owner":
      return { kind, time, epoch: reader.whole() };
    case "open":
      return readOpen(reader, layout, { kind, time });
    case "deposit":
      return {
        kind,
        time,
        account: reader.whole() as AccountId,
        currency: reader.ascii(),
        amount: reader.i128() as Money,
        reference: reader.ascii(),
      };
    case "listMarket":
      return { kind, time, market: reader.u16() };
    case "restrict": {
      const account = reader.whole() as AccountId;
      return { kind, time, account, state: reader.choice(TRADING_STATES), reason: reader.ascii() };
    }
    case "limit":
      return { kind, time, account: reader.whole() as AccountId, ...readLimits(reader) };
    default:
      return unreachable(kind);
  }
}
