/**
 * Which records have been dropped, in `dropped.json` beside the segments. It is replaced before the files go,
 * so a missing segment that it does not name is damage, and a named one that is still there is a removal to
 * finish. Adjacent runs are one: there are never more runs than kept segments and one.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { placeFile } from "./durable-file.ts";
import type { JournalRun } from "./journal.ts";
import { JournalCorrupt } from "./journal-fault.ts";

function pathIn(folder: string): string {
  return join(folder, "dropped.json");
}

export async function loadDroppedRuns(folder: string): Promise<JournalRun[]> {
  const path = pathIn(folder);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return decodeDroppedRuns(text, path);
}

export async function saveDroppedRuns(folder: string, runs: readonly JournalRun[]): Promise<void> {
  await placeFile(pathIn(folder), [Buffer.from(`${JSON.stringify(runs)}\n`)]);
}

/** `runs` and the records first … last, in order, adjacent ones joined. */
export function withDropped(runs: readonly JournalRun[], added: readonly JournalRun[]): JournalRun[] {
  const joined: JournalRun[] = [];
  for (const run of [...runs, ...added].sort((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before !== undefined && before.last + 1 >= run.first) {
      joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, run.last) };
    } else joined.push(run);
  }
  return joined;
}

export function runHolding(runs: readonly JournalRun[], sequence: number): JournalRun | undefined {
  return runs.find(run => run.first <= sequence && sequence <= run.last);
}

/** Runs in order, none of which could be joined with its neighbour; throws JournalCorrupt. */
export function decodeDroppedRuns(text: string, path: string): JournalRun[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new JournalCorrupt(path, 0, "the list of dropped runs must be JSON", error);
  }
  const runs: JournalRun[] = [];
  for (const entry of Array.isArray(value) ? value : [undefined]) {
    const after = runs.at(-1)?.last;
    if (!isRun(entry) || entry.first <= (after === undefined ? 0 : after + 1) || entry.last < entry.first) {
      throw new JournalCorrupt(path, 0, "the list of dropped runs must be runs in order");
    }
    runs.push({ first: entry.first, last: entry.last });
  }
  return runs;
}

function isRun(value: unknown): value is JournalRun {
  if (typeof value !== "object" || value === null || !("first" in value) || !("last" in value)) return false;
  return Number.isSafeInteger(value.first) && Number.isSafeInteger(value.last);
}
