/**
 * The snapshots of one market: taken where its journal seals a segment, written beside the market's work, one
 * at a time (the next seal waits for it), and followed by what the journal may then drop or compress.
 */
import type { MarketMachine } from "../../engine/market/market-machine.ts";
import type { Journal, Snapshot, SnapshotStore } from "../../mixins/journal/journal.ts";

export interface MarketSnapshotsOptions {
  readonly machine: MarketMachine;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  /** Sequence up to which every follower has durably come. */
  readonly floor: () => number | Promise<number>;
  readonly onFailed: (error: unknown) => void;
}

export class MarketSnapshots {
  readonly #options: MarketSnapshotsOptions;
  #saving: Promise<void> | undefined;

  constructor(options: MarketSnapshotsOptions) {
    this.#options = options;
  }

  /** Takes a snapshot of the state as it is now. What it returns is to be waited for: the one before it. */
  take(): Promise<void> | undefined {
    const { journal, snapshots, floor, onFailed } = this.#options;
    const before = this.#saving;
    const snapshot = this.#now();
    const save = async () => {
      await before;
      await snapshots.save(snapshot);
      await journal.retain(await floor());
    };
    const saving = save()
      .catch(onFailed)
      .finally(() => {
        if (this.#saving === saving) this.#saving = undefined;
      });
    this.#saving = saving;
    return before;
  }

  /**
   * The last snapshot, so that the next owner replays nothing. None after a failed append: what was applied
   * and not appended never happened.
   */
  async close(): Promise<void> {
    const { machine, journal, snapshots } = this.#options;
    await this.#saving;
    if (machine.sequence === journal.last) await snapshots.save(this.#now());
  }

  #now(): Snapshot {
    const { machine } = this.#options;
    return { sequence: machine.sequence, hash: machine.hash(), bytes: machine.snapshot() };
  }
}
