/**
 * Who sends a shard's command: shard, fee tier, number, account, reference, and the byte of flags of which
 * the lowest is common. A shard's number is below 2¹³, so a bit of its u16 says that a fee tier follows it;
 * without one the bytes are those of a venue that charges nothing.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { type AccountId, assert } from "../units.ts";
import { LIQUIDITY } from "./body-record.ts";
import type { FromShard, ShardCommand } from "./command.ts";

const FEE_TIER = 0x8000;

export function writeSender(writer: ByteWriter, command: ShardCommand, flags: number): void {
  const { feeTier } = command;
  writer.u16(feeTier === undefined ? command.shard : command.shard | FEE_TIER);
  if (feeTier !== undefined) writer.u16(feeTier);
  writer.f64(command.number);
  writer.f64(command.account);
  writer.f64(command.reference);
  writer.u8(flags | (command.liquidity ? LIQUIDITY : 0));
}

/** All but the flags, which come next. */
export function readSender(reader: ByteReader): Omit<FromShard, "time" | "liquidity"> {
  const first = reader.u16();
  const feeTier = (first & FEE_TIER) === 0 ? undefined : reader.u16();
  assert(feeTier !== 0, "a fee tier that is told is one");
  const number = reader.whole();
  const account = reader.whole() as AccountId;
  return { shard: first & ~FEE_TIER, number, account, reference: reader.whole(), feeTier };
}
