/** The listed markets, their quotes as they move, and which one is looked at. */
import { defineStore } from "pinia";
import { computed, ref, shallowReactive, shallowRef } from "vue";
import { decodeTicker } from "../client/decoding.ts";
import { type Failure, failureOf } from "../client/failure.ts";
import type { Ticker } from "../client/wire.ts";
import { parseDecimal } from "../decimal.ts";
import { onFrame } from "../frame.ts";
import { type Instrument, instrumentOf } from "../market/instrument.ts";
import { venue } from "../venue.ts";

export type Direction = "up" | "down" | "flat";

const SELECTED = "cambist.symbol";

function compare(instrument: Instrument, from: string | undefined, to: string | undefined): Direction {
  const before = from === undefined ? undefined : parseDecimal(from, instrument.priceDigits);
  const after = to === undefined ? undefined : parseDecimal(to, instrument.priceDigits);
  if (before === undefined || after === undefined || before === after) return "flat";
  return after > before ? "up" : "down";
}

export const useMarkets = defineStore("markets", () => {
  const instruments = shallowRef<readonly Instrument[]>([]);
  const loading = ref(true);
  const failure = shallowRef<Failure>();
  const tickers = shallowReactive(new Map<string, Ticker>());
  const directions = shallowReactive(new Map<string, Direction>());
  const symbol = ref(sessionStorage.getItem(SELECTED) ?? "");
  const bySymbol = computed(() => new Map(instruments.value.map(each => [each.symbol, each])));
  const selected = computed(() => bySymbol.value.get(symbol.value));
  const ticker = computed(() => tickers.get(symbol.value));
  const incoming = new Map<string, Ticker>();
  let leaving: (() => void)[] = [];

  const frame = onFrame(() => {
    for (const [name, next] of incoming) {
      const instrument = bySymbol.value.get(name);
      const direction = instrument && compare(instrument, tickers.get(name)?.bid, next.bid);
      if (direction !== undefined && direction !== "flat") directions.set(name, direction);
      tickers.set(name, next);
    }
    incoming.clear();
  });

  function take(next: Ticker): void {
    incoming.set(next.symbol, next);
    frame.ask();
  }

  async function start(): Promise<void> {
    loading.value = true;
    failure.value = undefined;
    try {
      instruments.value = (await venue.rest.instruments()).map(instrumentOf);
      if (selected.value === undefined) select(instruments.value[0]?.symbol ?? "");
      follow();
    } catch (caught) {
      failure.value = failureOf(caught);
    } finally {
      loading.value = false;
    }
  }

  function follow(): void {
    unfollow();
    leaving = instruments.value.map(({ symbol: name }) =>
      venue.rooms.follow(`ticker:${name}`, { decode: decodeTicker, snapshot: take, update: take }),
    );
  }

  function unfollow(): void {
    for (const leave of leaving) leave();
    leaving = [];
  }

  function select(name: string): void {
    symbol.value = name;
    sessionStorage.setItem(SELECTED, name);
  }

  function stop(): void {
    unfollow();
    frame.cancel();
    incoming.clear();
    tickers.clear();
    directions.clear();
  }

  const tickerOf = (name: string): Ticker | undefined => tickers.get(name);
  const instrument = (name: string): Instrument | undefined => bySymbol.value.get(name);

  return {
    instruments,
    loading,
    failure,
    tickers,
    directions,
    symbol,
    selected,
    ticker,
    start,
    stop,
    select,
    tickerOf,
    instrument,
  };
});
