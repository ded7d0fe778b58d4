/**
 * A frame is one append as it lies in a segment: a header of 32 bytes, then the payload. Little-endian:
 *
 *   0 magic "CJF1" · 4 payload length u32 · 8 first sequence u64 · 16 record count u32 ·
 *   20 flags u32 (1 = clients) · 24 CRC32C of the payload ·
 *   28 CRC32C of bytes 0–27, begun from the segment header's CRC
 *
 * The header's CRC stands alone, so a length can be trusted before the payload is there, and a frame of
 * another segment or journal is no frame here.
 */
import { crc32c } from "@node-rs/crc32";
import type { JournalBatch } from "./journal.ts";

export const FRAME_HEADER_BYTES = 32;
/** Largest payload of one append. */
export const FRAME_PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;

const MAGIC = 0x31464a43;
const MAGIC_BYTES = Buffer.from("CJF1", "latin1");
const CLIENTS = 1;

export type FrameReading =
  | { readonly kind: "frame"; readonly batch: JournalBatch; readonly end: number }
  /** The bytes end before the frame does. */
  | { readonly kind: "short" }
  /** `ours`: it was a frame at this place once, as its magic or its sequence is still right. */
  | { readonly kind: "damaged"; readonly reason: string; readonly ours: boolean };

/** Writes the header of `batch` into `target`, which has at least 32 bytes. */
export function encodeFrameHeader(target: Buffer, batch: JournalBatch, seed: number): void {
  target.writeUInt32LE(MAGIC, 0);
  target.writeUInt32LE(batch.payload.length, 4);
  writeSequence(target, batch.first, 8);
  target.writeUInt32LE(batch.count, 16);
  target.writeUInt32LE(batch.clients ? CLIENTS : 0, 20);
  target.writeUInt32LE(crc32c(batch.payload), 24);
  target.writeUInt32LE(crc32c(target.subarray(0, 28), seed), 28);
}

/** The frame at `offset`, which should begin with record `first`. */
export function readFrame(bytes: Buffer, offset: number, seed: number, first: number): FrameReading {
  if (bytes.length - offset < FRAME_HEADER_BYTES) return { kind: "short" };
  const magicRight = bytes.readUInt32LE(offset) === MAGIC;
  const ours = magicRight || readSequence(bytes, offset + 8) === first;
  if (!magicRight || bytes.readUInt32LE(offset + 28) !== crc32c(bytes.subarray(offset, offset + 28), seed)) {
    return { kind: "damaged", reason: "a frame's header must match its CRC", ours };
  }
  const found = readSequence(bytes, offset + 8);
  if (found !== first) {
    return { kind: "damaged", reason: `a frame must begin with record ${first}: found ${found}`, ours };
  }
  const start = offset + FRAME_HEADER_BYTES;
  const end = start + bytes.readUInt32LE(offset + 4);
  if (end > bytes.length) return { kind: "short" };
  const payload = bytes.subarray(start, end);
  if (crc32c(payload) !== bytes.readUInt32LE(offset + 24)) {
    return { kind: "damaged", reason: "a frame's payload must match its CRC", ours };
  }
  const count = bytes.readUInt32LE(offset + 16);
  const flags = bytes.readUInt32LE(offset + 20);
  if (flags > CLIENTS || count < 1 || countRecords(payload) !== count) {
    return { kind: "damaged", reason: "a frame must hold as many records as it says", ours };
  }
  const clients = flags === CLIENTS;
  return { kind: "frame", batch: { first, count, clients, payload }, end };
}

/** Whether a whole valid frame of record `after` or later begins anywhere from `offset` on. */
export function hasFrameFrom(bytes: Buffer, offset: number, seed: number, after: number): boolean {
  for (let at = bytes.indexOf(MAGIC_BYTES, offset); at >= 0; at = bytes.indexOf(MAGIC_BYTES, at + 1)) {
    if (bytes.length - at < FRAME_HEADER_BYTES) return false;
    const first = readSequence(bytes, at + 8);
    if (first >= after && readFrame(bytes, at, seed, first).kind === "frame") return true;
  }
  return false;
}

/** Records in a payload; undefined where it is not whole records back to back. */
export function countRecords(payload: Uint8Array): number | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let offset = 0;
  let count = 0;
  while (offset + 4 <= payload.length) {
    offset += 4 + view.getUint32(offset, true);
    count += 1;
  }
  return offset === payload.length ? count : undefined;
}

/** A u64 in two halves: sequences pass 2³² and stay below 2⁵³. */
export function writeSequence(target: Buffer, sequence: number, offset: number): void {
  target.writeUInt32LE(sequence >>> 0, offset);
  target.writeUInt32LE(Math.floor(sequence / 2 ** 32), offset + 4);
}

export function readSequence(bytes: Buffer, offset: number): number {
  return bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 2 ** 32;
}
