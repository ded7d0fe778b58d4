/**
 * A journal's folder as it lies there, for those who only look: nothing in it is changed, an append that
 * never finished is passed over and told. What is read is checked on the way as the journal's own readers
 * check it. The folder may be a copy, or one that a venue is appending to: then the view is of a moment, and
 * a segment that is compressed or dropped meanwhile is missing (ENOENT): look again.
 */
import { readFile } from "node:fs/promises";
import { loadDroppedRuns } from "./dropped-runs.ts";
import type { JournalBatch, JournalRun } from "./journal.ts";
import { JournalCorrupt, JournalShort } from "./journal-fault.ts";
import { checkChain, hasHeader, surveySegments, wholeFrames } from "./recovery.ts";
import {
  loadSegment,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type Segment,
  sealedBatches,
} from "./segment.ts";
import { SegmentList } from "./segment-list.ts";

/** What of the newest segment is whole. */
interface Newest {
  readonly segment: Segment;
  readonly batches: readonly JournalBatch[];
}

export class JournalView {
  readonly name: string;
  /** Sequence of the newest whole record; 0 where there is none. */
  readonly last: number;
  /** Bytes at the end of an append that never finished. */
  readonly unfinishedBytes: number;
  readonly #segments: SegmentList;
  readonly #newest: Newest | undefined;

  private constructor(segments: SegmentList, newest: Newest | undefined, last: number, unfinished: number) {
    this.name = segments.name;
    this.last = last;
    this.unfinishedBytes = unfinished;
    this.#segments = segments;
    this.#newest = newest;
  }

  /** Throws JournalCorrupt where the newest segment is damaged or one is missing. */
  static async open(folder: string, name: string): Promise<JournalView> {
    const dropped = await loadDroppedRuns(folder);
    const { segments } = await surveySegments(folder, dropped);
    const list = new SegmentList(name, segments, dropped);
    const segment = segments.at(-1);
    const droppedTo = list.droppedTo;
    if (segment === undefined) {
      if (droppedTo === 0) return new JournalView(list, undefined, 0, 0);
      throw new JournalCorrupt(folder, 0, "the newest segment must be there");
    }
    if (segment.compressed || segment.first <= droppedTo) {
      throw new JournalCorrupt(segment.path, 0, "the newest segment must be there, uncompressed");
    }
    const bytes = await readFile(segment.path);
    const headed = hasHeader(bytes);
    await checkChain(headed ? segments : segments.slice(0, -1), dropped, name);
    if (!headed) return new JournalView(list, { segment, batches: [] }, segment.first - 1, bytes.length);
    const { crc } = readSegmentHeader(bytes, segment.path, name, segment.first);
    const frames = [...wholeFrames(bytes, crc, segment)];
    const batches = frames.map(({ batch }) => batch);
    const tail = batches.at(-1);
    const last = tail === undefined ? segment.first - 1 : tail.first + tail.count - 1;
    const end = frames.at(-1)?.end ?? SEGMENT_HEADER_BYTES;
    return new JournalView(list, { segment, batches }, last, bytes.length - end);
  }

  /** Whether every record since the first is there. */
  get isWhole(): boolean {
    return this.#segments.oldest === 1 && this.#segments.droppedTo === 0;
  }

  /** What can be read, oldest first; the state before a run that begins after 1 is a snapshot's. */
  runs(): JournalRun[] {
    return this.#segments.runs(this.last);
  }

  /**
   * Batches from the one that holds `from` to the one that holds `to`. Throws JournalGap where one of them
   * has been dropped, JournalShort where `to` is beyond the end, JournalCorrupt where what is read is
   * damaged.
   */
  async *read(from: number, to: number): AsyncGenerator<JournalBatch> {
    if (to > this.last) throw new JournalShort(this.name, to, this.last);
    for (let next = from; next <= to; ) {
      for (const batch of await this.#batchesHolding(next)) {
        if (batch.first + batch.count <= next) continue;
        yield batch;
        next = batch.first + batch.count;
        if (next > to) return;
      }
    }
  }

  async #batchesHolding(sequence: number): Promise<Iterable<JournalBatch>> {
    const segment = this.#segments.holding(sequence);
    if (segment === this.#newest?.segment) return this.#newest.batches;
    const last = this.#segments.lastOf(segment);
    return sealedBatches(await loadSegment(segment), segment, this.name, last);
  }
}
