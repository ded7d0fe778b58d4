/** The facts of a cluster, read from where its nodes keep them; each journal up to its end at one moment. */
import type { Journal, JournalBatch, JournalRun } from "../../mixins/journal/journal.ts";
import type { SharedJournalStore } from "../../mixins/runtime/hosted-journals.ts";
import { damageOf, type RecordedJournal, type RecordedSource } from "./recorded.ts";
import type { Report } from "./report.ts";

class ReadJournal implements RecordedJournal {
  readonly name: string;
  readonly last: number;
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.name = journal.name;
    this.last = journal.last;
    this.#journal = journal;
  }

  get isWhole(): boolean {
    const [first, ...others] = this.runs();
    return others.length === 0 && (first === undefined ? this.last === 0 : first.first === 1);
  }

  runs(): JournalRun[] {
    return this.#journal
      .runs()
      .filter(({ first }) => first <= this.last)
      .map(({ first, last }) => ({ first, last: Math.min(last, this.last) }));
  }

  async *read(from: number, to: number): AsyncGenerator<JournalBatch> {
    if (from > to) return;
    for await (const batch of this.#journal.read(from)) {
      yield batch;
      if (batch.first + batch.count > to) return;
    }
  }
}

export function sharedSource(store: SharedJournalStore, report: Report): RecordedSource {
  return {
    async journal(name) {
      try {
        return new ReadJournal(await store.reader(name));
      } catch (error) {
        report.differs("journalDamaged", name, damageOf(error));
        return undefined;
      }
    },
    snapshots: name => store.snapshots(name),
  };
}
