/**
 * All types of order together, the fast machine against the naive one: the same events after each command,
 * the same hash, proven invariants, depth folded from events alone, from snapshots on the same. 50,000
 * commands; COMMANDS=1000000 plays the long run. A failure shrinks to few commands and prints its seed.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Instrument } from "../../../engine/instrument.ts";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { PHASES } from "../../../engine/market/phase.ts";
import type { OrderTerms } from "../../../engine/market/terms.ts";
import type { Lots, Milliseconds, Ticks } from "../../../engine/units.ts";
import { LevelBook } from "../../../services/marketdata/level-book.ts";
import { accountForm, selfTrade } from "../../reference/account-forms.ts";
import {
  BANDED,
  CALLING,
  type CommandForm,
  commandOf,
  LIMITED,
  PLAIN,
  type PlaceForm,
} from "../../reference/commands.ts";
import { listForm } from "../../reference/list-forms.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";
import { peg, priceTerms } from "./price-arbitraries.ts";
import { price, trail, trigger } from "./trigger-arbitraries.ts";

const COMMANDS = Number(process.env.COMMANDS ?? 50_000);
const COMMANDS_A_RUN = 1_000;

/** Orders are named by how long ago they were placed, so that most amends and cancels meet one that rests. */
type Form = CommandForm & { readonly back?: number; readonly passes?: number; readonly lasts?: number };

const OFTEN = ["GTC", "GTC", "GTC", "GTC", "IOC", "FOK", "GTD", "DAY"] as const;
const TIMES = [...OFTEN, ...OFTEN, "GTD", "ATO", "ATC", "GFA"] as const;

const account = fc.integer({ min: 1, max: 3 });
const lots = fc.integer({ min: 1, max: 50 });
const ticks = fc.integer({ min: 92, max: 108 });
const back = fc.oneof({ weight: 4, arbitrary: fc.nat(12) }, { weight: 1, arbitrary: fc.nat(60) });

