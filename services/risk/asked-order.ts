/**
 * An order as it comes in, decimals as texts, turned into a shard's request. What can't be read is kept as it
 * was asked, beside its rejection, so that a repeat of it is known for one.
 */
import type { OrderRequest } from "../../engine/account/command.ts";
import { type OrderForm, readOrderForm } from "../../engine/form/order-form.ts";
import { ORDER_TYPES } from "../../engine/form/order-types.ts";
import { readTimeInForce } from "../../engine/form/time-form.ts";
import { type Instrument, parsePrice, parseQuantity } from "../../engine/instrument.ts";
import { refusalOfPlace } from "../../engine/market/market-rules.ts";
import { type AccountId, lots, ticks } from "../../engine/units.ts";
import type { Placing } from "./order-desk.ts";

export interface PlaceParams extends OrderForm {
  readonly account: number;
  readonly clientOrderId: string;
  readonly symbol: string;
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

/** Everything that a form asks beyond size and limit, in one order and one spelling. */
function termsText(form: OrderForm): string {
  const { quantity: _size, price: _limit, ...terms } = form;
  const fields = Object.entries(terms).filter(([, value]) => value !== undefined && value !== false);
  const texts = fields.map(([name, value]) => {
    const text = String(value);
    return `${name}=${/^\d+(\.\d+)?$/.test(text) ? canonical(text) : text}`;
  });
  return texts.sort().join(" ");
}

/** A form that can't be read, with what of it can. */
function refusedRequest(instrument: Instrument, form: OrderForm) {
  const asked = form.quantity ?? "0";
  const quantity = parseQuantity(instrument, asked);
  const price = form.price === undefined ? ticks(0) : parsePrice(instrument, form.price);
  const { type } = ORDER_TYPES[form.type];
  return {
    type,
    timeInForce: readTimeInForce(form.type, form),
    postOnly: Boolean(form.postOnly),
    lots: typeof quantity === "string" ? lots(0) : quantity,
    ticks: typeof price === "string" ? ticks(0) : price,
    ...(typeof quantity === "string" ? { quantityText: canonical(asked) } : undefined),
    ...(typeof price === "string" && form.price !== undefined
      ? { priceText: canonical(form.price) }
      : undefined),
    termsText: termsText(form),
  } as const;
}

/** Reads an order; one that can't be read comes with its rejection. */
export function readOrder(
  instrument: Instrument,
  params: PlaceParams,
  account: AccountId,
  liquidity: boolean,
): Placing {
  const { account: _owner, clientOrderId, symbol: _symbol, reference = 0, ...form } = params;
  const market = instrument.number;
  const common = { account, clientOrderId, market, side: form.side, liquidity, reference };
  const read = readOrderForm(instrument, form);
  if (typeof read !== "string") {
    // The market would refuse it too: nobody else has to be asked.
    const refused = refusalOfPlace(instrument, read);
    const request: OrderRequest = { ...common, ...read };
    return refused === undefined ? { request } : { request, refused };
  }
  return { request: { ...common, ...refusedRequest(instrument, form) }, refused: read };
}
