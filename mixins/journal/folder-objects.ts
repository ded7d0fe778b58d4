/**
 * Objects as files of a folder, each whole or not at all: a second place for a journal's archive that shares
 * no code with the servers'. A name's slashes are folders.
 */
import { readdir, readFile, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Objects } from "../nats/ports.ts";
import { makeFolder, placeFile, syncFolder, TEMPORARY } from "./durable-file.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._=-]*(\/[A-Za-z0-9][A-Za-z0-9._=-]*)*$/;

export class FolderObjects implements Objects {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(name);
    await makeFolder(dirname(path));
    await placeFile(path, [bytes]);
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path(name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<string[]> {
    try {
      const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
      return entries
        .filter(entry => entry.isFile() && !entry.name.endsWith(TEMPORARY))
        .map(entry => relative(this.#folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
        .filter(name => name.startsWith(prefix));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    const path = this.#path(name);
    try {
      await unlink(path);
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    await syncFolder(dirname(path));
  }

  #path(name: string): string {
    if (NAME.test(name) && !name.endsWith(TEMPORARY)) return join(this.#folder, ...name.split("/"));
    throw new RangeError(`Cannot use object as its name must be words with slashes: received ${name}`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
