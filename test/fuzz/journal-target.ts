/**
 * The files of a journal as memory holds them: segments, sealed and newest, snapshots and the list of
 * dropped runs, changed as disks and people change them; some with their CRCs made right again, as only a
 * program could. Now and then a folder on disk is opened. The oracle: a damaged file is refused with the
 * journal's own fault, or what is read of it is the beginning of what was written, to the byte.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32c } from "@node-rs/crc32";
import { decodeDroppedRuns } from "../../mixins/journal/dropped-runs.ts";
import { decodeSnapshot, encodeSnapshot } from "../../mixins/journal/file-snapshots.ts";
import { countRecords, encodeFrameHeader, FRAME_HEADER_BYTES } from "../../mixins/journal/frame.ts";
import type { JournalBatch } from "../../mixins/journal/journal.ts";
import { JournalCorrupt, SnapshotCorrupt } from "../../mixins/journal/journal-fault.ts";
import { recoverFolder, wholeFrames } from "../../mixins/journal/recovery.ts";
import {
  encodeSegmentHeader,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type Segment,
  sealedBatches,
} from "../../mixins/journal/segment.ts";
import { SeededRandom } from "../../mixins/seeded-random.ts";
import { encodeRecords } from "../contract/journal-records.ts";
import { mutate } from "./byte-mutation.ts";
import { expectThat, Finding, onceIn, type Pace, pick, type Target } from "./target.ts";

const PARTS = ["newest", "sealed", "snapshot", "dropped", "folder"] as const;
type Part = (typeof PARTS)[number];

const INPUTS_A_TURN = 1_000;
const FOLDER_ONCE_IN = 2_500;
const NAME = "fuzz";
const FIRST = 5;
const FRAMES = 12;
const SNAPSHOT_SEQUENCE = 77;
const SNAPSHOT = { sequence: SNAPSHOT_SEQUENCE, hash: "0123456789abcdef", bytes: Buffer.alloc(90, 7) };
const RUNS = '[{"first":1,"last":3},{"first":9,"last":20}]\n';

interface Written {
  readonly bytes: Buffer;
  readonly batches: readonly JournalBatch[];
  readonly last: number;
}

function writeSegment(random: SeededRandom): Written {
  const header = encodeSegmentHeader(NAME, FIRST, 0);
  const { crc } = readSegmentHeader(header, "", NAME, FIRST);
  const parts = [header];
  const batches: JournalBatch[] = [];
  let first = FIRST;
  for (let frame = 0; frame < FRAMES; frame++) {
    const count = 1 + (random.integer() % 3);
    const texts = Array.from({ length: count }, (_, at) =>
      `record ${first + at} `.repeat(1 + (random.integer() & 3)),
    );
    const batch = { first, count, clients: onceIn(random, 2), payload: encodeRecords(texts) };
    const frameHeader = Buffer.alloc(FRAME_HEADER_BYTES);
    encodeFrameHeader(frameHeader, batch, crc);
    parts.push(frameHeader, Buffer.from(batch.payload));
    batches.push(batch);
    first += count;
  }
  return { bytes: Buffer.concat(parts), batches, last: first - 1 };
}

/** Makes CRCs right again, as damage does not: what is behind them is looked at then. */
function mendCrcs(part: Part, bytes: Buffer): void {
  if (part === "snapshot" && bytes.length >= 64) {
    bytes.writeUInt32LE(crc32c(bytes.subarray(64)), 56);
    bytes.writeUInt32LE(crc32c(bytes.subarray(0, 60)), 60);
  }
  if (part === "snapshot" || part === "dropped" || bytes.length < SEGMENT_HEADER_BYTES) return;
  const crc = crc32c(bytes.subarray(0, SEGMENT_HEADER_BYTES - 4));
  bytes.writeUInt32LE(crc, SEGMENT_HEADER_BYTES - 4);
  for (let at = SEGMENT_HEADER_BYTES; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    const end = Math.min(bytes.length, at + FRAME_HEADER_BYTES + bytes.readUInt32LE(at + 4));
    bytes.writeUInt32LE(crc32c(bytes.subarray(at + FRAME_HEADER_BYTES, end)), at + 24);
    bytes.writeUInt32LE(crc32c(bytes.subarray(at, at + 28), crc), at + 28);
    at = end;
  }
}

/** What was taken must be as somebody would have written it, whether that is what was written or not. */
function checkBatches(bytes: Buffer, batches: readonly JournalBatch[]): void {
  const { crc } = readSegmentHeader(bytes, "", NAME, FIRST);
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  let at = SEGMENT_HEADER_BYTES;
  for (const batch of batches) {
    encodeFrameHeader(header, batch, crc);
    expectThat(countRecords(batch.payload) === batch.count, "a frame holds the records that it counts");
    expectThat(
      header.equals(bytes.subarray(at, at + FRAME_HEADER_BYTES)),
      "a frame is as it would be written",
    );
    at += FRAME_HEADER_BYTES;
    expectThat(
      Buffer.compare(batch.payload, bytes.subarray(at, at + batch.payload.length)) === 0,
      "so is its payload",
    );
    at += batch.payload.length;
  }
}

