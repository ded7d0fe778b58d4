/**
 * Depth and trades of the market that is looked at. Both stay on the screen, marked stale, while the line is
 * down.
 */
import { defineStore } from "pinia";
import { ref, shallowRef } from "vue";
import { decodeBookMessage, decodeTradesMessage } from "../client/decoding.ts";
import type { Trade } from "../client/wire.ts";
import { onFrame } from "../frame.ts";
import { Depth, type DepthView } from "../market/depth.ts";
import type { Instrument } from "../market/instrument.ts";
import { venue } from "../venue.ts";

const LEVELS_MAX = 50;
const TRADES_MAX = 100;
const EMPTY: DepthView = { bids: [], asks: [] };

/** Newest first, whatever order they came in. */
function newestFirst(trades: readonly Trade[]): Trade[] {
  return [...trades].sort((a, b) =>
    a.time === b.time ? Number(b.id) - Number(a.id) : a.time < b.time ? 1 : -1,
  );
}

export const useBook = defineStore("book", () => {
  const depth = shallowRef<DepthView>(EMPTY);
  const trades = shallowRef<readonly Trade[]>([]);
  const depthStale = ref(true);
  const tradesStale = ref(true);
  const loading = ref(true);
  const tradesLoading = ref(true);
  let folded: Depth | undefined;
  let latest: readonly Trade[] = [];
  let leaving: (() => void)[] = [];

  const frame = onFrame(() => {
    depth.value = folded?.view(LEVELS_MAX) ?? EMPTY;
    trades.value = latest;
  });

  function stop(): void {
    for (const leave of leaving) leave();
    leaving = [];
    frame.cancel();
    folded = undefined;
    latest = [];
    depth.value = EMPTY;
    trades.value = [];
    loading.value = true;
    tradesLoading.value = true;
  }

  function followDepth(instrument: Instrument): () => void {
    const book = new Depth(instrument.priceDigits, instrument.quantityDigits);
    folded = book;
    return venue.rooms.follow(`book:${instrument.symbol}`, {
      decode: decodeBookMessage,
      snapshot: message => {
        book.replace(message);
        loading.value = false;
        frame.ask();
      },
      update: message => {
        book.change(message);
        frame.ask();
      },
      stale: stale => {
        depthStale.value = stale;
      },
    });
  }

  function followTrades(instrument: Instrument): () => void {
    return venue.rooms.follow(`trades:${instrument.symbol}`, {
      decode: decodeTradesMessage,
      snapshot: message => {
        latest = newestFirst(message.trades).slice(0, TRADES_MAX);
        tradesLoading.value = false;
        frame.ask();
      },
      update: message => {
        latest = [...newestFirst(message.trades), ...latest].slice(0, TRADES_MAX);
        frame.ask();
      },
      stale: stale => {
        tradesStale.value = stale;
      },
    });
  }

  function follow(instrument: Instrument): void {
    stop();
    leaving = [followDepth(instrument), followTrades(instrument)];
  }

  return { depth, trades, depthStale, tradesStale, loading, tradesLoading, follow, stop };
});
