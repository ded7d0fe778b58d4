/**
 * The books that the bench compares, each behind the same face: make one, feed it commands from … to. Every
 * one produces its own report of what happened (ours its events), as a user would have it, and nobody reads
 * it.
 *
 * Peers get what spares them work: their synchronous entry where they have one, numbers as they like them.
 * `orderbook-match-engine` has neither market nor IOC orders: they are a limit order and a cancel of its
 * rest.
 */
import { createRequire } from "node:module";
import { MatchDoor } from "../cli/match-door.ts";
import { Book, GTC, IOC } from "../engine/book/book.ts";
import { composeOrderId } from "../engine/ids.ts";
import type { MarketCommand } from "../engine/market/command.ts";
import { COLUMN, EVENT_STRIDE, TRADED } from "../engine/market/event.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import type { AccountId } from "../engine/units.ts";
import { instrument } from "./instrument.ts";
import { freshCommands, marketCommands } from "./market-commands.ts";
import { CANCEL, IOC_LIMIT, LIMIT, MARKET, type Workload } from "./workload.ts";

export interface Answer {
  readonly trades: number;
  readonly traded: number;
  readonly resting: number;
}

/** Feeds commands `from` … `to` (exclusive). */
export interface Feed {
  (from: number, to: number): void;
  /** Off the clock, right before: makes what they consist of. */
  prepare?(from: number, to: number): void;
}

export interface Contestant {
  readonly name: string;
  /** A fresh book for a workload. */
  make(workload: Workload): Feed;
  /** What the workload gives; only ours and only outside of any clock. */
  answer?(workload: Workload): Answer;
}

// Required, not imported: to import a large CommonJS package Node grows the WebAssembly memory of its lexer,
// which detaches an ArrayBuffer; from then on V8 asks at every access to any typed array in the process
// whether its buffer is still there. That cost the book a seventh.
const require = createRequire(import.meta.url);
const { OrderBook: HftOrderBook }: typeof import("hft-limit-order-book") = require("hft-limit-order-book");
const { OrderBook: NodejsOrderBook }: typeof import("nodejs-order-book") = require("nodejs-order-book");
const orderbookMatchEngine: typeof import("orderbook-match-engine") = require("orderbook-match-engine");
const { Orderbook, TRADE_SIDE } = orderbookMatchEngine;

const ACCOUNT = 1;
const ORIGIN = 0;
const LOWEST = 1;
const HIGHEST = 1_000_000;

function feedBook(book: Book, workload: Workload, after: () => void): Feed {
  const { types, ids, sides, prices, quantities } = workload;
  const { log } = book;
  return (from, to) => {
    for (let index = from; index < to; index++) {
      const type = types[index] ?? 0;
      const id = composeOrderId(ids[index] ?? 0, ORIGIN);
      log.clear();
      if (type === CANCEL) book.cancel(id, ACCOUNT);
      else {
        const timeInForce = type === LIMIT ? GTC : IOC;
        const price = type === MARKET ? 0 : (prices[index] ?? 0);
        book.place(id, ACCOUNT, sides[index] ?? 0, timeInForce, price, quantities[index] ?? 0);
      }
      after();
    }
  };
}

export const BOOK: Contestant = {
  name: "cambist, integer ids",
  make: workload => {
    const { types, orderIds, sides, prices, quantities } = workload;
    const book = new Book();
    const { log } = book;
    return (from, to) => {
      for (let index = from; index < to; index++) {
        const type = types[index] ?? 0;
        const id = orderIds[index] ?? 0;
        log.clear();
        if (type === CANCEL) book.cancel(id, ACCOUNT);
        else {
          const timeInForce = type === LIMIT ? GTC : IOC;
          const price = type === MARKET ? 0 : (prices[index] ?? 0);
          book.place(id, ACCOUNT, sides[index] ?? 0, timeInForce, price, quantities[index] ?? 0);
        }
      }
    };
  },
  answer: workload => {
    const book = new Book();
    const { log } = book;
    let trades = 0;
    let traded = 0;
    const feed = feedBook(book, workload, () => {
      for (let at = 0; at < log.length * EVENT_STRIDE; at += EVENT_STRIDE) {
        if (log.rows[at + COLUMN.kind] !== TRADED) continue;
        trades++;
        traded += log.rows[at + COLUMN.lots] ?? 0;
      }
    });
    feed(0, workload.length);
    return { trades, traded, resting: book.queues.index.size };
  },
};

