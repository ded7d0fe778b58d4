/** Every layer lies within the half-spread and a tick of the mid, and the two sides never touch. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ticks } from "../../../engine/units.ts";
import { ladderOf } from "../../../services/liquidity/ladder.ts";

it("stays within half-spread + 1 tick of the mid, rounded away from it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 2_000_000 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 4, max: 200 }),
      (bid, spread, halfSpread) => {
        const quote = {
          symbol: "EURUSD",
          sequence: 1,
          time: 0,
          bid: ticks(bid),
          ask: ticks(bid + spread),
          due: 0,
        };
        const mid = bid + spread / 2;
        const { bids, asks } = ladderOf(quote, halfSpread, [0.2, 0.45, 0.7, 1]);
        for (const price of bids) expect(mid - price).toBeLessThanOrEqual(halfSpread + 1);
        for (const price of asks) expect(price - mid).toBeLessThanOrEqual(halfSpread + 1);
        expect(bids.at(-1)).toBeLessThanOrEqual(mid - halfSpread);
        expect(asks.at(-1)).toBeGreaterThanOrEqual(mid + halfSpread);
        expect(new Set(bids).size).toBe(bids.length);
        expect(bids[0] ?? 0).toBeLessThan(asks[0] ?? 0);
      },
    ),
  );
});
