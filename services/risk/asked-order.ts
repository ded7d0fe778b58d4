/**
 * An order as it comes in, decimals as texts, turned into a shard's request: once, at the door that has
 * checked its fields. What can't be read is kept as it was asked, beside its rejection, so that a repeat of
 * it is known for one.
 */
import type { OrderRequest } from "../../engine/account/command.ts";
import { type OrderForm, readOrderForm } from "../../engine/form/order-form.ts";
import { ORDER_TYPES } from "../../engine/form/order-types.ts";
import { readTimeInForce } from "../../engine/form/time-form.ts";
import { type Instrument, parsePrice, parseQuantity } from "../../engine/instrument.ts";
import { refusalOfPlace } from "../../engine/market/market-rules.ts";
import { type AccountId, lots, ticks } from "../../engine/units.ts";
import type { Placing } from "./order-desk.ts";

/** A form under the name that its caller gives it. */
export interface NamedForm extends OrderForm {
  readonly clientOrderId: string;
  /** Sequence of the reference quote; only from a liquidity provider. */
  readonly reference?: number;
}

/** What of a request is not asked of the order itself, or is compared by itself. */
const BESIDE_TERMS: ReadonlySet<string> = new Set([
  ...["account", "accountId", "clientOrderId", "symbol", "reference", "id", "onFailure"],
  ...["quantity", "price"],
]);

/** Leading and trailing zeros gone: "001.500" and "1.5" ask for the same. */
function canonical(text: string): string {
  const [whole = "", fraction = ""] = text.split(".");
  const places = fraction.replace(/0+$/, "");
  const count = whole.replace(/^0+(?=\d)/, "");
  return places === "" ? count : `${count}.${places}`;
}

/** Everything that a form asks beyond size and limit, in one order and one spelling. */
function termsText(form: OrderForm): string {
  const fields = Object.entries(form).filter(
    ([name, value]) => value !== undefined && value !== false && !BESIDE_TERMS.has(name),
  );
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
  form: NamedForm,
  account: AccountId,
  liquidity: boolean,
): Placing {
  const { clientOrderId, side, reference = 0 } = form;
  const market = instrument.number;
  const read = readOrderForm(instrument, form);
  if (typeof read === "string") {
    const common = { account, clientOrderId, market, side, liquidity, reference };
    return { request: { ...common, ...refusedRequest(instrument, form) }, refused: read };
  }
  // Field by field: copying the form part by part cost more than reading it.
  const plain: OrderRequest = {
    account,
    clientOrderId,
    market,
    side,
    type: read.type,
    timeInForce: read.timeInForce,
    postOnly: read.postOnly,
    lots: read.lots,
    ticks: read.ticks,
    liquidity,
    reference,
  };
  const request = read.terms === undefined ? plain : { ...plain, terms: read.terms };
  // The market would refuse it too: nobody else has to be asked.
  const refused = refusalOfPlace(instrument, read);
  return refused === undefined ? { request } : { request, refused };
}
