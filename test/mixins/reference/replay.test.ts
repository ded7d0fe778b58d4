/** A day of real ticks through source, feed, candles and store: the minute bars must come out to the tick. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Instrument } from "../../../engine/instrument.ts";
import { ReferenceFeed } from "../../../mixins/reference/reference-feed.ts";
import type { ReferenceQuote } from "../../../mixins/reference/reference-source.ts";
import { ReplaySource, replayDay } from "../../../mixins/reference/replay-source.ts";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";
import type { CandleItem } from "../../../models/market-data.model.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { sharedFile } from "../../shared-data.ts";

const [eurusd] = INSTRUMENTS as readonly [Instrument];
let folder: string;
let store: LmdbTimeSeries;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cambist-replay-"));
  store = new LmdbTimeSeries(folder, "reference");
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function feedOf(file: string, speed: number, now: number): Promise<ReferenceFeed> {
  const feed = await ReferenceFeed.open(store, stored => [
    new ReplaySource(eurusd, { file, speed }, now, stored),
  ]);
  await feed.start(now);
  return feed;
}

async function drain(feed: ReferenceFeed, now: number): Promise<void> {
  for (let more = true; more; ) {
    more = feed.pump(now).more;
    await feed.commit();
  }
}

async function allMinutes(feed: ReferenceFeed, from: string): Promise<CandleItem[]> {
  const items: CandleItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await feed.list(eurusd, { granularity: "M1", from, limit: 500, cursor }, 0);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

function row(item: CandleItem): string {
  const { bid, ask } = item;
  const of = (side: CandleItem["bid"]) => [side.open, side.high, side.low, side.close];
  return [item.time, ...of(bid), ...of(ask)].join(",");
}

function bars(file: string, midnight: number): string[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map(line => {
    const cells = line.trim().split(",");
    const prices = [...cells.slice(1, 5), ...cells.slice(6, 10)].map(price => Number(price).toFixed(5));
    return [new Date(midnight + Number(cells[0])).toISOString(), ...prices].join(",");
  });
}

describe.each([
  ["20140501", 24_179, 1_363],
  ["20140502", 49_341, 1_222],
  ["20140504", 1_164, 157],
])("the EURUSD day %s", (day, quotes, minutes) => {
  const tickFile = sharedFile(`fx/eurusd-ticks-${day}.csv`);
  const minuteFile = sharedFile(`fx/eurusd-minute-${day}.csv`);

  it.skipIf(tickFile === undefined || minuteFile === undefined)(
    `gives its ${minutes} minute bars in all eight prices, also when cut off in between`,
    async () => {
      const midnight = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`);
      const start = new Date(midnight).toISOString();
      const first = await feedOf(tickFile ?? "", Number.POSITIVE_INFINITY, 1);
      first.pump(1);
      await first.commit();
      // Drawn and told, but not committed: a crash here must neither lose nor repeat them.
      first.pump(1);
      const feed = await feedOf(tickFile ?? "", Number.POSITIVE_INFINITY, 2);
      await drain(feed, 2);
      const items = await allMinutes(feed, start);
      expect(items.length).toBe(minutes);
      expect(items.map(row)).toEqual(bars(minuteFile ?? "", midnight));
      expect(items.every(item => item.complete)).toBe(true);
      expect(items.reduce((sum, item) => sum + Number(item.volume), 0)).toBe(quotes);
      expect(feed.latest("EURUSD")?.sequence).toBe(quotes);
      const again = await feedOf(tickFile ?? "", 60, 3);
      expect(again.pump(1e15)).toEqual({ quotes: new Map(), more: false });
      expect(again.latest("EURUSD")?.sequence).toBe(quotes);
      expect(await allMinutes(again, start)).toEqual(items);
    },
  );
});

describe("a replay", () => {
  const write = (text: string, name = "ticks-20140502.csv") => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const text = "1000,1.38694,1.38705\n4000,1.38692,1.38706\n10000,1.38693,1.38705";

  it("gives each quote when the scaled clock reaches it, late ones in bulk", () => {
    const source = new ReplaySource(eurusd, { file: write(text), speed: 2 }, 0);
    const numbers = (quotes: ReferenceQuote[]) => quotes.map(quote => [quote.sequence, quote.due]);
    expect(numbers(source.take(500, 10))).toEqual([[1, 500]]);
    expect(numbers(source.take(1_999, 10))).toEqual([]);
    expect(source.due()).toBe(2_000);
    expect(numbers(source.take(9_000, 10))).toEqual([
      [2, 2_000],
      [3, 5_000],
    ]);
    expect(source.due()).toBeUndefined();
    expect(source.latest().map(quote => quote.time)).toEqual([Date.parse("2014-05-02T00:00:10Z")]);
  });

  it("goes on where it was", () => {
    const file = write(text);
    const first = new ReplaySource(eurusd, { file, speed: 2 }, 0);
    first.take(0, 10);
    const states = new Map([[first.identity, JSON.parse(JSON.stringify(first.state()))]]);
    const second = new ReplaySource(eurusd, { file, speed: 1 }, 0, identity => states.get(identity));
    expect(second.take(77, 10).map(quote => [quote.sequence, quote.due])).toEqual([[2, 77]]);
    expect(second.due()).toBe(77 + 6_000);
  });

  it.each([
    ["1000,1.38694,1.38705\n1100,x,1.38705", /line 2 must be 'milliseconds,bid,ask'/],
    ["1000,1.38694,1.38705\n\n1100,1.38694,1.38705", /line 2 must be 'milliseconds,bid,ask'/],
    ["1000,1.386941,1.38705", /line 1 must quote multiples of 0.00001/],
    ["1000,1.38694,1.38705\n900,1.38694,1.38705\n", /line 2 must not go back in time/],
    ["1000,1.38706,1.38705", /line 1 must not bid more than it asks/],
    ["86400000,1.38694,1.38705", /line 1 must name a moment of one day/],
    ["", /at least one tick/],
  ])("refuses %j and names the line", (content, message) => {
    expect(() => new ReplaySource(eurusd, { file: write(content), speed: 1 }, 0)).toThrow(message);
  });

  it("takes its day from the option, else the name, else today", () => {
    const now = Date.parse("2026-02-03T12:00:00Z");
    const day = (file: string, date?: string) =>
      new Date(replayDay({ file, speed: 1, date }, now)).toISOString().slice(0, 10);
    expect(day("eurusd-ticks-20140502.csv", "2020-01-02")).toBe("2020-01-02");
    expect(day("folder-20200101/eurusd-ticks-20140502.csv")).toBe("2014-05-02");
    expect(day("ticks.csv")).toBe("2026-02-03");
    expect(() => day("ticks.csv", "2020-13-45")).toThrow(/'date' must be a day/);
    expect(() => day("ticks.csv", "2014-02-31")).toThrow(/'date' must be a day/);
  });
});
