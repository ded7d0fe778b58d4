/**
 * The venue with its liquidity on a fast replay: what the journal holds of every quote against the file,
 * candles and books after a restart, and rooms that stay whole.
 */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { formatPrice, type Instrument } from "../../../engine/instrument.ts";
import type { MarketCommand } from "../../../engine/market/command.ts";
import { decodeMarketRecords } from "../../../engine/market/record.ts";
import type { Ticks } from "../../../engine/units.ts";
import type { ReferenceQuote } from "../../../mixins/reference/reference-source.ts";
import { ReplaySource } from "../../../mixins/reference/replay-source.ts";
import { runtimeOf } from "../../../mixins/runtime/runtime.ts";
import type { Book, BookEvent, CandleItem, MarketRoomEvent } from "../../../models/market-data.model.ts";
import identity from "../../../services/identity.service.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { ladderOf } from "../../../services/liquidity/ladder.ts";
import { halfSpreadOf, PROVIDERS } from "../../../services/liquidity/provider.ts";
import liquidity from "../../../services/liquidity.service.ts";
import marketdata from "../../../services/marketdata.service.ts";
import reference from "../../../services/reference.service.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../../venue.ts";

const [eurusd] = INSTRUMENTS as readonly [Instrument];
const QUOTES = 600;
const SERVICES = [...TRADING, identity, reference, marketdata, liquidity];

interface Status {
  readonly quoted: string[];
  readonly errors: number;
  readonly lagMs: { count: number; p99: number };
  readonly halfSpreads: { account: string; symbol: string; halfSpreadTicks: number }[];
}

let folder: string;
let file: string;
let venue: Venue;

/** Quotes 20 ms apart at the speed of the test, with jumps. */
function ticksOf(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const mid = 138_700 + Math.round(40 * Math.sin(index / 9)) + (index % 50 === 0 ? 60 : 0);
    return `${1_000 + index * 400},${(mid / 1e5).toFixed(5)},${((mid + 7 + (index % 4)) / 1e5).toFixed(5)}`;
  });
  return lines.join("\n");
}

async function start(): Promise<Venue> {
  const replay = { file, symbol: "EURUSD", speed: 80 };
  return startVenue(folder, { services: SERVICES, settings: { replay, liquidity: true } });
}

const sequenceOf = async () =>
  (await venue.call<{ sequence: number }[]>("reference.latest", { symbol: "EURUSD" }))[0]?.sequence;

async function commands(): Promise<MarketCommand[]> {
  const journal = await runtimeOf(venue.broker).journal("market.EURUSD");
  const all: MarketCommand[] = [];
  for await (const batch of journal.read(1)) {
    const records = decodeMarketRecords(eurusd.number, batch.first, batch.count, batch.payload);
    for (const record of records) all.push(record.command);
  }
  return all;
}

beforeEach(async () => {
  folder = await temporaryFolder();
  file = `${folder}-ticks-20140502.csv`;
  await writeFile(file, ticksOf(QUOTES));
  venue = await start();
});

afterEach(async () => {
  await venue.remove();
  await rm(file, { force: true });
});

async function untilEnd(): Promise<void> {
  await vi.waitFor(async () => expect(await sequenceOf()).toBe(QUOTES), { timeout: 30_000 });
  await vi.waitFor(
    async () => {
      const status = await venue.call<Status>("liquidity.status");
      expect(status.quoted).toEqual(["EURUSD", "GBPUSD"]);
    },
    { timeout: 20_000 },
  );
}

/** Each price that a quote was given, by the reference sequence that it names. */
function quotesOf(all: readonly MarketCommand[]): { reference: number; ticks: Ticks; account: number }[] {
  return all.flatMap(command => {
    if (command.kind !== "place" && command.kind !== "amend") return [];
    const { reference, ticks, account } = command;
    return ticks === 0 ? [] : [{ reference, ticks, account }];
  });
}

