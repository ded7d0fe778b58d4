/**
 * One market: its book, the fence that lets each command of a shard in once, and the sequence of what was
 * applied. A pure function of its commands; all of the order's rules are in `market-rules.ts` and
 * `book/book.ts`.
 *
 * Every command counts in the sequence, a refused one too. Every `place` takes the next order id, a refused
 * one too. `shardEpoch` and `owner` change the fence and make no events. The log that `apply` returns is the
 * machine's own and is overwritten by the next command.
 */

import {
  checkQueues,
  type DepthLevel,
  type RestingOrder,
  readDepth,
  readOrders,
  type WaitingOrder,
} from "../book/audit.ts";
import { Book, BUY, SELL } from "../book/book.ts";
import type { BookLimits } from "../book/queues.ts";
import { SpecialBook } from "../book/special-book.ts";
import { composeOrderId, marketOrigin } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import type { StateMachine } from "../state-machine.ts";
import { type OrderId, type Ticks, unreachable } from "../units.ts";
import { AccountDesk } from "./account-desk.ts";
import type { MarketCommand } from "./command.ts";
import type { EventLog } from "./event.ts";
import { type Admission, Fence } from "./fence.ts";
import { hashMarket } from "./market-hash.ts";
import { readMarket, writeMarket } from "./market-snapshot.ts";
import { OrderDesk } from "./order-desk.ts";
import { OutsidePrices } from "./outside-prices.ts";
import type { Phase } from "./phase.ts";
import { Phases } from "./phases.ts";
import { Reactions } from "./reactions.ts";
import { Replacement } from "./replacement.ts";
import { StopOrders } from "./stop-orders.ts";
import type { Equilibrium } from "./uncross.ts";

export type { DepthLevel, RestingOrder, WaitingOrder } from "../book/audit.ts";
export type { Admission } from "./fence.ts";

export class MarketMachine implements StateMachine<MarketCommand, EventLog> {
  readonly instrument: Instrument;
  readonly #origin: number;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #outside = new OutsidePrices();
  readonly #stops: StopOrders;
  readonly #phases: Phases;
  readonly #desk: OrderDesk;
  readonly #accounts: AccountDesk;
  readonly #replacement: Replacement;
  readonly #reactions: Reactions;
  readonly #fence = new Fence();
  #sequence = 0;
  /** Orders named so far. */
  #orders = 0;

  constructor(instrument: Instrument, limits?: BookLimits) {
    this.instrument = instrument;
    this.#origin = marketOrigin(instrument.number);
    this.#book = new Book(limits);
    this.#special = new SpecialBook(this.#book);
    this.#phases = new Phases(this.#book, this.#special);
    this.#stops = new StopOrders(this.#book, this.#special, this.#outside);
    this.#reactions = new Reactions([this.#stops]);
    this.#desk = new OrderDesk(instrument, this.#book, this.#special, this.#stops, this.#phases);
    this.#accounts = new AccountDesk(this.#book, this.#phases, this.#desk);
    this.#replacement = new Replacement(this.#book, this.#desk);
  }

  /** An equal machine from the bytes of `snapshot`, its invariants proven. */
  static restore(instrument: Instrument, bytes: Uint8Array): MarketMachine {
    const machine = new MarketMachine(instrument);
    const counters = readMarket(
      bytes,
      machine.#origin,
      machine.#fence,
      machine.#book,
      machine.#stops,
      machine.#phases,
      machine.#outside,
    );
    machine.#sequence = counters.sequence;
    machine.#orders = counters.orders;
    machine.check();
    return machine;
  }

  /** Commands applied, which is the sequence of the last one's record. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Best price of each side in ticks; 0 where it is empty. */
  get bestBid(): Ticks {
    return this.#book.queues.bestTicks(BUY) as Ticks;
  }

  get bestAsk(): Ticks {
    return this.#book.queues.bestTicks(SELL) as Ticks;
  }

  /** Whether a command of a shard may be applied now. */
  admits(shard: number, epoch: number, number: number): Admission {
    return this.#fence.admits(shard, epoch, number);
  }

