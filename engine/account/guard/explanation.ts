/**
 * Why something was refused or closed out, as data: the formula that did not hold, the figures it was worked
 * out with, the marks that were looked at with the records they come from, the limit, and the largest size
 * that would have been let through. Words are made of it where it is shown.
 *
 * The places in FORMULAS and INPUTS are journalled: new ones come last, none is used again.
 */
import type { Lots, Ticks } from "../../units.ts";

/** The checks before an order, in their order; last, what only a monitor does. */
export const CHECKS = [
  "valid",
  "access",
  "balance",
  "position",
  "leverage",
  "dailyLoss",
  "margin",
  "closeOut",
] as const;
export type Check = (typeof CHECKS)[number];

/** Each formula says what has to hold. */
export const FORMULAS = [
  ["form", "valid", "the request can be read and keeps the instrument's rules"],
  ["market", "valid", "the market takes the order as it stands"],
  ["openOrders", "valid", "openOrders + orders ≤ openOrdersMaximum"],
  ["dailyOrders", "valid", "ordersToday + orders ≤ dailyOrdersMaximum"],
  ["trading", "access", "the account, its group and the venue may trade"],
  ["closesOnly", "access", "openLots + lots ≤ lots that the position can give"],
  ["coolDown", "access", "now ≥ lastLossAt + coolDownMs"],
  ["stopGuard", "access", "stopOuts within stopWindowMs < stopOutsMaximum, or stopPauseMs have passed"],
  ["cash", "balance", "balance − reserved − marginUsed ≥ needed"],
  ["funds", "balance", "balance > 0"],
  ["position", "position", "worstLots ≤ positionMaximum"],
  ["markPresent", "margin", "every mark that the valuation needs is there"],
  ["markAge", "margin", "now − confirmedAt ≤ markAgeMaximum, of one side at least"],
  ["notional", "leverage", "notional ≤ notionalMaximum"],
  ["leverage", "leverage", "notional ≤ leverageMaximum × equity"],
  ["dailyLoss", "dailyLoss", "baseline + paid − equity < dailyLossMaximum"],
  ["margin", "margin", "equity − marginUsed − needed − fee ≥ 0"],
  ["closeOut", "closeOut", "equity × 1000 ≥ closeOutPerMille × marginUsed"],
  ["wallet", "valid", "the account's wallet takes instruments that settle so"],
  ["intent", "valid", "the account's position mode knows the intent and the ticket"],
  ["ticket", "valid", "the ticket is open and of the other side"],
  ["opensOnly", "access", "the position is flat or of the order's side"],
  ["tickets", "valid", "tickets + orders ≤ ticketsMaximum"],
  ["closeBy", "access", "no two positions of the market are about to close each other"],
] as const;
export type Formula = (typeof FORMULAS)[number][0];

/** Names of figures, with what each counts: money in 1e-8 units of its currency, lots, ticks, or plain. */
export const INPUTS = [
  ["quantity", "lots"],
  ["price", "ticks"],
  ["minimumQuantity", "lots"],
  ["maximumQuantity", "lots"],
  ["openOrders", "count"],
  ["orders", "count"],
  ["openOrdersMaximum", "count"],
  ["ordersToday", "count"],
  ["dailyOrdersMaximum", "count"],
  ["position", "lots"],
  ["openLots", "lots"],
  ["now", "time"],
  ["lastLossAt", "time"],
  ["coolDownMs", "count"],
  ["stopOuts", "count"],
  ["stopOutsMaximum", "count"],
  ["lastStopOutAt", "time"],
  ["stopPauseMs", "count"],
  ["balance", "money"],
  ["reserved", "money"],
  ["marginUsed", "money"],
  ["needed", "money"],
  ["worstLots", "lots"],
  ["positionMaximum", "lots"],
  ["confirmedAt", "time"],
  ["markAgeMaximum", "count"],
  ["notional", "money"],
  ["notionalMaximum", "money"],
  ["leverageMaximum", "count"],
  ["equity", "money"],
  ["baseline", "money"],
  ["paid", "money"],
  ["dailyLossMaximum", "money"],
  ["closeOutPerMille", "count"],
  ["profit", "money"],
  ["tickets", "count"],
  ["ticketsMaximum", "count"],
  ["fee", "money"],
] as const;
export type InputName = (typeof INPUTS)[number][0];
export type InputUnit = (typeof INPUTS)[number][1];

export interface Input {
  readonly name: InputName;
  readonly value: bigint;
  /** Of money; left out for all else. */
  readonly currency?: string;
}

export interface UsedMark {
  readonly market: number;
  readonly bid: Ticks;
  readonly ask: Ticks;
  /** Of the market's record that last moved it. */
  readonly sequence: number;
}

export interface Explanation {
  readonly formula: Formula;
  readonly inputs: readonly Input[];
  readonly limit?: Input;
  /** By market number. */
  readonly marks: readonly UsedMark[];
  /** Largest size that would have been let through at that moment; 0 for none. */
  readonly acceptable?: Lots;
}

const checks = new Map<Formula, (typeof FORMULAS)[number]>(FORMULAS.map(row => [row[0], row]));
const units = new Map<InputName, InputUnit>(INPUTS);

export function checkOf(formula: Formula): Check {
  return checks.get(formula)?.[1] ?? "valid";
}

export function formulaText(formula: Formula): string {
  return checks.get(formula)?.[2] ?? "";
}

export function unitOf(name: InputName): InputUnit {
  return units.get(name) ?? "count";
}

/** Figures of a check that has just failed; a decision that nobody wants explained has none of it. */
export class Notes {
  formula: Formula = "form";
  inputs: readonly Input[] = [];
  limit: Input | undefined;

  say(formula: Formula, inputs: readonly Input[], limit?: Input): void {
    this.formula = formula;
    this.inputs = inputs;
    this.limit = limit;
  }
}

export function input(name: InputName, value: bigint | number, currency?: string): Input {
  const stated = { name, value: BigInt(value) };
  return currency === undefined ? stated : { ...stated, currency };
}
