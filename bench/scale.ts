/**
 * What size costs: depth 100 and 1,000,000, a cancel in queues of 1 … 100,000, memory a resting order, and
 * snapshot, restore and hash of 1,000,000 orders; beside npm's order books on the same commands in the same
 * process run, which get `SECONDS_MAX` a line and fewer orders where the table says so. Ours is the best of
 * `PASSES` passes.
 *
 * Memory is what the heap and array buffers hold more after a collection than before: run with --expose-gc.
 * A peer's snapshot is an object, as its package makes it; ours is the bytes that go to disk.
 */
import { OrderBook as HftOrderBook } from "hft-limit-order-book";
import { OrderBook as NodejsOrderBook } from "nodejs-order-book";
import { MarketMachine } from "../engine/market/market-machine.ts";
import { BOOK, type Contestant, PEERS } from "./book-contestants.ts";
import { instrument } from "./instrument.ts";
import { marketCommands } from "./market-commands.ts";
import { conditions, saveResult, sayAndSave, statement } from "./report.ts";
import { depthOf, ORDERS_IN_QUEUES, queuesOf, restingOf, type Scaled } from "./scale-workload.ts";
import { warmUpWorkload } from "./workload.ts";

const PASSES = 5;
const SECONDS_MAX = 20;
const CHUNK = 128;
const OUR_ORDERS = 1_000_000;
const PEERS_ORDERS = 100_000;
const MEMORY_SIZES = [100_000, 600_000, OUR_ORDERS];
const TIMED_COMMANDS = 400_000;

interface Row {
  readonly what: string;
  readonly name: string;
  readonly value: number;
  readonly note: string;
}

const rows: Row[] = [];

function now(): number {
  return Number(process.hrtime.bigint());
}

/** Nanoseconds a command behind the built ones; undefined where the book isn't built in time. */
function cost(contestant: Contestant, { workload, built }: Scaled): number | undefined {
  const feed = contestant.make(workload);
  const start = now();
  const late = () => now() - start > SECONDS_MAX * 1e9;
  let at = 0;
  for (; at < built && !late(); at = Math.min(at + CHUNK, built)) feed(at, Math.min(at + CHUNK, built));
  if (at < built) return undefined;
  const timed = now();
  while (at < workload.length && !late()) {
    feed(at, Math.min(at + CHUNK, workload.length));
    at = Math.min(at + CHUNK, workload.length);
  }
  return (now() - timed) / (at - built);
}

function compare(what: string, scaled: Scaled): void {
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < PASSES; pass++) best = Math.min(best, cost(BOOK, scaled) ?? best);
  rows.push({ what, name: BOOK.name, value: best, note: "1.0" });
  for (const peer of PEERS) {
    const value = cost(peer, scaled);
    const note = value === undefined ? `not built in ${SECONDS_MAX} s` : (value / best).toFixed(1);
    rows.push({ what, name: peer.name, value: value ?? Number.NaN, note });
  }
}

