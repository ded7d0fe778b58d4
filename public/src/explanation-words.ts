/**
 * An explanation of the venue's as a trader reads it: one or two sentences with the figures in them, and each
 * figure under a name of its own. A formula or a figure that this page does not know is shown as it came.
 */
import type { Explanation, Figure } from "./client/explanation-wire.ts";
import { formatDecimal, groupDigits, parseDecimal } from "./decimal.ts";
import { type Instrument, readableQuantity } from "./market/instrument.ts";
import { MONEY_DIGITS } from "./market/valuation.ts";
import { readableMoney } from "./order-words.ts";

type Kind = "lots" | "price" | "count" | "money" | "time" | "duration" | "perMille";

/** What each figure is called, and what it counts. */
const FIGURES: Readonly<Record<string, readonly [name: string, kind: Kind]>> = {
  quantity: ["Quantity asked for", "lots"],
  price: ["Price", "price"],
  minimumQuantity: ["Smallest quantity", "lots"],
  maximumQuantity: ["Largest quantity", "lots"],
  openOrders: ["Open orders", "count"],
  orders: ["Orders asked for", "count"],
  openOrdersMaximum: ["Most open orders", "count"],
  ordersToday: ["Orders today", "count"],
  dailyOrdersMaximum: ["Most orders a day", "count"],
  position: ["Position", "lots"],
  openLots: ["In orders that close", "lots"],
  now: ["Then", "time"],
  lastLossAt: ["Last loss", "time"],
  coolDownMs: ["Pause after a loss", "duration"],
  stopOuts: ["Stops hit in a row", "count"],
  stopOutsMaximum: ["Stops before a pause", "count"],
  lastStopOutAt: ["Last stop hit", "time"],
  stopPauseMs: ["Pause after stops", "duration"],
  balance: ["Balance", "money"],
  reserved: ["Reserved", "money"],
  marginUsed: ["Margin used", "money"],
  needed: ["Needed for it", "money"],
  worstLots: ["Position it could lead to", "lots"],
  positionMaximum: ["Largest position", "lots"],
  confirmedAt: ["Price confirmed", "time"],
  markAgeMaximum: ["Oldest price that counts", "duration"],
  notional: ["All positions together", "money"],
  notionalMaximum: ["Most of all positions", "money"],
  leverageMaximum: ["Largest leverage", "count"],
  equity: ["Equity", "money"],
  baseline: ["Equity when the day began", "money"],
  paid: ["Paid in since", "money"],
  dailyLossMaximum: ["Largest loss a day", "money"],
  closeOutPerMille: ["Close-out level", "perMille"],
  profit: ["Profit", "money"],
  tickets: ["Open positions", "count"],
  ticketsMaximum: ["Most open positions", "count"],
  fee: ["Commission", "money"],
};

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

function readable({ name, value, currency }: Figure, instrument: Instrument | undefined): string {
  switch (FIGURES[name]?.[1]) {
    case "lots":
      return `${readableQuantity(instrument, value)}${instrument ? ` ${instrument.base}` : ""}`;
    case "money":
      return `${readableMoney(value)}${currency === undefined ? "" : ` ${currency}`}`;
    case "time":
      return `${value.slice(11, 19)} UTC`;
    case "duration":
      return duration(Number(value));
    case "perMille":
      return `${formatDecimal(parseDecimal(value, 0) ?? 0n, 1)}%`;
    case "count":
      return groupDigits(value);
    default:
      return value;
  }
}

/** Figures by their names, in words. */
interface Figures {
  readonly say: (name: string) => string;
  readonly has: (name: string) => boolean;
  /** One less the other. */
  readonly sum: (plus: string, minus: string) => string;
}

