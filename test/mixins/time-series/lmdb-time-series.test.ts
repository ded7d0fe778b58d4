/** The store of series: ranges either way, all or nothing, trims, and what a reopened store still has. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";

let folder: string;
let store: LmdbTimeSeries;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cambist-series-"));
  store = new LmdbTimeSeries(folder, "test");
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function fill(series: string, from: number, to: number) {
  const rows = Array.from({ length: to - from }, (_, index) => ({
    series,
    at: from + index,
    values: [from + index],
  }));
  return store.commit({ rows, checkpoints: new Map([[series, { upTo: to }]]) });
}

async function ats(
  series: string,
  from: number,
  to: number,
  limit: number,
  reverse = false,
): Promise<number[]> {
  return (await store.rows(series, { from, to, limit, reverse })).map(row => row.at);
}

it("lists a range in either direction, from inclusive, to exclusive", async () => {
  await fill("a/b", -3, 5);
  await fill("a/bc", 0, 3);
  await fill("a/a", 0, 3);
  expect(await ats("a/b", -2, 2, 10)).toEqual([-2, -1, 0, 1]);
  expect(await ats("a/b", -2, 2, 3, true)).toEqual([1, 0, -1]);
  expect(await ats("a/b", -8.64e15, 8.64e15, 100)).toHaveLength(8);
  expect(await ats("a/b", -8.64e15, 8.64e15, 100, true)).toHaveLength(8);
  expect(await ats("a/b", 2, 2, 10)).toEqual([]);
  expect(await ats("a/b", 0, 5, 0)).toEqual([]);
});

it("keeps the newest rows of a trimmed series and leaves the others", async () => {
  await fill("a", 0, 50);
  await fill("b", 0, 50);
  await store.commit({ rows: [], checkpoints: new Map(), trims: [{ series: "a", keep: 7 }] });
  expect(await ats("a", 0, 100, 100)).toEqual([43, 44, 45, 46, 47, 48, 49]);
  expect(await ats("b", 0, 100, 100)).toHaveLength(50);
});

it("takes rows and checkpoint together or not at all", async () => {
  await fill("a", 0, 3);
  const bad = { series: "a", at: 3, values: [] };
  const broken = {
    upTo: 4,
    get broken(): number {
      throw new Error("cannot be written");
    },
  };
  const failing = store.commit({ rows: [bad], checkpoints: new Map([["a", broken]]) });
  await expect(failing).rejects.toThrow();
  expect(await store.checkpoint("a")).toEqual({ upTo: 3 });
  expect(await ats("a", 0, 9, 9)).toEqual([0, 1, 2]);
});

it("has after reopening what it had", async () => {
  await fill("a", 0, 3);
  await store.close();
  store = new LmdbTimeSeries(folder, "test");
  expect(await store.checkpoint("a")).toEqual({ upTo: 3 });
  expect(await store.rows("a", { from: 1, to: 2, limit: 1 })).toEqual([{ series: "a", at: 1, values: [1] }]);
});
