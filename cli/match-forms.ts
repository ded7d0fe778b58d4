/**
 * What a line of `cambist match` may have: the fields of each command and the form of each. One table,
 * so that the reader's closed schema and whoever makes lines (the fuzzer does) know the same fields; the
 * compiler holds it to the lines' types. What each command requires, `match-command.ts` says.
 */

import { ORDER_TYPES } from "../engine/form/order-types.ts";
import { TIME_IN_FORCE_NAMES } from "../engine/form/time-form.ts";
import { CONTINGENCIES } from "../engine/market/command.ts";
import { PHASES } from "../engine/market/phase.ts";
import { PEG_REFERENCES, SELF_TRADE_MODES, TRIGGER_SOURCES } from "../engine/market/terms.ts";
import { ACCOUNT_FORMS, CANCEL_CONDITIONS } from "./match-account-lines.ts";
import type { MatchLine } from "./match-command.ts";
import type { LegLine } from "./match-list-lines.ts";

export const SIDES = ["buy", "sell"] as const;
/** Prices that the market is told from outside. */
export const WHICH_PRICES = ["mark", "reference"] as const;

/** The form of a field. Words: one of these; `either`: one of these forms; `each`: a list of such objects. */
export type FieldForm =
  | "id"
  | "decimal"
  | "flag"
  | "time"
  | "moment"
  | readonly string[]
  | { readonly either: readonly FieldForm[] }
  | { readonly each: Readonly<Record<string, FieldForm>> };

type LineOf<Command> = Extract<MatchLine, { readonly command: Command }>;
export type LineForms = {
  readonly [Command in MatchLine["command"]]: Readonly<Record<keyof LineOf<Command>, FieldForm>>;
};

/** The fields of an order, placed or put in place of another. */
const ORDER_FIELDS = {
  side: SIDES,
  type: Object.keys(ORDER_TYPES),
  quantity: "decimal",
  price: "decimal",
  stopPrice: "decimal",
  trigger: TRIGGER_SOURCES,
  doubleTick: "flag",
  trailDistance: "decimal",
  trailPips: "decimal",
  trailPerMille: "decimal",
  limitOffset: "decimal",
  budget: "decimal",
  slippage: "decimal",
  slippagePips: "decimal",
  peg: PEG_REFERENCES,
  pegOffset: "decimal",
  displayQuantity: "decimal",
  minimumQuantity: "decimal",
  hidden: "flag",
  allOrNone: "flag",
  timeInForce: TIME_IN_FORCE_NAMES,
  expireTime: "moment",
  postOnly: { either: ["flag", ["slide"]] },
  selfTradePrevention: SELF_TRADE_MODES,
  selfTradeGroup: "time",
} as const;

/** The fields of one of a list's orders. */
export const LEG_FORMS: Readonly<Record<keyof LegLine, FieldForm>> = {
  orderId: "id",
  ...ORDER_FIELDS,
  ...{ distance: "decimal", distancePips: "decimal", distanceMoney: "decimal" },
};

export const LINE_FORMS: LineForms = {
  place: { command: ["place"], orderId: "id", accountId: "id", ...ORDER_FIELDS, time: "time" },
  replace: {
    command: ["replace"],
    ...{ orderId: "id", newOrderId: "id", onFailure: ["stop", "allow"], accountId: "id" },
    ...ORDER_FIELDS,
    time: "time",
  },
  amend: {
    command: ["amend"],
    orderId: "id",
    accountId: "id",
    quantity: "decimal",
    price: "decimal",
    stopPrice: "decimal",
    trailDistance: "decimal",
    trailPips: "decimal",
    trailPerMille: "decimal",
    peg: PEG_REFERENCES,
    pegOffset: "decimal",
    minimumQuantity: "decimal",
    expireTime: "moment",
    time: "time",
  },
  price: { command: ["price"], which: WHICH_PRICES, price: "decimal", time: "time" },
  cancel: {
    command: ["cancel"],
    orderId: "id",
    accountId: "id",
    onlyIf: CANCEL_CONDITIONS,
    time: "time",
  },
  list: {
    ...{ command: ["list"], accountId: "id", contingency: CONTINGENCIES },
    ...{ legs: { each: LEG_FORMS }, time: "time" },
  },
  ...ACCOUNT_FORMS,
  phase: { command: ["phase"], phase: PHASES, reason: "id", time: "time" },
  clock: { command: ["clock"], time: "time" },
  endOfDay: { command: ["endOfDay"], time: "time" },
};
