/**
 * The journals of a data folder: `<folder>/journal/<name>/` for each, segments and snapshots together.
 * One process owns the folder (`mixins/data-folder.ts`); within it each journal is open once.
 */
import { join } from "node:path";
import { FileJournal } from "./file-journal.ts";
import { FileSnapshots } from "./file-snapshots.ts";
import { type JournalStore, journalName } from "./journal.ts";
import { JournalConflict } from "./journal-fault.ts";

const SEGMENT_BYTES = 4 * 1024 * 1024;

export interface FileJournalStoreSettings {
  /** Default 4 MiB. */
  readonly segmentBytes?: number;
}

export class FileJournalStore implements JournalStore {
  readonly #folder: string;
  readonly #segmentBytes: number;
  readonly #open = new Map<string, Promise<FileJournal>>();

  constructor(dataFolder: string, settings: FileJournalStoreSettings = {}) {
    this.#folder = join(dataFolder, "journal");
    this.#segmentBytes = settings.segmentBytes ?? SEGMENT_BYTES;
  }

  async open(name: string): Promise<FileJournal> {
    const folder = this.#folderOf(name);
    if (this.#open.has(name)) throw new JournalConflict(name, "it is already open", 0);
    const opening = FileJournal.open({
      folder,
      name,
      segmentBytes: this.#segmentBytes,
      snapshots: new FileSnapshots(folder, name),
      onClose: () => this.#open.delete(name),
    });
    this.#open.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.#open.delete(name);
      throw error;
    }
  }

  snapshots(name: string): FileSnapshots {
    return new FileSnapshots(this.#folderOf(name), name);
  }

  async close(): Promise<void> {
    for (const opening of await Promise.allSettled([...this.#open.values()])) {
      if (opening.status === "fulfilled") await opening.value.close();
    }
  }

  #folderOf(name: string): string {
    return join(this.#folder, journalName(name));
  }
}
