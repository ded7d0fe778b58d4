/**
 * Files that are there whole or not at all after a crash: written beside, fsynced, renamed, and the folder
 * fsynced. A leftover ".tmp" is an attempt that never finished; whoever opens the folder removes it.
 */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

export const TEMPORARY = ".tmp";

/** Makes new, renamed and removed entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder of mode 0700, its parents too, each entry durable. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

/** Writes all of `parts` at `position`. */
export async function writeAll(
  handle: FileHandle,
  parts: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let at = position;
  for (const part of parts) {
    for (let done = 0; done < part.length; ) {
      const { bytesWritten } = await handle.write(part, done, part.length - done, at);
      done += bytesWritten;
      at += bytesWritten;
    }
  }
}

/**
 * Puts a file of mode 0600 in place, replacing one of that name. `check` may refuse it after it has been
 * written.
 */
export async function placeFile(
  path: string,
  parts: readonly Uint8Array[],
  check?: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = path + TEMPORARY;
  const handle = await open(temporary, "w", 0o600);
  try {
    await writeAll(handle, parts, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await check?.(temporary);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
