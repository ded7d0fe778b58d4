/**
 * The same journals replayed give the same events and hashes: in this process, and in others that live in
 * another time zone, with other random numbers, another clock and V8 seeded otherwise.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Replay, replay, type WrittenJournals, writeJournals } from "./written-journals.ts";

const SEED = Number(process.env.SEED ?? 20140502);
const LINES = Number(process.env.COMMANDS ?? 4_000);
const PROCESS = fileURLToPath(new URL("./replaying-process.ts", import.meta.url));
const OTHER_WORLD = fileURLToPath(new URL("./other-world.ts", import.meta.url));

let folder: string;
let path: string;
let journals: WrittenJournals;
let here: Replay;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cambist-determinism-"));
  path = join(folder, "journals.json");
  journals = writeJournals(SEED, LINES);
  writeFileSync(path, JSON.stringify(journals));
  here = replay(journals);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Told {
  readonly outcome: Replay;
  readonly timeZone: string;
  readonly otherClock: boolean;
  readonly random: number;
}

const randoms = new Set<number>();

function replayIn(timeZone: string, world: number): Told {
  const loaded = ["--import", "tsx", "--import", pathToFileURL(OTHER_WORLD).href];
  const text = execFileSync(process.execPath, [`--random-seed=${world}`, ...loaded, PROCESS, path], {
    env: { ...process.env, TZ: timeZone, WORLD: String(world) },
    encoding: "utf8",
  });
  return JSON.parse(text) as Told;
}

test("replayed in this process: as it was live, and alike each time", () => {
  expect(journals.markets.map(({ count }) => count > 100)).toEqual([true, true, true]);
  expect(here.marketHashes).toEqual(journals.markets.map(({ hash }) => hash));
  expect(here.shardHashes).toEqual(journals.shardHashes);
  expect(replay(journals)).toEqual(here);
  expect(replay(writeJournals(SEED, LINES))).toEqual(here);
  expect(replay(writeJournals(SEED + 1, LINES)).digest).not.toBe(here.digest);
});

test.each([
  ["Australia/Adelaide", 3],
  ["America/New_York", 1_000_003],
  ["Pacific/Apia", 77],
])("replayed in another process, in %s, with other random numbers", (timeZone, world) => {
  const told = replayIn(timeZone, world);
  expect(told.timeZone).toBe(timeZone);
  expect(told.otherClock).toBe(true);
  expect(randoms.has(told.random)).toBe(false);
  randoms.add(told.random);
  expect(told.outcome).toEqual(here);
});