describe("the venue's liquidity", () => {
  it("stands still while its market takes nothing", async () => {
    const closed = async () => (await venue.call<{ closed: string[] }>("liquidity.status")).closed;
    const state = () => venue.call<{ sequence: number }>("matching.EURUSD.state");
    await vi.waitFor(async () => expect(await sequenceOf()).toBeGreaterThan(5), { timeout: 20_000 });
    await venue.call("matching.EURUSD.phase", { phase: "halted", reason: "test" });
    await vi.waitFor(async () => expect(await closed()).toEqual(["EURUSD"]), { timeout: 20_000 });
    const [quote] = await venue.call<{ sequence: number }[]>("reference.latest", { symbol: "EURUSD" });
    const heard = (await state()).sequence;
    const later = (quote?.sequence ?? 0) + 20;
    await vi.waitFor(async () => expect(await sequenceOf()).toBeGreaterThan(later), { timeout: 20_000 });
    // What was on its way when the phase was heard may still arrive.
    expect((await state()).sequence - heard).toBeLessThan(20);
    await venue.call("matching.EURUSD.phase", { phase: "continuous", reason: "test" });
    await vi.waitFor(async () => expect(await closed()).toEqual([]), { timeout: 20_000 });
    const resumed = (await state()).sequence;
    await vi.waitFor(async () => expect((await state()).sequence).toBeGreaterThan(resumed + 3), {
      timeout: 20_000,
    });
  });

  it("quotes within half-spread and a tick of the quote that it names, also after a restart", async () => {
    await untilEnd();
    const status = await venue.call<Status>("liquidity.status");
    expect(status.errors).toBe(0);
    expect(status.lagMs.count).toBeGreaterThan(100);
    await venue.stop();
    venue = await start();
    await untilEnd();
    const widths = new Map(
      status.halfSpreads.filter(each => each.symbol === "EURUSD").map(each => [Number(each.account), each]),
    );
    const source = new ReplaySource(eurusd, { file, speed: Number.POSITIVE_INFINITY }, 0);
    const bySequence = new Map(source.take(0, QUOTES).map(quote => [quote.sequence, quote]));
    const quotes = quotesOf(await commands());
    expect(quotes.length).toBeGreaterThan(200);
    for (const { reference: sequence, ticks, account } of quotes) {
      const quote = bySequence.get(sequence);
      const mid = ((quote?.bid ?? 0) + (quote?.ask ?? 0)) / 2;
      expect(Math.abs(ticks - mid)).toBeLessThanOrEqual((widths.get(account)?.halfSpreadTicks ?? 0) + 1);
    }
    // Eight layers of each of two providers: orders of the first run were taken over, not added to.
    await vi.waitFor(async () => {
      const ask = { symbol: "EURUSD", depth: 100 };
      const { time: _time, ...book } = await venue.call<Book>("marketdata.book", ask);
      const orders = [...book.bids, ...book.asks].reduce((sum, [, , count]) => sum + count, 0);
      expect(orders).toBeLessThanOrEqual(16);
      expect(book).toEqual(await venue.call("matching.EURUSD.book", { depth: 100 }));
    });
  });

  it("brings back what was bought, also when the reference price holds still", async () => {
    await untilEnd();
    const [quote] = await venue.call<ReferenceQuote[]>("reference.latest", { symbol: "EURUSD" });
    if (quote === undefined) throw new Error("Invariant: the last quote holds");
    const ladders = PROVIDERS.map(each => ladderOf(quote, halfSpreadOf(each, eurusd), each.layers).asks);
    const expected = ladders.flat().toSorted((one, other) => one - other);
    const untilQuoted = () =>
      vi.waitFor(
        async () => {
          const { asks } = await venue.call<Book>("marketdata.book", { symbol: "EURUSD" });
          expect(asks.map(([price]) => price)).toEqual(expected.map(ticks => formatPrice(eurusd, ticks)));
        },
        { timeout: 20_000 },
      );
    await untilQuoted();
    const terms = { currency: "USD", leverage: 30, liquidity: false, deposit: "1000000" };
    await venue.call("accounts.open", { account: 77, ...terms });
    const order = {
      clientOrderId: "eat",
      symbol: "EURUSD",
      side: "buy",
      type: "market",
      quantity: "2500000",
    };
    const placed = await venue.call<{ status: string; fills: unknown[] }>(
      "orders.place",
      order,
      principal(77),
    );
    expect(placed.status).toBe("filled");
    expect(placed.fills.length).toBeGreaterThan(1);
    await untilQuoted();
    expect((await venue.call<Status>("liquidity.status")).errors).toBe(0);
  });

  it("counts every reference quote in one candle, once, across a restart in the middle", async () => {
    await vi.waitFor(async () => expect(await sequenceOf()).toBeGreaterThan(QUOTES / 3), { timeout: 20_000 });
    await venue.stop();
    venue = await start();
    await untilEnd();
    const page = await venue.call<{ items: CandleItem[] }>("marketdata.candles", {
      symbol: "EURUSD",
      granularity: "M1",
      from: "2014-05-02T00:00:00Z",
    });
    expect(page.items.reduce((sum, item) => sum + Number(item.volume), 0)).toBe(QUOTES);
    expect(page.items.map(item => item.time)).toEqual([
      "2014-05-02T00:00:00.000Z",
      "2014-05-02T00:01:00.000Z",
      "2014-05-02T00:02:00.000Z",
      "2014-05-02T00:03:00.000Z",
      "2014-05-02T00:04:00.000Z",
    ]);
    const shown = await venue.call<{ sequence: number; lagMs: object }>("marketdata.reference", {
      symbol: "EURUSD",
    });
    expect(shown).toMatchObject({ sequence: QUOTES, time: "2014-05-02T00:04:00.600Z" });
  });

  it("keeps whoever follows a room at the state that a newcomer gets", async () => {
    const events: MarketRoomEvent[] = [];
    venue.broker.createService({
      name: "listener",
      events: { "room.updated": (ctx: { params: MarketRoomEvent }) => void events.push(ctx.params) },
    });
    const first = await venue.call<BookEvent>("marketdata.snapshot", { room: "book:EURUSD" });
    await untilEnd();
    const last = await venue.call<BookEvent>("marketdata.snapshot", { room: "book:EURUSD" });
    const levels = new Map<string, unknown>();
    let position = first.last;
    const take = (event: BookEvent) => {
      for (const [side, rows] of [["bid", event.bids] as const, ["ask", event.asks] as const]) {
        for (const [price, quantity, orders] of rows) {
          if (quantity === "0") levels.delete(`${side} ${price}`);
          else levels.set(`${side} ${price}`, [quantity, orders]);
        }
      }
    };
    take(first);
    for (const event of events) {
      if (event.room !== "book:EURUSD" || !("bids" in event) || !("time" in event) || event.last > last.last)
        continue;
      expect(event.first).toBe(position + 1);
      position = event.last;
      take(event);
    }
    const stayed = new Map(levels);
    levels.clear();
    take(last);
    expect(position).toBe(last.last);
    expect(stayed).toEqual(levels);
    expect(events.some(event => event.room === "ticker:EURUSD")).toBe(false);
  });
});

it("refuses a malformed file before anything is quoted", async () => {
  await writeFile(file, "1000,1.38700,1.38710\n2000,1.38710\n");
  const other = await temporaryFolder();
  const replay = { file: join(file), symbol: "EURUSD", speed: 1 };
  const starting = startVenue(other, { services: [reference], settings: { replay } });
  await expect(starting).rejects.toThrow(/line 2 must be 'milliseconds,bid,ask'/);
  await rm(other, { recursive: true, force: true });
});
