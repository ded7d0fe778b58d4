/**
 * A shard's road to a market that loses commands, loses answers and refuses: every command is applied once
 * and in order, against a real market's own numbers.
 */
import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ShardCommand } from "../../../engine/market/command.ts";
import { decodeCommandBatch } from "../../../engine/market/command-batch.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { accountId, lots, milliseconds, money, ticks } from "../../../engine/units.ts";
import { systemTimers } from "../../../mixins/clock.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { MarketLink, type Submit } from "../../../services/risk/market-link.ts";

const EPOCH = 7;
const FATES = ["arrives", "is lost", "arrives, its answer is lost", "is refused as full"] as const;
type Fate = (typeof FATES)[number];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setImmediate", "clearTimeout", "clearImmediate"] });
});

afterEach(() => {
  vi.useRealTimers();
});

const order = (index: number) =>
  ({
    kind: "place",
    time: milliseconds(0),
    shard: 0,
    number: index + 1,
    account: accountId(1),
    liquidity: false,
    reference: 0,
    clientOrderId: `order-${index}`,
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    postOnly: false,
    lots: lots(1),
    ticks: ticks(100 + index),
    reserved: money(0n),
  }) as const;

/** A market behind a road: what it applies it confirms, as its journal would. */
class Market {
  readonly applied: string[] = [];
  /** Of the batches as they came. */
  readonly sizes: number[] = [];
  readonly retries: unknown[] = [];
  readonly stale: unknown[] = [];
  readonly machine: MarketMachine;
  readonly link: MarketLink;
  readonly #fates: Fate[];

  constructor(fates: readonly Fate[], epoch = EPOCH) {
    const [instrument] = INSTRUMENTS;
    if (instrument === undefined) throw new Error("Invariant: the venue lists instruments");
    this.machine = new MarketMachine(instrument);
    this.machine.apply({ kind: "shardEpoch", time: milliseconds(0), shard: 0, epoch });
    this.#fates = [...fates];
    this.link = new MarketLink({
      symbol: instrument.symbol,
      submit: batch => this.#submit(batch),
      onStale: error => this.stale.push(error),
      onRetry: error => this.retries.push(error),
      timers: systemTimers,
    });
  }

  async #submit(batch: Parameters<Submit>[0]): ReturnType<Submit> {
    this.sizes.push(decodeCommandBatch(batch.bytes).length);
    const fate = this.#fates.shift() ?? "arrives";
    if (fate === "is lost" || fate === "is refused as full") throw new Error(fate);
    const answers = decodeCommandBatch(batch.bytes).map(command => this.#take(command));
    if (fate !== "arrives") throw new Error(fate);
    const refused = answers.find(answer => answer === "gap" || answer === "staleEpoch");
    return { admitted: refused ?? "ok" };
  }

  #take(command: ShardCommand) {
    const admitted = this.machine.admits(command.shard, EPOCH, command.number);
    if (admitted !== "next") return admitted === "duplicate" ? "ok" : admitted;
    this.machine.apply(command);
    if (command.kind === "place") this.applied.push(command.clientOrderId);
    this.link.confirm(command.number);
    return "ok";
  }
}

it("applies every command once and in order, whatever is lost on the way", async () => {
  const bursts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
  const fates = fc.array(fc.constantFrom(...FATES), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(bursts, fates, async (sizes, road) => {
      const market = new Market(road);
      let sent = 0;
      for (const size of sizes) {
        for (let index = 0; index < size; index++) market.link.send(order(sent++));
        await vi.advanceTimersByTimeAsync(1);
      }
      await vi.advanceTimersByTimeAsync(60_000);
      expect(market.applied).toEqual(Array.from({ length: sent }, (_, index) => `order-${index}`));
      expect(market.link.unconfirmed).toBe(0);
      expect(market.stale).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it("tells why it sends again", async () => {
  const market = new Market(["is lost", "arrives, its answer is lost"]);
  market.link.send(order(0));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(market.retries.map(String)).toEqual(["Error: is lost", "Error: arrives, its answer is lost"]);
  expect(market.applied).toEqual(["order-0"]);
});

it("stops for good when another owner of the shard has taken over", async () => {
  const market = new Market([], EPOCH + 1);
  market.link.send(order(0));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(market.stale).toHaveLength(1);
  expect(market.applied).toEqual([]);
  expect(() => market.link.send(order(1))).toThrow(/must have room/);
});

it("what cannot be written leaves no trace, what is numbered wrongly is an error", async () => {
  const market = new Market([]);
  expect(() => market.link.send({ ...order(0), clientOrderId: "\u00e9" })).toThrow(/is ASCII/);
  market.link.send(order(0));
  expect(() => market.link.send({ ...order(1), clientOrderId: "\u00e9" })).toThrow(/is ASCII/);
  expect(() => market.link.send(order(2))).toThrow(/without a gap/);
  market.link.send(order(1));
  await vi.advanceTimersByTimeAsync(10);
  expect(market.applied).toEqual(["order-0", "order-1"]);
});

it("more than a message holds goes in several, and so it does when it is sent again", async () => {
  const market = new Market(["arrives", "is lost"]);
  for (let index = 0; index < 2_500; index++) market.link.send(order(index));
  expect(market.link.unconfirmed).toBe(2_500);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(market.applied).toHaveLength(2_500);
  expect(market.applied.at(-1)).toBe("order-2499");
  expect(Math.max(...market.sizes)).toBe(1_024);
  expect(market.link.unconfirmed).toBe(0);
});
