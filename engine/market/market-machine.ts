/**
 * One market: its book, the fence that lets each command of a shard in once, and the sequence of what was
 * applied. A pure function of its commands; all of the order's rules are in `market-rules.ts` and
 * `book/book.ts`.
 *
 * Every command counts in the sequence, a refused one too. Every `place` takes the next order id, a refused
 * one too. `shardEpoch` and `owner` change the fence and make no events. The log that `apply` returns is the
 * machine's own and is overwritten by the next command.
 */

import { ACCOUNT, NUMBERS, POST_ONLY_FLAG } from "../book/arena.ts";
import {
  checkQueues,
  type DepthLevel,
  type RestingOrder,
  readDepth,
  readOrder,
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
import type { AmendOrder, CancelOrder, MarketCommand, PlaceOrder } from "./command.ts";
import type { EventLog } from "./event.ts";
import { type Admission, Fence } from "./fence.ts";
import { hashMarket } from "./market-hash.ts";
import { refusalOfAmend, refusalOfPlace } from "./market-rules.ts";
import { readMarket, writeMarket } from "./market-snapshot.ts";
import { orderOf } from "./order-terms.ts";
import { StopOrders, timeInForceNumber } from "./stop-orders.ts";

export type { DepthLevel, RestingOrder, WaitingOrder } from "../book/audit.ts";
export type { Admission } from "./fence.ts";

export class MarketMachine implements StateMachine<MarketCommand, EventLog> {
  readonly instrument: Instrument;
  readonly #origin: number;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #stops: StopOrders;
  readonly #fence = new Fence();
  #sequence = 0;
  /** Orders named so far. */
  #orders = 0;

  constructor(instrument: Instrument, limits?: BookLimits) {
    this.instrument = instrument;
    this.#origin = marketOrigin(instrument.number);
    this.#book = new Book(limits);
    this.#special = new SpecialBook(this.#book);
    this.#stops = new StopOrders(this.#book, this.#special);
  }

  /** An equal machine from the bytes of `snapshot`. */
  static restore(instrument: Instrument, bytes: Uint8Array): MarketMachine {
    const machine = new MarketMachine(instrument);
    const counters = readMarket(bytes, machine.#origin, machine.#fence, machine.#book, machine.#stops);
    machine.#sequence = counters.sequence;
    machine.#orders = counters.orders;
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
        this.#place(command);
        break;
      case "amend":
        this.#fence.pass(command.shard, command.number);
        this.#amend(command);
        break;
      case "cancel":
        this.#fence.pass(command.shard, command.number);
        this.#cancel(command);
        break;
      case "shardEpoch":
        this.#fence.recordShard(command.shard, command.epoch);
        return log;
      case "owner":
        this.#fence.recordOwner(command.epoch);
        return log;
      default:
        return unreachable(command);
    }
    if (this.#stops.triggers.size !== 0) this.#stops.release(0);
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
    const slot = this.#book.queues.find(id);
    return slot === 0 ? this.#stops.triggers.find(id) : readOrder(this.#book.queues, slot);
  }

  /** Price of the last trade; 0 before the first. */
  get lastTicks(): Ticks {
    return this.#book.lastTicks as Ticks;
  }

  hash(): string {
    const { lastTicks } = this.#book;
    return hashMarket(this.#sequence, this.#orders, this.#fence, this.orders(), lastTicks, this.armed());
  }

  check(): void {
    checkQueues(this.#book.queues);
    this.#stops.check();
  }

  snapshot(): Uint8Array {
    const counters = { sequence: this.#sequence, orders: this.#orders };
    return writeMarket(this.#origin, counters, this.#fence, this.#book, this.#stops);
  }

  #place(command: PlaceOrder): void {
    const book = this.#book;
    const id = composeOrderId(++this.#orders, this.#origin);
    const side = command.side === "buy" ? BUY : SELL;
    const refusal = refusalOfPlace(this.instrument, command);
    if (refusal !== undefined) {
      book.log.reject(id, command.account, side, command.ticks, command.lots, refusal);
      return;
    }
    const { account, terms } = command;
    const timeInForce = timeInForceNumber(command.timeInForce);
    if (terms === undefined && book.queues.specials.size === 0) {
      const flags = command.postOnly ? side | POST_ONLY_FLAG : side;
      book.place(id, account, flags, timeInForce, command.ticks, command.lots);
      return;
    }
    const order = orderOf(command, id);
    if (terms?.trigger === undefined) this.#special.place(order, timeInForce);
    else this.#stops.place(order, command.timeInForce, terms.trigger);
  }

  #cancel(command: CancelOrder): void {
    const { orderId, account } = command;
    const { specials, arena } = this.#book.queues;
    if (this.#stops.triggers.size !== 0) {
      const armed = this.#stops.triggers.find(orderId);
      if (armed?.account === account) {
        this.#stops.cancel(armed);
        return;
      }
    }
    if (specials.size !== 0 && specials.has(orderId)) {
      const slot = this.#book.queues.find(orderId);
      if (arena.numbers[(slot << NUMBERS) + ACCOUNT] === account) {
        this.#special.cancel(slot);
        return;
      }
    }
    this.#book.cancel(orderId, account);
  }

  #amend(command: AmendOrder): void {
    const { queues, log } = this.#book;
    const { triggers } = this.#stops;
    const { orderId, account, ticks, lots, terms } = command;
    const slot = queues.find(orderId);
    const plain = slot !== 0 && queues.specials.size === 0;
    const order = plain ? undefined : this.order(orderId);
    const owner = plain ? queues.arena.numbers[(slot << NUMBERS) + ACCOUNT] : order?.account;
    if (owner !== account) {
      log.reject(orderId, account, BUY, ticks, lots, "orderUnknown");
      return;
    }
    const refusal = refusalOfAmend(this.instrument, command, order);
    if (refusal !== undefined) {
      const { side } = order ?? readOrder(queues, slot);
      log.reject(orderId, account, side === "sell" ? SELL : BUY, ticks, lots, refusal);
      return;
    }
    const armed = slot === 0 ? triggers.find(orderId) : undefined;
    if (armed !== undefined) this.#stops.amend(armed, command);
    else if (plain) this.#book.amend(slot, ticks, lots);
    else this.#special.amend(slot, { ticks, lots, minimumLots: terms?.minimumLots ?? 0 });
  }
}
