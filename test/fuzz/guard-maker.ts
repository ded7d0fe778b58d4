/** Explanations, and a ledger's commands about guards and days: each is one that could be written. */
import { type Explanation, FORMULAS, INPUTS, type Input } from "../../engine/account/explanation.ts";
import { ACCESS_RIGHTS, GUARD_SCOPES, type Guard } from "../../engine/account/guard.ts";
import type { AccountId } from "../../engine/units.ts";
import type { LedgerMakers } from "./ledger-maker.ts";
import type { ValueMaker } from "./value-maker.ts";

function input(value: ValueMaker): Input {
  const [name, unit] = value.word(INPUTS);
  return { name, value: value.money(), ...(unit === "money" ? { currency: "USD" } : {}) };
}

export function makeExplanation(value: ValueMaker): Explanation {
  return {
    formula: value.word(FORMULAS)[0],
    inputs: value.list(4, () => input(value)),
    ...value.maybe(() => ({ limit: input(value) })),
    marks: value.list(3, () => ({
      ...{ market: value.below(8_192), bid: value.ticks(), ask: value.ticks(), sequence: value.whole() },
    })),
    ...value.maybe(() => ({ acceptable: value.lots() })),
  };
}

function guard(value: ValueMaker): Guard {
  return {
    access: value.word(ACCESS_RIGHTS),
    openOrdersMaximum: value.below(1_000),
    dailyOrdersMaximum: value.below(1_000),
    notionalMaximum: value.money(),
    leverageMaximum: value.below(500),
    dailyLossMaximum: value.money(),
    dailyLossPerMille: value.below(1_000),
    coolDownMs: value.whole(),
    stopOutsMaximum: value.below(16),
    stopWindowMs: value.whole(),
    stopPauseMs: value.whole(),
    marginCallPerMille: value.below(2_000),
    closeOutPerMille: value.below(1_000),
    positionMaximums: value.list(3, () => ({ market: value.below(8_192), lots: value.lots() })),
  };
}

export const GUARD_MAKERS: LedgerMakers<"guard" | "baselines"> = {
  guard: value => {
    const scope = value.word(GUARD_SCOPES);
    const account = (scope === "account" ? 1 + value.below(1_000) : 0) as AccountId;
    const signed = { by: value.text(), reason: value.text() };
    const whom = { scope, account, group: scope === "group" ? "retail" : "" };
    return { kind: "guard", time: value.time(), ...whom, guard: guard(value), ...signed };
  },
  baselines: value => ({
    ...{ kind: "baselines", time: value.time(), day: value.below(30_000) },
    baselines: value.list(3, () => ({
      ...{ account: value.account(), equity: value.money() },
      paid: value.list(2, () => [value.text(), value.money()] as const),
    })),
  }),
};
