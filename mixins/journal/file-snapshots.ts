/**
 * Snapshots as files, `<sequence>.snapshot`: a header of 64 bytes, the hash, then the state. Little-endian:
 *
 *   0 magic "CAMBISTS" · 8 version u16 · 10 hash length u16 · 16 sequence u64 · 24 state length u64 ·
 *   56 CRC32C of hash and state · 60 CRC32C of bytes 0–59
 *
 * A snapshot is read back before it takes its name, and every time it is loaded.
 */
import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { crc32c } from "@node-rs/crc32";
import { makeFolder, placeFile, syncFolder } from "./durable-file.ts";
import { readSequence, writeSequence } from "./frame.ts";
import type { Snapshot, SnapshotStore } from "./journal.ts";
import { SnapshotCorrupt, SnapshotUnknown } from "./journal-fault.ts";
import { newestVerified } from "./verified-snapshots.ts";

const HEADER_BYTES = 64;
const MAGIC = Buffer.from("CAMBISTS", "latin1");
const VERSION = 1;

export class FileSnapshots implements SnapshotStore {
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  async save(snapshot: Snapshot): Promise<void> {
    await makeFolder(this.#folder);
    await this.#removeUnfinished();
    const { sequence } = snapshot;
    await placeFile(this.#path(sequence), encodeSnapshot(snapshot), async temporary => {
      decodeSnapshot(await readFile(temporary), temporary, sequence);
    });
  }

  newest(): Promise<Snapshot | undefined> {
    return newestVerified(this);
  }

  async list(): Promise<number[]> {
    const sequences: number[] = [];
    for (const entry of await entries(this.#folder)) {
      const match = /^(\d{16})\.snapshot$/.exec(entry);
      if (match !== null) sequences.push(Number(match[1]));
    }
    return sequences.sort((a, b) => a - b);
  }

  async load(sequence: number): Promise<Snapshot> {
    const path = this.#path(sequence);
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      if (isMissing(error)) throw new SnapshotUnknown(this.#name, sequence, error);
      throw error;
    }
    return decodeSnapshot(bytes, path, sequence);
  }

  async remove(sequences: readonly number[]): Promise<void> {
    for (const sequence of sequences) await unlink(this.#path(sequence));
    if (sequences.length > 0) await syncFolder(this.#folder);
  }

  /** What a save that a crash has cut off left behind: saves come one at a time. */
  async #removeUnfinished(): Promise<void> {
    for (const entry of await entries(this.#folder)) {
      if (/^\d{16}\.snapshot\.tmp$/.test(entry)) await unlink(join(this.#folder, entry));
    }
  }

  #path(sequence: number): string {
    return join(this.#folder, `${String(sequence).padStart(16, "0")}.snapshot`);
  }
}

/** The parts of a snapshot's file: header, hash and state. */
export function encodeSnapshot({ sequence, hash: text, bytes }: Snapshot): Uint8Array[] {
  const hash = Buffer.from(text, "latin1");
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt16LE(VERSION, 8);
  header.writeUInt16LE(hash.length, 10);
  writeSequence(header, sequence, 16);
  writeSequence(header, bytes.length, 24);
  header.writeUInt32LE(crc32c(bytes, crc32c(hash)), 56);
  header.writeUInt32LE(crc32c(header.subarray(0, 60)), 60);
  return [header, hash, bytes];
}

/** A stored snapshot; throws SnapshotCorrupt where it is not the whole one of `sequence`. */
export function decodeSnapshot(bytes: Buffer, path: string, sequence: number): Snapshot {
  const headed = bytes.length >= HEADER_BYTES && MAGIC.equals(bytes.subarray(0, 8));
  if (!headed || bytes.readUInt32LE(60) !== crc32c(bytes.subarray(0, 60))) {
    throw new SnapshotCorrupt(path, "its header must match its CRC");
  }
  if (bytes.readUInt16LE(8) !== VERSION) throw new SnapshotCorrupt(path, `it must be of version ${VERSION}`);
  if (readSequence(bytes, 16) !== sequence)
    throw new SnapshotCorrupt(path, `it must be of sequence ${sequence}`);
  const start = HEADER_BYTES + bytes.readUInt16LE(10);
  const body = bytes.subarray(HEADER_BYTES);
  if (bytes.length !== start + readSequence(bytes, 24) || bytes.readUInt32LE(56) !== crc32c(body)) {
    throw new SnapshotCorrupt(path, "its state must match its CRC");
  }
  const hash = bytes.toString("latin1", HEADER_BYTES, start);
  const unused = Buffer.concat([bytes.subarray(12, 16), bytes.subarray(32, 56)]);
  if (unused.some(byte => byte !== 0) || Buffer.byteLength(hash) !== hash.length) {
    throw new SnapshotCorrupt(path, "it must be one that is written");
  }
  return { sequence, hash, bytes: bytes.subarray(start) };
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
