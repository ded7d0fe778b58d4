/** Snapshots as objects: stands in until the cluster's own are there. */
import { decodeSnapshot, encodeSnapshot } from "../../mixins/journal/file-snapshots.ts";
import type { Snapshot, SnapshotStore } from "../../mixins/journal/journal.ts";
import { SnapshotCorrupt, SnapshotUnknown } from "../../mixins/journal/journal-fault.ts";
import type { Objects } from "../../mixins/nats/ports.ts";

export class ObjectSnapshots implements SnapshotStore {
  readonly #objects: Objects;
  readonly #name: string;

  constructor(objects: Objects, name: string) {
    this.#objects = objects;
    this.#name = name;
  }

  async save(snapshot: Snapshot): Promise<void> {
    await this.#objects.put(this.#path(snapshot.sequence), Buffer.concat(encodeSnapshot(snapshot)));
    await this.load(snapshot.sequence);
  }

  async newest(): Promise<Snapshot | undefined> {
    for (const sequence of (await this.list()).reverse()) {
      try {
        return await this.load(sequence);
      } catch (error) {
        if (!(error instanceof SnapshotCorrupt || error instanceof SnapshotUnknown)) throw error;
      }
    }
    return undefined;
  }

  async list(): Promise<number[]> {
    const names = await this.#objects.list(`${this.#name}/`);
    return names.map(name => Number(name.slice(this.#name.length + 1))).sort((a, b) => a - b);
  }

  async load(sequence: number): Promise<Snapshot> {
    const path = this.#path(sequence);
    const bytes = await this.#objects.get(path);
    if (bytes === undefined) throw new SnapshotUnknown(this.#name, sequence, undefined);
    return decodeSnapshot(Buffer.from(bytes), path, sequence);
  }

  async remove(sequences: readonly number[]): Promise<void> {
    for (const sequence of sequences) await this.#objects.remove(this.#path(sequence));
  }

  #path(sequence: number): string {
    return `${this.#name}/${String(sequence).padStart(16, "0")}`;
  }
}
