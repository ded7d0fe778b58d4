/**
 * Commands of a shard on their way to a market, in one piece:
 *
 *   u8 layout · (commands as in the market's journal) · u32 commands
 *
 * What is read is made field by field in one shape, however it was made before it was written.
 */
import { ByteReader, ByteWriter } from "../bytes.ts";
import { assert } from "../units.ts";
import type { MarketCommand, ShardCommand } from "./command.ts";
import { readCommand, writeCommand } from "./command-record.ts";
import { LAYOUT } from "./record.ts";

const COUNT_BYTES = 4;

/** Begins a batch at the writer's start; commands follow by `writeCommand`. */
export function beginCommandBatch(writer: ByteWriter): void {
  writer.clear();
  writer.u8(LAYOUT);
}

/** The batch that was begun, of so many commands. */
export function endCommandBatch(writer: ByteWriter, count: number): Uint8Array {
  writer.u32(count);
  return writer.copy();
}

/** Commands that are all there. */
export function encodeCommandBatch(commands: readonly ShardCommand[]): Uint8Array {
  const writer = new ByteWriter();
  beginCommandBatch(writer);
  for (const command of commands) writeCommand(writer, command);
  return endCommandBatch(writer, commands.length);
}

/** Throws RangeError where bytes end early, an invariant where they are no such batch. */
export function decodeCommandBatch(bytes: Uint8Array): ShardCommand[] {
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a batch of commands has a known layout");
  const commands: ShardCommand[] = [];
  while (reader.remaining > COUNT_BYTES) {
    const command = readCommand(reader, layout);
    assert(isShards(command), "a batch holds commands of a shard alone");
    commands.push(command);
  }
  assert(reader.u32() === commands.length, "a batch holds as many commands as it says");
  reader.end();
  return commands;
}

function isShards(command: MarketCommand): command is ShardCommand {
  return "number" in command;
}
