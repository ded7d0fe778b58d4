/**
 * What of a journal leaves its stream: whole sealed segments, oldest first, that every follower has passed
 * and that are as old as wanted. One with a client's command in it goes to the archive, for ever. One
 * without is dropped, once the older of two verified snapshots has passed it and the snapshot at its last
 * record opens what follows; where that snapshot is missing, it is archived as well.
 *
 * Order of steps: the archive, read back; then the purge. A crash in between leaves records twice, and the
 * next owner finishes. An owner that has been replaced and does not know it does no harm: it writes the same
 * objects, purges what is archived, and removes no snapshot that a later segment could need.
 */
import type { Clock } from "../clock.ts";
import type { Objects, Streams } from "../nats/ports.ts";
import type { JournalBatch, JournalRun, Retained, SnapshotStore } from "./journal.ts";
import type { StreamHistory } from "./stream-history.ts";
import { snapshotLimit, verified } from "./verified-snapshots.ts";

export interface StreamRetentionOptions {
  readonly stream: string;
  readonly streams: Streams;
  readonly objects: Objects;
  readonly history: StreamHistory;
  readonly snapshots: SnapshotStore;
  readonly clock: Clock;
  /** Records younger than this stay in the stream. */
  readonly keepMs: number;
}

interface SealedSegment extends JournalRun {
  readonly batches: readonly JournalBatch[];
  readonly clients: boolean;
  /** Those that have payloads of its batches. */
  readonly objects: readonly string[];
}

export class StreamRetention {
  readonly #options: StreamRetentionOptions;
  /** A segment that has to stay for now: it is not read again before the limit has passed it. */
  #staying: { readonly first: number; readonly last: number } | undefined;

  constructor(options: StreamRetentionOptions) {
    this.#options = options;
  }

  /** `passed`: every follower has durably come past it. */
  async retain(passed: number): Promise<Retained> {
    const { history, snapshots } = this.#options;
    const verifiedTo = await snapshotLimit(snapshots);
    const limit = Math.min(passed, verifiedTo);
    let droppedSegments = 0;
    let droppedRecords = 0;
    let compressedSegments = 0;
    for (;;) {
      if (this.#staying?.first === history.storedFrom && this.#staying.last > limit) break;
      this.#staying = undefined;
      const segment = await this.#oldest(passed);
      if (segment === undefined) break;
      const decision = await this.#decide(segment, limit);
      if (decision === "stays") break;
      if (decision === "dropped") {
        await history.archive.drop({ first: segment.first, last: segment.last });
        droppedSegments += 1;
        droppedRecords += segment.last - segment.first + 1;
      } else {
        await history.archive.keep({ first: segment.first, last: segment.last }, segment.batches);
        compressedSegments += 1;
      }
      await purgeTo(this.#options, segment.last);
      for (const object of segment.objects) await this.#options.objects.remove(object);
    }
    const removedSnapshots = await this.#removeSnapshots(verifiedTo);
    return { droppedSegments, droppedRecords, compressedSegments, removedSnapshots };
  }

  async #decide(segment: SealedSegment, limit: number): Promise<"stays" | "archived" | "dropped"> {
    if (segment.clients) return "archived";
    if (segment.last > limit) {
      this.#staying = { first: segment.first, last: segment.last };
      return "stays";
    }
    const opens = (await verified(this.#options.snapshots, segment.last)) !== undefined;
    return opens ? "dropped" : "archived";
  }

  /** The stream's oldest segment, where it is sealed, passed and old enough, and is not all that there is. */
  async #oldest(passed: number): Promise<SealedSegment | undefined> {
    const { history, clock, keepMs } = this.#options;
    const { storedFrom } = history;
    if (storedFrom > passed) return undefined;
    const batches: JournalBatch[] = [];
    const objects: string[] = [];
    let clients = false;
    for await (const stamped of history.stored(await history.locate(storedFrom))) {
      const { batch, sealed, time, object } = stamped;
      const last = batch.first + batch.count - 1;
      // The newest message stays in any case: it says where the journal ends.
      if (last > passed || last === history.last || time > clock.now() - keepMs) return undefined;
      batches.push(batch);
      if (object !== "") objects.push(object);
      clients ||= batch.clients;
      if (sealed) return { first: storedFrom, last, batches, clients, objects };
    }
    return undefined;
  }

  /**
   * Kept: the newest two that verify and what is newer, and what opens a run or what the stream still has.
   */
  async #removeSnapshots(verifiedTo: number): Promise<number> {
    const { snapshots, history } = this.#options;
    const openings = new Set(history.archive.dropped.map(({ last }) => last));
    const old = (await snapshots.list()).filter(
      sequence => sequence < verifiedTo && sequence < history.storedFrom - 1 && !openings.has(sequence),
    );
    await snapshots.remove(old);
    return old.length;
  }
}

type Purged = Pick<StreamRetentionOptions, "stream" | "streams" | "history">;

/** Ends what a crash between archive and purge has left. */
export async function finishPurge(options: Purged): Promise<void> {
  const { history } = options;
  const { coveredTo } = history.archive;
  if (history.last > 0 && coveredTo >= history.storedFrom) await purgeTo(options, coveredTo);
}

/** Takes the messages up to the one that holds `record` out of the stream. */
async function purgeTo({ stream, streams, history }: Purged, record: number): Promise<void> {
  await streams.purge(stream, await history.locate(record));
  await history.lookAtStart();
}
