/**
 * An order as it comes in (decimal strings) against the order that an account already has under the same
 * client id: the same body gets the first outcome again, another body is a mistake.
 */
import type { OrderRequest } from "../../engine/account/command.ts";
import type { OrderState } from "../../engine/account/order.ts";
import { type Instrument, parsePrice, parseQuantity } from "../../engine/instrument.ts";
import type { TimeInForce } from "../../engine/market/command.ts";
import type { Rejection } from "../../engine/rejection.ts";
import { type AccountId, lots, ticks } from "../../engine/units.ts";
import type { Placing } from "./order-desk.ts";

export interface PlaceParams {
  readonly account: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly type: "limit" | "market";
  readonly quantity: string;
  readonly price?: string;
  readonly timeInForce?: TimeInForce;
  readonly postOnly?: boolean;
  /** Sequence of the reference quote; only from a liquidity provider. */
  readonly reference?: number;
}

/** Leading and trailing zeros gone: "001.500" and "1.5" ask for the same. */
function canonical(text: string): string {
  const [whole = "", fraction = ""] = text.split(".");
  const places = fraction.replace(/0+$/, "");
  const count = whole.replace(/^0+(?=\d)/, "");
  return places === "" ? count : `${count}.${places}`;
}

/** Reads price and size; one that can't be read is kept as it was asked, beside its rejection. */
export function readOrder(
  instrument: Instrument,
  params: PlaceParams,
  account: AccountId,
  liquidity: boolean,
): Placing {
  const quantity = parseQuantity(instrument, params.quantity);
  const price = params.price === undefined ? ticks(0) : parsePrice(instrument, params.price);
  const refused = refusalOf(params, quantity, price);
  const request: OrderRequest = {
    account,
    clientOrderId: params.clientOrderId,
    market: instrument.number,
    side: params.side,
    type: params.type,
    timeInForce: params.timeInForce ?? (params.type === "market" ? "IOC" : "GTC"),
    postOnly: params.postOnly ?? false,
    lots: typeof quantity === "string" ? lots(0) : quantity,
    ticks: typeof price === "string" ? ticks(0) : price,
    liquidity,
    reference: params.reference ?? 0,
    ...(typeof quantity === "string" ? { quantityText: canonical(params.quantity) } : {}),
    ...(typeof price === "string" && params.price !== undefined
      ? { priceText: canonical(params.price) }
      : {}),
  };
  return refused === undefined ? { request } : { request, refused };
}

function refusalOf(
  params: PlaceParams,
  quantity: ReturnType<typeof parseQuantity>,
  price: ReturnType<typeof parsePrice>,
): Rejection | undefined {
  if (typeof quantity === "string") return quantity;
  if (params.type === "limit" && params.price === undefined) return "priceMissing";
  if (params.type === "market" && params.price !== undefined) return "priceUnexpected";
  if (typeof price === "string") return price;
  if (params.type === "market" && params.timeInForce === "GTC") return "timeInForceNotAllowed";
  const canRest = params.type === "limit" && (params.timeInForce ?? "GTC") === "GTC";
  return params.postOnly === true && !canRest ? "postOnlyNotAllowed" : undefined;
}

/** Whether a repeat asks for what the order was asked for. */
export function asksTheSame(request: OrderRequest, order: OrderState): boolean {
  return (
    request.market === order.market &&
    request.side === order.side &&
    request.type === order.type &&
    request.timeInForce === order.timeInForce &&
    request.postOnly === order.postOnly &&
    request.lots === order.requestedLots &&
    request.ticks === order.requestedTicks &&
    request.quantityText === order.quantityText &&
    request.priceText === order.priceText
  );
}
