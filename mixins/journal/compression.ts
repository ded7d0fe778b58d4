/**
 * Turns a sealed segment into its compressed form: gzip beside it, fsynced, read back and compared, renamed;
 * then the original goes. Compression runs in slices on the thread pool. A crash leaves the original, or both
 * (the original counts, opening removes the other), or the compressed one alone.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { syncFolder, TEMPORARY } from "./durable-file.ts";
import { JournalCorrupt } from "./journal-fault.ts";
import { decompress, type Segment } from "./segment.ts";

export async function compressSegment(segment: Segment): Promise<void> {
  const target = `${segment.path}.gz`;
  const temporary = target + TEMPORARY;
  await pipeline(createReadStream(segment.path), createGzip(), createWriteStream(temporary, { mode: 0o600 }));
  const handle = await open(temporary, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  const [original, compressed] = await Promise.all([readFile(segment.path), readFile(temporary)]);
  if (!original.equals(await decompress(compressed, temporary, false))) {
    throw new JournalCorrupt(temporary, 0, "a compressed segment must equal its original");
  }
  await rename(temporary, target);
  await syncFolder(dirname(target));
  segment.compressed = true;
  await unlink(segment.path);
  await syncFolder(dirname(target));
}
