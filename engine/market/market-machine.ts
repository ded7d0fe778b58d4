/**
 * One market: its book, the fence that lets each command of a shard in once, and the sequence of what was
 * applied. A pure function of its commands; all of the order's rules are in `market-rules.ts` and
 * `book/book.ts`.
 *
 * Every command counts in the sequence, a refused one too. Every `place` takes the next order id, a refused
 * one too. `shardEpoch` and `owner` change the fence and make no events; every other command first lets
 * happen what is due by its time. The log that `apply` returns is the machine's own and is overwritten by the
 * next command.
 */

import { checkQueues } from "../book/audit.ts";
import type { Book } from "../book/book.ts";
import type { BookLimits } from "../book/queues.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { composeOrderId, marketOrigin } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import type { StateMachine } from "../state-machine.ts";
import { assert, type OrderId } from "../units.ts";
import type { AccountDesk } from "./account-desk.ts";
import type { MarketCommand, MassQuote, PlaceList } from "./command.ts";
import type { EventLog } from "./event.ts";
import type { Fence } from "./fence.ts";
import { hashMarket } from "./market-hash.ts";
import { makeParts } from "./market-parts.ts";
import { type MarketCounters, readMarket, writeMarket } from "./market-snapshot.ts";
import { MarketView } from "./market-view.ts";
import type { OrderAmends } from "./order-amends.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { OrderLists } from "./order-lists.ts";
import type { OutsidePrices } from "./outside-prices.ts";
import type { Phases } from "./phases.ts";
import type { Reactions } from "./reactions.ts";
import type { Replacement } from "./replacement.ts";
import type { StopOrders } from "./stop-orders.ts";
import type { Timers } from "./timers.ts";
import type { TradingDay } from "./trading-day.ts";

export type { DepthLevel, RestingOrder, WaitingOrder } from "../book/audit.ts";
export type { Admission } from "./fence.ts";

export class MarketMachine extends MarketView implements StateMachine<MarketCommand, EventLog> {
  readonly instrument: Instrument;
  readonly #origin: number;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #outside: OutsidePrices;
  readonly #stops: StopOrders;
  readonly #phases: Phases;
  readonly #desk: OrderDesk;
  readonly #amends: OrderAmends;
  readonly #lists: OrderLists;
  readonly #accounts: AccountDesk;
  readonly #replacement: Replacement;
  readonly #reactions: Reactions;
  readonly #timers: Timers;
  readonly #day: TradingDay;
  readonly #fence: Fence;
  readonly #isGuarded: boolean;
  #sequence = 0;
  /** Orders named so far. */
  #orders = 0;
  /** Whether anything may follow from what a command does; asked anew only where a command can begin that. */
  #reacts = false;

  constructor(instrument: Instrument, limits?: BookLimits) {
    const parts = makeParts(instrument, limits);
    super(parts);
    this.instrument = instrument;
    this.#origin = marketOrigin(instrument.number);
    this.#book = parts.book;
    this.#special = parts.special;
    this.#phases = parts.phases;
    this.#stops = parts.stops;
    this.#reactions = parts.reactions;
    this.#timers = parts.timers;
    this.#desk = parts.desk;
    this.#amends = parts.amends;
    this.#day = parts.day;
    this.#fence = parts.fence;
    this.#accounts = parts.accounts;
    this.#replacement = parts.replacement;
    this.#outside = parts.outside;
    this.#lists = parts.lists;
    this.#isGuarded = parts.book.queues.isGuarded;
  }

