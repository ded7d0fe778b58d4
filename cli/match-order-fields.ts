/** The fields of an order in a line of `cambist match`, wherever an order stands in one. */
import type { MarketOrderForm } from "../engine/form/order-form.ts";
import { ORDER_TYPES, type OrderTypeName } from "../engine/form/order-types.ts";
import { TIME_IN_FORCE_NAMES } from "../engine/form/time-form.ts";
import type { TrailForm } from "../engine/form/trigger-form.ts";
import { PEG_REFERENCES, SELF_TRADE_MODES, TRIGGER_SOURCES } from "../engine/market/terms.ts";
import { decimal, type Fields, fault, flag, moment, optional, whole, word } from "./match-fields.ts";

function isType(value: unknown): value is OrderTypeName {
  return typeof value === "string" && Object.hasOwn(ORDER_TYPES, value);
}

/** An order that is placed, or put in place of another, or one of a list. */
export function readOrder(fields: Fields): MarketOrderForm {
  const { side, type } = fields;
  if (side !== "buy" && side !== "sell") throw fault("side", "buy or sell", side);
  if (!isType(type)) throw fault("type", `one of ${Object.keys(ORDER_TYPES).join(", ")}`, type);
  return {
    side,
    type,
    quantity: optional(fields, "quantity", decimal),
    ...priceOf(fields),
    price: optional(fields, "price", decimal),
    stopPrice: optional(fields, "stopPrice", decimal),
    displayQuantity: optional(fields, "displayQuantity", decimal),
    minimumQuantity: optional(fields, "minimumQuantity", decimal),
    hidden: flag(fields, "hidden"),
    allOrNone: flag(fields, "allOrNone"),
    trigger: word(fields, "trigger", TRIGGER_SOURCES, undefined),
    doubleTick: flag(fields, "doubleTick"),
    ...trailOf(fields),
    limitOffset: optional(fields, "limitOffset", decimal),
    timeInForce: word(fields, "timeInForce", TIME_IN_FORCE_NAMES, undefined),
    expireTime: optional(fields, "expireTime", moment),
    postOnly: fields.postOnly === "slide" ? "slide" : flag(fields, "postOnly"),
    selfTradePrevention: word(fields, "selfTradePrevention", SELF_TRADE_MODES, undefined),
    selfTradeGroup: optional(fields, "selfTradeGroup", whole),
  };
}

function priceOf(fields: Fields) {
  return {
    budget: optional(fields, "budget", decimal),
    slippage: optional(fields, "slippage", decimal),
    slippagePips: optional(fields, "slippagePips", decimal),
    ...pegOf(fields),
  };
}

export function trailOf(fields: Fields): TrailForm {
  return {
    trailDistance: optional(fields, "trailDistance", decimal),
    trailPips: optional(fields, "trailPips", decimal),
    trailPerMille: optional(fields, "trailPerMille", decimal),
  };
}

export function pegOf(fields: Fields) {
  return {
    peg: word(fields, "peg", PEG_REFERENCES, undefined),
    pegOffset: optional(fields, "pegOffset", decimal),
  };
}