function held(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes an order that rests. */
function weigh(contestant: Contestant, orders: number): number {
  const workload = restingOf(orders);
  const before = held();
  const feed = contestant.make(workload);
  feed(0, orders);
  const bytes = (held() - before) / orders;
  // The book is reached until here, so that it was weighed whole.
  feed(0, 0);
  return bytes;
}

function weighAll(): void {
  const inBook = (orders: number) => `bytes an order, ${orders.toLocaleString("en")} resting`;
  for (const orders of MEMORY_SIZES) {
    rows.push({ what: inBook(orders), name: BOOK.name, value: weigh(BOOK, orders), note: "" });
  }
  for (const peer of PEERS) {
    const value = weigh(peer, PEERS_ORDERS);
    rows.push({ what: inBook(PEERS_ORDERS), name: peer.name, value, note: "" });
  }
}

/** Milliseconds of the fastest of some runs. */
function fastest<Result>(work: () => Result): { ms: number; result: Result } {
  let [ms, result] = [Number.POSITIVE_INFINITY, work()];
  for (let pass = 0; pass < PASSES; pass++) {
    const start = now();
    result = work();
    ms = Math.min(ms, (now() - start) / 1e6);
  }
  return { ms, result };
}

function keep(): void {
  const machine = new MarketMachine(instrument);
  for (const command of marketCommands(restingOf(OUR_ORDERS))) machine.apply(command);
  const snapshot = fastest(() => machine.snapshot());
  const restore = fastest(() => MarketMachine.restore(instrument, snapshot.result));
  const hash = fastest(() => restore.result.hash());
  if (hash.result !== machine.hash()) throw new Error("Cannot time a restore that makes another market");
  const of = `of ${OUR_ORDERS.toLocaleString("en")} orders, ms`;
  const name = "cambist, whole engine";
  rows.push({ what: `snapshot ${of}`, name, value: snapshot.ms, note: `${snapshot.result.length} bytes` });
  rows.push({ what: `restore ${of}`, name, value: restore.ms, note: "" });
  rows.push({ what: `hash ${of}`, name, value: hash.ms, note: "" });
  keepPeers(`of ${PEERS_ORDERS.toLocaleString("en")} orders, ms`);
}

function keepPeers(of: string): void {
  for (const [name, make] of [
    ["nodejs-order-book", (options?: object) => new NodejsOrderBook(options)],
    ["hft-limit-order-book", (options?: object) => new HftOrderBook(options)],
  ] as const) {
    const book = make();
    const { names, sides, prices, quantities } = restingOf(PEERS_ORDERS);
    for (const [index, id] of names.entries()) {
      const [price, size] = [prices[index] ?? 0, quantities[index] ?? 0];
      (book as { limit(order: object): unknown }).limit({
        ...{ id, price, size, side: sides[index] === 0 ? "buy" : "sell" },
      });
    }
    const snapshot = fastest(() => book.snapshot());
    rows.push({ what: `snapshot ${of}`, name, value: snapshot.ms, note: "an object" });
    const restore = fastest(() => make({ snapshot: snapshot.result }));
    rows.push({ what: `restore ${of}`, name, value: restore.ms, note: "" });
  }
}

function table(): string {
  const lines = rows.map(({ what, name, value, note }) => {
    const shown = Number.isNaN(value) ? "–" : value.toFixed(value < 100 ? 1 : 0);
    return `| ${what} | ${name} | ${shown} | ${note} |`;
  });
  return ["| what | book | | times ours, or note |", "|---|---|--:|---|", ...lines].join("\n");
}

if (globalThis.gc === undefined) throw new Error("Cannot weigh books as node must run with --expose-gc");
const warmUp = warmUpWorkload(300_000);
for (let pass = 0; pass < PASSES; pass++) BOOK.make(warmUp)(0, warmUp.length);
for (const peer of PEERS) peer.make(warmUp)(0, 50_000);
for (const length of [1, 100, 10_000, ORDERS_IN_QUEUES]) {
  compare(`a cancel in a queue of ${length.toLocaleString("en")}, ns`, queuesOf(length));
}
for (const levels of [100, 1_000_000]) {
  compare(`an operation at depth ${levels.toLocaleString("en")}, ns`, depthOf(levels, TIMED_COMMANDS));
}
weighAll();
keep();

const stated = conditions();
const text = `# What size costs

${statement(stated)}
Cancels: of ${ORDERS_IN_QUEUES.toLocaleString("en")} resting orders in queues of that length, drawn at random;
in a queue of 1 each takes its level with it.
Depth: levels of one order each; 45 % cancel, 50 % limit, 5 % market, drawn over all levels.
Ours: best of ${PASSES} passes; peers: one pass of at most ${SECONDS_MAX} s.

${table()}
`;
await saveResult("scale", { conditions: stated, rows });
await sayAndSave("scale", text);
