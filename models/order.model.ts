/**
 * An order and its fills as the API shows them. Decimals are strings, times
 * RFC 3339.
 */
import type { Awaited } from "../engine/account/order/order.ts";
import type { TermsForm } from "../engine/form/order-form.ts";
import type { OrderTypeName } from "../engine/form/order-types.ts";
import type { Contingency, TimeInForce } from "../engine/market/command.ts";
import type { RemovalCause } from "../engine/market/event.ts";
import type { ExplanationView } from "./explanation.model.ts";

export interface FillView {
  readonly price: string;
  readonly quantity: string;
  readonly role: "maker" | "taker";
  /** What it was charged; negative: a rebate. Absent where the order's trades are free. */
  readonly fee?: string;
  readonly feeCurrency?: string;
  /** Of the market's journal. */
  readonly sequence: number;
  readonly time: string;
}

/** Where an order stands in a list of orders that depend on each other. */
export interface ListView {
  /** Of the list's first order. */
  readonly id: string;
  readonly contingency: Contingency;
  /** 0: the entry, where there is one. */
  readonly leg: number;
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
  readonly list?: ListView;
  /** Why it ended, where nobody asked for the end of this very order. */
  readonly removal?: RemovalCause;
  readonly postOnly: boolean;
  readonly price?: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly averagePrice?: string;
  readonly status: "open" | "partiallyFilled" | "filled" | "cancelled" | "expired" | "rejected";
  readonly rejection?: string;
  /** Where its shard refused it, with the figures that it was decided by. */
  readonly explanation?: ExplanationView;
  readonly fills: readonly FillView[];
  /** Of all its fills; absent where they are free. */
  readonly fee?: string;
  readonly feeCurrency?: string;
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
