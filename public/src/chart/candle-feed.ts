/**
 * Feeds one chart: history by REST, live prices from the ticker (or the trades), and whenever a candle ends
 * the venue's own candles over what was drawn from conflated quotes. Only the newest choice of market and
 * candles is listened to: answers to earlier ones are dropped.
 */
import { ref, shallowRef } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import type { Candle, CandleSource, Granularity, Ticker, Trade } from "../client/wire.ts";
import { approximate } from "../decimal.ts";
import { lengthOf } from "../market/granularity.ts";
import { venue } from "../venue.ts";
import { BARS_MAX, type Bar, type BarSide, Bars, barOf } from "./bars.ts";

export interface Choice {
  readonly symbol: string;
  readonly granularity: Granularity;
  readonly source: CandleSource;
  readonly side: BarSide;
}

export interface Screen {
  replace(bars: readonly Bar[], toNewest: boolean): void;
  update(bar: Bar, begun: boolean): void;
}

/** Candles asked for at a time. */
const PAGE = 1_000;
/** Ended candles that are fetched again when a new one begins. */
const TAIL = 3;
const TAIL_PAUSE_MS = 1_000;

export function useCandleFeed(screen: () => Screen | undefined) {
  const loading = ref(true);
  const failure = shallowRef<Failure>();
  const empty = ref(false);
  let choice: Choice | undefined;
  let bars = new Bars("M1");
  let exhausted = false;
  let fetchingOlder = false;
  let lastTrade: string | undefined;
  let tailFrom: number | undefined;
  let tailTimer: ReturnType<typeof setTimeout> | undefined;

  async function fetch(chosen: Choice, span: { from?: number; to?: number }): Promise<Bar[]> {
    const candles: readonly Candle[] = await venue.rest.candles(chosen.symbol, {
      granularity: chosen.granularity,
      source: chosen.source,
      ...(span.from === undefined ? {} : { from: new Date(span.from).toISOString() }),
      ...(span.to === undefined ? {} : { to: new Date(span.to).toISOString() }),
      limit: PAGE,
    });
    return candles.map(candle => barOf(candle, chosen.side));
  }

  async function load(chosen: Choice): Promise<void> {
    choice = chosen;
    bars = new Bars(chosen.granularity);
    exhausted = false;
    tailFrom = undefined;
    loading.value = true;
    failure.value = undefined;
    empty.value = false;
    try {
      // Without a beginning: the newest there are, by the market's own clock. A replayed day is not today.
      const loaded = await fetch(chosen, {});
      if (choice !== chosen) return;
      bars.merge(loaded);
      empty.value = bars.all.length === 0;
      screen()?.replace(bars.all, true);
    } catch (caught) {
      if (choice === chosen) failure.value = failureOf(caught);
    } finally {
      if (choice === chosen) loading.value = false;
    }
  }

  async function loadOlder(): Promise<void> {
    const chosen = choice;
    const first = bars.first;
    if (chosen === undefined || first === undefined || loading.value || fetchingOlder || exhausted) return;
    fetchingOlder = true;
    try {
      const older = await fetch(chosen, { to: first.time });
      if (choice !== chosen) return;
      const before = bars.all.length;
      bars.merge(older);
      exhausted = bars.all.length === before || bars.all.length >= BARS_MAX;
      if (bars.all.length !== before) screen()?.replace(bars.all, false);
    } catch {
      // What is drawn stays; scrolling there again asks again.
      exhausted = false;
    } finally {
      fetchingOlder = false;
    }
  }

  function tailStart(): number | undefined {
    const last = bars.last;
    return last === undefined || choice === undefined
      ? undefined
      : last.time - TAIL * lengthOf(choice.granularity);
  }

  /**
   * At most one refresh in `TAIL_PAUSE_MS`, however fast candles begin: a day replayed in minutes makes many.
   */
  function askTail(): void {
    tailFrom ??= tailStart();
    tailTimer ??= setTimeout(() => {
      tailTimer = undefined;
      void refreshTail();
    }, TAIL_PAUSE_MS);
  }

  function stop(): void {
    clearTimeout(tailTimer);
    choice = undefined;
  }

  /** The venue's candles of the last few intervals, over what was drawn. */
  async function refreshTail(): Promise<void> {
    const chosen = choice;
    const from = tailFrom ?? tailStart();
    tailFrom = undefined;
    if (chosen === undefined || from === undefined) return;
    try {
      const tail = await fetch(chosen, { from });
      if (choice !== chosen) return;
      bars.merge(tail);
      screen()?.replace(bars.all, false);
    } catch (caught) {
      failure.value = bars.all.length === 0 ? failureOf(caught) : undefined;
    }
  }

  function show(time: number, price: number, volume: number): void {
    if (loading.value || failure.value !== undefined || !Number.isFinite(price)) return;
    const change = bars.live(time, price, volume);
    if (change === undefined) return;
    empty.value = false;
    screen()?.update(change.bar, change.begun);
    if (change.begun) askTail();
  }

  function onTicker(ticker: Ticker): void {
    if (choice === undefined || choice.symbol !== ticker.symbol || choice.source === "trades") return;
    const quote = choice.source === "reference" ? ticker.reference : ticker;
    if (quote?.bid === undefined || quote.ask === undefined || quote.time === undefined) return;
    const [bid, ask] = [approximate(quote.bid), approximate(quote.ask)];
    const price = choice.side === "bid" ? bid : choice.side === "ask" ? ask : (bid + ask) / 2;
    show(Date.parse(quote.time), price, 0);
  }

  function onTrade(trade: Trade): void {
    if (choice?.source !== "trades" || trade.id === lastTrade) return;
    lastTrade = trade.id;
    show(Date.parse(trade.time), approximate(trade.price), approximate(trade.quantity));
  }

  return { loading, failure, empty, load, loadOlder, refreshTail, onTicker, onTrade, stop };
}
