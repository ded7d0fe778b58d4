/**
 * A data folder in which a good deal has happened: two clients and a provider, two markets, every way in
 * which an order ends, restarts, and segments of the markets' journals that have been dropped.
 */
import type { Writable } from "node:stream";
import { PassThrough } from "node:stream";
import { FileJournalStore } from "../mixins/journal/file-journal-store.ts";
import { principal, startVenue, type Venue } from "./venue.ts";

export const CLIENTS = [1001, 1002];
const SEGMENT_BYTES = 4_096;
const SETTINGS = { segmentBytes: SEGMENT_BYTES };

export const startTraded = (folder: string) => startVenue(folder, { settings: SETTINGS });

/** What a venue that runs for long lets go by itself: what both snapshots of each shard have passed. */
async function letGo(folder: string, passed: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const store = new FileJournalStore(folder, SETTINGS);
  const ends = new Map<string, number>();
  for (const symbol of ["EURUSD", "GBPUSD"]) {
    const journal = await store.open(`market.${symbol}`);
    await journal.retain(passed.get(symbol) ?? 0);
    ends.set(symbol, journal.last);
  }
  await store.close();
  return ends;
}

let placed = 0;

export function place(
  venue: Venue,
  account: number,
  fields: object,
): Promise<{ id: string; status: string }> {
  const order = { clientOrderId: `c-${++placed}`, symbol: "EURUSD", quantity: "2000", ...fields };
  return venue.call("orders.place", order, principal(account));
}

/** A provider's orders alone, until segments are full of them. */
async function quoteOn(venue: Venue, symbol: string, rounds: number): Promise<void> {
  const provider = principal(900, "liquidity");
  for (let round = 0; round < rounds; round++) {
    const terms = { symbol, side: "buy", type: "limit", price: "0.50000", quantity: "1000" };
    const clientOrderId = `${symbol}-${round}-${++placed}`;
    const { id } = await venue.call<{ id: string }>("orders.place", { clientOrderId, ...terms }, provider);
    await venue.call("orders.cancel", { id }, provider);
  }
}

/** What clients do in one run of the venue. */
async function trade(venue: Venue): Promise<void> {
  for (const account of CLIENTS) {
    await place(venue, account, { side: "buy", type: "market", quantity: "7000" });
    await place(venue, account, { side: "sell", type: "market", quantity: "3000" });
    await place(venue, account, { side: "buy", type: "limit", price: "0.90000", symbol: "GBPUSD" });
    const open = await place(venue, account, { side: "buy", type: "limit", price: "0.95000" });
    await venue.call("orders.amend", { id: open.id, quantity: "3000" }, principal(account));
    const gone = await place(venue, account, { side: "sell", type: "limit", price: "1.90000" });
    await venue.call("orders.cancel", { id: gone.id }, principal(account));
    await place(venue, account, { side: "buy", type: "limit", price: "1.00001", quantity: "1500" });
    const never = { clientOrderId: `never-${account}-${++placed}` };
    await venue.call("orders.resolve", never, principal(account)).catch(() => undefined);
  }
  // A client's order that a provider's fills, and one of the other's.
  await place(venue, 1001, { side: "buy", type: "limit", price: "1.05000", quantity: "4000" });
  const sell = { symbol: "EURUSD", side: "sell", type: "market", quantity: "1000" };
  const clientOrderId = `take-${++placed}`;
  await venue.call("orders.place", { clientOrderId, ...sell }, principal(900, "liquidity"));
  await place(venue, 1002, { side: "sell", type: "limit", price: "1.05000", quantity: "2000" });
}

/** Runs the venue three times and stops it in order. */
export async function makeTraded(folder: string): Promise<void> {
  let passed: ReadonlyMap<string, number> = new Map();
  for (let run = 0; run < 3; run++) {
    const venue = await startTraded(folder);
    await venue.openAccounts(...CLIENTS);
    await venue.quote("EURUSD", `1.0000${run}`, "1.10000");
    await venue.quote("GBPUSD", `1.2000${run}`, "1.30000");
    await quoteOn(venue, "EURUSD", 60);
    await trade(venue);
    await quoteOn(venue, "GBPUSD", 60);
    await venue.stop();
    passed = await letGo(folder, passed);
  }
}

/** Runs a command and collects what it says. */
export async function run(
  command: (argv: readonly string[], output: Writable, errors: Writable) => Promise<number>,
  ...argv: string[]
): Promise<{ code: number; output: string; errors: string }> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const code = await command(argv, output, errors);
  const text = (stream: PassThrough) => String(stream.read() ?? "");
  return { code, output: text(output), errors: text(errors) };
}
