/**
 * May this go to the market? Six checks, in the order of `engine/rejection.ts`: valid (how many orders),
 * access (what the account may do now), balance, position limit, leverage limit, daily loss, margin; a mark
 * that is missing or stale is refused where it is first needed. What cannot enlarge the worst exposure of its
 * market passes all from the balance on, so that nobody is kept from closing. The answer is no fact: what is
 * decided is held until the market's record.
 *
 * Where only closing is allowed, what could fill of a side must not be more than the position that it closes;
 * a spot market's sells close, its buys don't. A spot buy needs its counted price × size of quote, a sell its
 * size of base, beyond what other orders tie up: see `claims.ts`.
 */
import type { Instrument } from "../../instrument.ts";
import { OPEN_ORDERS_PER_ACCOUNT_MAX } from "../../limits.ts";
import type { Rejection } from "../../rejection.ts";
import type { Money } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import { feeAsked } from "../charge/fee-check.ts";
import { input, type Notes } from "../guard/explanation.ts";
import { accessOf, least, positionMaximum } from "../guard/guard.ts";
import { guardRefusal, lossRefusal, missing, sizeRefusal } from "../guard/guard-checks.ts";
import { marginsWith, marginUsed } from "../position/margin.ts";
import { balanceHome, equityWith, spotReserved } from "../position/valuation.ts";
import { NO_CLAIMS, sizeOf, worstOf } from "../position/worst.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { aimRefusal, closable, kindRefusal, onlyReduces } from "./aim-checks.ts";
import type { Claim } from "./claims.ts";
import type { Case, Decision, Wish } from "./wish.ts";

const NO_CLAIM: Claim = { side: "buy", lots: 0, buyValue: 0n };
const NOTHING: Decision = { reserved: 0n as Money };

export function decide(state: ShardState, account: Account, wish: Wish, notes?: Notes): Decision {
  const instrument = state.instrument(wish.market);
  const guards = state.guardsOf(account);
  const asked: Case = { state, account, instrument, guards, wish, notes };
  const rejection =
    kindRefusal(asked) ??
    countRefusal(asked) ??
    accessRefusal(asked) ??
    aimRefusal(asked) ??
    guardRefusal(asked, closes);
  if (rejection !== undefined) return rejection;
  return instrument.settlement === "spot" ? decideSpot(asked) : decideMargin(asked);
}

/** Whether all that is claimed can only make the position smaller. */
function closes({ account, instrument, wish }: Case): boolean {
  return wish.manner !== "opens" && wish.claims.every(claim => onlyCloses(account, instrument, claim));
}

function countRefusal({ state, account, guards, wish, notes }: Case): Rejection | undefined {
  if (state.restrictionOf(account) === "halted") {
    notes?.say("trading", []);
    return "tradingHalted";
  }
  const access = wish.forced === true ? "full" : accessOf(guards);
  if (access === "noTrading" || access === "noLogin") {
    notes?.say("trading", []);
    return "accessForbidden";
  }
  const own = Math.min(OPEN_ORDERS_PER_ACCOUNT_MAX, account.limits.openOrdersMaximum || Infinity);
  const most = least(guards, guard => guard.openOrdersMaximum, own);
  const open = account.open.size + account.heldOrders.size;
  if (wish.orders <= 0 || open + wish.orders <= most) return undefined;
  const figures = [input("openOrders", open), input("orders", wish.orders)];
  notes?.say("openOrders", figures, input("openOrdersMaximum", most));
  return "openOrdersLimit";
}

function accessRefusal(asked: Case): Rejection | undefined {
  const { state, account, instrument, guards, wish, notes } = asked;
  const closing =
    state.restrictionOf(account) === "reducing" ||
    state.phaseOf(wish.market) === "close-only" ||
    account.watch?.closeOut !== undefined ||
    (wish.forced !== true && accessOf(guards) === "closeOnly");
  if (!closing || wish.manner === "shrinks" || closes(asked)) return undefined;
  const claim = wish.claims.find(each => !onlyCloses(account, instrument, each)) ?? wish.claims[0];
  const { open, position } = closable(account, account.peek(instrument), claim ?? NO_CLAIM);
  const figures = [input("openLots", open), input("position", position), input("quantity", claim?.lots ?? 0)];
  notes?.say("closesOnly", figures, input("position", Math.max(0, position)));
  return "positionWouldIncrease";
}

