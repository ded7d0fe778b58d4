/**
 * What a market is told to do. Every command names its time; one that comes from a risk shard names the shard
 * and the next number of that shard for this market. `clientOrderId` and `reserved` pass through the market
 * untouched: its journal is where a shard that recovers finds them again.
 */
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../units.ts";
import type { Phase } from "./phase.ts";
import type { AmendTerms, OrderTerms } from "./terms.ts";

export type OrderType = "limit" | "market";
/**
 * Until cancelled; at once or not; all at once or not; until the day ends; until a time; in the opening
 * auction only; in the closing auction only; in the next auction only. The index is journalled.
 */
export const TIMES_IN_FORCE = ["GTC", "IOC", "FOK", "DAY", "GTD", "ATO", "ATC", "GFA"] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** What every command of a shard carries. */
export interface FromShard {
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
  /**
   * Number of the fee tier that the account has when it sends this; left out for none. The market passes it
   * through: the account's shard charges an order's trades by the tier that stands in this journal.
   */
  readonly feeTier?: number | undefined;
}

/** What an order is, by whichever command it comes. */
export interface OrderBody {
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
  readonly terms?: OrderTerms | undefined;
}

export interface PlaceOrder extends FromShard, OrderBody {
  readonly kind: "place";
}

export interface AmendOrder extends FromShard {
  readonly kind: "amend";
  readonly orderId: OrderId;
  /** New total size, what is filled included; 0 leaves it. */
  readonly lots: Lots;
  /** New limit price; 0 leaves it. */
  readonly ticks: Ticks;
  readonly reserved: Money;
  readonly terms?: AmendTerms | undefined;
}

/** Which order a cancel still wants to take out: any, only one that hasn't traded, only one that has. */
export type CancelCondition = "new" | "partlyFilled";

export interface CancelOrder extends FromShard {
  readonly kind: "cancel";
  readonly orderId: OrderId;
  readonly onlyIf?: CancelCondition | undefined;
}

/**
 * Cancels an order and enters another, as one. `stop`: both or neither; `allow`: each by itself, whatever
 * becomes of the other. `filledLots`, with `stop` only: what of the old order has traded as its shard has
 * heard it; where it has traded more by now, it is not replaced.
 */
export interface ReplaceOrder extends FromShard {
  readonly kind: "replace";
  readonly orderId: OrderId;
  readonly onFailure: "stop" | "allow";
  readonly filledLots?: Lots | undefined;
  readonly order: OrderBody;
}

/**
 * How the orders of a list depend on each other. `OCO`: a trade or the end of one cancels the others. `OUO`:
 * a trade of one makes the others as much smaller. `OTO`: the first is the entry, the others wait for its
 * trades. `OTOCO` and `bracket`: the same, and the two others are exits that update each other; a bracket's
 * exits may be told by their distance from the entry's price.
 */
export const CONTINGENCIES = ["OCO", "OUO", "OTO", "OTOCO", "bracket"] as const;
export type Contingency = (typeof CONTINGENCIES)[number];

/** Of a bracket's exit: from the average price of the entry's trades. */
export type ExitDistance =
  | { readonly by: "ticks"; readonly ticks: Ticks }
  /** Money of the quote currency won or lost by the entry's whole size. */
  | { readonly by: "money"; readonly money: Money };

export interface ListLeg extends OrderBody {
  readonly distance?: ExitDistance;
}

/** Orders that depend on each other, entered as one: all are accepted or none. */
export interface PlaceList extends FromShard {
  readonly kind: "list";
  readonly contingency: Contingency;
  /** The entry first, where there is one. */
  readonly legs: readonly ListLeg[];
}

/** Takes out all open orders of an account, those of one side only where that is given. */
export interface MassCancel extends FromShard {
  readonly kind: "massCancel";
  readonly side?: Side;
}

export interface Quote {
  readonly side: Side;
  readonly lots: Lots;
  readonly ticks: Ticks;
}

/**
 * Puts an account's quotes in place of those of its last mass quote: what stands already keeps its place, the
 * rest is cancelled, the new is entered. Each level is an order of its own, named by its place in the list.
 */
export interface MassQuote extends FromShard {
  readonly kind: "massQuote";
  readonly clientOrderId: string;
  readonly postOnly: boolean;
  readonly quotes: readonly Quote[];
  readonly reserved: Money;
}

/** All open orders of the account are cancelled when so much time has passed; 0 calls it off. */
export interface CancelAllAfter extends FromShard {
  readonly kind: "cancelAllAfter";
  readonly timeoutMs: number;
}

/**
 * Market-maker protection: what an account may trade as maker within a window before its orders are taken
 * out and no new ones are taken until it is reset. 0 of a limit: none; a window of 0: no protection.
 */
export interface SetProtection extends FromShard {
  readonly kind: "protect";
  readonly windowMs: number;
  /** Lots traded, trades, and bought less sold lots either way. */
  readonly quantityMax: Lots;
  readonly countMax: number;
  readonly deltaMax: Lots;
}

export interface ResetProtection extends FromShard {
  readonly kind: "resetProtection";
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

/** Which transition of its calendar a command is: the time, and the place among those of that time. */
export interface Scheduled {
  readonly time: Milliseconds;
  readonly index: number;
}

/** The market goes to another phase. */
export interface ChangePhase {
  readonly kind: "phase";
  readonly time: Milliseconds;
  readonly phase: Phase;
  /** Why, in words of whoever decided it; at most 255 ASCII characters. */
  readonly reason: string;
  /** Left out where a person decided it. */
  readonly scheduled?: Scheduled;
}

/** A price from outside: the mark that triggers may watch, or the reference of the static price band. */
export interface SetPrice {
  readonly kind: "price";
  readonly time: Milliseconds;
  readonly which: "mark" | "reference";
  readonly ticks: Ticks;
}

/** The trading day ends: DAY orders expire. */
export interface EndDay {
  readonly kind: "endOfDay";
  readonly time: Milliseconds;
  readonly scheduled?: Scheduled;
}

/** Nothing but the time: what is due by it happens, and a call tells its indicative price. */
export interface TellTime {
  readonly kind: "clock";
  readonly time: Milliseconds;
}

/** What a risk shard sends, numbered. */
export type ShardCommand =
  | PlaceOrder
  | AmendOrder
  | CancelOrder
  | ReplaceOrder
  | PlaceList
  | MassCancel
  | MassQuote
  | CancelAllAfter
  | SetProtection
  | ResetProtection;
/** What the market's own host sends. */
export type HostCommand = ChangePhase | SetPrice | EndDay | TellTime;
export type MarketCommand = ShardCommand | HostCommand | RecordShardEpoch | RecordOwner;
