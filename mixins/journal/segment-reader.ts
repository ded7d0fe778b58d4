/**
 * Reading from the segments of an open journal. A sealed segment is read as a whole and checked on the way;
 * of the newest one what is durable at that moment, from the indexed place before what is wanted.
 */
import { open } from "node:fs/promises";
import { readFrame } from "./frame.ts";
import type { JournalBatch } from "./journal.ts";
import { JournalCorrupt } from "./journal-fault.ts";
import { loadSegment, type Segment, sealedBatches } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import type { SegmentWriter } from "./segment-writer.ts";

/** Batches of the segment that holds the durable record `next`, from at or before it. Throws JournalGap. */
export async function batchesHolding(
  next: number,
  segments: SegmentList,
  writer: SegmentWriter,
): Promise<Iterable<JournalBatch>> {
  const segment = segments.holding(next);
  if (segment === writer.segment) return loadNewest(next, writer);
  const last = segments.lastOf(segment);
  return sealedBatches(await loadSealed(segment, next, segments), segment, segments.name, last);
}

async function loadSealed(segment: Segment, next: number, segments: SegmentList): Promise<Buffer> {
  const { compressed } = segment;
  try {
    return await loadSegment(segment);
  } catch (error) {
    // It was dropped (then this throws JournalGap) or compressed in between.
    if (segments.holding(next) === segment && segment.compressed === compressed) throw error;
    return loadSegment(segment);
  }
}

async function loadNewest(
  next: number,
  { segment, crc, index, end }: SegmentWriter,
): Promise<Iterable<JournalBatch>> {
  const place = index.before(next);
  if (place === undefined) throw new JournalCorrupt(segment.path, end, `record ${next} must be there`);
  const bytes = Buffer.alloc(end - place.offset);
  const handle = await open(segment.path, "r");
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, place.offset + done);
      if (bytesRead === 0)
        throw new JournalCorrupt(segment.path, place.offset + done, "durable bytes must be there");
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return newestBatches(bytes, place.first, place.offset, crc, segment.path);
}

function* newestBatches(
  bytes: Buffer,
  first: number,
  base: number,
  crc: number,
  file: string,
): Generator<JournalBatch> {
  let next = first;
  for (let offset = 0; offset < bytes.length; ) {
    const reading = readFrame(bytes, offset, crc, next);
    if (reading.kind !== "frame") {
      const reason = reading.kind === "damaged" ? reading.reason : "a durable frame must be whole";
      throw new JournalCorrupt(file, base + offset, reason);
    }
    yield reading.batch;
    next += reading.batch.count;
    offset = reading.end;
  }
}
