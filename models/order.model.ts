/**
 * An order and its fills as the API shows them. Decimals are strings, times
 * RFC 3339.
 */
import type { Awaited } from "../engine/account/order.ts";
import type { TermsForm } from "../engine/form/order-form.ts";
import type { OrderTypeName } from "../engine/form/order-types.ts";
import type { TimeInForce } from "../engine/market/command.ts";

export interface FillView {
  readonly price: string;
  readonly quantity: string;
  readonly role: "maker" | "taker";
  /** Of the market's journal. */
  readonly sequence: number;
  readonly time: string;
}

/** What it has beyond size and limit stands in it by the names and in the texts that it is placed with. */
export interface OrderView extends TermsForm {
  readonly id: string;
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForce;
  /** What the order waits for before it enters the market; absent once it is there. */
  readonly awaits?: Awaited;
  readonly postOnly: boolean;
  readonly price?: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly averagePrice?: string;
  readonly status: "open" | "partiallyFilled" | "filled" | "cancelled" | "expired" | "rejected";
  readonly rejection?: string;
  readonly fills: readonly FillView[];
  /** Of the market's journal; for an order that its shard refused, of the ledger. */
  readonly sequence: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An order in place of another, and that one as it is now; absent where the new one was refused outright. */
export interface ReplacedView {
  readonly order: OrderView;
  readonly replaced?: OrderView;
}
