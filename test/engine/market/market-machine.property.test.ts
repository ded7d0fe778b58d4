/**
 * The fast machine against the naive one: 100,000 seeded commands, the same events after each, the same hash
 * and a proven book at intervals, a snapshot in the middle. A failure shrinks to few commands and prints its
 * seed.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { type CommandForm, commandOf, PLAIN } from "../../reference/commands.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";

const COMMANDS = 4_000;
const LIMITS = { orders: 60, levels: 12 };

/** Orders are named by how long ago they were placed, so that most amends and cancels meet one that rests. */
type Form = CommandForm & { readonly back?: number };

const account = fc.integer({ min: 1, max: 3 });
const back = fc.oneof({ weight: 4, arbitrary: fc.nat(12) }, { weight: 1, arbitrary: fc.nat(60) });

function price(spread: "narrow" | "wide") {
  return spread === "narrow"
    ? fc.integer({ min: 95, max: 105 })
    : fc.oneof(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.integer({ min: 2 ** 31 - 40, max: 2 ** 31 - 1 }),
        fc.constantFrom(1023, 1024, 1025, 32 * 1024 - 1, 32 * 1024, 2 ** 30 - 1, 2 ** 30),
      );
}

function form(spread: "narrow" | "wide"): fc.Arbitrary<Form> {
  const lots = fc.integer({ min: 1, max: 50 });
  const side = fc.constantFrom("buy" as const, "sell" as const);
  const limit = fc.record({
    kind: fc.constant("place" as const),
    account,
    side,
    type: fc.constant("limit" as const),
    timeInForce: fc.constantFrom("GTC", "GTC", "GTC", "GTC", "IOC", "FOK"),
    postOnly: fc.nat(5).map(value => value === 0),
    lots,
    ticks: price(spread),
  });
  const market = fc.record({
    kind: fc.constant("place" as const),
    account,
    side,
    type: fc.constant("market" as const),
    timeInForce: fc.constantFrom("IOC", "IOC", "FOK", "GTC"),
    postOnly: fc.nat(9).map(value => value === 0),
    lots,
    ticks: fc.constantFrom(0, 0, 0, 0, 100),
  });
  const odd = fc.record({
    kind: fc.constant("place" as const),
    account,
    side,
    type: fc.constant("limit" as const),
    timeInForce: fc.constantFrom("GTC", "IOC"),
    postOnly: fc.boolean(),
    lots: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 10),
    ticks: fc.constantFrom(0, 1, 100, 2 ** 31 - 1),
  });
  const amend = fc.record({
    kind: fc.constant("amend" as const),
    account,
    order: fc.constant(0),
    back,
    lots: fc.oneof(fc.constant(0), lots),
    ticks: fc.oneof(fc.constant(0), price(spread)),
  });
  const cancel = fc.record({ kind: fc.constant("cancel" as const), account, order: fc.constant(0), back });
  return fc.oneof(
    { weight: 500, arbitrary: limit as fc.Arbitrary<Form> },
    { weight: 60, arbitrary: market as fc.Arbitrary<Form> },
    { weight: 2, arbitrary: odd as fc.Arbitrary<Form> },
    { weight: 200, arbitrary: amend as fc.Arbitrary<Form> },
    { weight: 200, arbitrary: cancel as fc.Arbitrary<Form> },
  );
}

function play(forms: readonly Form[], limits?: typeof LIMITS): void {
  let fast = new MarketMachine(PLAIN, limits);
  const naive = new NaiveMarket(PLAIN, limits);
  let placed = 0;
  for (const [index, form] of forms.entries()) {
    const order = Math.max(1, placed - (form.back ?? 0));
    if (form.kind === "place") placed++;
    const command = commandOf("order" in form ? { ...form, order } : form, index + 1);
    expect(decodeEvents(fast.apply(command)), `command ${index + 1}`).toEqual(naive.apply(command));
    if (index % 16 === 0 || forms.length < 50) {
      fast.check();
      expect(fast.hash()).toBe(naive.hash());
      deepest = Math.max(deepest, naive.orders().length);
    }
    if (limits === undefined && index === forms.length >> 1)
      fast = MarketMachine.restore(PLAIN, fast.snapshot());
  }
  commands += forms.length;
  fast.check();
  expect(fast.hash()).toBe(naive.hash());
  expect([...fast.orders()]).toEqual(naive.orders());
}

let commands = 0;
let deepest = 0;

function checkAll(spread: "narrow" | "wide", numRuns: number, limits?: typeof LIMITS): void {
  const forms = fc.array(form(spread), { minLength: 1, maxLength: COMMANDS, size: "max" });
  fc.assert(
    fc.property(forms, list => play(list, limits)),
    { numRuns, seed: Number(process.env.SEED ?? 20140502) },
  );
}

test("prices close together, where most orders meet", () => checkAll("narrow", 45), 300_000);

test("prices from 1 to 2^31 - 1", () => checkAll("wide", 25), 300_000);

test("a book with little room", () => checkAll("narrow", 10, LIMITS), 300_000);

test("that was 100,000 commands, and books of some depth", () => {
  expect(commands).toBeGreaterThanOrEqual(100_000);
  expect(deepest).toBeGreaterThan(100);
});
