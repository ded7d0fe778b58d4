/** Commands about all of an account's orders, and terms against self-trades, for property tests. */
import fc from "fast-check";
import { SELF_TRADE_MODES, type SelfTradePrevention } from "../../engine/market/terms.ts";
import type { CommandForm } from "./commands.ts";

const account = fc.integer({ min: 1, max: 3 });
const side = fc.constantFrom("buy" as const, "sell" as const);

const massCancel = fc.record(
  { kind: fc.constant("massCancel" as const), account, side },
  { requiredKeys: ["kind", "account"] },
);

const level = fc.record({
  side,
  lots: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(0)),
  ticks: fc.integer({ min: 94, max: 106 }),
});
/** Bids below asks, most of the time. */
const sound = fc.integer({ min: 96, max: 104 }).chain(middle =>
  fc
    .array(fc.record({ side, lots: fc.integer({ min: 1, max: 20 }), away: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 6,
    })
    .map(levels =>
      levels.map(({ side: which, lots, away }) => {
        return { side: which, lots, ticks: which === "buy" ? middle - away : middle + away };
      }),
    ),
);
const massQuote = fc.record({
  kind: fc.constant("massQuote" as const),
  account,
  postOnly: fc.boolean(),
  quotes: fc.oneof({ weight: 5, arbitrary: sound }, fc.array(level, { maxLength: 5 })),
});

const cancelAllAfter = fc.record({
  kind: fc.constant("cancelAllAfter" as const),
  account,
  timeoutMs: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.constantFrom(0, 86_400_000, 86_400_001)),
});

const limit = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 }));
const protect = fc.record({
  kind: fc.constant("protect" as const),
  account,
  windowMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 3_000 }) },
    fc.constantFrom(0, 60_001),
  ),
  quantityMax: limit,
  countMax: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 })),
  deltaMax: limit,
});
const resetProtection = fc.record({ kind: fc.constant("resetProtection" as const), account });

export const accountForm: fc.Arbitrary<CommandForm> = fc.oneof(
  { weight: 2, arbitrary: massCancel },
  { weight: 6, arbitrary: massQuote },
  { weight: 3, arbitrary: cancelAllAfter },
  { weight: 2, arbitrary: protect },
  { weight: 4, arbitrary: resetProtection },
);

export const selfTrade: fc.Arbitrary<SelfTradePrevention> = fc.record(
  { mode: fc.constantFrom(...SELF_TRADE_MODES), group: fc.integer({ min: 1, max: 2 }) },
  { requiredKeys: ["mode"] },
);
