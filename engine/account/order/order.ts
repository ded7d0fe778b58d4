/**
 * An order as its account's shard knows it: a fold of the market's events, complete enough to be a document.
 * Its version is `sequence`, that of the last record which touched it (in the market's journal; for a refusal
 * at the shard in the ledger). A liquidity provider's order keeps no list of fills.
 */

import type { OrderBody, OrderType, TimeInForce } from "../../market/command.ts";
import { PARKING_REASONS, type RemovalCause } from "../../market/event.ts";
import type { OrderTerms } from "../../market/terms.ts";
import type { Rejection } from "../../rejection.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../../units.ts";
import type { OrderFees } from "../charge/fill-fee.ts";
import type { OrderRequest } from "../command.ts";
import type { Explanation } from "../guard/explanation.ts";
import type { ListPlace } from "./list-place.ts";

export const ORDER_STATUSES = [
  "open",
  "partiallyFilled",
  "filled",
  "cancelled",
  "expired",
  "rejected",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What an open order waits for before it enters the market; the index is stored. */
export const AWAITED = ["trigger", ...PARKING_REASONS] as const;
export type Awaited = (typeof AWAITED)[number];

/** What a caller asks for, and what a market's command carries of it. */
export type AskedOrder = Omit<OrderBody, "reserved"> & Pick<OrderRequest, "account" | "liquidity">;

export interface Fill {
  /** Of the market's journal. */
  readonly sequence: number;
  readonly time: Milliseconds;
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly role: "maker" | "taker";
  readonly counterOrderId: OrderId;
  /** What it paid where the order pays fees, in the currency of `feeCurrency`; negative: a rebate. */
  readonly fee?: Money;
}

export interface OrderState {
  readonly id: OrderId;
  readonly clientOrderId: string;
  readonly account: AccountId;
  readonly market: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly liquidity: boolean;
  /** Total size, what is filled included. */
  readonly lots: Lots;
  /** Limit price; 0 for a market order. */
  readonly ticks: Ticks;
  readonly filledLots: Lots;
  /** Σ ticks × lots over the fills. */
  readonly filledValue: bigint;
  readonly status: OrderStatus;
  readonly rejection?: Rejection;
  /** Why the shard refused it, where it did. */
  readonly explanation?: Explanation;
  readonly fills: readonly Fill[];
  readonly sequence: number;
  readonly createdAt: Milliseconds;
  readonly updatedAt: Milliseconds;
  /** As first asked, whatever amends came after: a repeated request is compared with these. */
  readonly requestedLots: Lots;
  readonly requestedTicks: Ticks;
  /** What it has beyond limit and size, as amended; left out where it is plain. */
  readonly terms?: OrderTerms | undefined;
  readonly requestedTerms?: OrderTerms;
  /** Undefined once it is in the market, and where it never waited. */
  readonly awaits?: Awaited | undefined;
  /** What a lot of a spot buy is counted at, where that is another price than its limit. */
  readonly countedTicks?: number;
  readonly list?: ListPlace;
  /** True for a level of a mass quote. */
  readonly quoted?: true;
  /** Why it closed where nobody had asked to cancel it. */
  readonly removal?: RemovalCause;
  /** Left out where its trades are free. */
  readonly fees?: Readonly<OrderFees>;
  /** A size, price or term that could not be read, as it was asked: see `OrderRequest`. */
  readonly quantityText?: string;
  readonly priceText?: string;
  readonly termsText?: string;
}

/** The shard's own, changing copy. */
export interface Order extends OrderState {
  lots: Lots;
  ticks: Ticks;
  filledLots: Lots;
  filledValue: bigint;
  status: OrderStatus;
  rejection?: Rejection;
  explanation?: Explanation;
  fills: Fill[];
  sequence: number;
  updatedAt: Milliseconds;
  terms?: OrderTerms | undefined;
  requestedTerms?: OrderTerms;
  awaits?: Awaited | undefined;
  countedTicks?: number;
  list?: ListPlace;
  quoted?: true;
  removal?: RemovalCause;
  fees?: OrderFees;
  /** Open orders of the same list and side that count as one with this one, which is among them. */
  linked: Order[] | undefined;
  /** Newest `sequence` that is known to be stored as a document; 0 for none. */
  documentedSequence: number;
  /** It waits in the outbox to be told. */
  changed: boolean;
}

/** What of an order is only its shard's, as it is at first. */
export const OWN: Pick<Order, "linked" | "documentedSequence" | "changed"> = {
  linked: undefined,
  documentedSequence: 0,
  changed: false,
};

export function newOrder(
  id: OrderId,
  market: number,
  sequence: number,
  time: Milliseconds,
  asked: AskedOrder,
): Order {
  const order: Order = {
    id,
    clientOrderId: asked.clientOrderId,
    account: asked.account,
    market,
    side: asked.side,
    type: asked.type,
    timeInForce: asked.timeInForce,
    postOnly: asked.postOnly,
    liquidity: asked.liquidity,
    lots: asked.lots,
    ticks: asked.ticks,
    filledLots: 0 as Lots,
    filledValue: 0n,
    status: "open",
    fills: [],
    sequence,
    createdAt: time,
    updatedAt: time,
    requestedLots: asked.lots,
    requestedTicks: asked.ticks,
    linked: undefined,
    documentedSequence: 0,
    changed: false,
  };
  if (asked.terms !== undefined) {
    order.terms = asked.terms;
    order.requestedTerms = asked.terms;
  }
  const texts = textsOf(asked);
  return texts === undefined ? order : { ...order, ...texts };
}

export function isOpen(order: OrderState): boolean {
  return order.status === "open" || order.status === "partiallyFilled";
}

/** What may still trade. */
export function remainingLots(order: OrderState): Lots {
  return (isOpen(order) ? order.lots - order.filledLots : 0) as Lots;
}

/** The price that what is left of a buy is counted at. */
export function countedAt(order: OrderState): number {
  return order.countedTicks ?? order.ticks;
}

/** A copy that later facts leave alone. To leave out what is the shard's own would take longer. */
export function copyOrder(order: Order): OrderState {
  const copy = { ...order, fills: order.fills.slice(), ...OWN };
  if (copy.fees !== undefined) copy.fees = { ...copy.fees };
  return copy;
}

type Texts = Pick<OrderRequest, "quantityText" | "priceText" | "termsText">;

function textsOf(asked: AskedOrder): Texts | undefined {
  const { quantityText, priceText, termsText }: Partial<OrderRequest> = asked;
  if (quantityText === undefined && priceText === undefined && termsText === undefined) return undefined;
  return {
    ...(quantityText === undefined ? {} : { quantityText }),
    ...(priceText === undefined ? {} : { priceText }),
    ...(termsText === undefined ? {} : { termsText }),
  };
}
