/**
 * The socket rooms of a market: `book:`, `orders:`, `trades:`, `ticker:` and `statistics:`. Nothing is made
 * for a room that nobody is in.
 *
 * An update begins right after the one before it. A snapshot is the state at its `last`: changes that wait
 * are told first, so that whoever stayed and whoever comes anew hold the same. Trades are told at
 * once, all else at most every 100 ms. What waits is bounded by the book's levels.
 */

import type { MarketRecord } from "../../engine/market/record.ts";
import type { Side } from "../../engine/units.ts";
import type {
  BookLevel,
  MarketPhased,
  MarketRoomEvent,
  ReferencePrice,
} from "../../models/market-data.model.ts";
import { Conflator } from "./conflator.ts";
import type { MarketView } from "./market-view.ts";
import { OrderRoom, type OrdersAt } from "./order-room.ts";
import type { TapeTrade } from "./trade-tape.ts";

export const ROOM_KINDS = ["book", "orders", "trades", "ticker", "statistics"] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

/** "book:EURUSD" in its parts; undefined where it is no room of a market. */
export function splitRoom(room: string): { kind: RoomKind; symbol: string } | undefined {
  const [name = "", symbol = ""] = room.split(":");
  const kind = ROOM_KINDS.find(each => each === name);
  return kind === undefined ? undefined : { kind, symbol };
}

const INTERVAL_MS = 100;
const TRADES_IN_SNAPSHOT = 100;

export interface RoomWorld {
  /** Wall clock, milliseconds UTC. */
  now(): number;
  publish(event: MarketRoomEvent): void;
  reference(symbol: string): ReferencePrice | undefined;
  /** A market has gone to another phase. */
  phased(event: MarketPhased): void;
  /** What a market itself says of its orders. */
  orders(symbol: string): Promise<OrdersAt>;
}

export class MarketRooms {
  readonly #view: MarketView;
  readonly #world: RoomWorld;
  readonly #symbol: string;
  readonly #open = new Set<RoomKind>();
  readonly #last: Record<Exclude<RoomKind, "orders">, number> = {
    book: 0,
    trades: 0,
    ticker: 0,
    statistics: 0,
  };
  readonly #changed: Record<Side, Set<number>> = { buy: new Set(), sell: new Set() };
  readonly #book = new Conflator(INTERVAL_MS, () => this.#flushBook());
  readonly #ticker = new Conflator(INTERVAL_MS, () => this.#flushTicker());

  readonly #statistics = new Conflator(INTERVAL_MS, () => this.#flushStatistics());
  readonly #orders: OrderRoom;

  constructor(view: MarketView, world: RoomWorld) {
    this.#view = view;
    this.#world = world;
    this.#symbol = view.instrument.symbol;
    this.#orders = new OrderRoom(view.instrument, {
      orders: () => world.orders(this.#symbol),
      publish: event => world.publish(event),
    });
    view.levels.onChange = (side, ticks) => {
      if (this.#open.has("book")) this.#changed[side].add(ticks);
    };
  }

  /** Every record, before the batch is done. */
  heard(record: MarketRecord): void {
    this.#orders.fold(record);
  }

  /** A batch of records has been folded and made these trades. */
  folded(trades: readonly TapeTrade[]): void {
    const now = performance.now();
    if (trades.length > 0 && this.#open.has("trades")) this.#tellTrades(trades);
    if (this.#changed.buy.size + this.#changed.sell.size > 0) this.#book.touch(now);
    if (this.#open.has("statistics")) this.#statistics.touch(now);
    this.#orders.folded(now);
    this.quoted();
  }

  /** The reference price has moved. */
  quoted(): void {
    if (this.#open.has("ticker")) this.#ticker.touch(performance.now());
  }

  /** Opens the room too. */
  snapshot(kind: "orders"): Promise<MarketRoomEvent>;
  snapshot(kind: Exclude<RoomKind, "orders">): MarketRoomEvent;
  snapshot(kind: RoomKind): MarketRoomEvent | Promise<MarketRoomEvent>;
  snapshot(kind: RoomKind): MarketRoomEvent | Promise<MarketRoomEvent> {
    if (!this.#open.has(kind)) {
      this.#open.add(kind);
      if (kind === "book" || kind === "trades") this.#last[kind] = this.#view.sequence;
    }
    const room = `${kind}:${this.#symbol}`;
    switch (kind) {
      case "book": {
        this.#book.cancel();
        this.#flushBook();
        const { sequence: _folded, ...book } = this.#view.book();
        return { room, last: this.#last.book, ...book };
      }
      case "orders":
        return this.#orders.snapshot();
      case "statistics":
        this.#statistics.cancel();
        this.#flushStatistics();
        return { room, last: this.#last.statistics, ...this.#view.statistics() };
      case "trades":
        return {
          room,
          last: this.#last.trades,
          symbol: this.#symbol,
          trades: this.#view.tape.newest(TRADES_IN_SNAPSHOT),
        };
      case "ticker":
        this.#ticker.cancel();
        this.#flushTicker();
        return { room, last: this.#last.ticker, ...this.#tickerNow() };
    }
  }

  /** Nobody is in the room any more. */
  leave(kind: RoomKind): void {
    this.#open.delete(kind);
    if (kind === "ticker") this.#ticker.cancel();
    if (kind === "statistics") this.#statistics.cancel();
    if (kind === "orders") this.#orders.leave();
    if (kind !== "book") return;
    this.#book.cancel();
    this.#changed.buy.clear();
    this.#changed.sell.clear();
  }

  close(): void {
    for (const kind of ROOM_KINDS) this.leave(kind);
  }

  /** The book was replaced as a whole: whoever is in the room sees a hole in the numbers and asks again. */
  replaced(): void {
    this.#changed.buy.clear();
    this.#changed.sell.clear();
    this.#last.book = this.#view.sequence;
    this.#last.trades = this.#view.sequence;
  }

  #tellTrades(trades: readonly TapeTrade[]): void {
    const first = this.#last.trades + 1;
    const last = this.#view.sequence;
    this.#last.trades = last;
    const views = trades.map(trade => this.#view.tape.view(trade)).reverse();
    this.#world.publish({ room: `trades:${this.#symbol}`, symbol: this.#symbol, first, last, trades: views });
  }

  #flushBook(): void {
    const { buy, sell } = this.#changed;
    if (buy.size + sell.size === 0) return;
    const first = this.#last.book + 1;
    const last = this.#view.sequence;
    this.#last.book = last;
    const levels = (side: Side): BookLevel[] =>
      [...this.#changed[side]].map(ticks => this.#view.level(ticks, this.#view.levels.level(side, ticks)));
    const [bids, asks] = [levels("buy"), levels("sell")];
    buy.clear();
    sell.clear();
    const time = new Date(this.#view.time).toISOString();
    this.#world.publish({
      room: `book:${this.#symbol}`,
      symbol: this.#symbol,
      first,
      last,
      time,
      bids,
      asks,
    });
  }

  #flushTicker(): void {
    const last = ++this.#last.ticker;
    this.#world.publish({ room: `ticker:${this.#symbol}`, first: last, last, ...this.#tickerNow() });
  }

  #flushStatistics(): void {
    const last = ++this.#last.statistics;
    this.#world.publish({
      ...{ room: `statistics:${this.#symbol}`, first: last, last },
      ...this.#view.statistics(),
    });
  }

  #tickerNow() {
    return this.#view.ticker(this.#world.reference(this.#symbol), this.#world.now());
  }
}
