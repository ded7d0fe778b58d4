/** Which snapshots can be relied on: those that load and are what they say. */
import type { Snapshot, SnapshotStore } from "./journal.ts";
import { SnapshotCorrupt, SnapshotUnknown } from "./journal-fault.ts";

/** Newest snapshots that are always kept. */
const SNAPSHOTS_MIN = 2;

/** The snapshot at `sequence`; undefined where there is none or it is damaged. */
export async function verified(snapshots: SnapshotStore, sequence: number): Promise<Snapshot | undefined> {
  try {
    return await snapshots.load(sequence);
  } catch (error) {
    if (error instanceof SnapshotCorrupt || error instanceof SnapshotUnknown) return undefined;
    throw error;
  }
}

export async function newestVerified(snapshots: SnapshotStore): Promise<Snapshot | undefined> {
  for (const sequence of (await snapshots.list()).reverse()) {
    const snapshot = await verified(snapshots, sequence);
    if (snapshot !== undefined) return snapshot;
  }
  return undefined;
}

/**
 * Sequence of the older of the two newest snapshots that verify; 0 where there are fewer: nothing may go yet.
 */
export async function snapshotLimit(snapshots: SnapshotStore): Promise<number> {
  let found = 0;
  for (const sequence of (await snapshots.list()).reverse()) {
    if ((await verified(snapshots, sequence)) === undefined) continue;
    found += 1;
    if (found === SNAPSHOTS_MIN) return sequence;
  }
  return 0;
}
