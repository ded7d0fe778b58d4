/**
 * A monitor that looks only at whom a mark concerns, and at most of them in doubles, finds what one would
 * find that values every account exactly at every move.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallEvent } from "../../../../engine/account/guard/margin-command.ts";
import {
  CALL_PER_MILLE,
  CLOSE_OUT_PER_MILLE,
  EXTENDS_PER_MILLE,
  HYSTERESIS_PER_MILLE,
} from "../../../../engine/account/guard/margin-levels.ts";
import type { AccountId } from "../../../../engine/units.ts";
import { watch } from "../closing.ts";
import { accountsOf, EURJPY, EURUSD, USD_1, USDJPY, Venue } from "../venue.ts";

const [maker = 1 as AccountId, ...clients] = accountsOf(0, 1, 9);
const MARKETS = [EURUSD, USDJPY, EURJPY];
const MIDDLES = [110_000, 150_000, 165_000];
const CURRENCIES = ["USD", "EUR", "JPY"];

const step = fc.record({
  trades: fc.boolean(),
  account: fc.nat({ max: clients.length - 1 }),
  market: fc.nat({ max: 2 }),
  side: fc.constantFrom("buy" as const, "sell" as const),
  lots: fc.integer({ min: 1, max: 300 }),
  move: fc.integer({ min: -120, max: 120 }),
});

/** What would be told of a level that was last told at `called`. */
function expected(called: number | undefined, perMille: number): CallEvent | undefined {
  if (called === undefined) return perMille < CALL_PER_MILLE ? "enter" : undefined;
  if (perMille >= CALL_PER_MILLE + HYSTERESIS_PER_MILLE) return "leave";
  return perMille <= called - EXTENDS_PER_MILLE ? "extend" : undefined;
}

test("nothing is missed and nothing is told twice", { timeout: 120_000 }, () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), steps => {
      const venue = new Venue(MARKETS, 1);
      const machine = venue.machineOf(maker);
      venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
      for (const [index, account] of clients.entries()) {
        const currency = CURRENCIES[index % 3] ?? "USD";
        const deposit = (currency === "JPY" ? 1_500_000n : 10_000n) * USD_1;
        venue.open(account, { currency, deposit, leverage: [10, 30, 100][index % 3] ?? 30 });
      }
      const prices = [...MIDDLES];
      const quote = (market: number) => {
        const instrument = MARKETS[market] ?? EURUSD;
        venue.sendPlain(maker, instrument, { kind: "massCancel" });
        venue.deliverAll();
        const ticks = prices[market] ?? 0;
        venue.place(maker, instrument, { side: "buy", lots: 5_000, ticks });
        venue.place(maker, instrument, { side: "sell", lots: 5_000, ticks: ticks + 2 });
      };
      for (const market of MIDDLES.keys()) quote(market);
      const called = new Map<AccountId, number>();
      const levels = () =>
        clients.map(account => {
          const { equity = 0n, marginUsed = 0n } = machine.summary(account);
          const perMille =
            marginUsed === 0n ? 1e9 : equity <= 0n ? 0 : Number((equity * 1_000n) / marginUsed);
          return [account, perMille] as const;
        });
      for (const { trades, account, market, side, lots, move } of steps) {
        if (trades) {
          venue.send(
            venue.request(clients[account] ?? maker, (MARKETS[market] ?? EURUSD).number, { side, lots }),
          );
          venue.deliverAll();
        } else {
          prices[market] = Math.round((prices[market] ?? 0) * (1 + move / 1_000));
          quote(market);
        }
        const due = levels().filter(([id, perMille]) => expected(called.get(id), perMille) !== undefined);
        const closing = levels().filter(([, perMille]) => perMille < CLOSE_OUT_PER_MILLE);
        const found = watch(venue);
        for (const finding of found) {
          counts.set(finding.kind, (counts.get(finding.kind) ?? 0) + 1);
          if (finding.kind !== "call") continue;
          expect(finding.event).toBe(expected(called.get(finding.account), finding.perMille));
          if (finding.event === "leave") called.delete(finding.account);
          else called.set(finding.account, finding.perMille);
        }
        const calls = found.flatMap(each => (each.kind === "call" ? [each.account] : []));
        expect(calls.sort()).toEqual(due.map(([id]) => id).sort());
        const closed = found.flatMap(each => (each.kind === "closeOut" ? [each.account] : []));
        expect(closed.sort()).toEqual(closing.map(([id]) => id).sort());
        for (const { account: id } of found) machine.guardian.monitor.release(id);
      }
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 40), seed: Number(process.env.SEED ?? 20261120) },
  );
  expect([...counts.keys()].sort()).toEqual(expect.arrayContaining(["call", "closeOut"]));
});