  /** An equal machine from the bytes of `snapshot`, its invariants proven. */
  static restore(instrument: Instrument, bytes: Uint8Array): MarketMachine {
    const machine = new MarketMachine(instrument);
    const counters = readMarket(bytes, machine.#origin, machine.parts);
    machine.#sequence = counters.sequence;
    machine.#orders = counters.orders;
    machine.#reacts = machine.#reactions.active;
    machine.check();
    machine.#desk.expiries.checkOpen();
    return machine;
  }

  /** Commands applied, which is the sequence of the last one's record. */
  get sequence(): number {
    return this.#sequence;
  }

  apply(command: MarketCommand): EventLog {
    const log = this.#book.log;
    log.clear();
    this.#sequence++;
    const timed = command.time >= this.#timers.next && this.#keepTime(command);
    if (this.#isGuarded) {
      this.#day.now = command.time;
      // A band may stop matching within the command, and then asks what has traded so far.
      if (!timed) this.#reactions.begin(command.time);
    }
    if (command.kind === "place") {
      this.#fence.pass(command.shard, command.number);
      this.#desk.place(command, composeOrderId(++this.#orders, this.#origin));
      if (command.terms !== undefined) this.#reacts = this.#reactions.active;
    } else if (command.kind === "cancel") {
      this.#fence.pass(command.shard, command.number);
      this.#desk.cancel(command);
    } else if (command.kind === "amend") {
      this.#fence.pass(command.shard, command.number);
      this.#amends.amend(command);
    } else {
      if (!this.#obey(command, timed)) return log;
      this.#reacts = this.#reactions.active;
    }
    if (this.#reacts) {
      if (timed) this.#reactions.settle();
      else this.#reactions.follow(command.time);
    }
    return log;
  }

  /** Does the rarer commands; whether anything may have to follow yet. */
  #obey(command: Exclude<MarketCommand, { kind: "place" | "cancel" | "amend" }>, timed: boolean): boolean {
    switch (command.kind) {
      case "shardEpoch":
        this.#fence.recordShard(command.shard, command.epoch);
        return false;
      case "owner":
        this.#fence.recordOwner(command.epoch);
        return false;
      case "phase":
        if (!this.parts.schedule.takes(command)) return false;
        if (!timed) this.#reactions.begin(command.time);
        this.#day.change(command.phase);
        this.#reactions.settle();
        return false;
      case "massQuote":
        this.#fence.pass(command.shard, command.number);
        this.#accounts.quote(command, this.#nameQuotes(command));
        return true;
      case "price":
        this.#outside.set(command);
        return true;
      case "endOfDay":
        if (this.parts.schedule.takes(command)) this.#day.end();
        return true;
      case "clock":
        this.#phases.tellIndicative();
        return true;
      case "replace":
        this.#fence.pass(command.shard, command.number);
        this.#replacement.replace(command, composeOrderId(++this.#orders, this.#origin));
        return true;
      case "list":
        this.#fence.pass(command.shard, command.number);
        this.#lists.place(command, this.#nameLegs(command));
        return true;
      default:
        this.#fence.pass(command.shard, command.number);
        this.#accounts.obey(command);
        return true;
    }
  }

  /**
   * What is due by a command's time happens first, as if each moment had been told before it. True where
   * reactions have begun to follow the log.
   */
  #keepTime({ kind, time }: MarketCommand): boolean {
    if (kind === "owner" || kind === "shardEpoch") return false;
    this.#reactions.begin(time);
    this.#timers.run(time, moment => {
      this.#day.now = moment;
      this.#reactions.settle();
    });
    return true;
  }

  /** The id of the first. */
  #nameQuotes({ quotes }: MassQuote): OrderId {
    const first = composeOrderId(this.#orders + 1, this.#origin);
    this.#orders += quotes.length;
    return first;
  }

  #nameLegs({ legs }: PlaceList): OrderId[] {
    return legs.map(() => composeOrderId(++this.#orders, this.#origin));
  }

  hash(): string {
    return hashMarket({
      ...this.#counters(),
      fence: this.#fence,
      resting: this.orders(),
      lastTicks: this.#book.lastTicks,
      armed: this.armed(),
      phase: this.phase,
      unpriced: this.unpriced(),
      expiries: this.#desk.expiries.entries(),
      parked: this.parked(),
      told: this.#phases.told,
      outside: this.#outside,
      pegs: this.parts.pegs.orders(),
      schedule: this.parts.schedule,
      protection: this.#accounts.protection.accounts(),
      quotes: this.#accounts.quotes.entries(),
      deadMan: this.#accounts.deadMan.entries(),
      lists: this.#lists.lists.values(),
      anchorTicks: this.#outside.anchorTicks,
      day: this.#day,
    });
  }

  check(): void {
    assert(this.#reacts || !this.#reactions.active, "where anything could follow it is asked");
    checkQueues(this.#book.queues, !this.#special.matching);
    this.#phases.check();
    this.#stops.check();
    this.#lists.check();
    this.parts.pegs.check();
    this.#desk.expiries.check();
    this.#desk.parked.check();
    this.#accounts.check();
    this.#day.check();
  }

  snapshot(): Uint8Array {
    return writeMarket(this.#origin, this.#counters(), this.parts);
  }

  #counters(): MarketCounters {
    return { sequence: this.#sequence, orders: this.#orders };
  }
}
