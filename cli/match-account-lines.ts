/**
 * Lines of `cambist match` about an account's orders together, and of one order in place of another: their
 * fields, their forms, and their readers, which throw `LineFault`.
 */
import type { MarketOrderForm } from "../engine/form/order-form.ts";
import { MASS_QUOTE_MAX } from "../engine/limits.ts";
import {
  decimal,
  type Fields,
  fault,
  flag,
  id,
  LineFault,
  onlyFields,
  optional,
  time,
  whole,
  word,
} from "./match-fields.ts";

const SIDES = ["buy", "sell"] as const;
const ON_FAILURE = ["stop", "allow"] as const;
export const CANCEL_CONDITIONS = ["new", "partlyFilled"] as const;

interface OfAccount {
  readonly accountId: string;
  readonly time: number;
}

/** `orderId` is the order that goes; the other fields are the new one's. */
export interface ReplaceLine extends MarketOrderForm {
  readonly command: "replace";
  readonly orderId: string;
  readonly newOrderId: string;
  readonly onFailure: (typeof ON_FAILURE)[number];
  readonly accountId: string | undefined;
  readonly time: number;
}

export interface MassCancelLine extends OfAccount {
  readonly command: "massCancel";
  readonly side: "buy" | "sell" | undefined;
}

export interface QuoteForm {
  readonly side: "buy" | "sell";
  readonly quantity: string;
  readonly price: string;
}

/** Each quote is an order, named by `orderId` and its place in the list: q-1, q-2 … */
export interface MassQuoteLine extends OfAccount {
  readonly command: "massQuote";
  readonly orderId: string;
  readonly postOnly: boolean;
  readonly quotes: readonly QuoteForm[];
}

export interface CancelAllAfterLine extends OfAccount {
  readonly command: "cancelAllAfter";
  readonly timeoutMs: number;
}

export interface ProtectLine extends OfAccount {
  readonly command: "protect";
  readonly windowMs: number;
  readonly quantityMax: string | undefined;
  readonly countMax: number;
  readonly deltaMax: string | undefined;
}

export interface ResetProtectionLine extends OfAccount {
  readonly command: "resetProtection";
}

export type AccountLine =
  | MassCancelLine
  | MassQuoteLine
  | CancelAllAfterLine
  | ProtectLine
  | ResetProtectionLine;

const OF_ACCOUNT = { accountId: "id", time: "time" } as const;
const MASS_QUOTE = { command: ["massQuote"], orderId: "id", ...OF_ACCOUNT, postOnly: "flag" } as const;
const QUOTE = { side: SIDES, quantity: "decimal", price: "decimal" } as const;
const PROTECT = { command: ["protect"], ...OF_ACCOUNT, windowMs: "time" } as const;

export const ACCOUNT_FORMS = {
  massCancel: { command: ["massCancel"], ...OF_ACCOUNT, side: SIDES },
  massQuote: { ...MASS_QUOTE, quotes: { each: QUOTE } },
  cancelAllAfter: { command: ["cancelAllAfter"], ...OF_ACCOUNT, timeoutMs: "time" },
  protect: { ...PROTECT, quantityMax: "decimal", countMax: "time", deltaMax: "decimal" },
  resetProtection: { command: ["resetProtection"], ...OF_ACCOUNT },
} as const;

const KNOWN = new Map(
  Object.entries(ACCOUNT_FORMS).map(([name, form]) => [name, new Set(Object.keys(form))]),
);
const QUOTE_FIELDS = new Set(Object.keys(QUOTE));

/** Undefined where the line is of another kind. */
export function readAccountLine(fields: Fields): AccountLine | undefined {
  const { command } = fields;
  const known = typeof command === "string" ? KNOWN.get(command) : undefined;
  if (known === undefined) return undefined;
  onlyFields(fields, known);
  const common = { accountId: optional(fields, "accountId", id) ?? "", time: time(fields) };
  switch (command as AccountLine["command"]) {
    case "massCancel":
      return { command: "massCancel", ...common, side: word(fields, "side", SIDES, undefined) };
    case "massQuote": {
      const postOnly = flag(fields, "postOnly");
      const orderId = id(fields, "orderId");
      return { command: "massQuote", orderId, ...common, postOnly, quotes: readQuotes(fields) };
    }
    case "cancelAllAfter":
      return { command: "cancelAllAfter", ...common, timeoutMs: whole(fields, "timeoutMs") };
    case "protect":
      return {
        ...{ command: "protect", ...common, windowMs: whole(fields, "windowMs") },
        quantityMax: optional(fields, "quantityMax", decimal),
        countMax: optional(fields, "countMax", whole) ?? 0,
        deltaMax: optional(fields, "deltaMax", decimal),
      };
    case "resetProtection":
      return { command: "resetProtection", ...common };
  }
}

/** What of a replace is not the new order's. */
export function readReplaceFields(fields: Fields) {
  return {
    ...{ orderId: id(fields, "orderId"), newOrderId: id(fields, "newOrderId") },
    onFailure: word(fields, "onFailure", ON_FAILURE, "stop" as const),
    accountId: optional(fields, "accountId", id),
  };
}

function readQuotes(fields: Fields): QuoteForm[] {
  const { quotes } = fields;
  if (!Array.isArray(quotes) || quotes.length > MASS_QUOTE_MAX) {
    throw fault("quotes", `a list of at most ${MASS_QUOTE_MAX} quotes`, quotes);
  }
  return quotes.map((quote: unknown) => {
    if (typeof quote !== "object" || quote === null || Array.isArray(quote)) {
      throw new LineFault("Cannot read command as each of 'quotes' must be an object");
    }
    const own = quote as Fields;
    onlyFields(own, QUOTE_FIELDS);
    const side = word(own, "side", SIDES, undefined);
    if (side === undefined) throw fault("side", "buy or sell", undefined);
    return { side, quantity: decimal(own, "quantity"), price: decimal(own, "price") };
  });
}
