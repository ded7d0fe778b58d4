/** Prices and sizes that follow the book, as people and programs write them; and how they read them again. */
import { formatDecimal, parseDecimal } from "../decimal.ts";
import { formatPrice, type Instrument, parseDistance, parsePips } from "../instrument.ts";
import type { OrderTerms, Peg } from "../market/terms.ts";
import type { Rejection } from "../rejection.ts";
import { MONEY_DIGITS, type Money, type Ticks } from "../units.ts";
import type { OrderTypeName } from "./order-types.ts";

/** Distances are differences of prices; an offset may be negative. */
export interface PriceForm {
  /** Of a market order, instead of a quantity: money of the quote currency. */
  readonly budget?: string | undefined;
  /** How far a market order may go; one of the two. */
  readonly slippage?: string | undefined;
  readonly slippagePips?: string | undefined;
  /** What a pegged order follows: without it the best price of its own side. */
  readonly peg?: Peg["to"] | undefined;
  readonly pegOffset?: string | undefined;
  /** A post-only order that would trade is refused, or slides. */
  readonly postOnly?: boolean | "slide" | undefined;
}

type PriceTerms = Pick<OrderTerms, "budget" | "slippageTicks" | "peg" | "slide">;

/** Whether a form has any of these terms. */
export function followsBook(form: PriceForm & { readonly type: OrderTypeName }): boolean {
  const { type, budget, slippage, slippagePips, peg, pegOffset, postOnly } = form;
  const text = budget ?? slippage ?? slippagePips ?? peg ?? pegOffset;
  return text !== undefined || type === "pegged" || postOnly === "slide";
}

/** `pegged`: whether the order's type is that of a pegged order. */
export function readPriceTerms(
  instrument: Instrument,
  pegged: boolean,
  form: PriceForm,
): PriceTerms | Rejection {
  const peg = readPeg(instrument, form, pegged ? "own" : undefined);
  if (typeof peg === "string") return peg;
  if (peg !== undefined && !pegged) return "pegNotAllowed";
  const slippageTicks = readSlippage(instrument, form);
  if (typeof slippageTicks === "string") return slippageTicks;
  const budget = form.budget === undefined ? undefined : parseDecimal(form.budget, MONEY_DIGITS);
  if (form.budget !== undefined && budget === undefined) return "budgetTooSmall";
  return {
    ...(budget === undefined ? undefined : { budget: budget as Money }),
    ...(slippageTicks === undefined ? undefined : { slippageTicks }),
    ...(peg === undefined ? undefined : { peg }),
    ...(form.postOnly === "slide" ? { slide: true } : undefined),
  };
}

/** A new peg; `before` is what is followed where the form doesn't say so. */
export function readPeg(
  instrument: Instrument,
  { peg, pegOffset }: PriceForm,
  before: Peg["to"] | undefined,
): Peg | Rejection | undefined {
  if (peg === undefined && pegOffset === undefined && before === undefined) return undefined;
  const to = peg ?? before;
  if (to === undefined) return "pegNotAllowed";
  const below = pegOffset?.startsWith("-") === true;
  const distance = parseDistance(instrument, (below ? pegOffset?.slice(1) : pegOffset) ?? "0");
  if (distance === undefined) return "pegOutOfRange";
  return { to, offset: below && distance !== 0 ? -distance : distance };
}

function readSlippage(
  instrument: Instrument,
  { slippage, slippagePips }: PriceForm,
): Ticks | Rejection | undefined {
  if (slippage !== undefined && slippagePips !== undefined) return "slippageNotAllowed";
  if (slippage === undefined && slippagePips === undefined) return undefined;
  const ticks =
    slippagePips === undefined
      ? parseDistance(instrument, slippage ?? "")
      : parsePips(instrument, slippagePips);
  return ticks ?? "slippageOutOfRange";
}

/** The fields of a form that these terms fill. */
export function textsOfPrice(instrument: Instrument, terms: PriceTerms): Omit<PriceForm, "postOnly"> {
  const { budget, slippageTicks, peg } = terms;
  return {
    ...(budget === undefined ? undefined : { budget: formatDecimal(budget, MONEY_DIGITS) }),
    ...(slippageTicks === undefined ? undefined : { slippage: formatPrice(instrument, slippageTicks) }),
    ...(peg === undefined ? undefined : { peg: peg.to, pegOffset: formatOffset(instrument, peg.offset) }),
  };
}

function formatOffset(instrument: Instrument, offset: number): string {
  const distance = formatPrice(instrument, Math.abs(offset) as Ticks);
  return offset < 0 ? `-${distance}` : distance;
}
