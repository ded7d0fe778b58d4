/**
 * What opening a journal's folder does: finish what a crash interrupted, check, and find the end.
 *
 * The newest segment is read whole; of older ones the headers and that none is missing (their frames are
 * checked when they are read). A torn tail is cut and reported; the bytes stay beside in ".torn" (the latest
 * cut of a segment only).
 *
 * Torn or damaged: an append writes nothing but the frame, in order, so one that never finished leaves a
 * beginning of a frame (the header has a CRC of its own, so its length can be trusted), or after a power cut
 * on some file systems zeros or what the blocks held before. A frame that is all there, or whose magic or
 * sequence is right, and whose CRC is wrong, was written and then changed: it may have been acknowledged, so
 * the journal refuses to open. So is anything with a valid frame behind it. Admitted: an acknowledged last
 * frame cut short from outside looks torn.
 */
import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { loadDroppedRuns, runHolding } from "./dropped-runs.ts";
import { placeFile, syncFolder, TEMPORARY } from "./durable-file.ts";
import { type FrameReading, hasFrameFrom, readFrame } from "./frame.ts";
import type { JournalRecovery, JournalRun } from "./journal.ts";
import { JournalCorrupt } from "./journal-fault.ts";
import {
  encodeSegmentHeader,
  loadSegment,
  loadSegmentHeader,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type Segment,
  sealedBatches,
  segmentPath,
} from "./segment.ts";
import { FrameIndex, openForWriting, SegmentWriter } from "./segment-writer.ts";

export interface RecoveredFolder {
  /** Oldest first; the last one is the writer's. */
  readonly segments: Segment[];
  readonly dropped: readonly JournalRun[];
  readonly writer: SegmentWriter;
  readonly last: number;
  readonly recovery: JournalRecovery | undefined;
}

export async function recoverFolder(folder: string, name: string): Promise<RecoveredFolder> {
  const dropped = await loadDroppedRuns(folder);
  const segments = await listSegments(folder, dropped);
  const newest = segments.at(-1);
  if (newest === undefined) {
    const first = (dropped.at(-1)?.last ?? 0) + 1;
    if (first > 1)
      throw new JournalCorrupt(segmentPath(folder, first), 0, "the newest segment must be there");
    const writer = await SegmentWriter.create(folder, name, first, 0);
    return { segments: [writer.segment], dropped, writer, last: first - 1, recovery: undefined };
  }
  if (newest.compressed || newest.first <= (dropped.at(-1)?.last ?? 0)) {
    throw new JournalCorrupt(newest.path, 0, "the newest segment must be there, uncompressed");
  }
  const mended = await mendHeader(newest, segments.at(-2)?.first ?? 0, name);
  await checkChain(segments, dropped, name);
  return { segments, dropped, ...(await recoverNewest(segments, dropped, newest, name, mended)) };
}

/** The segments of a folder, oldest first, and the names of what is left of something unfinished. */
export async function surveySegments(
  folder: string,
  dropped: readonly JournalRun[],
): Promise<{ readonly segments: Segment[]; readonly leftovers: readonly string[] }> {
  const names = new Set(await readdir(folder));
  const segments: Segment[] = [];
  const leftovers: string[] = [];
  for (const entry of [...names].sort()) {
    const match = /^(\d{16})\.segment(\.gz)?$/.exec(entry);
    const first = Number(match?.[1]);
    const compressed = match?.[2] !== undefined;
    const twice = compressed && names.has(entry.slice(0, -".gz".length));
    const gone = match !== null && runHolding(dropped, first) !== undefined;
    if (entry.endsWith(TEMPORARY) || twice || gone) leftovers.push(entry);
    else if (match !== null) {
      segments.push({
        first,
        path: segmentPath(folder, first),
        compressed,
        clients: compressed ? true : undefined,
      });
    }
  }
  return { segments, leftovers };
}

/** What is there after unfinished writes, compressions and removals have been settled. */
async function listSegments(folder: string, dropped: readonly JournalRun[]): Promise<Segment[]> {
  const { segments, leftovers } = await surveySegments(folder, dropped);
  for (const entry of leftovers) await unlink(join(folder, entry));
  await syncFolder(folder);
  return segments;
}

