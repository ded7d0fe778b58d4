/** An order's type and terms as people and programs read them: the inverse of `order-form.ts`. */
import { formatQuantity, type Instrument } from "../instrument.ts";
import type { OrderType } from "../market/command.ts";
import type { OrderTerms } from "../market/terms.ts";
import { textsOfIntent } from "./intent-form.ts";
import type { TermsForm } from "./order-form.ts";
import type { OrderTypeName } from "./order-types.ts";
import { textsOfPrice } from "./price-form.ts";
import { textsOfExpiry } from "./time-form.ts";
import { textsOfTrigger } from "./trigger-form.ts";

/** The name of an order's type: what it was called when it was placed, aliases aside. */
export function orderTypeName(type: OrderType, terms: OrderTerms | undefined): OrderTypeName {
  const { trigger, peg } = terms ?? {};
  if (peg !== undefined) return "pegged";
  if (trigger === undefined) return type;
  const stop = trigger.trail === undefined ? "stop" : "trailing-stop";
  const family = trigger.kind === "stop" ? stop : "take-profit";
  return type === "market" ? family : `${family}-limit`;
}

/** The fields of a form that an order's terms fill. */
export function textsOfTerms(instrument: Instrument, terms: OrderTerms | undefined): TermsForm {
  if (terms === undefined) return {};
  const { trigger, displayLots, minimumLots, hidden, allOrNone } = terms;
  return {
    ...(trigger === undefined ? undefined : textsOfTrigger(instrument, trigger)),
    ...(displayLots === undefined ? undefined : { displayQuantity: formatQuantity(instrument, displayLots) }),
    ...(minimumLots === undefined ? undefined : { minimumQuantity: formatQuantity(instrument, minimumLots) }),
    ...textsOfPrice(instrument, terms),
    ...(hidden ? { hidden } : undefined),
    ...(allOrNone ? { allOrNone } : undefined),
    ...textsOfExpiry(terms),
    ...textsOfIntent(terms),
  };
}
