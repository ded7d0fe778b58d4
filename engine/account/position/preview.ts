/**
 * What an order would do, asked before it is sent, by the same decision that is made when it is. The largest
 * acceptable size is found by that decision too: what is let through at some size is so at every smaller one.
 *
 * Worst case: as many decisions as a size has binary digits, twice.
 */
import type { Rejection } from "../../rejection.ts";
import type { Lots, Milliseconds, Money } from "../../units.ts";
import { commissionOf } from "../charge/commission.ts";
import type { OrderRequest } from "../command.ts";
import { claimOfOrder } from "../order/claims.ts";
import type { RiskDesk } from "../order/risk-desk.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { convertUp } from "./conversion.ts";
import { marginUsed } from "./margin.ts";
import { equityOf } from "./valuation.ts";

/** Amounts in home money; undefined where a mark is missing. */
export interface OrderPreview {
  /** Why it would be refused now; undefined where it would not. */
  readonly rejection: Rejection | undefined;
  readonly currency: string;
  readonly equity: Money | undefined;
  readonly marginBefore: Money | undefined;
  readonly marginAfter: Money | undefined;
  readonly freeMarginBefore: Money | undefined;
  readonly freeMarginAfter: Money | undefined;
  /** Largest size that would be let through now; 0 for none, and for an order by money. */
  readonly acceptable: Lots;
  /** What buying and selling its size at the marks at once would lose, rounded up. */
  readonly spreadCost: Money | undefined;
  /** What the account's fee tier charges for its trades: see `commission.ts`; negative: a rebate. */
  readonly commission: Money | undefined;
  /** Its size; for an order by money the most that it may come to. */
  readonly lots: Lots;
}

export function previewOrder(
  state: ShardState,
  desk: RiskDesk,
  request: OrderRequest,
  at?: Milliseconds,
): OrderPreview {
  const { conversion, marks } = state;
  const account = state.known(request.account);
  const instrument = state.instrument(request.market);
  const decide = (asked: OrderRequest) => desk.decideOrder(asked, at);
  const decision = decide(request);
  const claim = claimOfOrder(state, request.market, request);
  const exposure = account.peek(instrument);
  const before = marginUsed(account, conversion);
  const after = marginUsed(account, conversion, { exposure, claims: [claim] });
  const equity = equityOf(account, conversion, marks);
  const passes = (lots: number) => typeof decide({ ...request, lots: lots as Lots }) !== "string";
  const byMoney = request.terms?.budget !== undefined;
  const largest = byMoney ? 0 : largestUpTo(instrument.maximumLots, passes);
  return {
    rejection: typeof decision === "string" ? decision : undefined,
    currency: account.currency,
    equity: equity as Money | undefined,
    marginBefore: before as Money | undefined,
    marginAfter: after as Money | undefined,
    freeMarginBefore: less(equity, before),
    freeMarginAfter: less(equity, after),
    acceptable: (largest < instrument.minimumLots ? 0 : largest) as Lots,
    spreadCost: spreadCost(state, request, claim.lots),
    commission: commissionOf(state, account, instrument, request, claim) as Money | undefined,
    lots: claim.lots as Lots,
  };
}

function less(equity: bigint | undefined, margin: bigint | undefined): Money | undefined {
  return equity === undefined || margin === undefined ? undefined : ((equity - margin) as Money);
}

function spreadCost(state: ShardState, { account, market }: OrderRequest, lots: number): Money | undefined {
  const instrument = state.instrument(market);
  const mark = state.marks.get(market);
  if (mark === undefined || mark.bid === 0 || mark.ask === 0) return undefined;
  const rate = state.conversion.rate(instrument.quote, state.known(account).currency);
  const spread = BigInt(Math.max(0, mark.ask - mark.bid)) * BigInt(lots) * instrument.valuePerTickLot;
  return rate && (convertUp(spread, rate) as Money);
}

/** The largest size that passes, where all below one that passes do; doubled from below, then halved. */
function largestUpTo(most: number, passes: (lots: number) => boolean): number {
  if (!passes(1)) return 0;
  let passed = 1;
  while (passed < most && passes(Math.min(most, passed * 2))) passed = Math.min(most, passed * 2);
  let failed = Math.min(most + 1, passed * 2);
  while (failed - passed > 1) {
    const middle = passed + Math.floor((failed - passed) / 2);
    if (passes(middle)) passed = middle;
    else failed = middle;
  }
  return passed;
}
