/**
 * One market: its book, the fence that lets each command of a shard in once, and the sequence of what was
 * applied. A pure function of its commands; all of the order's rules are in `market-rules.ts` and
 * `book/book.ts`.
 *
 * Every command counts in the sequence, a refused one too. Every `place` takes the next order id, a refused
 * one too. `shardEpoch` and `owner` change the fence and make no events. The log that `apply` returns is the
 * machine's own and is overwritten by the next command.
 */

import { ACCOUNT, FLAGS, LINKS, NUMBERS, POST_ONLY_FLAG, SELL_FLAG } from "../book/arena.ts";
import {
  checkQueues,
  type DepthLevel,
  type RestingOrder,
  readDepth,
  readOrder,
  readOrders,
} from "../book/audit.ts";
import { Book, BUY, FOK, GTC, IOC, SELL } from "../book/book.ts";
import type { BookLimits } from "../book/queues.ts";
import { composeOrderId, marketOrigin } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import { StateHash } from "../state-hash.ts";
import type { StateMachine } from "../state-machine.ts";
import { type OrderId, type Ticks, unreachable } from "../units.ts";
import type { AmendOrder, MarketCommand, PlaceOrder } from "./command.ts";
import type { EventLog } from "./event.ts";
import { type Admission, Fence } from "./fence.ts";
import { refusalOfAmend, refusalOfPlace } from "./market-rules.ts";
import { readMarket, writeMarket } from "./market-snapshot.ts";

export type { DepthLevel, RestingOrder } from "../book/audit.ts";
export type { Admission } from "./fence.ts";

export class MarketMachine implements StateMachine<MarketCommand, EventLog> {
  readonly instrument: Instrument;
  readonly #origin: number;
  readonly #book: Book;
  readonly #fence = new Fence();
  #sequence = 0;
  /** Orders named so far. */
  #orders = 0;

  constructor(instrument: Instrument, limits?: BookLimits) {
    this.instrument = instrument;
    this.#origin = marketOrigin(instrument.number);
    this.#book = new Book(limits);
  }

  /** An equal machine from the bytes of `snapshot`. */
  static restore(instrument: Instrument, bytes: Uint8Array): MarketMachine {
    const machine = new MarketMachine(instrument);
    const counters = readMarket(bytes, machine.#origin, machine.#fence, machine.#book.queues);
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
        return log;
      case "amend":
        this.#fence.pass(command.shard, command.number);
        this.#amend(command);
        return log;
      case "cancel":
        this.#fence.pass(command.shard, command.number);
        this.#book.cancel(command.orderId, command.account);
        return log;
      case "shardEpoch":
        this.#fence.recordShard(command.shard, command.epoch);
        return log;
      case "owner":
        this.#fence.recordOwner(command.epoch);
        return log;
      default:
        return unreachable(command);
    }
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

  order(id: OrderId): RestingOrder | undefined {
    const slot = this.#book.queues.find(id);
    return slot === 0 ? undefined : readOrder(this.#book.queues, slot);
  }

  hash(): string {
    return hashMarket(this.#sequence, this.#orders, this.#fence, this.orders());
  }

  check(): void {
    checkQueues(this.#book.queues);
  }

  snapshot(): Uint8Array {
    const counters = { sequence: this.#sequence, orders: this.#orders };
    return writeMarket(this.#origin, counters, this.#fence, this.#book.queues);
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
    const timeInForce = command.timeInForce === "GTC" ? GTC : command.timeInForce === "IOC" ? IOC : FOK;
    const flags = command.postOnly ? side | POST_ONLY_FLAG : side;
    book.place(id, command.account, flags, timeInForce, command.ticks, command.lots);
  }

  #amend(command: AmendOrder): void {
    const book = this.#book;
    const { numbers, links } = book.queues.arena;
    const slot = book.queues.find(command.orderId);
    const { orderId, account, ticks, lots } = command;
    if (slot === 0 || numbers[(slot << NUMBERS) + ACCOUNT] !== account) {
      book.log.reject(orderId, account, BUY, ticks, lots, "orderUnknown");
      return;
    }
    const refusal = refusalOfAmend(this.instrument, command);
    if (refusal !== undefined) {
      const side = (links[(slot << LINKS) + FLAGS] ?? 0) & SELL_FLAG;
      book.log.reject(orderId, account, side, ticks, lots, refusal);
      return;
    }
    book.amend(slot, ticks, lots);
  }
}

/** The hash of a market's state; the reference machine of the tests makes the same of its own. */
export function hashMarket(
  sequence: number,
  orders: number,
  fence: Fence,
  resting: Iterable<RestingOrder>,
): string {
  const hash = new StateHash();
  hash.number(sequence);
  hash.number(orders);
  fence.hash(hash);
  for (const order of resting) {
    hash.number(order.orderId);
    hash.number(order.account);
    hash.number(order.side === "sell" ? 1 : 0);
    hash.number(order.ticks);
    hash.number(order.lots);
    hash.number(order.totalLots);
    hash.number(order.postOnly ? 1 : 0);
  }
  return hash.digest();
}
