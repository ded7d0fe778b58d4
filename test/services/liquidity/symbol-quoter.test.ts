/**
 * A quoter against a venue in memory: newest quote only while calls are in flight, no order of its own ever
 * across another, one order a slot whatever was lost on the way.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { type Instrument, parsePrice } from "../../../engine/instrument.ts";
import { ticks } from "../../../engine/units.ts";
import { Fault } from "../../../mixins/fault.ts";
import type { ReferenceQuote } from "../../../mixins/reference/reference-source.ts";
import { SeededRandom } from "../../../mixins/seeded-random.ts";
import type { OrderView } from "../../../models/order.model.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { LagHistogram } from "../../../services/liquidity/lag-histogram.ts";
import type { OrderDoor, QuoteChange, QuoteRequest } from "../../../services/liquidity/order-door.ts";
import type { ProviderProfile } from "../../../services/liquidity/provider.ts";
import { SymbolQuoter } from "../../../services/liquidity/symbol-quoter.ts";

const [eurusd] = INSTRUMENTS as readonly [Instrument];
const PROFILE: ProviderProfile = {
  name: "Test",
  email: "test@cambist.local",
  halfSpreadTicks: 20,
  layers: [0.25, 0.5, 1],
  bestLotsMax: 100,
};

class MemoryDoor implements OrderDoor {
  readonly orders = new Map<string, OrderView>();
  readonly references = new Set<number>();
  calls = 0;
  /** Amends close what they are for, as where more was filled on the way than they ask for. */
  outrun = false;
  /** Answers to place that are lost on the way back, and what was lost did or did not arrive. */
  losses: ("before" | "after")[] = [];
  gate: Promise<void> = Promise.resolve();
  #ids = 0;

  nextId(): string {
    this.#ids++;
    return `id-${this.#ids}`;
  }

  async place(request: QuoteRequest): Promise<OrderView> {
    await this.#arrive(request.reference);
    const loss = this.losses.shift();
    if (loss === "before") throw new Fault("OUTCOME_UNKNOWN", "lost");
    const order = this.#put(request);
    if (loss === "after") throw new Fault("OUTCOME_UNKNOWN", "lost");
    return order;
  }

  async amend({ id, price, quantity, reference }: QuoteChange): Promise<OrderView> {
    await this.#arrive(reference);
    const order = this.orders.get(id);
    if (order?.status !== "open") throw new Fault("ORDER_NOT_OPEN", "closed");
    if (this.outrun) return this.cancel(id);
    const amended = { ...order, price, quantity: quantity ?? order.quantity };
    this.orders.set(id, amended);
    this.expectApart();
    return amended;
  }

  async cancel(id: string): Promise<OrderView> {
    await this.#arrive(0);
    const order = this.orders.get(id);
    if (order === undefined) throw new Fault("ORDER_UNKNOWN", "unknown");
    const cancelled = { ...order, status: "cancelled" } as const;
    this.orders.set(id, cancelled);
    return cancelled;
  }

  async resolve(clientOrderId: string): Promise<OrderView> {
    await this.#arrive(0);
    const order = [...this.orders.values()].find(each => each.clientOrderId === clientOrderId);
    if (order === undefined) throw new Fault("ORDER_NEVER_ACCEPTED", "never");
    return order;
  }

  open(): OrderView[] {
    return [...this.orders.values()].filter(order => order.status === "open");
  }

  fill(id: string): void {
    const order = this.orders.get(id);
    if (order !== undefined) this.orders.set(id, { ...order, status: "filled" });
  }

  expectApart(): void {
    const prices = (side: string) =>
      this.open()
        .filter(order => order.side === side)
        .map(order => Number(parsePrice(eurusd, order.price ?? "")));
    expect(Math.max(0, ...prices("buy"))).toBeLessThan(Math.min(2 ** 31, ...prices("sell")));
  }

  async #arrive(reference: number): Promise<void> {
    this.calls++;
    if (reference > 0) this.references.add(reference);
    await this.gate;
  }

  #put(request: QuoteRequest): OrderView {
    const id = String(this.orders.size + 1);
    const order: OrderView = {
      ...request,
      id,
      accountId: "1",
      type: "limit",
      postOnly: false,
      filledQuantity: "0",
      status: "open",
      fills: [],
      sequence: 1,
      createdAt: "",
      updatedAt: "",
    };
    this.orders.set(id, order);
    this.expectApart();
    return order;
  }
}

