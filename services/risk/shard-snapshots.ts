/**
 * The snapshots of one shard: its state with its cursors, one at a time; of the last two good ones the older
 * says what may be trimmed. A state that may hold half a record is its owner's to keep away.
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { Instrument } from "../../engine/instrument.ts";
import type { Journal, SnapshotStore } from "../../mixins/journal/journal.ts";
import type { Cursors } from "../../mixins/runtime/cursors.ts";

export interface ShardSnapshotsOptions {
  readonly shard: number;
  readonly instruments: readonly Instrument[];
  readonly ledger: Journal;
  readonly snapshots: SnapshotStore;
  readonly cursors: Cursors;
}

/** Which facts a snapshot holds. */
interface SavedState {
  /** Grows with every fact, so that of two snapshots the newer has the larger number. */
  readonly sequence: number;
  readonly ledger: number;
  /** By symbol of the market. */
  readonly cursors: readonly (readonly [string, number])[];
}

export class ShardSnapshots {
  readonly #options: ShardSnapshotsOptions;
  readonly #machine: AccountMachine;
  /** The newest snapshot that is known to be good: the one that this run began with, or the last it saved. */
  #saved: SavedState;
  #saving: Promise<void> | undefined;

  /** `machine` as it was restored. */
  constructor(options: ShardSnapshotsOptions, machine: AccountMachine) {
    this.#options = options;
    this.#machine = machine;
    this.#saved = this.#stateNow();
  }

  /** Saves the state as it is; what its predecessor's cursors have passed may then be trimmed. */
  save(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #save(): Promise<void> {
    const machine = this.#machine;
    const { shard, snapshots, cursors, ledger } = this.#options;
    const before = this.#saved;
    const now = this.#stateNow();
    const { sequence } = now;
    if (sequence === before.sequence) return;
    await snapshots.save({ sequence, hash: machine.hash(), bytes: machine.snapshot() });
    this.#saved = now;
    // None that is newer: where this owner is not the last any more, it is the next one's.
    const others = (await snapshots.list()).filter(each => each !== before.sequence);
    await snapshots.remove(others.filter(each => each < sequence));
    // Should the newest snapshot ever be damaged, the one before it still finds what follows it.
    for (const [symbol, cursor] of before.cursors) cursors.set(`risk.${shard}`, `market.${symbol}`, cursor);
    await ledger.retain(before.ledger);
  }

  #stateNow(): SavedState {
    const machine = this.#machine;
    const { ledgerSequence } = machine;
    const cursors = this.#options.instruments.map(
      ({ symbol, number }) => [symbol, machine.cursor(number)] as const,
    );
    const sequence = cursors.reduce((sum, [, cursor]) => sum + cursor, ledgerSequence);
    return { sequence, ledger: ledgerSequence, cursors };
  }
}
