/** Explanations, and a ledger's commands about guards and days: each is one that could be written. */
import { type Explanation, FORMULAS, INPUTS, type Input } from "../../engine/account/guard/explanation.ts";
import {
  ACCESS_RIGHTS,
  GUARD_SCOPES,
  type Guard,
  type GuardCommand,
} from "../../engine/account/guard/guard.ts";
import {
  CALL_EVENTS,
  CLOSE_OUT_EVENTS,
  type MarginCommand,
} from "../../engine/account/guard/margin-command.ts";
import type { AccountId, Money, OrderId } from "../../engine/units.ts";
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

type Kinds = GuardCommand["kind"] | MarginCommand["kind"];

export const GUARD_MAKERS: LedgerMakers<Kinds> = {
  marginCall: value => ({
    ...{ kind: "marginCall", time: value.time(), account: value.account() },
    ...{ event: value.word(CALL_EVENTS), perMille: value.below(2_000) },
    ...{ equity: value.money(), marginUsed: value.money() },
  }),
  closeOut: value => {
    const event = value.word(CLOSE_OUT_EVENTS);
    const closed = { market: value.below(8_192), side: value.side(), lots: value.lots() };
    const reduction = { ...closed, ...value.maybe(() => ({ ticket: (1 + value.below(99)) as OrderId })) };
    return {
      ...{ kind: "closeOut", time: value.time(), account: value.account(), event },
      ...(event === "reduce" ? { reduction } : {}),
      explanation: makeExplanation(value),
    };
  },
  protectBalance: value => ({
    ...{ kind: "protectBalance", time: value.time(), account: value.account() },
    amount: (1n + BigInt(value.below(1_000))) as Money,
  }),
  guard: value => {
    const scope = value.word(GUARD_SCOPES);
    const account = (scope === "account" ? 1 + value.below(1_000) : 0) as AccountId;
    const signed = { by: value.text(), reason: value.text() };
    const whom = { scope, account, group: scope === "group" ? "retail" : "" };
    return { kind: "guard", time: value.time(), ...whom, guard: guard(value), ...signed };
  },
  baselines: value => ({
    ...{ kind: "baselines", time: value.time(), day: value.below(30_000), last: value.flag() },
    baselines: value.list(3, () => ({
      ...{ account: value.account(), equity: value.money() },
      paid: value.list(2, () => [value.text(), value.money()] as const),
    })),
  }),
};
