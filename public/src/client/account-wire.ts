/** An account as its room tells it; shapes and texts as in `wire.ts`. */
import type { Transaction, Transfer } from "./money-wire.ts";
import type { Order } from "./wire.ts";

export type MarginState = "normal" | "marginCall" | "closeOut";

export interface Account {
  readonly id: string;
  readonly currency: string;
  readonly balance: string;
  readonly equity: string;
  readonly marginUsed: string;
  readonly freeMargin: string;
  readonly leverage: string;
  /** Levels in per cent below which it is called, and below which positions are closed. */
  readonly marginCallLevel: string;
  readonly closeOutLevel: string;
  readonly marginState: MarginState;
  /** Which markets it takes, and whether it plays: words of the venue. */
  readonly wallet: string;
  readonly environment: string;
  readonly positionMode: string;
  readonly parentId: string | undefined;
}

/** Of a further account of one's own. */
export interface AccountTerms {
  readonly currency: string;
  readonly leverage: number;
  readonly positions: "netting" | "hedging";
}

/** Of one currency: realised profit lands in the market's quote currency. */
export interface Balance {
  readonly currency: string;
  readonly total: string;
  /** Tied up by margin and open orders. */
  readonly locked: string;
  readonly available: string;
}

export interface Position {
  /** In a hedging account alone: of the order that opened it. */
  readonly id: string | undefined;
  readonly openedAt: string | undefined;
  readonly symbol: string;
  /** Short is negative. */
  readonly quantity: string;
  readonly averagePrice: string;
  readonly unrealisedProfit: string;
  /** What closing a part of it has won so far, in the quote currency. */
  readonly realisedProfit: string;
}

/** A snapshot has all four, an update those that changed: lists whole, `orders` only the changed ones. */
export interface AccountMessage {
  readonly account: Account | undefined;
  readonly balances: readonly Balance[] | undefined;
  readonly positions: readonly Position[] | undefined;
  readonly orders: readonly Order[] | undefined;
  /** Only what is new. */
  readonly transactions: readonly Transaction[];
  readonly transfers: readonly Transfer[];
  readonly marginCall: MarginCall | undefined;
}

/** The margin level has fallen below the call level, has fallen on, or has recovered. */
export interface MarginCall {
  readonly event: "enter" | "extend" | "leave";
  readonly levelPerMille: number;
}
