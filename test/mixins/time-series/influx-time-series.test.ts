/** The store of series in InfluxDB: the contract on a real server, its retention, and what a kill leaves. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POLICIES } from "../../../mixins/time-series/influx-schema.ts";
import { InfluxTimeSeries } from "../../../mixins/time-series/influx-time-series.ts";
import { candle, timeSeriesContract } from "../../contract/time-series.contract.ts";
import { INFLUXD, type InfluxServer, startInfluxd } from "../../servers/influxd.ts";

const BOOK = "candles/book/EURUSD/M1";
const MINUTE = 60_000;
const AWAY = { type: "NOT_READY", retryable: true };

describe.skipIf(INFLUXD === undefined)("InfluxDB", () => {
  let server: InfluxServer;
  let databases = 0;

  beforeAll(async () => {
    server = await startInfluxd();
  });
  afterAll(() => server.process.remove());

  const open = (database: string) => new InfluxTimeSeries({ url: server.url, database });
  const fresh = () => open(`test_${++databases}`);

  timeSeriesContract("InfluxTimeSeries", () => {
    const store = fresh();
    const database = `test_${databases}`;
    return Promise.resolve({
      store,
      reopen: () => Promise.resolve(open(database)),
      dispose: () => store.close(),
    });
  });

  async function ask(query: string): Promise<unknown> {
    const body = new URLSearchParams({ db: `test_${databases}`, q: query });
    return (await fetch(`${server.url}/query`, { method: "POST", body })).json();
  }

  it("has a retention policy for each granularity, and drops what is older", async () => {
    const store = fresh();
    const newest = Math.floor(Date.now() / MINUTE) * MINUTE;
    const rows = [candle(BOOK, newest - 40 * 86_400_000), candle(BOOK, newest)];
    await store.commit({ rows, checkpoints: new Map([["a", { upTo: 2 }]]) });
    expect(await store.rows(BOOK, { from: 0, to: newest + 1, limit: 9 })).toEqual(rows.slice(1));
    expect(await store.checkpoint("a")).toEqual({ upTo: 2 });
    const told = JSON.stringify(await ask(`SHOW RETENTION POLICIES ON "test_${databases}"`));
    for (const [name] of POLICIES) expect(told).toContain(`["${name}",`);
    expect(told).toContain('["M1","720h0m0s","24h0m0s",1,false]');
  });

  it("shows prices under their names at their time", async () => {
    const store = fresh();
    const at = Math.floor(Date.now() / MINUTE) * MINUTE;
    await store.commit({ rows: [candle(BOOK, at, 11)], checkpoints: new Map() });
    const told = await ask(`SELECT "bidHigh", "volume" FROM "M1"."candles" WHERE "symbol" = 'EURUSD'`);
    expect(JSON.stringify(told)).toContain(`["${new Date(at).toISOString().slice(0, 19)}Z",111,118]`);
  });

  it("says NOT_READY while it is away, and goes on when it is back", async () => {
    const store = fresh();
    const at = Math.floor(Date.now() / MINUTE) * MINUTE;
    const rows = [candle(BOOK, at)];
    await store.commit({ rows, checkpoints: new Map() });
    await server.process.kill();
    await expect(store.rows(BOOK, { from: 0, to: at + 1, limit: 1 })).rejects.toMatchObject(AWAY);
    await expect(store.commit({ rows, checkpoints: new Map() })).rejects.toMatchObject(AWAY);
    await server.process.start();
    expect(await store.rows(BOOK, { from: 0, to: at + 1, limit: 1 })).toEqual(rows);
  });

  it("makes its database again where that was dropped", async () => {
    const store = fresh();
    const at = Math.floor(Date.now() / MINUTE) * MINUTE;
    const rows = [candle(BOOK, at)];
    await store.commit({ rows, checkpoints: new Map() });
    await ask(`DROP DATABASE "test_${databases}"`);
    await expect(store.commit({ rows, checkpoints: new Map() })).rejects.toMatchObject(AWAY);
    await store.commit({ rows, checkpoints: new Map() });
    expect(await store.rows(BOOK, { from: 0, to: at + 1, limit: 1 })).toEqual(rows);
  });

  it("has every row that a checkpoint speaks of, also after kill -9", async () => {
    const store = fresh();
    const first = Math.floor(Date.now() / MINUTE) * MINUTE - 1_000 * MINUTE;
    let committed = 0;
    let killing: Promise<void> = Promise.resolve();
    const writing = (async () => {
      for (let upTo = 1; upTo <= 1_000; upTo++) {
        const rows = [candle(BOOK, first + (upTo - 1) * MINUTE)];
        await store.commit({ rows, checkpoints: new Map([["a", upTo]]) });
        committed = upTo;
        if (upTo === 20) killing = server.process.kill();
      }
    })();
    await expect(writing).rejects.toMatchObject({ type: "NOT_READY" });
    await killing;
    await server.process.start();
    const upTo = Number(await store.checkpoint("a"));
    expect(upTo).toBeGreaterThanOrEqual(committed);
    const rows = await store.rows(BOOK, { from: 0, to: first + upTo * MINUTE, limit: 2_000 });
    expect(rows).toHaveLength(upTo);
  });
});
