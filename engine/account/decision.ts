/**
 * May this order go to the market? The checks in the order of `engine/rejection.ts`: open orders, closing
 * only, balance, position limit, marks, margin. An order that cannot enlarge the worst exposure of its market
 * passes all but the first two, so that nobody is kept from closing. The answer is no fact: what is decided
 * is held until the market's record.
 *
 * Where only closing is allowed, what could fill of a side must not be more than the position that it closes;
 * a spot market's sells close, its buys don't. A spot buy needs its counted price × size of quote, a sell its
 * size of base, beyond what other orders tie up: see `claims.ts`.
 */
import type { Instrument } from "../instrument.ts";
import { OPEN_ORDERS_PER_ACCOUNT_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import type { Money } from "../units.ts";
import { type Account, newExposure, worstLots } from "./account.ts";
import { type AmendAsked, type Claim, claimOfAmend, claimOfOrder } from "./claims.ts";
import type { OrderRequest } from "./command.ts";
import type { OrderState } from "./order.ts";
import type { ShardState } from "./shard-state.ts";
import { balanceHome, equityOf, marginOf, marginUsed, spotReserved } from "./valuation.ts";

/**
 * `reserved`: what is set aside for it: margin in home money; for a spot order money of the currency that it
 * pays with (the quote for a buy, the base for a sell).
 */
export type Decision = { readonly reserved: Money } | Rejection;

const NOTHING: Decision = { reserved: 0n as Money };

export function decideOrder(state: ShardState, account: Account, request: OrderRequest): Decision {
  const orders = account.open.size + account.heldOrders.size;
  if (orders >= OPEN_ORDERS_PER_ACCOUNT_MAX) return "openOrdersLimit";
  const instrument = state.instrument(request.market);
  if (request.liquidity && request.ticks > 0) state.marks.standIn(request.market, request.ticks);
  const blind = request.ticks === 0 && state.marks.closing(request.market, request.side) === 0;
  const claim = claimOfOrder(state, request);
  if (state.phaseOf(request.market) === "close-only" && !onlyCloses(account, instrument, claim)) {
    return "positionWouldIncrease";
  }
  return decideClaim(state, account, instrument, claim, blind);
}

export function decideAmend(
  state: ShardState,
  account: Account,
  order: OrderState,
  asked: AmendAsked,
): Decision {
  const { market } = order;
  const shrinks = asked.lots !== 0 && asked.lots <= order.lots && asked.ticks === 0;
  const claim = claimOfAmend(order, asked);
  if (state.phaseOf(market) === "close-only" && !(shrinks && asked.terms === undefined)) {
    if (!onlyCloses(account, state.instrument(market), claim)) return "positionWouldIncrease";
  }
  return decideClaim(state, account, state.instrument(market), claim, false);
}

/** Whether a claim and all that may fill of its side before it can only make a position smaller. */
function onlyCloses(account: Account, instrument: Instrument, { side, lots }: Claim): boolean {
  if (instrument.settlement === "spot") return side === "sell";
  const exposure = account.exposures.get(instrument.number) ?? newExposure(instrument);
  return side === "buy"
    ? exposure.openBuys + exposure.heldBuys + lots <= -exposure.lots
    : exposure.openSells + exposure.heldSells + lots <= exposure.lots;
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
