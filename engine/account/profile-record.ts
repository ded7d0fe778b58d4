/**
 * The bytes of an account's kind and of its profile, in ledgers and snapshots; and the section of a snapshot
 * that tells them, of the accounts alone which have another than the default, in the order of their ids.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { type AccountId, assert, type Milliseconds } from "../units.ts";
import type { Account } from "./account.ts";
import {
  type AccountKind,
  type AccountProfile,
  DEFAULT_KIND,
  DEFAULT_PROFILE,
  ENVIRONMENTS,
  kindOrDefault,
  MARGIN_BASES,
  MARGIN_COMBINATIONS,
  POSITION_MODES,
  type ProfileCommand,
  profileOrDefault,
  WALLETS,
} from "./profile.ts";
import type { ShardState } from "./shard-state.ts";

/** The least that one account takes. */
const BYTES_AN_ACCOUNT = 24;

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
}

export function readProfileCommand(
  reader: ByteReader,
  kind: ProfileCommand["kind"],
  time: Milliseconds,
): ProfileCommand {
  const account = reader.whole() as AccountId;
  return { kind, time, account, leverage: reader.u32(), ...readProfile(reader) };
}

function isTold({ kind, profile }: Account): boolean {
  return kind !== DEFAULT_KIND || profile !== DEFAULT_PROFILE;
}

/** `hashing`: a shard whose accounts are all of the default kind leaves the section out. */
export function writeProfiles(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const told = [...state.accounts.values()].filter(isTold).sort((one, other) => one.id - other.id);
  if (hashing && told.length === 0) return;
  writer.u32(told.length);
  for (const { id, kind, profile } of told) {
    writer.f64(id);
    writeKind(writer, kind);
    writeProfile(writer, profile);
  }
}

export function readProfiles(reader: ByteReader, state: ShardState): void {
  let last = 0;
  for (let left = reader.count(BYTES_AN_ACCOUNT); left > 0; left--) {
    const account = state.known(reader.whole() as AccountId);
    assert(account.id > last, "a snapshot's profiles stand in canonical order");
    last = account.id;
    account.kind = kindOrDefault(readKind(reader));
    account.profile = profileOrDefault(readProfile(reader));
    assert(isTold(account), "an account whose kind is told has another than the default");
  }
}