  lastNumber(shard: number): number {
    return this.#fence.lastNumber(shard);
  }

  epochOf(shard: number): number {
    return this.#fence.epochOf(shard);
  }

  /** Epoch of the owner that the journal records last. */
  get ownerEpoch(): number {
    return this.#fence.ownerEpoch;
  }

  apply(command: MarketCommand): EventLog {
    const log = this.#book.log;
    log.clear();
    this.#sequence++;
    switch (command.kind) {
      case "place":
        this.#fence.pass(command.shard, command.number);
        this.#desk.place(command, composeOrderId(++this.#orders, this.#origin));
        break;
      case "amend":
        this.#fence.pass(command.shard, command.number);
        this.#desk.amend(command);
        break;
      case "cancel":
        this.#fence.pass(command.shard, command.number);
        this.#desk.cancel(command);
        break;
      case "shardEpoch":
        this.#fence.recordShard(command.shard, command.epoch);
        return log;
      case "owner":
        this.#fence.recordOwner(command.epoch);
        return log;
      case "phase":
        this.#reactions.begin();
        if (!this.#special.matching) this.#stops.resume();
        this.#phases.change(command);
        this.#reactions.settle();
        return log;
      case "massCancel":
        this.#fence.pass(command.shard, command.number);
        this.#accounts.massCancel(command);
        break;
      case "price":
        this.#outside.set(command);
        break;
      case "replace":
        this.#fence.pass(command.shard, command.number);
        this.#replacement.replace(command, composeOrderId(++this.#orders, this.#origin));
        break;
      case "list":
      case "massQuote":
      case "cancelAllAfter":
      case "protect":
      case "resetProtection":
      case "endOfDay":
      case "clock":
        return unreachable(command as never);
      default:
        return unreachable(command);
    }
    if (this.#stops.active) {
      this.#reactions.begin();
      this.#reactions.settle();
    }
    return log;
  }

  depth(levelsMax: number): { bids: DepthLevel[]; asks: DepthLevel[] } {
    const queues = this.#book.queues;
    return {
      bids: readDepth(queues, BUY, levelsMax),
      asks: readDepth(queues, SELL, levelsMax),
    };
  }

  /** Resting orders in priority order, bids first. */
  orders(): Iterable<RestingOrder> {
    return readOrders(this.#book.queues);
  }

  /** Orders that wait for their trigger, in the order in which they were armed. */
  armed(): Iterable<WaitingOrder> {
    return this.#stops.triggers.orders();
  }

  /** An open order: one that rests or one that waits. */
  order(id: OrderId): RestingOrder | WaitingOrder | undefined {
    return this.#desk.order(id);
  }

  /** What the market was told from outside: mark and reference price, 0 for none. */
  get outside(): Readonly<OutsidePrices> {
    return this.#outside;
  }

  /** Price of the last trade; 0 before the first. */
  get lastTicks(): Ticks {
    return this.#book.lastTicks as Ticks;
  }

  hash(): string {
    const { lastTicks } = this.#book;
    const { phase, unpriced } = this.#phases;
    const rest = [lastTicks, this.armed(), phase, unpriced.values(), this.#outside] as const;
    return hashMarket(this.#sequence, this.#orders, this.#fence, this.orders(), ...rest);
  }

  check(): void {
    checkQueues(this.#book.queues, !this.#special.matching);
    this.#phases.check();
    this.#stops.check();
  }

  snapshot(): Uint8Array {
    const counters = { sequence: this.#sequence, orders: this.#orders };
    const rest = [this.#book, this.#stops, this.#phases, this.#outside] as const;
    return writeMarket(this.#origin, counters, this.#fence, ...rest);
  }

  get phase(): Phase {
    return this.#phases.phase;
  }

  /** Price and volume of an uncrossing now; undefined where nothing would trade, or the market matches. */
  indicative(): Equilibrium | undefined {
    return this.#phases.indicative();
  }

  /** Market orders that a call has collected, by time. */
  unpriced(): Iterable<RestingOrder> {
    return this.#phases.unpriced.values();
  }
}
