/**
 * What of a journal has left its stream, as objects that every node reads. Under `<journal>/`:
 *
 *   <first>-<last>.segment   a segment for ever, in the format of the embedded journal's files (segment.ts)
 *   <first>-<last>.dropped   these records are gone, and were meant to be
 *
 * Both are written before the stream is purged, and a segment is read back and compared before. So archive
 * and stream together have every record, some perhaps twice after a crash; a record that is in neither and is
 * not named as dropped is damage. Nothing is ever changed: whoever writes an object again writes the same.
 * `copies` get every segment too, before: files beside a node, written by other code than the servers'.
 */
import type { Objects } from "../nats/ports.ts";
import { runHolding, withDropped } from "./dropped-runs.ts";
import { encodeFrameHeader, FRAME_HEADER_BYTES } from "./frame.ts";
import type { JournalBatch, JournalRun } from "./journal.ts";
import { JournalCorrupt } from "./journal-fault.ts";
import { encodeSegmentHeader, readSegmentHeader, sealedBatches } from "./segment.ts";

const OBJECT = /^(\d{16})-(\d{16})\.(segment|dropped)$/;

export class JournalArchive {
  readonly #name: string;
  readonly #objects: Objects;
  readonly #copies: Objects | undefined;
  /** Oldest first, none within another. */
  #segments: readonly JournalRun[] = [];
  /** The objects that name dropped records; after a crash some within others. */
  #markers: readonly JournalRun[] = [];
  #dropped: readonly JournalRun[] = [];

  constructor(name: string, objects: Objects, copies: Objects | undefined) {
    this.#name = name;
    this.#objects = objects;
    this.#copies = copies;
  }

  /** Looks again what is there. */
  async refresh(): Promise<void> {
    const segments: JournalRun[] = [];
    const dropped: JournalRun[] = [];
    for (const object of await this.#objects.list(`${this.#name}/`)) {
      const [, first, last, kind] = OBJECT.exec(object.slice(this.#name.length + 1)) ?? [];
      if (kind === undefined) continue;
      (kind === "segment" ? segments : dropped).push({ first: Number(first), last: Number(last) });
    }
    this.#segments = segments.sort((a, b) => a.first - b.first);
    this.#markers = dropped;
    this.#dropped = withDropped([], dropped);
  }

  /** What is kept here, oldest first. */
  get segments(): readonly JournalRun[] {
    return this.#segments;
  }

  get dropped(): readonly JournalRun[] {
    return this.#dropped;
  }

  /** The last record up to which everything is kept here or was dropped: the stream need not have it. */
  get coveredTo(): number {
    const covered = withDropped(this.#dropped, this.#segments);
    const [oldest] = covered;
    return oldest?.first === 1 ? oldest.last : 0;
  }

  holds(sequence: number): boolean {
    return runHolding(this.#segments, sequence) !== undefined;
  }

  /** The run of dropped records that `sequence` is in, where nothing of it is kept. */
  gapAt(sequence: number): JournalRun | undefined {
    return this.holds(sequence) ? undefined : runHolding(this.#dropped, sequence);
  }

  /** All batches of the segment that holds `sequence`. Throws JournalCorrupt. */
  async load(sequence: number): Promise<Iterable<JournalBatch>> {
    const run = runHolding(this.#segments, sequence);
    if (run === undefined) throw new Error("Invariant: a segment that is read from the archive is in it");
    const object = this.#objectOf(run, "segment");
    const bytes = await this.#objects.get(object);
    if (bytes === undefined) throw new JournalCorrupt(object, 0, "an archived segment must be there");
    return archivedBatches(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      object,
      this.#name,
      run,
    );
  }

  /** Durable in every place, and read back from there, when it resolves. */
  async keep(run: JournalRun, batches: readonly JournalBatch[]): Promise<void> {
    const object = this.#objectOf(run, "segment");
    const bytes = encodeSegment(this.#name, run.first, this.#before(run.first), batches);
    for (const objects of [this.#copies, this.#objects]) {
      if (objects === undefined) continue;
      await objects.put(object, bytes);
      const stored = await objects.get(object);
      if (stored === undefined || !bytes.equals(stored)) {
        throw new JournalCorrupt(object, 0, "an archived segment must be read back as it was written");
      }
    }
    this.#segments = [...this.#segments.filter(({ first }) => first !== run.first), run].sort(
      (a, b) => a.first - b.first,
    );
  }

  /** Durable when it resolves: from then on the records may go. Neighbours become one object. */
  async drop(run: JournalRun): Promise<void> {
    const dropped = withDropped(this.#dropped, [run]);
    const joined = runHolding(dropped, run.first) ?? run;
    await this.#objects.put(this.#objectOf(joined, "dropped"), new Uint8Array());
    this.#dropped = dropped;
    const within = (marker: JournalRun) => runHolding([joined], marker.first) !== undefined;
    const older = this.#markers.filter(within).filter(({ last }) => last < joined.last);
    this.#markers = [...this.#markers.filter(marker => !within(marker)), joined];
    for (const marker of older) await this.#objects.remove(this.#objectOf(marker, "dropped"));
  }

  /** First record of what was written before `first`; 0 for nothing. */
  #before(first: number): number {
    const run = runHolding(this.#segments, first - 1) ?? runHolding(this.#dropped, first - 1);
    return run?.first ?? 0;
  }

  #objectOf({ first, last }: JournalRun, kind: "segment" | "dropped"): string {
    return `${this.#name}/${padded(first)}-${padded(last)}.${kind}`;
  }
}

function padded(sequence: number): string {
  return String(sequence).padStart(16, "0");
}

function encodeSegment(
  name: string,
  first: number,
  previous: number,
  batches: readonly JournalBatch[],
): Buffer {
  const header = encodeSegmentHeader(name, first, previous);
  const { crc } = readSegmentHeader(header, name, name, first);
  const parts: Uint8Array[] = [header];
  for (const batch of batches) {
    const frame = Buffer.alloc(FRAME_HEADER_BYTES);
    encodeFrameHeader(frame, batch, crc);
    parts.push(frame, batch.payload);
  }
  return Buffer.concat(parts);
}

function archivedBatches(bytes: Buffer, object: string, name: string, { first, last }: JournalRun) {
  const segment = { first, path: object, compressed: false, clients: undefined };
  return sealedBatches(bytes, segment, name, last);
}
