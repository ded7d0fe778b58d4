/**
 * Snapshots as objects `<journal>/<sequence>.snapshot`, in the format of the snapshots' files. Each is read
 * back after it was put, and checked every time it is loaded.
 */
import type { Objects } from "../nats/ports.ts";
import { decodeSnapshot, encodeSnapshot } from "./file-snapshots.ts";
import type { Snapshot, SnapshotStore } from "./journal.ts";
import { SnapshotUnknown } from "./journal-fault.ts";
import { newestVerified } from "./verified-snapshots.ts";

const OBJECT = /^(\d{16})\.snapshot$/;

export class ObjectSnapshots implements SnapshotStore {
  readonly #objects: Objects;
  readonly #name: string;

  constructor(objects: Objects, name: string) {
    this.#objects = objects;
    this.#name = name;
  }

  async save(snapshot: Snapshot): Promise<void> {
    await this.#objects.put(this.#objectOf(snapshot.sequence), Buffer.concat(encodeSnapshot(snapshot)));
    await this.load(snapshot.sequence);
  }

  newest(): Promise<Snapshot | undefined> {
    return newestVerified(this);
  }

  async list(): Promise<number[]> {
    const sequences: number[] = [];
    for (const object of await this.#objects.list(`${this.#name}/`)) {
      const [, sequence] = OBJECT.exec(object.slice(this.#name.length + 1)) ?? [];
      if (sequence !== undefined) sequences.push(Number(sequence));
    }
    return sequences.sort((a, b) => a - b);
  }

  async load(sequence: number): Promise<Snapshot> {
    const object = this.#objectOf(sequence);
    const bytes = await this.#objects.get(object);
    if (bytes === undefined) throw new SnapshotUnknown(this.#name, sequence);
    return decodeSnapshot(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), object, sequence);
  }

  async remove(sequences: readonly number[]): Promise<void> {
    for (const sequence of sequences) await this.#objects.remove(this.#objectOf(sequence));
  }

  #objectOf(sequence: number): string {
    return `${this.#name}/${String(sequence).padStart(16, "0")}.snapshot`;
  }
}
