/** The bytes of an account's kind and of its profile, in ledgers and snapshots. */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import type { AccountId, Milliseconds } from "../units.ts";
import {
  type AccountKind,
  type AccountProfile,
  ENVIRONMENTS,
  MARGIN_BASES,
  MARGIN_COMBINATIONS,
  POSITION_MODES,
  type ProfileCommand,
  WALLETS,
} from "./profile.ts";

export function writeKind(writer: ByteWriter, kind: AccountKind): void {
  writer.u8(WALLETS.indexOf(kind.wallet));
  writer.u8(ENVIRONMENTS.indexOf(kind.environment));
  writer.u8(POSITION_MODES.indexOf(kind.positions));
  writer.f64(kind.parent);
}

export function readKind(reader: ByteReader): AccountKind {
  const wallet = reader.choice(WALLETS);
  const environment = reader.choice(ENVIRONMENTS);
  const positions = reader.choice(POSITION_MODES);
  return { wallet, environment, positions, parent: reader.whole() as AccountId };
}

export function writeProfile(writer: ByteWriter, profile: AccountProfile): void {
  writer.u8(MARGIN_BASES.indexOf(profile.marginMode.basis));
  writer.u8(MARGIN_COMBINATIONS.indexOf(profile.marginMode.combination));
  writer.u8(profile.swapFree ? 1 : 0);
  writer.ascii(profile.group);
  writer.u8(profile.kycLevel);
}

export function readProfile(reader: ByteReader): AccountProfile {
  const marginMode = { basis: reader.choice(MARGIN_BASES), combination: reader.choice(MARGIN_COMBINATIONS) };
  const swapFree = reader.bits(1) === 1;
  const group = reader.ascii();
  return { marginMode, swapFree, group, kycLevel: reader.u8() };
}

export function writeProfileCommand(writer: ByteWriter, command: ProfileCommand): void {
  writer.f64(command.account);
  writer.u32(command.leverage);
  writeProfile(writer, command);
  writer.ascii(command.by);
  writer.ascii(command.reason);
}

export function readProfileCommand(
  reader: ByteReader,
  kind: ProfileCommand["kind"],
  time: Milliseconds,
): ProfileCommand {
  const account = reader.whole() as AccountId;
  const settings = { leverage: reader.u32(), ...readProfile(reader) };
  return { kind, time, account, ...settings, by: reader.ascii(), reason: reader.ascii() };
}
