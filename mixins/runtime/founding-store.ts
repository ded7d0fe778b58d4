/** Where a venue keeps what it was founded with: a file of its data folder, or a key that nodes share. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { placeFile } from "../journal/durable-file.ts";
import { type Keys, KeyTaken } from "../nats/ports.ts";

export interface StoredFounding {
  readonly text: string;
  readonly revision: number;
}

export interface FoundingStore {
  /** What sentences call it, and what to do about a difference. */
  readonly place: string;
  readonly remedy: string;
  read(): Promise<StoredFounding | undefined>;
  /** False where another has written since `before` was read. */
  write(text: string, before: StoredFounding | undefined): Promise<boolean>;
}

export const FOUNDING_FILE = "founding.json";

/** One process at a time has the folder, so nobody writes between. */
export class FoundingFile implements FoundingStore {
  readonly place: string;
  readonly remedy = "set DATA_DIR to a new folder";

  constructor(folder: string) {
    this.place = join(folder, FOUNDING_FILE);
  }

  async read(): Promise<StoredFounding | undefined> {
    try {
      return { text: await readFile(this.place, "utf8"), revision: 0 };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  async write(text: string): Promise<boolean> {
    await placeFile(this.place, [Buffer.from(text)]);
    return true;
  }
}

const KEY = "venue";

export class FoundingKey implements FoundingStore {
  readonly place = "this cluster's founding";
  readonly remedy = "use other NATS servers";
  readonly #keys: Keys;

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  async read(): Promise<StoredFounding | undefined> {
    const entry = await this.#keys.get(KEY);
    return entry === undefined ? undefined : { text: entry.value, revision: entry.revision };
  }

  async write(text: string, before: StoredFounding | undefined): Promise<boolean> {
    try {
      if (before === undefined) await this.#keys.create(KEY, text);
      else await this.#keys.update(KEY, text, before.revision);
      return true;
    } catch (error) {
      if (error instanceof KeyTaken) return false;
      throw error;
    }
  }
}
