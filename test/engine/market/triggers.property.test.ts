/**
 * Many orders that wait for every kind of price, few others, and prices that move a lot: the fast machine
 * against the naive one after each command, and again from a snapshot every few commands, so that an order
 * which has joined the others and one that was just read are released alike.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { AmendTerms, Trail, Trigger } from "../../../engine/market/terms.ts";
import type { Ticks } from "../../../engine/units.ts";
import { type CommandForm, commandOf, PLAIN } from "../../reference/commands.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";
import { price, trail, trigger } from "./trigger-arbitraries.ts";

const COMMANDS = Number(process.env.COMMANDS ?? 10_000);
const COMMANDS_A_RUN = 500;

type Form = CommandForm & { readonly back?: number };

const side = fc.constantFrom("buy" as const, "sell" as const);
const ticks = fc.integer({ min: 92, max: 108 });

function placed(
  limit: number,
  lots: number,
  of: "buy" | "sell",
  waitsFor?: Trigger,
  market?: boolean,
): CommandForm {
  return {
    ...({ kind: "place", account: 1, side: of, postOnly: false, lots } as const),
    type: market ? "market" : "limit",
    timeInForce: market ? "IOC" : "GTC",
    ticks: market || waitsFor?.limitOffset !== undefined ? 0 : limit,
    ...(waitsFor === undefined ? undefined : { terms: { trigger: waitsFor } }),
  };
}

const waiting = fc
  .tuple(ticks, fc.integer({ min: 1, max: 3 }), side, trigger, fc.boolean())
  .map(([limit, lots, of, waitsFor, market]) =>
    placed(limit, lots, of, waitsFor, market && waitsFor.limitOffset === undefined),
  );
const plain = fc
  .tuple(ticks, fc.integer({ min: 1, max: 6 }), side)
  .map(([limit, lots, of]) => placed(limit, lots, of));

function changed(back: number, stop: number | undefined, lots: number, newTrail: Trail | undefined): Form {
  const terms: AmendTerms = {
    ...(stop === undefined ? undefined : { stopTicks: stop as Ticks }),
    ...(newTrail === undefined ? undefined : { trail: newTrail }),
  };
  const amend = { kind: "amend", account: 1, order: 0, lots, ticks: 0, back } as const;
  return Object.keys(terms).length === 0 ? amend : { ...amend, terms };
}

const amend = fc
  .tuple(fc.nat(20), fc.option(ticks, { nil: undefined }), fc.nat(4), fc.option(trail, { nil: undefined }))
  .map(([back, stop, lots, newTrail]) => changed(back, stop, lots, newTrail));
const cancel = fc.nat(30).map((back): Form => ({ kind: "cancel", account: 1, order: 0, back }));
const phase = fc.constantFrom(
  ...(["opening-auction", "continuous", "continuous", "halted", "post-close"] as const).map(
    (name): Form => ({ kind: "phase", phase: name }),
  ),
);

const form: fc.Arbitrary<Form> = fc.oneof(
  { weight: 12, arbitrary: waiting as fc.Arbitrary<Form> },
  { weight: 12, arbitrary: plain as fc.Arbitrary<Form> },
  { weight: 6, arbitrary: price as fc.Arbitrary<Form> },
  { weight: 3, arbitrary: amend },
  { weight: 4, arbitrary: cancel },
  { weight: 1, arbitrary: phase },
);

let released = 0;

function play(forms: readonly Form[]): void {
  let fast = new MarketMachine(PLAIN);
  const naive = new NaiveMarket(PLAIN);
  let count = 0;
  for (const [index, next] of forms.entries()) {
    const order = Math.max(1, count - (next.back ?? 0));
    if (next.kind === "place") count++;
    const command = commandOf("order" in next ? { ...next, order } : next, fast.lastNumber(0) + 1);
    const events = decodeEvents(fast.apply(command));
    expect(events, `command ${index + 1}`).toEqual(naive.apply(command));
    released += events.filter(({ event }) => event === "triggered").length;
    fast.check();
    expect([...fast.armed()]).toMatchObject(naive.armed());
    expect(fast.hash()).toBe(naive.hash());
    if (index % 25 === 24) fast = MarketMachine.restore(PLAIN, fast.snapshot());
  }
}

test(
  "orders that wait for any price, restored every few commands",
  () => {
    const forms = fc.array(form, { minLength: COMMANDS_A_RUN, maxLength: COMMANDS_A_RUN, size: "max" });
    const numRuns = Math.ceil(COMMANDS / COMMANDS_A_RUN);
    fc.assert(fc.property(forms, play), { numRuns, seed: Number(process.env.SEED ?? 20260314) });
    expect(released).toBeGreaterThan(COMMANDS / 50);
  },
  COMMANDS * 20 + 300_000,
);
