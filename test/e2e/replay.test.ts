/**
 * A day of real quotes through the real process, killed midway and started again: over REST its reference
 * candles are the day's minute bars in all eight prices, and the last quote holds.
 */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { CandleItem, ReferenceItem, Ticker } from "../../models/market-data.model.ts";
import { sharedFile } from "../shared-data.ts";
import { temporaryFolder } from "../venue.ts";
import { RestClient } from "./rest-client.ts";
import { VenueProcess } from "./venue-process.ts";

const MIDNIGHT = Date.parse("2014-05-02T00:00:00Z");
const QUOTES = 49_341;
const MINUTES = 1_222;
const SPEED = 20_000;
/** Longer than the file takes at that speed, on a busy machine too. */
const REPLAY = { timeout: 40_000, interval: 50 };

const tickFile = sharedFile("fx/eurusd-ticks-20140502.csv");
const minuteFile = sharedFile("fx/eurusd-minute-20140502.csv");
const isAbsent = tickFile === undefined || minuteFile === undefined;

let folder: string;
let venue: VenueProcess | undefined;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await venue?.kill();
  await rm(folder, { recursive: true, force: true });
});

async function startReplay(): Promise<RestClient> {
  const options = ["--replay", tickFile ?? "", "--symbol", "EURUSD", "--speed", String(SPEED)];
  venue = await VenueProcess.start(folder, {}, options);
  return new RestClient(venue.address);
}

async function quoted(client: RestClient): Promise<Ticker["reference"]> {
  const { body } = await client.get<Ticker>("markets/EURUSD/ticker");
  return body.reference;
}

async function reaches(client: RestClient, sequence: number): Promise<void> {
  await vi.waitFor(
    async () => expect((await quoted(client))?.sequence).toBeGreaterThanOrEqual(sequence),
    REPLAY,
  );
}

async function minutes(client: RestClient): Promise<CandleItem[]> {
  const items: CandleItem[] = [];
  const query = `granularity=M1&source=reference&from=${new Date(MIDNIGHT).toISOString()}&limit=500`;
  let cursor: string | undefined;
  do {
    const page = cursor === undefined ? query : `${query}&cursor=${cursor}`;
    const path = `markets/EURUSD/candles?${page}`;
    const { status, body } = await client.get<{ items: CandleItem[]; nextCursor?: string }>(path);
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  return items;
}

function rowOf({ time, bid, ask }: CandleItem): string {
  const of = (side: CandleItem["bid"]) => [side.open, side.high, side.low, side.close];
  return [time, ...of(bid), ...of(ask)].join(",");
}

function bars(file: string): string[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map(line => {
    const cells = line.trim().split(",");
    const prices = [...cells.slice(1, 5), ...cells.slice(6, 10)].map(price => Number(price).toFixed(5));
    return [new Date(MIDNIGHT + Number(cells[0])).toISOString(), ...prices].join(",");
  });
}

/** Bid and ask of the file's last line. */
function lastPrices(file: string): string[] {
  const line = readFileSync(file, "utf8").trim().split("\n").at(-1) ?? "";
  return line
    .split(",")
    .slice(1)
    .map(price => Number(price).toFixed(5));
}

it.skipIf(isAbsent)("gives the day's minute bars after kill -9 midway", { timeout: 110_000 }, async () => {
  let client = await startReplay();
  await reaches(client, QUOTES / 4);
  const before = await quoted(client);
  await venue?.kill();
  // Else the rest of the test would show nothing.
  expect(before?.sequence).toBeLessThan(QUOTES);

  client = await startReplay();
  await reaches(client, QUOTES);
  const items = await minutes(client);
  expect(items.map(rowOf)).toEqual(bars(minuteFile ?? ""));
  expect(items.length).toBe(MINUTES);
  expect(items.every(({ complete }) => complete)).toBe(true);

  const last = await quoted(client);
  expect([last?.bid, last?.ask]).toEqual(lastPrices(tickFile ?? ""));
  await venue?.kill();
  client = await startReplay();
  await reaches(client, QUOTES);
  expect(await quoted(client)).toEqual(last);
  const { body } = await client.get<ReferenceItem>("markets/EURUSD/reference");
  expect(body).toMatchObject({ sequence: QUOTES, bid: last?.bid, ask: last?.ask, time: last?.time });
  expect(await minutes(client)).toEqual(items);
});
