/**
 * kill -9 of a process that appends, at random moments: nothing acknowledged is lost, nothing is there twice,
 * what is there is what was appended, and every run that doesn't begin with 1 has its opening snapshot. 20
 * kills; 200 with CAMBIST_FULL=1. No seed repeats a run, as the system's timing takes part: a failure leaves
 * its folder.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { expectedTexts, readTexts } from "../../contract/journal-records.ts";

const NAME = "market.EURUSD";
const KILLS = process.env.CAMBIST_FULL === "1" ? 200 : 20;
const APPENDER = fileURLToPath(new URL("./appender.ts", import.meta.url));

let folder: string;
let passed = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-kill-"));
});
afterAll(async () => {
  if (passed) await rm(folder, { recursive: true });
  else console.info(`the journal is left in ${folder}`);
});

interface Life {
  /** `last` as the process found it. */
  readonly opened: number;
  /** The newest number that it said was durable. */
  readonly acknowledged: number;
}

/** Runs an appender and kills it `delayMs` after it has opened the journal. */
async function live(delayMs: number): Promise<Life> {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", APPENDER, folder, NAME], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.stdout === null || child.stderr === null)
    throw new Error("Invariant: the child's output is piped");
  const complaints: string[] = [];
  child.stderr.on("data", (data: Buffer) => void complaints.push(data.toString()));
  const exited = once(child, "exit");
  let opened = -1;
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, number] = line.split(" ");
    if (word === "open") {
      opened = Number(number);
      setTimeout(() => child.kill("SIGKILL"), delayMs);
    } else acknowledged = Number(line);
  }
  const [code, signal] = await exited;
  expect({ code, signal, complaints }).toEqual({ code: null, signal: "SIGKILL", complaints: [] });
  return { opened, acknowledged };
}

test(`${KILLS} kills: nothing acknowledged lost, nothing twice`, { timeout: KILLS * 5_000 }, async () => {
  let before = 0;
  let dropped = 0;
  let torn = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const { opened, acknowledged } = await live(Math.random() * 120);
    expect(opened).toBe(before);
    const store = new FileJournalStore(folder, { segmentBytes: 4_000 });
    const journal = await store.open(NAME);
    expect(journal.last).toBeGreaterThanOrEqual(Math.max(acknowledged, before));
    // At most the one append that was in flight is there unacknowledged.
    expect(journal.last).toBeLessThanOrEqual(Math.max(acknowledged, before) + 20);
    const snapshots = store.snapshots(NAME);
    for (const run of journal.runs()) {
      expect(await readTexts(journal, run.first, run.last)).toEqual(expectedTexts(run.first, run.last, 30));
      if (run.first > 1) expect((await snapshots.load(run.first - 1)).hash).toBe(`after ${run.first - 1}`);
    }
    const newest = await snapshots.newest();
    expect(newest?.sequence ?? 0).toBeLessThanOrEqual(journal.last);
    if (newest !== undefined) expect(await readTexts(journal, newest.sequence + 1)).toBeDefined();
    before = journal.last;
    dropped = journal.runs().length - 1;
    if (journal.recovery !== undefined) torn += 1;
    await store.close();
  }
  expect(before).toBeGreaterThan(KILLS);
  passed = true;
  console.info(`${KILLS} kills, ${before} records, ${dropped} dropped runs, ${torn} torn tails`);
});