function seldom<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const place: fc.Arbitrary<PlaceForm> = fc
  .record({
    kind: fc.constant("place" as const),
    account,
    side: fc.constantFrom("buy" as const, "sell" as const),
    type: fc.constantFrom("limit" as const, "limit" as const, "limit" as const, "market" as const),
    timeInForce: fc.constantFrom(...TIMES),
    lasts: fc.nat(8),
    postOnly: fc.nat(9).map(value => value === 0),
    lots,
    limit: ticks,
    trigger: seldom(trigger),
    selfTrade: seldom(selfTrade),
    priced: priceTerms,
    special: fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      { weight: 2, arbitrary: fc.record({ displayLots: fc.integer({ min: 1, max: 12 }) }) },
      { weight: 1, arbitrary: fc.record({ hidden: fc.constant(true as const) }) },
      { weight: 1, arbitrary: fc.record({ allOrNone: fc.constant(true as const) }) },
      { weight: 1, arbitrary: fc.record({ minimumLots: fc.integer({ min: 1, max: 30 }) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          hidden: fc.constant(true as const),
          minimumLots: fc.integer({ min: 0, max: 20 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ displayLots: fc.constant(3), minimumLots: fc.constant(3) }) },
    ) as fc.Arbitrary<OrderTerms>,
  })
  .map(({ limit, trigger: condition, special, selfTrade: prevention, lasts, priced, ...form }) => {
    const terms: OrderTerms = {
      ...special,
      ...(condition === undefined ? undefined : { trigger: condition }),
      ...(prevention === undefined ? undefined : { selfTrade: prevention }),
      ...priced.terms,
    };
    const follows = condition?.limitOffset !== undefined && limit !== 100;
    const ends = form.timeInForce === "GTD" || lasts === 8 ? { lasts } : {};
    const plain = { ...form, ...ends, ticks: form.type === "market" || follows ? 0 : limit };
    const whole = { ...plain, ...priced.form };
    return Object.keys(terms).length === 0 ? whole : { ...whole, terms };
  });

const amend = fc
  .record({
    kind: fc.constant("amend" as const),
    account,
    order: fc.constant(0),
    back,
    lots: fc.oneof(fc.constant(0), lots),
    ticks: fc.oneof(fc.constant(0), ticks),
    lasts: seldom(fc.nat(8)),
    stopTicks: seldom(ticks),
    newTrail: seldom(trail),
    minimumLots: seldom(fc.integer({ min: 0, max: 30 })),
    newPeg: seldom(peg),
  })
  .map(({ stopTicks, newTrail, minimumLots, newPeg, lasts, ...amended }) => {
    const form = lasts === undefined ? amended : { ...amended, lasts };
    const terms = {
      ...(stopTicks === undefined ? undefined : { stopTicks: stopTicks as Ticks }),
      ...(newTrail === undefined ? undefined : { trail: newTrail }),
      ...(minimumLots === undefined ? undefined : { minimumLots: minimumLots as Lots }),
      ...(newPeg === undefined ? undefined : { peg: newPeg }),
    };
    return Object.keys(terms).length === 0 ? form : { ...form, terms };
  });
const cancel = fc.record(
  {
    kind: fc.constant("cancel" as const),
    account,
    order: fc.constant(0),
    back,
    onlyIf: fc.constantFrom("new" as const, "partlyFilled" as const),
  },
  { requiredKeys: ["kind", "account", "order", "back"] },
);

const replace: fc.Arbitrary<Form> = fc
  .record({
    kind: fc.constant("replace" as const),
    order: fc.constant(0),
    back,
    onFailure: fc.constantFrom("stop" as const, "stop" as const, "allow" as const),
    filled: fc.option(fc.nat(3), { nil: undefined }),
    by: place,
  })
  .map(({ by: { kind: _, account: own, ...by }, filled, ...form }) => {
    const told = filled === undefined || form.onFailure === "allow" ? {} : { filled };
    return { ...form, ...told, account: own, by };
  });

const clock = fc.record({ kind: fc.constant("clock" as const), passes: fc.nat(3_000) });

const form: fc.Arbitrary<Form> = fc.oneof(
  { weight: 3, arbitrary: replace },
  { weight: 4, arbitrary: accountForm },
  { weight: 2, arbitrary: price as fc.Arbitrary<Form> },
  { weight: 3, arbitrary: listForm },
  { weight: 24, arbitrary: place as fc.Arbitrary<Form> },
  { weight: 8, arbitrary: amend as fc.Arbitrary<Form> },
  { weight: 8, arbitrary: cancel as fc.Arbitrary<Form> },
  { weight: 3, arbitrary: clock },
);

const phase = fc.record({ kind: fc.constant("phase" as const), phase: fc.constantFrom(...PHASES) });
const call = fc.record({
  kind: fc.constant("phase" as const),
  phase: fc.constant("opening-auction" as const),
});
const resume = fc.record({ kind: fc.constant("phase" as const), phase: fc.constant("continuous" as const) });
const phased: fc.Arbitrary<Form> = fc.oneof(
  { weight: 30, arbitrary: form },
  { weight: 1, arbitrary: phase as fc.Arbitrary<Form> },
  { weight: 1, arbitrary: fc.constant({ kind: "endOfDay" as const }) as fc.Arbitrary<Form> },
  { weight: 20, arbitrary: clock as fc.Arbitrary<Form> },
  { weight: 2, arbitrary: call as fc.Arbitrary<Form> },
  { weight: 2, arbitrary: resume as fc.Arbitrary<Form> },
);

/** As in continuous trading, but for what starts and ends calls. */
const called: fc.Arbitrary<Form> = fc.oneof(
  { weight: 40, arbitrary: form },
  { weight: 10, arbitrary: clock as fc.Arbitrary<Form> },
  { weight: 1, arbitrary: phase as fc.Arbitrary<Form> },
  { weight: 1, arbitrary: fc.constant({ kind: "endOfDay" as const }) as fc.Arbitrary<Form> },
  { weight: 2, arbitrary: resume as fc.Arbitrary<Form> },
);

/** A form with the time at which its order ends, some seconds from now, or one that is refused. */
function lasting(form: Form, time: number): Form {
  if (form.lasts === undefined || !("lots" in form)) return form;
  const expireAt = (Math.floor(time / 1_000) * 1_000 + form.lasts * 1_000) as Milliseconds;
  return {
    ...form,
    terms: { ...form.terms, expireAt: (expireAt + (form.lasts === 7 ? 1 : 0)) as Milliseconds },
  };
}

const told = new Map<string, number>();

function play(forms: readonly Form[], instrument: Instrument): void {
  let fast = new MarketMachine(instrument);
  const naive = new NaiveMarket(instrument);
  const depth = new LevelBook();
  let placed = 0;
  let time = 0;
  for (const [index, next] of forms.entries()) {
    const order = Math.max(1, placed - (next.back ?? 0));
    if (next.kind === "place" || next.kind === "replace") placed++;
    if (next.kind === "massQuote") placed += next.quotes.length;
    if (next.kind === "list") placed += next.legs.length;
    time += next.passes ?? (index * 7) % 300;
    const named = lasting("order" in next ? { ...next, order } : next, time);
    const command = commandOf(named, fast.lastNumber(0) + 1, instrument, time as Milliseconds);
    const restored = index % 16 === 15 ? MarketMachine.restore(instrument, fast.snapshot()) : undefined;
    const events = decodeEvents(fast.apply(command));
    if (restored !== undefined) expect(decodeEvents(restored.apply(command)), "restored").toEqual(events);
    expect(events, `command ${index + 1}`).toEqual(naive.apply(command));
    for (const event of events) {
      const name =
        event.event === "rejected" ? event.rejection : event.event === "phased" ? event.cause : event.event;
      told.set(name, (told.get(name) ?? 0) + 1);
    }
    fast.check();
    for (const event of events) depth.fold(event);
    if (index % 8 === 0 || forms.length < 50) {
      const { bids, asks } = fast.depth(1_000);
      expect([depth.depth("buy"), depth.depth("sell")]).toEqual([bids, asks]);
    }
    if (index % 8 === 0 || forms.length < 50) expect(fast.hash()).toBe(naive.hash());
    if (index === forms.length >> 1) fast = MarketMachine.restore(instrument, fast.snapshot());
  }
  expect(fast.hash()).toBe(naive.hash());
  expect([...fast.orders()]).toEqual(naive.orders());
  expect([...fast.armed()]).toMatchObject(naive.armed());
}

function playAll(arbitrary: fc.Arbitrary<Form>, instrument = PLAIN): void {
  const forms = fc.array(arbitrary, { minLength: COMMANDS_A_RUN, maxLength: COMMANDS_A_RUN, size: "max" });
  const numRuns = Math.ceil(COMMANDS / COMMANDS_A_RUN / 3);
  const property = fc.property(forms, all => play(all, instrument));
  fc.assert(property, { numRuns, seed: Number(process.env.SEED ?? 20140502) });
}

const timeout = COMMANDS * 20 + 300_000;

test("all types, in continuous trading", () => playAll(form), timeout);

test("all types, from phase to phase", () => playAll(phased), timeout);

test("all types, where prices and worth are limited", () => playAll(phased, LIMITED), timeout);

test("all types, where prices may not go anywhere", () => playAll(phased, BANDED), timeout);

test("all types, where a price out of bounds starts a call", () => playAll(called, CALLING), timeout);

test("and every kind of event happened often", () => {
  for (const event of [
    "armed",
    "triggered",
    "displayed",
    "traded",
    "expired",
    "cancelled",
    "amended",
    "orderUnknown",
    "priceOutsideBand",
    "removed",
    "parked",
    "indicative",
    "prevented",
    "restricted",
    "priceBand",
    "auctionEnd",
  ]) {
    expect(told.get(event) ?? 0, event).toBeGreaterThan(COMMANDS / 500);
  }
  expect(told.get("priceBandBreached") ?? 0).toBeGreaterThan(COMMANDS / 10_000);
});
