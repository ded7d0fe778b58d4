/**
 * What of a journal is kept. Sealed segments that lie wholly at or below `limit` are decided: those with no
 * client's command in them go, the others are compressed and stay for ever (a client's as soon as it is
 * passed).
 *
 * A segment goes only if what follows it can be verified without it: the next one goes too or has gone, or
 * the snapshot at its last record verifies and becomes the opening state of the run behind it. So a crash
 * between sealing and that snapshot costs at most one segment that stays. Order of steps: the list of dropped
 * runs (from then on opening finishes the removal), the files, compression, old snapshots. Each step leaves a
 * state that opens.
 */
import { unlink } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { compressSegment } from "./compression.ts";
import { saveDroppedRuns, withDropped } from "./dropped-runs.ts";
import { syncFolder } from "./durable-file.ts";
import type { FileSnapshots } from "./file-snapshots.ts";
import type { Retained } from "./journal.ts";
import { loadSegment, sealedBatches } from "./segment.ts";
import { runOf, type SealedSegment, type SegmentList } from "./segment-list.ts";
import { snapshotLimit, verified } from "./verified-snapshots.ts";

/** Payload that is checked before others get a turn. */
const TURN_BYTES = 262_144;

export interface Retention {
  readonly folder: string;
  readonly name: string;
  readonly segments: SegmentList;
  readonly snapshots: FileSnapshots;
}

/** `passed`: what every reader has durably come past; only what `limit` covers too may go. */
export async function retainSegments(retention: Retention, limit: number, passed: number): Promise<Retained> {
  const read = retention.segments.sealed().filter(sealed => sealed.last <= passed);
  for (const sealed of read) await learnClients(retention.name, sealed);
  const decided = read.filter(sealed => sealed.last <= limit);
  const gone = await chooseGone(retention, decided);
  await drop(retention, gone);
  let compressedSegments = 0;
  for (const sealed of read) {
    if (sealed.segment.compressed || gone.includes(sealed)) continue;
    // What holds a client's command stays in any case; of the others only what has been decided on.
    if (sealed.segment.clients !== true && !decided.includes(sealed)) continue;
    await compressSegment(sealed.segment);
    compressedSegments += 1;
  }
  return {
    droppedSegments: gone.length,
    droppedRecords: gone.reduce((sum, { segment, last }) => sum + last - segment.first + 1, 0),
    compressedSegments,
    removedSnapshots: await removeSnapshots(retention),
  };
}

/** Reads a segment of an earlier process, to learn whether a client's command is in it. */
async function learnClients(name: string, { segment, last }: SealedSegment): Promise<void> {
  if (segment.clients !== undefined) return;
  let clients = false;
  let bytes = 0;
  for (const batch of sealedBatches(await loadSegment(segment), segment, name, last)) {
    clients ||= batch.clients;
    bytes += batch.payload.length;
    if (bytes < TURN_BYTES) continue;
    bytes = 0;
    await turn();
  }
  segment.clients = clients;
}

/** From the newest back, as what may go depends on what is behind it. */
async function chooseGone(
  { segments, snapshots }: Retention,
  decided: readonly SealedSegment[],
): Promise<SealedSegment[]> {
  const gone: SealedSegment[] = [];
  for (const sealed of [...decided].reverse()) {
    const { segment, last } = sealed;
    if (segment.compressed || segment.clients !== false) continue;
    const nextGoes = gone.at(-1)?.segment.first === last + 1 || segments.isDropped(last + 1);
    if (nextGoes || (await verified(snapshots, last)) !== undefined) gone.push(sealed);
  }
  return gone;
}

async function drop({ folder, segments }: Retention, gone: readonly SealedSegment[]): Promise<void> {
  if (gone.length === 0) return;
  await saveDroppedRuns(folder, withDropped(segments.dropped, gone.map(runOf)));
  segments.drop(gone);
  for (const { segment } of gone) await unlink(segment.path);
  await syncFolder(folder);
}

/**
 * Kept: the newest two that verify and what is newer, openings of runs, and what a segment not yet decided
 * may need.
 */
async function removeSnapshots({ segments, snapshots }: Retention): Promise<number> {
  const newest = await snapshotLimit(snapshots);
  const needed = new Set(segments.openings());
  for (const { segment, last } of segments.sealed()) {
    if (!segment.compressed && segment.clients !== true) needed.add(last);
  }
  const old = (await snapshots.list()).filter(sequence => sequence < newest && !needed.has(sequence));
  await snapshots.remove(old);
  return old.length;
}
