/**
 * An order as people and programs write it, decimals as texts, turned into the instrument's integers, or
 * into the first rejection that it deserves, in the order of `engine/rejection.ts`. One reader for every
 * door; what the machine refuses by itself is left to it.
 */
import { type Instrument, parsePrice, parseQuantity } from "../instrument.ts";
import type { AmendOrder, OrderBody } from "../market/command.ts";
import type { AmendTerms, OrderTerms, SelfTradeMode, SelfTradePrevention } from "../market/terms.ts";
import type { Rejection } from "../rejection.ts";
import type { Lots, Ticks } from "../units.ts";
import { type IntentForm, readIntent } from "./intent-form.ts";
import { isTrailing, ORDER_TYPES, type OrderTypeName } from "./order-types.ts";
import { followsBook, type PriceForm, readPeg, readPriceTerms } from "./price-form.ts";
import { readExpireTime, readTimeInForce, type TimeForm } from "./time-form.ts";
import { readStopPrice, readTrail, readTrigger, type TrailForm, type TriggerForm } from "./trigger-form.ts";

/** What of an order its market reads. Prices and quantities are decimal strings. */
export interface MarketOrderForm extends TriggerForm, TimeForm, PriceForm {
  readonly side: "buy" | "sell";
  readonly type: OrderTypeName;
  /** Left out where there is a budget. */
  readonly quantity?: string | undefined;
  readonly price?: string | undefined;
  readonly displayQuantity?: string | undefined;
  readonly minimumQuantity?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly allOrNone?: boolean | undefined;
  readonly selfTradePrevention?: SelfTradeMode | undefined;
  /** Accounts that carry the same number are one trader. */
  readonly selfTradeGroup?: number | undefined;
}

/** The fields of an order beside who, where and when. */
export interface OrderForm extends MarketOrderForm, IntentForm {}

/** What of a form is beyond size and limit. */
export type TermsForm = Omit<
  OrderForm,
  "side" | "type" | "quantity" | "price" | "timeInForce" | "postOnly" | "expireTime"
> & { readonly expireTime?: string };

/** What an amend may change. */
export interface AmendForm
  extends TrailForm,
    Pick<TimeForm, "expireTime">,
    Pick<PriceForm, "peg" | "pegOffset"> {
  readonly quantity?: string | undefined;
  readonly price?: string | undefined;
  readonly stopPrice?: string | undefined;
  readonly minimumQuantity?: string | undefined;
}

/** A form in integers: what of an order's command doesn't depend on who sends it. */
export type ReadOrder = Pick<OrderBody, "type" | "timeInForce" | "postOnly" | "lots" | "ticks" | "terms">;

/** An amend's form; 0 leaves size or limit as it is. */
export type ReadAmend = Pick<AmendOrder, "lots" | "ticks" | "terms">;

const NO_SIZE = 0 as Lots;
const NO_LIMIT = 0 as Ticks;
const UNCHANGED = 0;

export function readOrderForm(instrument: Instrument, form: OrderForm): ReadOrder | Rejection {
  const { type } = ORDER_TYPES[form.type];
  const { quantity, budget } = form;
  if (quantity === undefined && budget === undefined) return "quantityMissing";
  const lots = quantity === undefined ? NO_SIZE : parseQuantity(instrument, quantity);
  if (typeof lots === "string") return lots;
  const pegged = form.type === "pegged";
  const follows = pegged || (form.limitOffset !== undefined && isTrailing(form.type));
  if (type === "limit" && form.price === undefined && !follows) return "priceMissing";
  if ((type === "market" || (follows && !pegged)) && form.price !== undefined) return "priceUnexpected";
  const ticks = form.price === undefined ? NO_LIMIT : parsePrice(instrument, form.price);
  if (typeof ticks === "string") return ticks;
  const expireAt = readExpireTime(form);
  if (typeof expireAt === "string") return expireAt;
  const trigger = readTrigger(instrument, form.type, form);
  if (typeof trigger === "string") return trigger;
  const displayLots = readPart(instrument, form.displayQuantity);
  if (displayLots === null) return "displayQuantityOutOfRange";
  const minimumLots = readPart(instrument, form.minimumQuantity);
  if (minimumLots === null) return "minimumQuantityOutOfRange";
  const priced = followsBook(form) ? readPriceTerms(instrument, pegged, form) : undefined;
  if (typeof priced === "string") return priced;
  const { hidden, allOrNone } = form;
  const selfTrade = readSelfTrade(form);
  const sized = displayLots !== undefined || minimumLots !== undefined;
  const aims = form.intent !== undefined || form.position !== undefined;
  const plain = trigger === undefined && !sized && selfTrade === undefined && !aims;
  const timeInForce = readTimeInForce(form.type, form);
  const order: ReadOrder = { type, timeInForce, postOnly: (form.postOnly ?? false) !== false, lots, ticks };
  if (plain && priced === undefined && expireAt === undefined && !hidden && !allOrNone) return order;
  const terms: OrderTerms = {
    ...(trigger === undefined ? undefined : { trigger }),
    ...(displayLots === undefined ? undefined : { displayLots }),
    ...(minimumLots === undefined ? undefined : { minimumLots }),
    ...priced,
    ...(hidden ? { hidden } : undefined),
    ...(allOrNone ? { allOrNone } : undefined),
    ...(selfTrade === undefined ? undefined : { selfTrade }),
    ...(expireAt === undefined ? undefined : { expireAt }),
    ...(aims ? readIntent(form) : undefined),
  };
  return { ...order, terms };
}

export function readAmendForm(instrument: Instrument, form: AmendForm): ReadAmend | Rejection {
  const lots = form.quantity === undefined ? (UNCHANGED as Lots) : parseQuantity(instrument, form.quantity);
  if (typeof lots === "string") return lots;
  const ticks = form.price === undefined ? (UNCHANGED as Ticks) : parsePrice(instrument, form.price);
  if (typeof ticks === "string") return ticks;
  const expireAt = readExpireTime(form);
  if (typeof expireAt === "string") return expireAt;
  const stopTicks = readStopPrice(instrument, form.stopPrice);
  if (typeof stopTicks === "string") return stopTicks;
  const minimumLots = readPart(instrument, form.minimumQuantity);
  if (minimumLots === null) return "minimumQuantityOutOfRange";
  const trail = readTrail(instrument, form);
  if (typeof trail === "string") return trail;
  const peg = readPeg(instrument, form, undefined);
  if (typeof peg === "string") return peg;
  const terms: AmendTerms = {
    ...(stopTicks === undefined ? undefined : { stopTicks }),
    ...(trail === undefined ? undefined : { trail }),
    ...(minimumLots === undefined ? undefined : { minimumLots }),
    ...(expireAt === undefined ? undefined : { expireAt }),
    ...(peg === undefined ? undefined : { peg }),
  };
  return Object.keys(terms).length === 0 ? { lots, ticks } : { lots, ticks, terms };
}

/** Who names a group and no mode is the one who expires. */
function readSelfTrade(form: OrderForm): SelfTradePrevention | undefined {
  const { selfTradePrevention, selfTradeGroup: group = 0 } = form;
  if (selfTradePrevention === undefined && group === 0) return undefined;
  const mode = selfTradePrevention ?? "expireTaker";
  return group === 0 ? { mode } : { mode, group };
}

/** A part of an order; null where it is no quantity of the instrument. */
function readPart(instrument: Instrument, text: string | undefined): Lots | null | undefined {
  if (text === undefined) return undefined;
  const lots = parseQuantity(instrument, text);
  return typeof lots === "string" ? null : lots;
}