/** Whether a claim and all that may fill of its side before it can only make a position smaller. */
function onlyCloses(account: Account, instrument: Instrument, claim: Claim): boolean {
  const { side, lots, buyValue } = claim;
  if (instrument.settlement === "spot") return side === "sell" || (lots === 0 && buyValue === 0n);
  return onlyReduces(account, account.peek(instrument), claim);
}

function decideSpot(asked: Case): Decision {
  let reserved = 0n;
  for (const claim of asked.wish.claims) {
    const decision = decideSide(asked, claim);
    if (typeof decision === "string") return decision;
    reserved += decision.reserved;
  }
  return sizeRefusal(asked) ?? { reserved: reserved as Money };
}

function decideSide({ state, account, instrument, guards, wish, notes }: Case, claim: Claim): Decision {
  const buys = claim.side === "buy";
  const currency = buys ? instrument.quote : instrument.base;
  const needed = buys
    ? claim.buyValue * instrument.valuePerTickLot
    : BigInt(claim.lots) * instrument.baseMoneyPerLot;
  const margin = currency === account.currency ? marginUsed(account, state.conversion) : 0n;
  const reserved = spotReserved(account, currency);
  const balance = account.free(currency);
  if (needed > 0n && balance - reserved - (margin ?? 0n) < needed) {
    const figures = [input("balance", balance, currency), input("reserved", reserved, currency)];
    const taken = [input("marginUsed", margin ?? 0n, currency), input("needed", needed, currency)];
    notes?.say("cash", [...figures, ...taken]);
    return "balanceInsufficient";
  }
  if (buys && claim.lots > 0) {
    const exposure = account.peek(instrument);
    const holds = account.balance(instrument.base) / instrument.baseMoneyPerLot;
    const worst = holds + BigInt(exposure.openBuys + exposure.heldBuys) + BigInt(claim.lots);
    const most = positionMaximum(guards, instrument.number, instrument.positionLimitLots);
    if (worst > BigInt(most)) {
      const figures = [input("position", holds), input("quantity", claim.lots), input("worstLots", worst)];
      notes?.say("position", figures, input("positionMaximum", most));
      return "positionLimit";
    }
  }
  if (margin === undefined || (buys && wish.blind)) return missing(state, notes);
  return { reserved: needed as Money };
}

function decideMargin(asked: Case): Decision {
  const { state, account, instrument, guards, wish, notes } = asked;
  const { conversion, marks } = state;
  const { claims } = wish;
  const exposure = account.peek(instrument);
  if (!mayEnlarge(exposure, claims)) return NOTHING;
  const balance = balanceHome(account, conversion);
  if (balance !== undefined && balance <= 0n) {
    notes?.say("funds", [input("balance", balance, account.currency)]);
    return "balanceInsufficient";
  }
  const most = positionMaximum(guards, instrument.number, instrument.positionLimitLots);
  const size = sizeOf(worstOf(exposure, claims), exposure);
  if (size > most) {
    const figures = [input("position", exposure.lots), input("worstLots", size)];
    notes?.say("position", figures, input("positionMaximum", most));
    return "positionLimit";
  }
  const margins = marginsWith(account, conversion, { exposure, claims });
  const equity = balance === undefined ? undefined : equityWith(balance, account, conversion, marks);
  const profits = conversion.rate(instrument.quote, account.currency);
  if (margins === undefined || equity === undefined || profits === undefined) return missing(state, notes);
  const exceeding = sizeRefusal(asked, equity) ?? lossRefusal(asked, equity);
  if (exceeding !== undefined) return exceeding;
  const { used, after } = margins;
  const reserved = after - used;
  if (reserved <= 0n) return NOTHING;
  const fee = feeAsked(asked);
  if (fee === undefined) return missing(state, notes);
  if (equity - after - fee >= 0n) return { reserved: reserved as Money };
  const home = account.currency;
  const figures = [input("equity", equity, home), input("marginUsed", used, home)];
  const wanted = [input("needed", reserved, home), ...(fee === 0n ? [] : [input("fee", fee, home)])];
  notes?.say("margin", [...figures, ...wanted]);
  return "marginInsufficient";
}

/** What cannot enlarge the worst exposure: in a hedging account what only closes tickets. */
function mayEnlarge(exposure: Exposure, claims: readonly Claim[]): boolean {
  if (exposure.tickets !== undefined) {
    return claims.some(({ lots, intent }) => lots > 0 && intent !== "reduceOnly");
  }
  return worstOf(exposure, claims).gross > worstOf(exposure, NO_CLAIMS).gross;
}