/** A newest segment whose header never got to disk holds nothing: it begins anew. */
async function mendHeader(
  newest: Segment,
  previous: number,
  name: string,
): Promise<JournalRecovery | undefined> {
  const bytes = await readFile(newest.path);
  if (hasHeader(bytes)) return undefined;
  await placeFile(`${newest.path}.torn`, [bytes]);
  await placeFile(newest.path, [encodeSegmentHeader(name, newest.first, previous)]);
  return { file: newest.path, offset: 0, cutBytes: bytes.length };
}

/** Whether the header of a newest segment ever got to disk. */
export function hasHeader(bytes: Buffer): boolean {
  return bytes.length >= SEGMENT_HEADER_BYTES && bytes.some(byte => byte !== 0);
}

/** Every segment names the one before it: that one is there, or its records have been dropped. */
export async function checkChain(
  segments: readonly Segment[],
  dropped: readonly JournalRun[],
  name: string,
): Promise<void> {
  let before = 0;
  for (const segment of segments) {
    const { previous } = await loadSegmentHeader(segment, name);
    if (previous !== before && runHolding(dropped, previous) === undefined) {
      throw new JournalCorrupt(
        segment.path,
        24,
        `the segment before it must be there: it begins with ${previous}`,
      );
    }
    before = segment.first;
  }
}

async function recoverNewest(
  segments: readonly Segment[],
  dropped: readonly JournalRun[],
  newest: Segment,
  name: string,
  mended: JournalRecovery | undefined,
): Promise<{ writer: SegmentWriter; last: number; recovery: JournalRecovery | undefined }> {
  const bytes = await readFile(newest.path);
  const { crc } = readSegmentHeader(bytes, newest.path, name, newest.first);
  const index = new FrameIndex();
  newest.clients = false;
  let next = newest.first;
  let end = SEGMENT_HEADER_BYTES;
  for (const reading of wholeFrames(bytes, crc, newest)) {
    index.add(next, end);
    if (reading.batch.clients) newest.clients = true;
    next += reading.batch.count;
    end = reading.end;
  }
  const before = segments.at(-2);
  if (next === newest.first && before !== undefined && runHolding(dropped, next - 1) === undefined) {
    // The journal's last record is in the segment before: it has to be whole.
    for (const _ of sealedBatches(await loadSegment(before), before, name, next - 1));
  }
  const recovery =
    end < bytes.length ? { file: newest.path, offset: end, cutBytes: bytes.length - end } : mended;
  if (end < bytes.length) await placeFile(`${newest.path}.torn`, [bytes.subarray(end)]);
  const handle = await openForWriting(newest.path);
  try {
    if (end < bytes.length) await handle.truncate(end);
    // What the last process wrote may be in the system's memory only; from here on it counts as durable.
    await handle.sync();
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { writer: new SegmentWriter(newest, crc, index, handle, end), last: next - 1, recovery };
}

/** Frames of a newest segment up to where an append never finished; throws where that is no explanation. */
export function* wholeFrames(
  bytes: Buffer,
  crc: number,
  { first, path }: Segment,
): Generator<FrameReading & { readonly kind: "frame" }> {
  let next = first;
  for (let end = SEGMENT_HEADER_BYTES; end < bytes.length; ) {
    const reading = readFrame(bytes, end, crc, next);
    if (reading.kind === "damaged") refuseDamage(bytes, end, crc, next, path, reading);
    if (reading.kind !== "frame") return;
    yield reading;
    next += reading.batch.count;
    end = reading.end;
  }
}

/** Throws unless the bytes from `at` on can only be an append that never finished. */
function refuseDamage(
  bytes: Buffer,
  at: number,
  crc: number,
  next: number,
  file: string,
  reading: { readonly reason: string; readonly ours: boolean },
): void {
  if (reading.ours) throw new JournalCorrupt(file, at, reading.reason);
  if (hasFrameFrom(bytes, at, crc, next)) {
    throw new JournalCorrupt(file, at, `${reading.reason}, as a valid one follows`);
  }
}
