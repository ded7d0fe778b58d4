/** The data folder's lock: one living process at a time, whatever the dead have left. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataFolder, DataFolderLocked } from "../../mixins/data-folder.ts";

const HOLDER = fileURLToPath(new URL("./lock-holder.ts", import.meta.url));

let root: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "cambist-lock-"));
  path = join(root, "data");
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  await rm(root, { recursive: true });
});

/** A process that tries to take the lock and says "locked" or why not, and holds it until it is killed. */
async function start(): Promise<{ child: ChildProcess; answer: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", HOLDER, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  if (child.stdout === null) throw new Error("Invariant: the child's output is piped");
  const [answer] = await once(createInterface({ input: child.stdout }), "line");
  return { child, answer: String(answer) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** Changes what the lock says about its holder. */
async function rewriteLock(change: (holder: Record<string, unknown>) => object): Promise<void> {
  const holder: Record<string, unknown> = JSON.parse(await readFile(join(path, "lock"), "utf8"));
  await writeFile(join(path, "lock"), `${JSON.stringify(change(holder))}\n`);
}

describe("the data folder", () => {
  test("is made for its owner only, locked, and free again after release", async () => {
    const folder = await DataFolder.lock(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, "lock"))).mode & 0o777).toBe(0o600);
    await expect(DataFolder.lock(path)).rejects.toThrow(DataFolderLocked);
    await folder.release();
    await folder.release();
    expect(await readdir(path)).toEqual([]);
    await (await DataFolder.lock(path)).release();
  });

  test("a second process is refused and told the first one's pid", async () => {
    const { child } = await start();
    await expect(DataFolder.lock(path)).rejects.toMatchObject({ code: "DATA_FOLDER_LOCKED", pid: child.pid });
    await expect(DataFolder.lock(path)).rejects.toThrow(`process ${child.pid} has it open`);
  });

  test("a killed process's lock is replaced, and nothing of it stays", async () => {
    const { child, answer } = await start();
    expect(answer).toBe("locked");
    await kill(child);
    const folder = await DataFolder.lock(path);
    expect(await readdir(path)).toEqual(["lock"]);
    await folder.release();
  });

  test("a pid that another process has now is told from the holder, this process's own too", async () => {
    const { child } = await start();
    const { child: other } = await start();
    await kill(other);
    for (const pid of [child.pid, process.pid]) {
      await rewriteLock(holder => ({ ...holder, pid, started: "another-boot:1" }));
      const folder = await DataFolder.lock(path);
      await folder.release();
      await writeFile(join(path, "lock"), `${JSON.stringify({ pid, started: "", nonce: "-".repeat(36) })}\n`);
      if (pid === process.pid) await (await DataFolder.lock(path)).release();
    }
  });

  test("a lock that can't be read is nobody's", async () => {
    await (await DataFolder.lock(path)).release();
    await writeFile(join(path, "lock"), "{");
    await (await DataFolder.lock(path)).release();
  });

  test("of many that start at once over a dead holder's lock exactly one gets it", async () => {
    const { child } = await start();
    await kill(child);
    const answers = await Promise.all(Array.from({ length: 5 }, async () => (await start()).answer));
    expect(answers.filter(answer => answer === "locked")).toHaveLength(1);
    expect(answers.filter(answer => answer.includes("has it open"))).toHaveLength(4);
    const contenders = await Promise.allSettled(Array.from({ length: 5 }, () => DataFolder.lock(path)));
    expect(contenders.filter(({ status }) => status === "fulfilled")).toHaveLength(0);
  });

  test("of many attempts in one process over a dead holder's lock exactly one gets it", async () => {
    for (let round = 0; round < 20; round++) {
      await (await DataFolder.lock(path)).release();
      const dead = { pid: 1, started: "another-boot:1", nonce: `${round}`.padStart(36, "0") };
      await writeFile(join(path, "lock"), `${JSON.stringify(dead)}\n`);
      const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => DataFolder.lock(path)));
      const got = attempts.filter(attempt => attempt.status === "fulfilled");
      expect(got).toHaveLength(1);
      for (const attempt of got) await attempt.value.release();
      expect(await readdir(path)).toEqual([]);
    }
  });
});
