/**
 * May this order go to the market? The checks in the order of `engine/rejection.ts`: open orders, balance,
 * position limit, marks, margin. An order that cannot enlarge the worst exposure of its market passes all but
 * the first, so that nobody is kept from closing. The answer is no fact: what is decided is held until the
 * market's record.
 *
 * Spot: a buy needs limit × size of quote, a sell its size of base, beyond what other orders tie up. A market
 * buy is counted at the ask plus 5 % (up to the next tick); what fills beyond that may overdraw the balance.
 */
import type { Instrument } from "../instrument.ts";
import { OPEN_ORDERS_PER_ACCOUNT_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import type { Lots, Money, Side, Ticks } from "../units.ts";
import { type Account, newExposure, worstLots } from "./account.ts";
import type { OrderRequest } from "./command.ts";
import { type OrderState, remainingLots } from "./order.ts";
import type { ShardState } from "./shard-state.ts";
import { balanceHome, equityOf, marginOf, marginUsed, spotReserved } from "./valuation.ts";

/**
 * `reserved`: what is set aside for it: margin in home money; for a spot order money of the currency that it
 * pays with (the quote for a buy, the base for a sell).
 */
export type Decision = { readonly reserved: Money } | Rejection;

const NOTHING: Decision = { reserved: 0n as Money };

/** What a command could add to its market's exposure, until its record arrives. */
export interface Claim {
  readonly side: Side;
  readonly lots: number;
  /** Σ ticks × lots that a buy may have to pay beyond what is counted already. */
  readonly buyValue: bigint;
}

/** Price that a market buy is counted at: the ask + 5 %, up to the next tick; 0 where there is no mark. */
function marketBuyTicks(state: ShardState, market: number): bigint {
  const ask = BigInt(state.marks.closing(market, "buy"));
  return (ask * 105n + 99n) / 100n;
}

export function claimOfOrder(state: ShardState, request: OrderRequest): Claim {
  const { side, lots, ticks, market } = request;
  if (side === "sell") return { side, lots, buyValue: 0n };
  const price = ticks === 0 ? marketBuyTicks(state, market) : BigInt(ticks);
  return { side, lots, buyValue: price * BigInt(lots) };
}

/**
 * Old and new size count as the larger of the two, whatever is filled before the record: both totals shrink
 * alike, so the claim in lots is the growth of the total. In value it is the larger of now and of when the
 * old is filled.
 */
export function claimOfAmend(order: OrderState, lots: Lots, ticks: Ticks): Claim {
  const newLots = lots === 0 ? order.lots : lots;
  const newTicks = BigInt(ticks === 0 ? order.ticks : ticks);
  const { side } = order;
  const growth = Math.max(0, newLots - order.lots);
  if (side === "sell") return { side, lots: growth, buyValue: 0n };
  const remaining = BigInt(remainingLots(order));
  const now = newTicks * BigInt(newLots - order.filledLots) - BigInt(order.ticks) * remaining;
  const filled = newTicks * BigInt(growth);
  return { side, lots: growth, buyValue: now > filled ? now : filled };
}

export function decideOrder(state: ShardState, account: Account, request: OrderRequest): Decision {
  const orders = account.open.size + account.heldOrders.size;
  if (orders >= OPEN_ORDERS_PER_ACCOUNT_MAX) return "openOrdersLimit";
  const instrument = state.instrument(request.market);
  if (request.liquidity && request.ticks > 0) state.marks.standIn(request.market, request.ticks);
  const blind = request.ticks === 0 && state.marks.closing(request.market, request.side) === 0;
  return decideClaim(state, account, instrument, claimOfOrder(state, request), blind);
}

export function decideAmend(
  state: ShardState,
  account: Account,
  order: OrderState,
  lots: Lots,
  ticks: Ticks,
): Decision {
  return decideClaim(state, account, state.instrument(order.market), claimOfAmend(order, lots, ticks), false);
}

/** `blind`: a market order whose market was never quoted. */
function decideClaim(
  state: ShardState,
  account: Account,
  instrument: Instrument,
  claim: Claim,
  blind: boolean,
): Decision {
  return instrument.settlement === "spot"
    ? decideSpot(state, account, instrument, claim, blind)
    : decideMargin(state, account, instrument, claim);
}

function decideSpot(
  state: ShardState,
  account: Account,
  instrument: Instrument,
  claim: Claim,
  blind: boolean,
): Decision {
  const buys = claim.side === "buy";
  const currency = buys ? instrument.quote : instrument.base;
  const needed = buys
    ? claim.buyValue * instrument.valuePerTickLot
    : BigInt(claim.lots) * instrument.baseMoneyPerLot;
  const margin = currency === account.currency ? marginUsed(account, state.conversion) : 0n;
  const available = account.balance(currency) - spotReserved(account, currency) - (margin ?? 0n);
  if (needed > 0n && available < needed) return "balanceInsufficient";
  if (buys && claim.lots > 0) {
    const exposure = account.exposures.get(instrument.number) ?? newExposure(instrument);
    const holds = account.balance(instrument.base) / instrument.baseMoneyPerLot;
    const worst = holds + BigInt(exposure.openBuys + exposure.heldBuys + claim.lots);
    if (worst > BigInt(instrument.positionLimitLots)) return "positionLimit";
  }
  if (margin === undefined || (buys && blind)) return "markMissing";
  return { reserved: needed as Money };
}

function decideMargin(state: ShardState, account: Account, instrument: Instrument, claim: Claim): Decision {
  const { conversion, marks } = state;
  const exposure = account.exposures.get(instrument.number) ?? newExposure(instrument);
  const lotsBefore = worstLots(exposure, 0, 0);
  const buys = claim.side === "buy" ? claim.lots : 0;
  const lotsAfter = worstLots(exposure, buys, claim.lots - buys);
  if (lotsAfter <= lotsBefore) return NOTHING;
  const balance = balanceHome(account, conversion);
  if (balance !== undefined && balance <= 0n) return "balanceInsufficient";
  if (lotsAfter > instrument.positionLimitLots) return "positionLimit";
  const after = marginOf(account, instrument, lotsAfter, conversion);
  const before = marginOf(account, instrument, lotsBefore, conversion);
  const used = marginUsed(account, conversion);
  const equity = equityOf(account, conversion, marks);
  const profits = conversion.rate(instrument.quote, account.currency);
  if (after === undefined || before === undefined || used === undefined) return "markMissing";
  if (equity === undefined || profits === undefined) return "markMissing";
  const reserved = after - before;
  return equity - used - reserved < 0n ? "marginInsufficient" : { reserved: reserved as Money };
}
