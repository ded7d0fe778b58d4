/**
 * An order and its fills as the API shows them. Decimals are strings, times
 * RFC 3339.
 */
import type { TimeInForce } from "../engine/market/command.ts";

export interface FillView {
  readonly price: string;
  readonly quantity: string;
  readonly role: "maker" | "taker";
  /** Of the market's journal. */
  readonly sequence: number;
  readonly time: string;
}

export interface OrderView {
  readonly id: string;
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly type: "limit" | "market";
  readonly timeInForce: TimeInForce;
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
