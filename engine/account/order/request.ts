/**
 * What a caller asks for beyond one plain order: a replace, a list, a mass quote. `OrderRequest` of
 * `command.ts` is one order; these name the same account and market for all that they hold.
 */
import type { Contingency, ExitDistance, OrderBody, Quote } from "../../market/command.ts";
import type { AmendTerms } from "../../market/terms.ts";
import type { AccountId, Lots, Ticks } from "../../units.ts";
import type { OrderRequest } from "../command.ts";
import type { OrderState } from "./order.ts";

/** What an amend asks for: 0 leaves size or limit as it is. */
export interface AmendRequest {
  readonly order: OrderState;
  readonly lots: Lots;
  readonly ticks: Ticks;
  readonly terms?: AmendTerms | undefined;
}

/** Another order in an order's place. */
export interface ReplaceRequest {
  readonly order: OrderState;
  readonly onFailure: "stop" | "allow";
  readonly request: OrderRequest;
}

interface Common {
  readonly account: AccountId;
  /** The market's number in the venue. */
  readonly market: number;
  readonly liquidity: boolean;
  readonly reference: number;
}

/** One order of a list, before anything is set aside for it. */
export type LegRequest = Omit<OrderBody, "reserved"> & { readonly distance?: ExitDistance };

export interface ListRequest extends Common {
  readonly contingency: Contingency;
  /** The entry first, where there is one. */
  readonly legs: readonly LegRequest[];
}

export interface QuotesRequest extends Common {
  readonly clientOrderId: string;
  readonly postOnly: boolean;
  readonly quotes: readonly Quote[];
}

/** A leg as an order by itself: as it is refused, and as it is compared with a repeat. */
export function requestOfLeg(
  { account, market, liquidity, reference }: Common,
  leg: LegRequest,
): OrderRequest {
  const { distance: _list, ...body } = leg;
  return { account, market, liquidity, reference, ...body };
}
