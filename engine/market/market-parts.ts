/** What a market's state is made of, beside its counters. */
import { Book } from "../book/book.ts";
import type { BookLimits } from "../book/queues.ts";
import { SpecialBook } from "../book/special-book.ts";
import type { Instrument } from "../instrument.ts";
import { AccountDesk } from "./account-desk.ts";
import { Fence } from "./fence.ts";
import { OrderAmends } from "./order-amends.ts";
import { OrderDesk } from "./order-desk.ts";
import { OrderEntry } from "./order-entry.ts";
import { OrderJudge } from "./order-judge.ts";
import { OrderLists } from "./order-lists.ts";
import { OutsidePrices } from "./outside-prices.ts";
import { Pegs } from "./pegs.ts";
import { PendingLegs } from "./pending-legs.ts";
import { Phases } from "./phases.ts";
import { PriceGuard } from "./price-guard.ts";
import { Reactions } from "./reactions.ts";
import { Replacement } from "./replacement.ts";
import { Schedule } from "./schedule.ts";
import { StopOrders } from "./stop-orders.ts";
import { Timers } from "./timers.ts";
import { TradingDay } from "./trading-day.ts";

export interface MarketParts {
  readonly fence: Fence;
  readonly book: Book;
  readonly special: SpecialBook;
  readonly phases: Phases;
  readonly outside: OutsidePrices;
  readonly stops: StopOrders;
  readonly pending: PendingLegs;
  readonly pegs: Pegs;
  readonly desk: OrderDesk;
  readonly amends: OrderAmends;
  readonly lists: OrderLists;
  readonly accounts: AccountDesk;
  readonly replacement: Replacement;
  readonly reactions: Reactions;
  readonly timers: Timers;
  readonly day: TradingDay;
  readonly schedule: Schedule;
}

export function makeParts(instrument: Instrument, limits?: BookLimits): MarketParts {
  const book = new Book(limits);
  const special = new SpecialBook(book);
  const phases = new Phases(book, special);
  const pegs = new Pegs(book, special);
  const entry = new OrderEntry(instrument, book, special);
  const outside = new OutsidePrices();
  if (instrument.priceLimits !== undefined) {
    special.guard = new PriceGuard(instrument.priceLimits, book, outside);
    book.queues.isGuarded = true;
  }
  const stops = new StopOrders(book, special, entry, outside);
  const frozen = new Set<number>();
  const pending = new PendingLegs(book);
  const judge = new OrderJudge(instrument, book, special, entry, stops, phases, pending, pegs, frozen);
  const desk = new OrderDesk(judge, book, special, entry, stops, phases, pending, pegs);
  const amends = new OrderAmends(judge, book, special, stops, desk, pending, pegs);
  const lists = new OrderLists(instrument, book, pending, judge, desk, amends);
  const accounts = new AccountDesk(instrument, book, special, phases, desk, amends, frozen);
  const replacement = new Replacement(book, desk);
  const reactions = new Reactions(book, outside, { lists, protection: accounts.protection, stops, pegs });
  const auctionMs = instrument.priceLimits?.bands?.auctionMs;
  const day = new TradingDay(phases, desk, stops, accounts.protection, auctionMs);
  if (special.guard !== undefined && auctionMs !== undefined) {
    special.guard.interruption = {
      interrupt: ticks => day.interrupt(ticks),
      collectRest: order => phases.unpriced.collectRest(order),
    };
  }
  const timers = new Timers([desk.expiries, accounts.deadMan, day]);
  return {
    fence: new Fence(),
    book,
    special,
    phases,
    outside,
    stops,
    pending,
    pegs,
    desk,
    amends,
    lists,
    accounts,
    replacement,
    reactions,
    timers,
    day,
    schedule: new Schedule(),
  };
}
