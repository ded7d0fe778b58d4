/**
 * Why an order was refused, or an account closed out, in plain words with the figures: made of the
 * explanation that the venue recorded. What it does not know how to say is told by its rule.
 */
import { groupDigits } from "../decimal.ts";

export interface ExplainedFigure {
  readonly name: string;
  readonly value: string;
  readonly currency?: string;
}

/** As `GET risk/explain/:id` answers. */
export interface Explanation {
  readonly outcome: string;
  readonly formula: string;
  readonly rule: string;
  readonly inputs: readonly ExplainedFigure[];
  readonly limit?: ExplainedFigure;
  readonly marks: readonly {
    readonly symbol: string;
    readonly bid?: string;
    readonly ask?: string;
    readonly sequence: number;
  }[];
  readonly acceptableQuantity?: string;
}

type Tell = (figure: (name: string) => string, limit: string) => string;

const WORDS: Readonly<Record<string, Tell>> = {
  openOrders: (of, limit) => `You have ${of("openOrders")} open orders; ${limit} are allowed.`,
  dailyOrders: (of, limit) => `Today ${of("ordersToday")} orders were placed; ${limit} are allowed a day.`,
  trading: () => "The account may not trade now.",
  closesOnly: of => `Only closing is allowed: the position is ${of("position")}.`,
  wallet: () => "The account's wallet does not take instruments that settle like this one.",
  intent: () => "The account's positions are not kept so that this can be asked of them.",
  ticket: () => "The position that was named is not open, or not on the other side.",
  opensOnly: () => "The order may only open, and would close a part of the position first.",
  tickets: (of, limit) => `You have ${of("tickets")} positions here; ${limit} are allowed.`,
  coolDown: of => `A trade closed at a loss at ${of("lastLossAt")}; opening pauses for a while.`,
  stopGuard: of => `${of("stopOuts")} stops were hit, the last at ${of("lastStopOutAt")}; opening pauses.`,
  cash: of =>
    `This needs ${of("needed")}; the balance is ${of("balance")}, of which ${of("reserved")} is tied up.`,
  funds: of => `The balance is ${of("balance")}: there is nothing to trade with.`,
  position: (of, limit) => `The position could become ${of("worstLots")}; ${limit} is allowed.`,
  markPresent: () => "A price that is needed to value the account is not there yet.",
  markAge: of => `The last price is of ${of("confirmedAt")}: too old to decide by.`,
  notional: (of, limit) => `All positions together could be worth ${of("notional")}; ${limit} is allowed.`,
  leverage: (of, limit) =>
    `All positions together could be worth ${of("notional")}, with an equity of ${of("equity")}: ` +
    `more than ${limit} times as much.`,
  dailyLoss: (of, limit) =>
    `The day began with ${of("baseline")}, the equity is ${of("equity")}: the limit of ${limit} is lost.`,
  margin: of =>
    `This needs a margin of ${of("needed")}; the equity is ${of("equity")}, ` +
    `of which ${of("marginUsed")} is used.`,
  closeOut: of =>
    `The equity of ${of("equity")} no longer covered the margin of ${of("marginUsed")} as far as it has to.`,
};

function shown({ value, currency }: ExplainedFigure): string {
  const text = /^-?\d+(\.\d+)?$/.test(value) ? groupDigits(value) : value;
  return currency === undefined ? text : `${text} ${currency}`;
}

/** Two sentences at most: what failed with its figures, and what would have been let through. */
export function explanationInWords({ formula, rule, inputs, limit, ...more }: Explanation): string {
  const figure = (name: string) => {
    const found = inputs.find(each => each.name === name);
    return found === undefined ? "?" : shown(found);
  };
  const tell = Object.hasOwn(WORDS, formula) ? WORDS[formula] : undefined;
  const failed = tell?.(figure, limit === undefined ? "?" : shown(limit)) ?? `What has to hold: ${rule}.`;
  const { acceptableQuantity, outcome } = more;
  if (acceptableQuantity === undefined || outcome.startsWith("closeOut")) return failed;
  if (/^0(\.0*)?$/.test(acceptableQuantity)) return `${failed} No size would have been taken.`;
  return `${failed} Up to ${groupDigits(acceptableQuantity)} would have been taken.`;
}
