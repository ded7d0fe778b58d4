/** The store of series in LMDB: the contract, and that a commit is all or nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";
import { candle, timeSeriesContract } from "../../contract/time-series.contract.ts";

const SERIES = "candles/book/EURUSD/M1";

function make() {
  const folder = mkdtempSync(join(tmpdir(), "cambist-series-"));
  let store = new LmdbTimeSeries(folder, "test");
  return Promise.resolve({
    store,
    reopen: async () => {
      await store.close();
      store = new LmdbTimeSeries(folder, "test");
      return store;
    },
    dispose: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  });
}

timeSeriesContract("LmdbTimeSeries", make);

it("takes rows and checkpoint together or not at all", async () => {
  const { store, dispose } = await make();
  const rows = [0, 1, 2].map(at => candle(SERIES, at));
  await store.commit({ rows, checkpoints: new Map([["a", { upTo: 3 }]]) });
  const broken = {
    upTo: 4,
    get broken(): number {
      throw new Error("cannot be written");
    },
  };
  const failing = store.commit({ rows: [candle(SERIES, 3)], checkpoints: new Map([["a", broken]]) });
  await expect(failing).rejects.toThrow();
  expect(await store.checkpoint("a")).toEqual({ upTo: 3 });
  expect(await store.rows(SERIES, { from: 0, to: 9, limit: 9 })).toEqual(rows);
  await dispose();
});
