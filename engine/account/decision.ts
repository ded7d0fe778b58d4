/**
 * May this go to the market? The checks in the order of `engine/rejection.ts`: halts, open orders, closing
 * only, balance, position limit, marks, notional limit, margin. What cannot enlarge the worst exposure of its
 * market passes all but the first three, so that nobody is kept from closing. The answer is no fact: what is
 * decided is held until the market's record.
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
import type { Claim } from "./claims.ts";
import type { ShardState } from "./shard-state.ts";
import { balanceHome, equityOf, marginOf, marginUsed, notionalUsed, spotReserved } from "./valuation.ts";

/**
 * `reserved`: what is set aside for it: margin in home money; for a spot order money of the currency that it
 * pays with (the quote for a buy, the base for a sell).
 */
export type Decision = { readonly reserved: Money } | Rejection;

/** Something that may go to a market. */
export interface Wish {
  readonly market: number;
  /** At most one of each side. */
  readonly claims: readonly Claim[];
  /** Orders by which the account's open ones would grow. */
  readonly orders: number;
  /** It holds a market order whose market was never quoted. */
  readonly blind: boolean;
  /** Where only closing is allowed: "shrinks" only makes orders smaller, "opens" never closes. */
  readonly manner?: "shrinks" | "opens" | undefined;
}

const NOTHING: Decision = { reserved: 0n as Money };

export function decide(state: ShardState, account: Account, wish: Wish): Decision {
  const { market, claims, orders, manner } = wish;
  const instrument = state.instrument(market);
  const restriction = state.restrictionOf(account);
  if (restriction === "halted") return "tradingHalted";
  const most = Math.min(OPEN_ORDERS_PER_ACCOUNT_MAX, account.limits.openOrdersMaximum || Infinity);
  if (orders > 0 && account.open.size + account.heldOrders.size + orders > most) return "openOrdersLimit";
  if ((restriction === "reducing" || state.phaseOf(market) === "close-only") && manner !== "shrinks") {
    if (manner === "opens" || !claims.every(claim => onlyCloses(account, instrument, claim))) {
      return "positionWouldIncrease";
    }
  }
  return instrument.settlement === "spot"
    ? decideSpot(state, account, instrument, wish)
    : decideMargin(state, account, instrument, wish);
}

/** Whether a claim and all that may fill of its side before it can only make a position smaller. */
function onlyCloses(account: Account, instrument: Instrument, { side, lots, buyValue }: Claim): boolean {
  if (instrument.settlement === "spot") return side === "sell" || (lots === 0 && buyValue === 0n);
  const exposure = account.exposures.get(instrument.number) ?? newExposure(instrument);
  const [open, position] =
    side === "buy"
      ? [exposure.openBuys + exposure.heldBuys, -exposure.lots]
      : [exposure.openSells + exposure.heldSells, exposure.lots];
  return open + lots === 0 || open + lots <= position;
}

function decideSpot(state: ShardState, account: Account, instrument: Instrument, wish: Wish): Decision {
  let reserved = 0n;
  for (const claim of wish.claims) {
    const decision = decideSide(state, account, instrument, claim, wish.blind);
    if (typeof decision === "string") return decision;
    reserved += decision.reserved;
  }
  return exceedsNotional(state, account, instrument, wish) ?? { reserved: reserved as Money };
}

function decideSide(
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
    const worst = holds + BigInt(exposure.openBuys + exposure.heldBuys) + BigInt(claim.lots);
    if (worst > BigInt(instrument.positionLimitLots)) return "positionLimit";
  }
  if (margin === undefined || (buys && blind)) return "markMissing";
  return { reserved: needed as Money };
}

function decideMargin(state: ShardState, account: Account, instrument: Instrument, wish: Wish): Decision {
  const { conversion, marks } = state;
  const exposure = account.exposures.get(instrument.number) ?? newExposure(instrument);
  const lotsBefore = worstLots(exposure, 0, 0);
  const lotsOf = (side: Claim["side"]) => wish.claims.find(claim => claim.side === side)?.lots ?? 0;
  const lotsAfter = worstLots(exposure, lotsOf("buy"), lotsOf("sell"));
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
  const exceeding = exceedsNotional(state, account, instrument, wish);
  if (exceeding !== undefined) return exceeding;
  const reserved = after - before;
  return equity - used - reserved < 0n ? "marginInsufficient" : { reserved: reserved as Money };
}

/** Why the account's notional limit doesn't let it; undefined where there is none, or room. */
function exceedsNotional(
  state: ShardState,
  account: Account,
  instrument: Instrument,
  wish: Wish,
): Rejection | undefined {
  const { notionalMaximum } = account.limits;
  if (notionalMaximum === 0n || wish.claims.every(({ lots }) => lots === 0)) return undefined;
  const lotsOf = (side: Claim["side"]) => wish.claims.find(claim => claim.side === side)?.lots ?? 0;
  const exposure = account.exposures.get(instrument.number) ?? newExposure(instrument);
  const further = { exposure, buys: lotsOf("buy"), sells: lotsOf("sell") };
  const used = notionalUsed(account, state.conversion, further);
  if (used === undefined) return "markMissing";
  return used > notionalMaximum ? "notionalLimit" : undefined;
}