let door: MemoryDoor;
let quoter: SymbolQuoter;
let lag: LagHistogram;
let now = 0;
let errors: unknown[];

beforeEach(() => {
  door = new MemoryDoor();
  lag = new LagHistogram();
  now = 0;
  errors = [];
  quoter = new SymbolQuoter({
    instrument: eurusd,
    profile: PROFILE,
    door,
    random: new SeededRandom(1),
    lag,
    now: () => now,
    onError: error => errors.push(error),
  });
});

function quoteAt(mid: number, sequence: number): ReferenceQuote {
  const [bid, ask] = [ticks(mid - 3), ticks(mid + 3)];
  return { symbol: "EURUSD", sequence, time: 0, bid, ask, due: now };
}

/** Quotes and waits for all that follows from it. */
async function quote(mid: number, sequence: number): Promise<void> {
  quoter.quote(quoteAt(mid, sequence), true);
  while (quoter.busy) await new Promise(resolve => setImmediate(resolve));
}

describe("a quoter", () => {
  it("stands on both sides and amends as the price moves, never across itself", async () => {
    const random = new SeededRandom(9);
    let mid = 110_000;
    for (let sequence = 1; sequence <= 200; sequence++) {
      mid += random.between(-60, 60);
      now += 500;
      await quote(mid, sequence);
      expect(door.open()).toHaveLength(6);
      expect(quoter.quoting).toBe(true);
    }
    expect(door.orders.size).toBe(6);
    expect(errors).toEqual([]);
    expect(lag.count).toBe(door.calls);
  });

  it("keeps only the newest quote while calls are in flight", async () => {
    let release: () => void = () => undefined;
    door.gate = new Promise(resolve => {
      release = resolve;
    });
    for (let sequence = 1; sequence <= 50; sequence++)
      quoter.quote(quoteAt(110_000 + sequence, sequence), true);
    release();
    while (quoter.busy) await new Promise(resolve => setImmediate(resolve));
    expect([...door.references]).toEqual([1, 50]);
  });

  it("replaces what an amend has closed, as more was filled on its way", async () => {
    await quote(110_000, 1);
    door.outrun = true;
    await quote(110_010, 2);
    expect(door.open()).toHaveLength(6);
    expect(door.orders.size).toBe(12);
    expect(errors).toEqual([]);
  });

  it("replaces what was filled by a new order of a new id", async () => {
    await quote(110_000, 1);
    door.fill("1");
    await quote(110_010, 2);
    expect(door.open()).toHaveLength(6);
    expect(door.orders.size).toBe(7);
    expect(new Set([...door.orders.values()].map(order => order.clientOrderId)).size).toBe(7);
    expect(errors).toEqual([]);
  });

  it.each(["before", "after"] as const)(
    "has one order a slot when an answer is lost %s arrival",
    async loss => {
      door.losses = [loss, loss];
      await quote(110_000, 1);
      expect(errors).toHaveLength(2);
      for (let sequence = 2; sequence <= 4; sequence++) await quote(110_000 + sequence, sequence);
      expect(door.open()).toHaveLength(6);
      expect(errors).toHaveLength(2);
    },
  );

  it("takes over the orders of an earlier run and leaves what finds no slot", async () => {
    await quote(110_000, 1);
    const earlier = door.open();
    const next = new SymbolQuoter({
      instrument: eurusd,
      profile: { ...PROFILE, layers: [0.25, 0.5] },
      door,
      random: new SeededRandom(2),
      lag,
      now: () => now,
      onError: error => errors.push(error),
    });
    expect(earlier.filter(order => next.adopt(order))).toHaveLength(4);
    next.quote(quoteAt(110_500, 2), true);
    while (next.busy) await new Promise(resolve => setImmediate(resolve));
    expect(door.orders.size).toBe(6);
  });
});
