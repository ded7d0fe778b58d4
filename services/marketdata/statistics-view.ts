/** A trading day's figures as the API shows them. */
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import type { Lots, Ticks } from "../../engine/units.ts";
import type { Statistics } from "../../models/market-data.model.ts";
import { averagePrice } from "../orders/order-view.ts";
import type { DayFigures } from "./trading-day.ts";

export function viewStatistics(
  instrument: Instrument,
  day: DayFigures,
  sequence: number,
  time: number,
): Statistics {
  const price = (ticks: number) => formatPrice(instrument, ticks as Ticks);
  const volume = (lots: number) => formatQuantity(instrument, lots as Lots);
  const traded = day.trades > 0;
  return {
    symbol: instrument.symbol,
    phase: day.phase,
    since: new Date(day.since).toISOString(),
    ...(traded ? { open: price(day.open), high: price(day.high), low: price(day.low) } : undefined),
    ...(traded ? { lastPrice: price(day.close) } : undefined),
    ...(traded ? { averagePrice: averagePrice(instrument, BigInt(day.value), day.lots) } : undefined),
    ...(day.previousClose === 0 ? undefined : { previousClose: price(day.previousClose) }),
    volume: volume(day.lots),
    trades: day.trades,
    ...(day.auctionLots === 0
      ? undefined
      : { auctionPrice: price(day.auctionTicks), auctionVolume: volume(day.auctionLots) }),
    ...(day.indicativeLots === 0
      ? undefined
      : { indicativePrice: price(day.indicativeTicks), indicativeVolume: volume(day.indicativeLots) }),
    sequence,
    time: new Date(time).toISOString(),
  };
}
