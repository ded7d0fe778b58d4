/**
 * What a shard knows of charges as bytes of a snapshot: fee tiers, swap points, how far the rollovers have
 * come, and of each account that has any its tier, volumes and what it trades. A shard that has none of it
 * leaves the section out of its hash.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { VOLUME_DAYS } from "../../limits.ts";
import { type AccountId, assert, type Days, type Milliseconds } from "../../units.ts";
import { byNumber, readAscending } from "../order/ordered-record.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { AccountCharges, VolumeOfDay } from "./charge-book.ts";
import { readPoints, readTier, writePoints, writeTier } from "./charge-record.ts";

/** The least that one thing of each list takes. */
const BYTES_A_TIER = 7;
const BYTES_OF_POINTS = 34;
const BYTES_AN_ACCOUNT = 19;
const BYTES_A_VOLUME = 24;
const BYTES_AN_ACTIVITY = 26;

export function writeCharges(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const { charges } = state;
  const told = [...state.accounts].filter(([, account]) => !account.charges.isEmpty).sort(byNumber);
  if (hashing && told.length === 0 && charges.isEmpty) return;
  const tiers = charges.tiers();
  writer.u32(tiers.length);
  for (const tier of tiers) writeTier(writer, tier);
  writer.u32(charges.points.size);
  for (const [market, points] of [...charges.points].sort(byNumber)) {
    writer.u16(market);
    writePoints(writer, points);
  }
  writer.f64(charges.rolled.day);
  writer.f64(charges.rolled.through);
  writer.u32(told.length);
  for (const [id, account] of told) {
    writer.f64(id);
    writeAccountCharges(writer, account.charges);
  }
}

function writeAccountCharges(writer: ByteWriter, charges: AccountCharges): void {
  writer.u16(charges.tier);
  writer.u8(charges.pinned ? 1 : 0);
  writer.u32(charges.volumes.length);
  for (const { day, value } of charges.volumes) {
    writer.f64(day);
    writer.i128(value);
  }
  const activities = charges.activities();
  writer.u32(activities.length);
  for (const [market, { traded, counted, openedAt }] of activities) {
    writer.u16(market);
    writer.f64(traded);
    writer.f64(counted);
    writer.f64(openedAt);
  }
}

export function readCharges(reader: ByteReader, state: ShardState): void {
  const { charges } = state;
  readAscending(reader, BYTES_A_TIER, () => {
    const tier = readTier(reader);
    charges.define(tier);
    return tier.number;
  });
  readAscending(reader, BYTES_OF_POINTS, () => {
    const market = state.instrument(reader.u16()).number;
    charges.points.set(market, readPoints(reader));
    return market;
  });
  const day = reader.integer() as Days;
  charges.rolled = { day, through: reader.whole() as AccountId };
  readAscending(reader, BYTES_AN_ACCOUNT, () => {
    const account = state.known(reader.whole() as AccountId);
    readAccountCharges(reader, state, account.charges);
    assert(!account.charges.isEmpty, "an account whose charges are told has some");
    return account.id;
  });
}

function readAccountCharges(reader: ByteReader, state: ShardState, charges: AccountCharges): void {
  charges.tier = reader.u16();
  assert(state.charges.has(charges.tier), "an account's fee tier is defined");
  charges.pinned = reader.bits(1) === 1;
  const volumes: VolumeOfDay[] = [];
  readAscending(reader, BYTES_A_VOLUME, () => {
    const day = reader.integer() as Days;
    volumes.push({ day, value: reader.i128() });
    return day;
  });
  assert(volumes.length <= VOLUME_DAYS, "volumes are of the last days");
  charges.volumes = volumes;
  readAscending(reader, BYTES_AN_ACTIVITY, () => {
    const market = state.instrument(reader.u16()).number;
    const activity = charges.activity(market);
    activity.traded = reader.whole();
    activity.counted = reader.whole();
    activity.openedAt = reader.integer() as Milliseconds;
    return market;
  });
}
