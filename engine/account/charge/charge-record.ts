/** The bytes of the charges family's records, and of fee tiers wherever they stand. See `charge.ts`. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { FEE_GROUPS_MAX } from "../../limits.ts";
import {
  type AccountId,
  assert,
  type Days,
  type Milliseconds,
  type Money,
  unreachable,
} from "../../units.ts";
import { type ChargeCommand, type DayVolume, NIGHT_CHARGES, type NightCharge } from "./charge.ts";
import { FEE_BASES, type FeeGroup, type FeeRate, type FeeTier } from "./fee-tier.ts";
import type { SwapPoints } from "./swap.ts";

/** The least that one thing of each list takes. */
const BYTES_A_GROUP = 70;
const BYTES_A_MARKET = 2;
const BYTES_A_CHARGE = 37;
const BYTES_A_VOLUME = 30;
const BYTES_TRADED = 10;

function writeRate(writer: ByteWriter, rate: FeeRate): void {
  writer.u8(FEE_BASES.indexOf(rate.basis));
  writer.i128(rate.amount);
  writer.i128(rate.minimum);
}

function readRate(reader: ByteReader): FeeRate {
  const basis = reader.choice(FEE_BASES);
  return { basis, amount: reader.i128() as Money, minimum: reader.i128() as Money };
}

export function writeTier(writer: ByteWriter, { number, name, groups }: FeeTier): void {
  writer.u16(number);
  writer.ascii(name);
  writer.u32(groups.length);
  for (const { markets, maker, taker } of groups) {
    writer.u32(markets.length);
    for (const market of markets) writer.u16(market);
    writeRate(writer, maker);
    writeRate(writer, taker);
  }
}

export function readTier(reader: ByteReader): FeeTier {
  const number = reader.u16();
  const name = reader.ascii();
  const groups: FeeGroup[] = [];
  for (let left = reader.count(BYTES_A_GROUP); left > 0; left--) {
    const markets = Array.from({ length: reader.count(BYTES_A_MARKET) }, () => reader.u16());
    const maker = readRate(reader);
    groups.push({ markets, maker, taker: readRate(reader) });
  }
  assert(groups.length <= FEE_GROUPS_MAX, "a fee tier's groups are limited");
  return { number, name, groups };
}

export function writePoints(writer: ByteWriter, { long, short }: SwapPoints): void {
  writer.i128(long);
  writer.i128(short);
}

export function readPoints(reader: ByteReader): SwapPoints {
  const long = reader.i128();
  return { long, short: reader.i128() };
}

function writeNight(writer: ByteWriter, charge: NightCharge): void {
  writer.f64(charge.account);
  writer.u16(charge.market);
  writer.u8(NIGHT_CHARGES.indexOf(charge.kind));
  writer.f64(charge.position);
  writer.u16(charge.nights);
  writer.i128(charge.amount);
}

function readNight(reader: ByteReader): NightCharge {
  const account = reader.whole() as AccountId;
  const market = reader.u16();
  const kind = reader.choice(NIGHT_CHARGES);
  const position = reader.integer();
  return { account, market, kind, position, nights: reader.u16(), amount: reader.i128() as Money };
}

function writeVolume(writer: ByteWriter, { account, traded, value, tier }: DayVolume): void {
  writer.f64(account);
  writer.u32(traded.length);
  for (const { market, lots } of traded) {
    writer.u16(market);
    writer.f64(lots);
  }
  writer.i128(value);
  writer.u16(tier);
}

function readVolume(reader: ByteReader): DayVolume {
  const account = reader.whole() as AccountId;
  const traded = Array.from({ length: reader.count(BYTES_TRADED) }, () => {
    const market = reader.u16();
    return { market, lots: reader.whole() };
  });
  const value = reader.i128() as Money;
  return { account, traded, value, tier: reader.u16() };
}

export function writeCharge(writer: ByteWriter, command: ChargeCommand): void {
  switch (command.kind) {
    case "feeTier":
      writeTier(writer, command);
      return;
    case "accountTier":
      writer.f64(command.account);
      writer.u16(command.tier);
      writer.u8(command.pinned ? 1 : 0);
      return;
    case "swapPoints":
      writer.u16(command.market);
      writePoints(writer, command);
      return;
    case "rollover":
      writer.f64(command.day);
      writer.f64(command.through);
      writer.u32(command.charges.length);
      for (const charge of command.charges) writeNight(writer, charge);
      writer.u32(command.volumes.length);
      for (const volume of command.volumes) writeVolume(writer, volume);
      return;
    default:
      unreachable(command);
  }
}

export function readCharge(
  reader: ByteReader,
  kind: ChargeCommand["kind"],
  time: Milliseconds,
): ChargeCommand {
  switch (kind) {
    case "feeTier":
      return { kind, time, ...readTier(reader) };
    case "accountTier": {
      const account = reader.whole() as AccountId;
      return { kind, time, account, tier: reader.u16(), pinned: reader.bits(1) === 1 };
    }
    case "swapPoints": {
      const market = reader.u16();
      return { kind, time, market, ...readPoints(reader) };
    }
    case "rollover": {
      const day = reader.integer() as Days;
      const through = reader.whole() as AccountId;
      const charges = Array.from({ length: reader.count(BYTES_A_CHARGE) }, () => readNight(reader));
      const volumes = Array.from({ length: reader.count(BYTES_A_VOLUME) }, () => readVolume(reader));
      return { kind, time, day, through, charges, volumes };
    }
    default:
      return unreachable(kind);
  }
}
