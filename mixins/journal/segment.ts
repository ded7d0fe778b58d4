/**
 * A segment is a file of frames whose name is the sequence of its first record. Its header has 128 bytes:
 *
 *   0 magic "CAMBISTJ" · 8 version u16 · 10 name length u16 · 16 first sequence u64 ·
 *   24 first sequence of the segment before it u64 (0: none) · 32 journal name · 124 CRC32C of bytes 0–123
 *
 * Only the newest segment is written to. An older one ends where the next begins, or where a dropped run
 * begins, and is checked against that whenever it is read. Sealed ones may be compressed as a whole (".gz").
 * Reading takes a sealed segment into memory at once: at most the segment size and one frame.
 */
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip } from "node:zlib";
import { crc32c } from "@node-rs/crc32";
import { readFrame, readSequence, writeSequence } from "./frame.ts";
import type { JournalBatch } from "./journal.ts";
import { JournalCorrupt } from "./journal-fault.ts";

export const SEGMENT_HEADER_BYTES = 128;
export const NAME_BYTES_MAX = 88;

const MAGIC = Buffer.from("CAMBISTJ", "latin1");
const VERSION = 1;
const NAME_AT = 32;
const CRC_AT = SEGMENT_HEADER_BYTES - 4;
/** Compressed bytes that surely hold a header. */
const COMPRESSED_HEADER_BYTES = 4_096;
const unzip = promisify(gunzip);

export interface Segment {
  readonly first: number;
  /** The uncompressed file; the compressed one has ".gz" behind. */
  readonly path: string;
  compressed: boolean;
  /** A client's command is in it; undefined until somebody has read it. */
  clients: boolean | undefined;
}

export interface SegmentHeader {
  readonly first: number;
  /** First sequence of the segment that was written before; 0 for none. */
  readonly previous: number;
  /** What the CRCs of this segment's frames begin from. */
  readonly crc: number;
}

export function segmentPath(folder: string, first: number): string {
  return join(folder, `${String(first).padStart(16, "0")}.segment`);
}

export function segmentFile(segment: Segment): string {
  return segment.compressed ? `${segment.path}.gz` : segment.path;
}

export function encodeSegmentHeader(name: string, first: number, previous: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt16LE(VERSION, 8);
  header.writeUInt16LE(header.write(name, NAME_AT, NAME_BYTES_MAX, "utf8"), 10);
  writeSequence(header, first, 16);
  writeSequence(header, previous, 24);
  header.writeUInt32LE(crc32c(header.subarray(0, CRC_AT)), CRC_AT);
  return header;
}

export function readSegmentHeader(bytes: Buffer, file: string, name: string, first: number): SegmentHeader {
  if (bytes.length < SEGMENT_HEADER_BYTES) {
    throw new JournalCorrupt(file, bytes.length, "a segment must have a whole header");
  }
  const crc = bytes.readUInt32LE(CRC_AT);
  if (!MAGIC.equals(bytes.subarray(0, 8)) || crc !== crc32c(bytes.subarray(0, CRC_AT))) {
    throw new JournalCorrupt(file, 0, "a segment's header must match its CRC");
  }
  if (bytes.readUInt16LE(8) !== VERSION) {
    throw new JournalCorrupt(file, 8, `a segment must be of version ${VERSION}`);
  }
  const found = bytes.toString("utf8", NAME_AT, NAME_AT + bytes.readUInt16LE(10));
  if (found !== name)
    throw new JournalCorrupt(file, NAME_AT, `a segment must be of journal ${name}: found ${found}`);
  const sequence = readSequence(bytes, 16);
  if (sequence !== first)
    throw new JournalCorrupt(file, 16, `a segment must begin with ${first}: found ${sequence}`);
  const previous = readSequence(bytes, 24);
  if (
    previous >= first ||
    !encodeSegmentHeader(name, first, previous).equals(bytes.subarray(0, SEGMENT_HEADER_BYTES))
  ) {
    throw new JournalCorrupt(file, 0, "a segment's header must be one that is written");
  }
  return { first, previous, crc };
}

/** The header of a stored segment, without reading the rest. */
export async function loadSegmentHeader(segment: Segment, name: string): Promise<SegmentHeader> {
  const file = segmentFile(segment);
  const handle = await open(file, "r");
  try {
    const wanted = segment.compressed ? COMPRESSED_HEADER_BYTES : SEGMENT_HEADER_BYTES;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, 0);
    const bytes = buffer.subarray(0, bytesRead);
    return readSegmentHeader(
      segment.compressed ? await decompress(bytes, file, true) : bytes,
      file,
      name,
      segment.first,
    );
  } finally {
    await handle.close();
  }
}

/** Decompresses a segment, or as much of it as there is. */
export async function decompress(bytes: Buffer, file: string, beginning: boolean): Promise<Buffer> {
  try {
    return await unzip(bytes, beginning ? { finishFlush: constants.Z_SYNC_FLUSH } : {});
  } catch (error) {
    throw new JournalCorrupt(file, 0, "a compressed segment must be whole", error);
  }
}

/** All bytes of a sealed segment, uncompressed. */
export async function loadSegment(segment: Segment): Promise<Buffer> {
  const file = segmentFile(segment);
  const bytes = await readFile(file);
  return file === segment.path ? bytes : decompress(bytes, file, false);
}

/** The batches of a sealed segment whose last record is `last`; throws JournalCorrupt where it isn't so. */
export function* sealedBatches(
  bytes: Buffer,
  segment: Segment,
  name: string,
  last: number,
): Generator<JournalBatch> {
  const file = segmentFile(segment);
  const { crc } = readSegmentHeader(bytes, file, name, segment.first);
  let offset = SEGMENT_HEADER_BYTES;
  let next = segment.first;
  while (offset < bytes.length) {
    const reading = readFrame(bytes, offset, crc, next);
    if (reading.kind === "short")
      throw new JournalCorrupt(file, offset, "a sealed segment's frames must be whole");
    if (reading.kind === "damaged") throw new JournalCorrupt(file, offset, reading.reason);
    next += reading.batch.count;
    offset = reading.end;
    if (next - 1 > last) break;
    yield reading.batch;
  }
  if (next - 1 !== last) {
    throw new JournalCorrupt(
      file,
      offset,
      `a sealed segment must end with record ${last}: it ends with ${next - 1}`,
    );
  }
}
