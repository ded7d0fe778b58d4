/**
 * The journals as a node's services see them: who owns an actor appends to an object of his own, everyone
 * else reads. Where one process has the data folder both are the same object.
 */
import type { Journal, JournalRecovery, JournalStore, SnapshotStore } from "../journal/journal.ts";

export interface HostedJournals {
  /**
   * For the actor's owner, once it has the claim: what is stored now is in it. An owner that begins again
   * asks again.
   */
  own(name: string): Promise<Journal>;
  /** For everyone who follows, wherever the owner is. */
  reader(name: string): Promise<Journal>;
  /** The owner has stopped or stepped down, and appends no more; followers go on. */
  disown(journal: Journal): Promise<void>;
  snapshots(name: string): SnapshotStore;
  close(): Promise<void>;
}

/** One object a name, opened once, until the process ends. */
export class LocalJournals implements HostedJournals {
  readonly #store: JournalStore;
  readonly #onCut: (cut: JournalRecovery) => void;
  readonly #byName = new Map<string, Promise<Journal>>();

  /** `onCut` is told what opening a journal has cut off its end. */
  constructor(store: JournalStore, onCut: (cut: JournalRecovery) => void) {
    this.#store = store;
    this.#onCut = onCut;
  }

  own(name: string): Promise<Journal> {
    return this.reader(name);
  }

  reader(name: string): Promise<Journal> {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const opening = this.#open(name);
    this.#byName.set(name, opening);
    return opening;
  }

  async disown(): Promise<void> {}

  snapshots(name: string): SnapshotStore {
    return this.#store.snapshots(name);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #open(name: string): Promise<Journal> {
    const journal = await this.#store.open(name);
    if (journal.recovery !== undefined) this.#onCut(journal.recovery);
    return journal;
  }
}

/** A store whose journals may be appended to on another node than they are followed on. */
export interface SharedJournalStore extends JournalStore {
  /** For everyone who follows. */
  reader(name: string): Promise<Journal>;
}

/** An owner's object is opened anew for each claim; readers share one, whoever owns the actor. */
export class SharedJournals implements HostedJournals {
  readonly #store: SharedJournalStore;

  constructor(store: SharedJournalStore) {
    this.#store = store;
  }

  own(name: string): Promise<Journal> {
    return this.#store.open(name);
  }

  reader(name: string): Promise<Journal> {
    return this.#store.reader(name);
  }

  disown(journal: Journal): Promise<void> {
    return journal.close();
  }

  snapshots(name: string): SnapshotStore {
    return this.#store.snapshots(name);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