/** What each formula found, with its figures in it; those that say no more than the rejection have none. */
const SENTENCES: Readonly<Record<string, (figures: Figures) => string>> = {
  openOrders: ({ say }) =>
    `${say("openOrders")} orders are open; the account may have ${say("openOrdersMaximum")}.`,
  dailyOrders: ({ say }) =>
    `${say("ordersToday")} orders were placed today; ` +
    `the account may place ${say("dailyOrdersMaximum")} a day.`,
  trading: () => "Trading is stopped for the account, its group or the venue.",
  closesOnly: ({ say }) =>
    `Only closing is allowed. The position is ${say("position")}, open orders already close ` +
    `${say("openLots")} of it, and this order asked for ${say("quantity")}.`,
  coolDown: ({ say }) =>
    `The last losing trade was at ${say("lastLossAt")}. Nothing is opened for ${say("coolDownMs")} after it.`,
  stopGuard: ({ say }) =>
    `${say("stopOuts")} stops were hit, the last at ${say("lastStopOutAt")}. ` +
    `Nothing is opened for ${say("stopPauseMs")} after it.`,
  cash: ({ say }) =>
    `The order needs ${say("needed")}. Of a balance of ${say("balance")}, ` +
    `orders reserve ${say("reserved")} and margin takes ${say("marginUsed")}.`,
  funds: ({ say }) => `The balance is ${say("balance")}: there is nothing to open a position with.`,
  position: ({ say }) =>
    `The position could grow to ${say("worstLots")}; the limit of this market is ${say("positionMaximum")}.`,
  markPresent: () => "A market that the account's money depends on has no price yet.",
  markAge: ({ say }) =>
    `The newest price was confirmed at ${say("confirmedAt")}, ` +
    `and prices older than ${say("markAgeMaximum")} do not count.`,
  notional: ({ say }) =>
    `All positions together would be worth ${say("notional")}; the limit is ${say("notionalMaximum")}.`,
  leverage: ({ say }) =>
    `All positions together would be worth ${say("notional")}, more than ` +
    `${say("leverageMaximum")} times the equity of ${say("equity")}.`,
  dailyLoss: ({ say }) =>
    `The day began with ${say("baseline")}, and the equity is now ${say("equity")}. ` +
    `A day may lose ${say("dailyLossMaximum")}.`,
  margin: ({ say, sum, has }) =>
    `The order needs ${say("needed")} of margin${has("fee") ? ` and ${say("fee")} of commission` : ""}, ` +
    `and ${sum("equity", "marginUsed")} is free: ` +
    `${say("equity")} of equity less ${say("marginUsed")} in use.`,
  closeOut: ({ say }) =>
    `The equity of ${say("equity")} fell below ${say("closeOutPerMille")} of the ${say("marginUsed")} ` +
    `of margin in use, so the venue closes positions, the largest loser first.`,
  wallet: () => "The account's wallet does not take this kind of market.",
  intent: () => "The account's positions are not kept in a way that knows this request.",
  ticket: () => "The position that it was to close is not there any more, or is of the same side.",
  opensOnly: ({ say }) =>
    `It was only to open, but would have made the position of ${say("position")} smaller.`,
  tickets: ({ say }) =>
    `${say("tickets")} positions are open; the account may have ${say("ticketsMaximum")}.`,
  closeBy: () => "Two of the market's positions are just being closed against each other.",
};

export interface ExplanationWords {
  /** What was found. */
  readonly reason: string | undefined;
  /** What would have been let through. */
  readonly instead: string | undefined;
  readonly figures: readonly (readonly [name: string, value: string])[];
}

export function explanationInWords(
  explanation: Explanation,
  instrument: Instrument | undefined,
): ExplanationWords {
  const { formula, inputs, limit, outcome } = explanation;
  const acceptable = outcome.startsWith("closeOut") ? undefined : explanation.acceptableQuantity;
  // A limit may bear the name of a figure: the figure is what a sentence means.
  const all = limit === undefined ? inputs : [...inputs, limit];
  const find = (name: string) => all.find(each => each.name === name);
  const has = (name: string) => find(name) !== undefined;
  const say = (name: string) => {
    const figure = find(name);
    return figure === undefined ? "–" : readable(figure, instrument);
  };
  const units = (name: string) => parseDecimal(find(name)?.value ?? "0", MONEY_DIGITS) ?? 0n;
  const sum = (plus: string, minus: string) => {
    const currency = find(plus)?.currency ?? "";
    return `${readableMoney(formatDecimal(units(plus) - units(minus), MONEY_DIGITS))} ${currency}`.trim();
  };
  const sentence = Object.hasOwn(SENTENCES, formula) ? SENTENCES[formula] : undefined;
  const names = new Set(inputs.map(({ name }) => name));
  const shown = limit === undefined || names.has(limit.name) ? inputs : [...inputs, limit];
  return {
    reason: sentence?.({ say, has, sum }),
    instead: insteadInWords(acceptable, instrument),
    figures: shown.map(each => [FIGURES[each.name]?.[0] ?? each.name, readable(each, instrument)] as const),
  };
}

function insteadInWords(acceptable: string | undefined, instrument: Instrument | undefined) {
  if (acceptable === undefined) return undefined;
  if (!/[1-9]/.test(acceptable)) return "No smaller size would have been let through either.";
  const base = instrument === undefined ? "" : ` ${instrument.base}`;
  return `Up to ${readableQuantity(instrument, acceptable)}${base} would have been let through.`;
}
