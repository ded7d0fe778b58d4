/**
 * Commands of a shard on their way to a market, in one piece:
 *
 *   u8 layout · u32 commands · (commands as in the market's journal)
 *
 * What is read is made field by field in one shape, however it was made before it was written.
 */
import { ByteReader, type ByteWriter } from "../bytes.ts";
import { assert } from "../units.ts";
import type { MarketCommand, ShardCommand } from "./command.ts";
import { readCommand, writeCommand } from "./command-record.ts";
import { LAYOUT } from "./record.ts";

/** Of the shortest command: its kind and its time. */
const COMMAND_BYTES_MIN = 9;

export function writeCommandBatch(writer: ByteWriter, commands: readonly ShardCommand[]): void {
  writer.u8(LAYOUT);
  writer.u32(commands.length);
  for (const command of commands) writeCommand(writer, command);
}

/** Throws RangeError where bytes end early, an invariant where they are no such batch. */
export function readCommandBatch(bytes: Uint8Array): ShardCommand[] {
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a batch of commands has a known layout");
  const count = reader.count(COMMAND_BYTES_MIN);
  const commands: ShardCommand[] = [];
  for (let index = 0; index < count; index++) {
    const command = readCommand(reader, layout);
    assert(isShards(command), "a batch holds commands of a shard alone");
    commands.push(command);
  }
  reader.end();
  return commands;
}

function isShards(command: MarketCommand): command is ShardCommand {
  return "number" in command;
}
