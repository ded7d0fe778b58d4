/** Decoders of an order and its fills. What it waits for, and by which price, stays a word of the venue. */
import { fields, flag, list, oneOf, optionalText, text, whole } from "./fields.ts";
import type { ListPlace } from "./list-wire.ts";
import type * as Wire from "./wire.ts";

const SIDES = ["buy", "sell"] as const;
const TYPES = [
  "market",
  "limit",
  "stop",
  "stop-limit",
  "take-profit",
  "take-profit-limit",
  "trailing-stop",
  "trailing-stop-limit",
  "pegged",
] as const;
const TIMES_IN_FORCE = ["GTC", "IOC", "FOK", "DAY", "GTD", "ATO", "ATC", "GFA"] as const;
const ROLES = ["maker", "taker"] as const;
const STATUSES = ["open", "partiallyFilled", "filled", "cancelled", "expired", "rejected"] as const;

function decodeFill(value: unknown): Wire.Fill {
  const source = fields(value, "fill");
  return {
    id: optionalText(source, "id"),
    role: source.role === undefined ? undefined : oneOf(source, "role", ROLES),
    price: text(source, "price"),
    quantity: text(source, "quantity"),
    time: text(source, "time"),
    fee: optionalText(source, "fee"),
    feeCurrency: optionalText(source, "feeCurrency"),
  };
}

function decodePlace(value: unknown): ListPlace {
  const source = fields(value, "list");
  return { id: text(source, "id"), contingency: text(source, "contingency"), leg: whole(source, "leg") };
}

export function decodeOrder(value: unknown): Wire.Order {
  const source = fields(value, "order");
  const createdAt = text(source, "createdAt");
  return {
    id: text(source, "id"),
    clientOrderId: text(source, "clientOrderId"),
    accountId: text(source, "accountId"),
    symbol: text(source, "symbol"),
    side: oneOf(source, "side", SIDES),
    type: oneOf(source, "type", TYPES),
    timeInForce: oneOf(source, "timeInForce", TIMES_IN_FORCE),
    postOnly: flag(source, "postOnly") || source.postOnly === "slide",
    price: optionalText(source, "price"),
    stopPrice: optionalText(source, "stopPrice"),
    trigger: optionalText(source, "trigger"),
    doubleTick: flag(source, "doubleTick"),
    trailDistance: optionalText(source, "trailDistance"),
    trailPerMille: optionalText(source, "trailPerMille"),
    limitOffset: optionalText(source, "limitOffset"),
    displayQuantity: optionalText(source, "displayQuantity"),
    minimumQuantity: optionalText(source, "minimumQuantity"),
    hidden: flag(source, "hidden"),
    allOrNone: flag(source, "allOrNone"),
    expireTime: optionalText(source, "expireTime"),
    peg: optionalText(source, "peg"),
    pegOffset: optionalText(source, "pegOffset"),
    awaits: optionalText(source, "awaits"),
    list: source.list === undefined ? undefined : decodePlace(source.list),
    removal: optionalText(source, "removal"),
    quantity: text(source, "quantity"),
    filledQuantity: text(source, "filledQuantity"),
    averagePrice: optionalText(source, "averagePrice"),
    status: oneOf(source, "status", STATUSES),
    rejection: optionalText(source, "rejection"),
    fills: list(source.fills ?? [], "fills", decodeFill),
    fee: optionalText(source, "fee"),
    feeCurrency: optionalText(source, "feeCurrency"),
    sequence: source.sequence === undefined ? 0 : whole(source, "sequence"),
    createdAt,
    updatedAt: optionalText(source, "updatedAt") ?? createdAt,
  };
}
