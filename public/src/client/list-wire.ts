/** Orders that depend on each other, as they are asked for and as each of them tells of it. */
import type { OrderRequest } from "./wire.ts";

/** Where an order stands in its list. */
export interface ListPlace {
  /** Of the list's first order. */
  readonly id: string;
  /** "bracket", "OCO" and the like: a word of the venue. */
  readonly contingency: string;
  /** 0: the entry, where there is one. */
  readonly leg: number;
}

/** An exit has a distance from the average price of its entry's trades, and no price of its own. */
export interface LegRequest extends Omit<OrderRequest, "accountId" | "symbol"> {
  readonly distancePips?: string;
  /** Money of the quote currency that the whole of the entry wins or loses. */
  readonly distanceMoney?: string;
}

export interface ListRequest {
  readonly accountId: string;
  readonly symbol: string;
  readonly contingency: "bracket";
  /** The entry first. */
  readonly legs: readonly LegRequest[];
}