export const DOOR: Contestant = {
  name: "cambist, string ids",
  make: workload => {
    const { types, names, sides, prices, quantities } = workload;
    const book = new Book();
    const door = new MatchDoor();
    let count = 0;
    return (from, to) => {
      for (let index = from; index < to; index++) {
        const type = types[index] ?? 0;
        const name = names[index] ?? "";
        book.log.clear();
        if (type === CANCEL) {
          const known = door.countOf(name);
          if (known > 0) book.cancel(composeOrderId(known, ORIGIN), ACCOUNT);
          continue;
        }
        if (door.has(name)) continue;
        door.admit(name, ++count);
        const timeInForce = type === LIMIT ? GTC : IOC;
        const price = type === MARKET ? 0 : (prices[index] ?? 0);
        const id = composeOrderId(count, ORIGIN);
        book.place(id, ACCOUNT as AccountId, sides[index] ?? 0, timeInForce, price, quantities[index] ?? 0);
      }
    };
  },
};

/**
 * The machine of a market: fence, rules, phases, triggers and book, a command object an operation. As in a
 * venue, where a decoder hands them over, the objects have been made right before.
 */
export const MACHINE: Contestant = {
  name: "cambist, whole engine",
  make: workload => {
    const commands = marketCommands(workload);
    const machine = new MarketMachine(instrument);
    let fresh: readonly MarketCommand[] = [];
    let first = 0;
    const feed: Feed = (from, to) => {
      for (let index = from; index < to; index++) {
        const command = fresh[index - first];
        if (command !== undefined) machine.apply(command);
      }
    };
    feed.prepare = (from, to) => {
      fresh = freshCommands(commands, from, to);
      first = from;
    };
    return feed;
  },
};

/** What the two packages of one author have in common. */
interface LimitOrderBook {
  limit(options: object): unknown;
  market(options: object): unknown;
  cancel(id: string): unknown;
}

function feedLimitOrderBook(book: LimitOrderBook, workload: Workload): Feed {
  const { types, names, sides, prices, quantities } = workload;
  return (from, to) => {
    for (let index = from; index < to; index++) {
      const type = types[index] ?? 0;
      const id = names[index] ?? "";
      if (type === CANCEL) {
        book.cancel(id);
        continue;
      }
      const side = sides[index] === 0 ? "buy" : "sell";
      const size = quantities[index] ?? 0;
      const price = prices[index] ?? 0;
      if (type === MARKET) book.market({ side, size });
      else book.limit({ id, side, size, price, timeInForce: type === IOC_LIMIT ? "IOC" : "GTC" });
    }
  };
}

export const PEERS: readonly Contestant[] = [
  {
    name: "nodejs-order-book",
    make: workload => feedLimitOrderBook(new NodejsOrderBook() as unknown as LimitOrderBook, workload),
  },
  {
    name: "hft-limit-order-book",
    make: workload => feedLimitOrderBook(new HftOrderBook() as unknown as LimitOrderBook, workload),
  },
  {
    name: "orderbook-match-engine",
    make: workload => {
      const { types, ids, sides, prices, quantities } = workload;
      const book = new Orderbook();
      const cancel = (id: number) => {
        try {
          book.cancel(id);
        } catch (error) {
          // It throws where an order isn't there, as one that has been filled.
          if (!(error instanceof Error)) throw error;
        }
      };
      return (from, to) => {
        for (let index = from; index < to; index++) {
          const type = types[index] ?? 0;
          const id = ids[index] ?? 0;
          if (type === CANCEL) {
            cancel(id);
            continue;
          }
          const side = sides[index] === 0 ? TRADE_SIDE.BID : TRADE_SIDE.ASK;
          const any = side === TRADE_SIDE.BID ? HIGHEST : LOWEST;
          const price = type === MARKET ? any : (prices[index] ?? 0);
          const { order } = book.add(id, side, price, quantities[index] ?? 0);
          if (type !== LIMIT && order.leaveQuantity.gt(0)) book.cancel(id);
        }
      };
    },
  },
];
