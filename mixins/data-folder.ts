/**
 * The data folder and its lock: one process at a time. `lock` names the holder by process id, start time and
 * boot, so a lock that a killed process left is told from a living one, also when its process id has been
 * given to another (the first process of a container always has 1).
 *
 * A lock is made by linking a finished file to its name, which only one can do. A dead holder's is replaced
 * by whoever links `lock.<its nonce>` first; so of two that start at once exactly one wins. Files have mode
 * 0600, folders 0700. Admitted: processes that don't see each other (two containers on one volume) can't be
 * told from dead ones.
 */
import { randomUUID } from "node:crypto";
import { chmod, link, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { makeFolder, TEMPORARY } from "./journal/durable-file.ts";

export class DataFolderLocked extends Error {
  readonly code = "DATA_FOLDER_LOCKED";
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(
      `Cannot open data folder ${folder} as process ${pid} has it open: ` +
        "stop that process or set DATA_DIR to another",
    );
    this.name = "DataFolderLocked";
    this.pid = pid;
  }
}

interface Holder {
  readonly pid: number;
  /** Start time in the kernel's ticks and the boot it counts from; empty where the system doesn't tell. */
  readonly started: string;
  readonly nonce: string;
}

/** How long a killed process may take to end. */
const GRACE_MS = 3_000;
const POLL_MS = 20;

/** Locks that this process holds. */
const held = new Set<string>();

export class DataFolder {
  readonly path: string;
  readonly #self: Holder;

  private constructor(path: string, self: Holder) {
    this.path = path;
    this.#self = self;
  }

  /**
   * Creates the folder where needed and locks it. A holder that has been killed may still be ending, its
   * last write on the way to the disk: it is waited for up to `graceMs`. Throws DataFolderLocked while a
   * process lives on with it.
   */
  static async lock(path: string, graceMs = GRACE_MS): Promise<DataFolder> {
    const folder = resolve(path);
    await makeFolder(folder);
    await chmod(folder, 0o700);
    const self = { pid: process.pid, started: await startOf(process.pid), nonce: randomUUID() };
    held.add(self.nonce);
    try {
      await claimWithin(graceMs, folder, self);
    } catch (error) {
      held.delete(self.nonce);
      throw error;
    }
    return new DataFolder(folder, self);
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    if (!held.has(this.#self.nonce)) return;
    const lock = join(this.path, "lock");
    if ((await holderOf(lock))?.nonce === this.#self.nonce) await unlink(lock);
    held.delete(this.#self.nonce);
  }
}

async function claimWithin(graceMs: number, folder: string, self: Holder): Promise<void> {
  const end = performance.now() + graceMs;
  for (;;) {
    try {
      return await claim(folder, join(folder, "lock"), self);
    } catch (error) {
      const mayEnd = error instanceof DataFolderLocked && error.pid !== process.pid;
      if (!mayEnd || performance.now() >= end) throw error;
      await wait(POLL_MS);
    }
  }
}

/**
 * Gets `path` for `self`, or throws. Nobody but the one who holds a dead holder's successor file replaces its
 * lock.
 */
async function claim(folder: string, path: string, self: Holder): Promise<void> {
  for (;;) {
    if (await linked(folder, path, self)) return;
    const holder = await holderOf(path);
    if (holder === undefined) continue;
    if (await lives(holder)) throw new DataFolderLocked(folder, holder.pid);
    const successor = join(folder, `lock.${holder.nonce}`);
    await claim(folder, successor, self);
    const replaced = (await holderOf(path))?.nonce !== holder.nonce;
    if (!replaced) await rename(await written(folder, self), path);
    await unlink(successor);
    if (!replaced) return;
  }
}

async function linked(folder: string, path: string, self: Holder): Promise<boolean> {
  const temporary = await written(folder, self);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

async function written(folder: string, self: Holder): Promise<string> {
  const temporary = join(folder, `lock.${self.nonce}${TEMPORARY}`);
  await writeFile(temporary, `${JSON.stringify(self)}\n`, { mode: 0o600, flush: true });
  return temporary;
}

/** Who is named in a lock; undefined where it has gone meanwhile. What can't be read is nobody's. */
async function holderOf(path: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  const match = /^\{"pid":(\d+),"started":"([^"]*)","nonce":"([0-9a-f-]{36})"\}\n$/.exec(text);
  if (match === null) return { pid: 0, started: "", nonce: "unreadable" };
  return { pid: Number(match[1]), started: match[2] ?? "", nonce: match[3] ?? "" };
}

async function lives(holder: Holder): Promise<boolean> {
  if (held.has(holder.nonce)) return true;
  if (holder.pid === 0 || holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    if (!hasCode(error, "EPERM")) throw error;
  }
  if (await hasEnded(holder.pid)) return false;
  const started = await startOf(holder.pid);
  return started === "" || holder.started === "" || started === holder.started;
}

/** Whether a process has ended but in name: nobody has asked for its exit code, and no thread of it runs. */
async function hasEnded(pid: number): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, "utf8");
    const state = status.slice(status.lastIndexOf(")") + 2)[0];
    return state === "Z" && (await readdir(`/proc/${pid}/task`)).length === 1;
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "EACCES") || hasCode(error, "ESRCH")) return false;
    throw error;
  }
}

/** "boot:ticks" of a process from Linux's /proc; empty elsewhere. */
async function startOf(pid: number): Promise<string> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    // The command's name, in brackets, may hold anything; the start is the 20th field behind it.
    const ticks = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? "" : `${boot.trim()}:${ticks}`;
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "EACCES") || hasCode(error, "ESRCH")) return "";
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
