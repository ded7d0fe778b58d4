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

export const accountForm: fc.Arbitrary<CommandForm> = fc.oneof(massCancel);

export const selfTrade: fc.Arbitrary<SelfTradePrevention> = fc.record(
  { mode: fc.constantFrom(...SELF_TRADE_MODES), group: fc.integer({ min: 1, max: 2 }) },
  { requiredKeys: ["mode"] },
);
