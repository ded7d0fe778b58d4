/**
 * What a market is told to do. Every command names its time; one that comes from a risk shard names the shard
 * and the next number of that shard for this market. `clientOrderId` and `reserved` pass through the market
 * untouched: its journal is where a shard that recovers finds them again.
 */
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../units.ts";

export type OrderType = "limit" | "market";
export type TimeInForce = "GTC" | "IOC" | "FOK";

/** Whose price a trigger watches: of the last trade, or the best shown prices. */
export type TriggerSource = "last" | "bid" | "ask" | "mid";

/**
 * A condition that an order waits for. A `stop` of a buyer waits for the price to rise to `stopTicks`, of a
 * seller for it to fall there; a `takeProfit` the other way round.
 */
export interface Trigger {
  readonly kind: "stop" | "takeProfit";
  readonly source: TriggerSource;
  readonly stopTicks: Ticks;
}

/** What an order has beyond limit and size; left out where it is plain. */
export interface OrderTerms {
  readonly trigger?: Trigger;
  /** An iceberg shows this much at a time. */
  readonly displayLots?: Lots;
  readonly hidden?: true;
  /** The least that an execution of it may be. */
  readonly minimumLots?: Lots;
  readonly allOrNone?: true;
}

/** What an amend changes beyond limit and size. */
export interface AmendTerms {
  readonly stopTicks?: Ticks;
  readonly minimumLots?: Lots;
}

interface FromShard {
  readonly time: Milliseconds;
  readonly shard: number;
  readonly number: number;
  readonly account: AccountId;
  /**
   * True for a liquidity provider's command: its journal segments may be dropped, its orders are no
   * documents.
   */
  readonly liquidity: boolean;
  /** Sequence of the reference quote that a liquidity quote was made from; 0 for none. */
  readonly reference: number;
}

export interface PlaceOrder extends FromShard {
  readonly kind: "place";
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly lots: Lots;
  /** Limit price; 0 for a market order. */
  readonly ticks: Ticks;
  /** What the shard set aside for it, in money units of the account's currency. */
  readonly reserved: Money;
  readonly terms?: OrderTerms;
}

export interface AmendOrder extends FromShard {
  readonly kind: "amend";
  readonly orderId: OrderId;
  /** New total size, what is filled included; 0 leaves it. */
  readonly lots: Lots;
  /** New limit price; 0 leaves it. */
  readonly ticks: Ticks;
  readonly reserved: Money;
  readonly terms?: AmendTerms;
}

export interface CancelOrder extends FromShard {
  readonly kind: "cancel";
  readonly orderId: OrderId;
}

/** A shard has a new owner: from here on only commands of this epoch are taken, numbered from 1 again. */
export interface RecordShardEpoch {
  readonly kind: "shardEpoch";
  readonly time: Milliseconds;
  readonly shard: number;
  readonly epoch: number;
}

/** This market has a new owner. The record fences the old one off. */
export interface RecordOwner {
  readonly kind: "owner";
  readonly time: Milliseconds;
  readonly epoch: number;
}

/** What is done with orders at this time of the market's day. */
export type Phase =
  | "continuous"
  | "pre-open"
  | "opening-auction"
  | "intraday-auction"
  | "volatility-auction"
  | "closing-auction"
  | "post-close"
  | "paused"
  | "halted"
  | "cancel-only"
  | "close-only";

/** The market goes to another phase. */
export interface ChangePhase {
  readonly kind: "phase";
  readonly time: Milliseconds;
  readonly phase: Phase;
  /** Why, in words of whoever decided it; at most 255 ASCII characters. */
  readonly reason: string;
}

export type ShardCommand = PlaceOrder | AmendOrder | CancelOrder;
export type MarketCommand = ShardCommand | RecordShardEpoch | RecordOwner | ChangePhase;
