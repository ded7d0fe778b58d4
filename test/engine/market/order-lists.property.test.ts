/**
 * Whatever an entry and its exits go through: after each command what an exit is open for and what all exits
 * have traded add up to what the entry has traded. Told from events and open orders alone.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { composeOrderId, marketOrigin } from "../../../engine/ids.ts";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { type CommandForm, commandOf, PLAIN } from "../../reference/commands.ts";
import { exits } from "../../reference/list-forms.ts";

const COMMANDS = Number(process.env.COMMANDS ?? 20_000);
const COMMANDS_A_RUN = 200;

const order: fc.Arbitrary<CommandForm> = fc
  .record({
    account: fc.integer({ min: 1, max: 3 }),
    side: fc.constantFrom("buy" as const, "sell" as const),
    lots: fc.integer({ min: 1, max: 25 }),
    ticks: fc.integer({ min: 92, max: 108 }),
  })
  .map(form => ({ kind: "place", type: "limit", timeInForce: "GTC", postOnly: false, ...form }));
const phase: fc.Arbitrary<CommandForm> = fc.constantFrom(
  { kind: "phase", phase: "intraday-auction" } as const,
  ...Array.from({ length: 3 }, () => ({ kind: "phase", phase: "continuous" }) as const),
);
const form: fc.Arbitrary<CommandForm> = fc.oneof(
  { weight: 12, arbitrary: order },
  { weight: 3, arbitrary: exits },
  { weight: 1, arbitrary: phase },
);

let compared = 0;

function play(forms: readonly CommandForm[]): void {
  const machine = new MarketMachine(PLAIN);
  const filled = new Map<number, number>();
  const lists: number[][] = [];
  let named = 0;
  for (const next of forms) {
    const command = commandOf(next, machine.lastNumber(0) + 1);
    const ids = Array.from({ length: command.kind === "list" ? command.legs.length : 0 }, () =>
      composeOrderId(++named, marketOrigin(PLAIN.number)),
    );
    if (command.kind === "place") named++;
    if (ids.length > 0) lists.push(ids);
    for (const event of decodeEvents(machine.apply(command))) {
      if (event.event !== "traded") continue;
      for (const id of [event.orderId, event.makerOrderId]) {
        filled.set(id, (filled.get(id) ?? 0) + event.lots);
      }
    }
    // One that has got nothing yet is open for nothing, whatever its size will be.
    const waiting = new Set<number>([...machine.pending()].map(({ orderId }) => orderId));
    for (const [entry = 0, ...others] of lists) {
      const bought = filled.get(entry) ?? 0;
      const sold = others.reduce((sum, id) => sum + (filled.get(id) ?? 0), 0);
      expect(sold).toBeLessThanOrEqual(bought);
      for (const id of bought === 0 ? [] : others) {
        const open = machine.order(id as never);
        if (open === undefined || waiting.has(id)) continue;
        compared++;
        expect(open.lots + sold, `order ${id}`).toBe(bought);
      }
    }
  }
  machine.check();
}

test("exits are open for what the entry has traded and they have not", () => {
  const forms = fc.array(form, { minLength: COMMANDS_A_RUN, maxLength: COMMANDS_A_RUN, size: "max" });
  const numRuns = Math.ceil(COMMANDS / COMMANDS_A_RUN);
  fc.assert(fc.property(forms, play), {
    endOnFailure: true,
    numRuns,
    seed: Number(process.env.SEED ?? 20140502),
  });
  expect(compared).toBeGreaterThan(COMMANDS);
}, 300_000);