function checkBeginning({ batches }: Written, read: readonly JournalBatch[]): void {
  expectThat(read.length <= batches.length, "no more is read than was written");
  for (const [index, batch] of read.entries()) {
    const written = batches[index];
    const same = written?.first === batch.first && written.count === batch.count;
    expectThat(same && written.clients === batch.clients, "a batch is read as it was written");
    expectThat(Buffer.compare(written.payload, batch.payload) === 0, "a payload is read as it was written");
  }
}

export class JournalTarget implements Target {
  readonly #written = writeSegment(new SeededRandom(11));
  readonly #segment: Segment = { first: FIRST, path: "fuzz.segment", compressed: false, clients: undefined };

  async play(random: SeededRandom, pace: Pace): Promise<void> {
    for (let input = 0; input < INPUTS_A_TURN; input++) {
      const part = onceIn(random, FOLDER_ONCE_IN) ? "folder" : pick(random, PARTS.slice(0, -1));
      const sound = this.#make(part);
      const changed = mutate(sound, random, sound);
      const mended = onceIn(random, 2);
      if (mended) mendCrcs(part, changed);
      pace.begin();
      const taken = await this.#check(part, changed, mended);
      pace.end(taken, () => `${part}, ${changed.length} bytes`);
    }
  }

  /** What a finding says of a beginning that was not written can only be seen where CRCs were not mended. */
  async replay(part: string, bytes: Uint8Array): Promise<void> {
    const [name, kind] = part.split("-");
    const known = PARTS.find(one => one === name);
    if (known === undefined) throw new Error(`A part is one of ${PARTS.join(", ")}`);
    await this.#check(known, Buffer.from(bytes), kind === "mended");
  }

  #make(part: Part): Buffer {
    if (part === "snapshot") return Buffer.concat(encodeSnapshot(SNAPSHOT));
    return part === "dropped" ? Buffer.from(RUNS) : this.#written.bytes;
  }

  /** Whether the bytes were taken; throws Finding. */
  async #check(part: Part, bytes: Buffer, mended: boolean): Promise<boolean> {
    try {
      if (part === "folder") await this.#readFolder(bytes, mended);
      else if (part === "snapshot") this.#readSnapshot(bytes, mended);
      else if (part === "dropped") this.#readDropped(bytes);
      else this.#readSegment(part, bytes, mended);
      return true;
    } catch (error) {
      if (error instanceof JournalCorrupt || error instanceof SnapshotCorrupt) return false;
      throw new Finding(mended ? `${part}-mended` : part, bytes, error);
    }
  }

  #readSegment(part: "newest" | "sealed", bytes: Buffer, mended: boolean): void {
    const { crc } = readSegmentHeader(bytes, "", NAME, FIRST);
    const read: JournalBatch[] = [];
    if (part === "newest") for (const { batch } of wholeFrames(bytes, crc, this.#segment)) read.push(batch);
    else for (const batch of sealedBatches(bytes, this.#segment, NAME, this.#written.last)) read.push(batch);
    checkBatches(bytes, read);
    if (!mended) checkBeginning(this.#written, read);
  }

  #readSnapshot(bytes: Buffer, mended: boolean): void {
    const snapshot = decodeSnapshot(bytes, "", SNAPSHOT_SEQUENCE);
    if (!mended)
      expectThat(Buffer.compare(snapshot.bytes, SNAPSHOT.bytes) === 0, "a snapshot is as it was saved");
    expectThat(Buffer.concat(encodeSnapshot(snapshot)).equals(bytes), "a snapshot is as it would be saved");
  }

  #readDropped(bytes: Buffer): void {
    let last = -1;
    for (const run of decodeDroppedRuns(bytes.toString("utf8"), "")) {
      const sound = run.first > last + 1 && run.first >= 1 && run.last >= run.first;
      expectThat(sound && Number.isSafeInteger(run.last), "dropped runs stand in order");
      last = run.last;
    }
  }

  /** Opens a folder twice: what was cut is gone, and then nothing more is. */
  async #readFolder(bytes: Buffer, mended: boolean): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "cambist-fuzz-"));
    try {
      const newest = join(folder, `${String(FIRST).padStart(16, "0")}.segment`);
      writeFileSync(newest, bytes);
      const once = await recoverFolder(folder, NAME);
      await once.writer.close();
      const again = await recoverFolder(folder, NAME);
      await again.writer.close();
      expectThat(again.last === once.last && again.recovery === undefined, "a folder is mended once");
      if (!mended) expectThat(once.last <= this.#written.last, "no more is read than was written");
      const kept = readFileSync(newest).subarray(SEGMENT_HEADER_BYTES);
      expectThat(bytes.subarray(SEGMENT_HEADER_BYTES).indexOf(kept) <= 0, "what is kept was there");
      expectThat(
        readdirSync(folder).every(name => !name.endsWith(".tmp")),
        "no attempt is left behind",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
