/**
 * A shard from its journals. It (a) replays its ledger and appends an owner record, whose sequence is its
 * epoch, (b) has every market record that epoch, (c) follows each market's journal to that record, (d) opens.
 * After (b) no command of an older owner can be accepted, so after (c) nothing that money depends on is
 * unknown.
 */

import { AccountMachine } from "../../engine/account/account-machine.ts";
import type { LedgerCommand } from "../../engine/account/command.ts";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../engine/account/record.ts";
import type { ByteWriter } from "../../engine/bytes.ts";
import type { Instrument } from "../../engine/instrument.ts";
import type { ActorCore } from "../../mixins/actor/actor.ts";
import type { JournalBatch, SnapshotStore } from "../../mixins/journal/journal.ts";

/**
 * The ledger's door: every command is a fact already decided; it is encoded here and applied once it is
 * durable.
 */
export class LedgerCore implements ActorCore<LedgerCommand, number> {
  #sequence: number;

  constructor(last: number) {
    this.#sequence = last;
  }

  isClients(): boolean {
    return true;
  }

  /** The reply is the record's sequence. */
  handle(command: LedgerCommand, writer: ByteWriter): number {
    const start = writer.beginLength();
    for (const byte of encodeLedgerCommand(command)) writer.u8(byte);
    writer.endLength(start);
    this.#sequence += 1;
    return this.#sequence;
  }
}

/** Records of a ledger's batch. */
export function decodeLedgerBatch(batch: JournalBatch): LedgerCommand[] {
  const view = new DataView(batch.payload.buffer, batch.payload.byteOffset, batch.payload.byteLength);
  const commands: LedgerCommand[] = [];
  for (let at = 0; at < batch.payload.length; ) {
    const length = view.getUint32(at, true);
    commands.push(decodeLedgerCommand(batch.payload.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return commands;
}

/**
 * The machine of the newest snapshot of a shard; a new one where there is none. Throws where its hash is not
 * kept.
 */
export async function restoreShard(
  shard: number,
  shards: number,
  instruments: readonly Instrument[],
  snapshots: SnapshotStore,
): Promise<AccountMachine> {
  const snapshot = await snapshots.newest();
  if (snapshot === undefined) return new AccountMachine(shard, shards, instruments);
  const machine = AccountMachine.restore(shard, shards, instruments, snapshot.bytes);
  if (machine.hash() !== snapshot.hash) {
    throw new Error(`Cannot open 'risk.${shard}' as its snapshot must restore to its hash: ${snapshot.hash}`);
  }
  return machine;
}
