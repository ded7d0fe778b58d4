/** Fee tiers and swaps as the API shows them. */
import type { ChargeDesk } from "../../engine/account/charge/charge-desk.ts";
import type { FeeRate, FeeTier } from "../../engine/account/charge/fee-tier.ts";
import { type SwapPoints, swapOfStandardLot } from "../../engine/account/charge/swap.ts";
import { formatDate } from "../../engine/calendar/civil-date.ts";
import { rolloverOf, tradeDateAt } from "../../engine/calendar/rollover.ts";
import { nextTradeDate, nightsOf, valueDate } from "../../engine/calendar/value-date.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { VOLUME_DAYS } from "../../engine/limits.ts";
import type { AccountId, Days, Milliseconds, Money } from "../../engine/units.ts";
import type {
  AccountFeesView,
  FeeRateView,
  FeeScheduleView,
  FeeTierView,
  RolloverView,
  SwapSidesView,
  SwapView,
} from "../../models/charge.model.ts";
import type { VenueCharges } from "../fee-schedule.ts";
import { formatMoney } from "../orders/money-text.ts";
import { timeText } from "../orders/order-view.ts";

const ROLLOVERS_SHOWN = 5;
const TRIPLE_NIGHTS = 3;

export interface ShownCharges {
  readonly instruments: readonly Instrument[];
  readonly desk: ChargeDesk;
  readonly settings: VenueCharges;
}

/** Of points too: they have as many decimal places as money. */
function moneyText(amount: bigint): string {
  return formatMoney(amount as Money);
}

function viewRate({ basis, amount, minimum }: FeeRate): FeeRateView {
  return { basis, amount: formatMoney(amount), minimum: formatMoney(minimum) };
}

export function viewTier({ instruments, settings }: ShownCharges, tier: FeeTier): FeeTierView {
  const { number, name, groups } = tier;
  const symbolOf = (market: number) => instruments.find(listed => listed.number === market)?.symbol;
  const scheduled = settings.tiers.find(each => each.number === number);
  return {
    number,
    name,
    ...(scheduled === undefined ? {} : { fromVolume: formatMoney(scheduled.fromVolume) }),
    groups: groups.map(({ markets, maker, taker }) => ({
      symbols: markets.flatMap(market => symbolOf(market) ?? []),
      maker: viewRate(maker),
      taker: viewRate(taker),
    })),
  };
}

export function viewSchedule(shown: ShownCharges): FeeScheduleView {
  return {
    volumeCurrency: shown.settings.volumeCurrency,
    volumeDays: VOLUME_DAYS,
    items: shown.desk.tiers().map(tier => viewTier(shown, tier)),
  };
}

export function viewAccountFees(shown: ShownCharges, account: AccountId): AccountFeesView {
  const { desk, settings } = shown;
  const tier = desk.feeTier(account);
  const volume = desk.volume(account);
  const byVolume = !desk.isPinned(account);
  const next = byVolume ? settings.tiers.find(({ fromVolume }) => fromVolume > volume) : undefined;
  return {
    accountId: String(account),
    ...(tier === undefined ? {} : { tier: viewTier(shown, tier) }),
    byVolume,
    volumeCurrency: settings.volumeCurrency,
    volume: moneyText(volume),
    ...(next === undefined
      ? {}
      : {
          next: {
            number: next.number,
            name: next.name,
            fromVolume: formatMoney(next.fromVolume),
            missingVolume: moneyText(next.fromVolume - volume),
          },
        }),
  };
}

function viewRollover(instrument: Instrument, day: Days, points: SwapPoints | undefined): RolloverView {
  const nights = nightsOf(instrument, day);
  const shown = { time: timeText(rolloverOf(day)), tradeDate: formatDate(day), nights };
  const triple = nights >= TRIPLE_NIGHTS;
  if (points === undefined) return { ...shown, triple };
  return { ...shown, triple, money: sides(side => swapOfStandardLot(instrument, points[side], nights)) };
}

function sides(amountOf: (side: "long" | "short") => bigint): SwapSidesView {
  return { long: moneyText(amountOf("long")), short: moneyText(amountOf("short")) };
}

export function viewSwap(
  { desk, settings }: ShownCharges,
  instrument: Instrument,
  now: Milliseconds,
): SwapView {
  const { number, symbol, quote: currency, settlement } = instrument;
  const points = desk.points(number, settings);
  const swapFree = settings.swapFree.get(number);
  const today = tradeDateAt(now);
  const days: Days[] = [];
  for (let day = today; settlement === "margin" && days.length < ROLLOVERS_SHOWN; day = nextTradeDate(day)) {
    days.push(day);
  }
  return {
    ...{ symbol, currency, tradeDate: formatDate(today) },
    valueDate: formatDate(valueDate(instrument, today)),
    ...(points === undefined ? {} : { points: sides(side => points[side]) }),
    ...(swapFree === undefined
      ? {}
      : { swapFree: { freeDays: swapFree.freeDays, amount: formatMoney(swapFree.perLot) } }),
    rollovers: days.map(day => viewRollover(instrument, day, points)),
  };
}
