/**
 * Everything that a risk shard knows, and the few ways in which facts change it: an account opens, money
 * moves, an order enters, changes size, closes. `ledger-fold.ts`, `market-fold.ts` say which fact does what.
 *
 * Money is double entry: per currency, all cash and reserved money of the shard's accounts and the balances
 * of its own ledger accounts sum to zero after every record.
 */
import { shardOf } from "../../ids.ts";
import type { Instrument } from "../../instrument.ts";
import { Books } from "../../ledger/books.ts";
import type { Posting } from "../../ledger/posting.ts";
import type { Cause } from "../../ledger/transaction.ts";
import type { Phase } from "../../market/phase.ts";
import { type AccountId, assert, type OrderId } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import { ChargeBook } from "../charge/charge-book.ts";
import { TRADING_STATES, type TradingState } from "../command.ts";
import type { Guard } from "../guard/guard.ts";
import { GuardBook } from "../guard/guard-book.ts";
import { moveCash, postSet } from "../money/shard-money.ts";
import { TransactionLog } from "../money/transaction-log.ts";
import { count, countIn, unlink } from "../order/counting.ts";
import { IdFilter } from "../order/id-filter.ts";
import { isLinked } from "../order/list-place.ts";
import { isOpen, type Order, type OrderStatus } from "../order/order.ts";
import { CloseByBook } from "../position/close-by.ts";
import { Conversion } from "../position/conversion.ts";
import { Marks } from "../position/marks.ts";
import { TradingDays } from "../trading-day.ts";
import { Outbox } from "./outbox.ts";

export class ShardState {
  readonly shard: number;
  readonly shards: number;
  /**
   * Providers' orders, fills and positions are left out, as their records may have been dropped; clients' are
   * whole without them.
   */
  readonly clientsOnly: boolean;
  readonly instruments: ReadonlyMap<number, Instrument>;
  readonly marks = new Marks();
  readonly conversion: Conversion;
  readonly accounts = new Map<AccountId, Account>();
  readonly orders = new Map<OrderId, Order>();
  readonly cursors = new Map<number, number>();
  /** Phases of the markets that are in another than `continuous`. */
  readonly #phases = new Map<number, Phase>();
  readonly listed = new Set<number>();
  /** The shard's own ledger accounts. */
  readonly books = new Books();
  /** By shard: the newest record of its ledger whose debit was credited here. */
  readonly credited = new Map<number, number>();
  /** By shard: up to where nothing of its ledger is left to credit; where the next start reads on. */
  readonly heard = new Map<number, number>();
  readonly log = new TransactionLog();
  /** Accounts that have a pending transfer. */
  readonly transferring = new Set<AccountId>();
  readonly charges = new ChargeBook();
  readonly closeBys = new CloseByBook();
  readonly outbox = new Outbox();
  /** Of clients, ever; undefined where not all are known. */
  usedIds: IdFilter | undefined = new IdFilter();
  readonly guards = new GuardBook();
  /** Clients' accounts that a fact has touched since a monitor took them; at most all there are. */
  readonly stirred = new Set<Account>();
  readonly days = new TradingDays();
  /** Positions that have traded while reduce-only orders were open: no fact, taken by who watches these. */
  readonly shrunk = new Map<Exposure, Account>();
  /** The kill switch's state for every account. */
  restriction: TradingState = "active";
  epoch = 0;
  ledgerSequence = 0;
  /** Count in the id of the newest order that this shard has refused. */
  refusals = 0;

  constructor(shard: number, shards: number, instruments: readonly Instrument[], clientsOnly = false) {
    assert(Number.isInteger(shard) && shard >= 0 && shard < shards, "a shard is one of all shards");
    this.shard = shard;
    this.shards = shards;
    this.clientsOnly = clientsOnly;
    this.instruments = new Map(instruments.map(instrument => [instrument.number, instrument]));
    assert(this.instruments.size === instruments.length, "each instrument has its own number");
    this.conversion = new Conversion(instruments, this.marks);
  }

  instrument(market: number): Instrument {
    const instrument = this.instruments.get(market);
    assert(instrument !== undefined, "a market trades a known instrument");
    return instrument;
  }

  cursorOf(market: number): number {
    return this.cursors.get(market) ?? 0;
  }

  /** Numbers the movements that a cut covers, once all its markets were heard that far. */
  numberTransactions(): void {
    if (this.log.cuts.length === 0) return;
    for (const transaction of this.log.reached(this)) this.outbox.addTransaction(transaction);
  }

  creditedOf(shard: number): number {
    return this.credited.get(shard) ?? 0;
  }

  phaseOf(market: number): Phase {
    return this.#phases.get(market) ?? "continuous";
  }

  setPhase(market: number, phase: Phase): void {
    if (phase === "continuous") this.#phases.delete(market);
    else this.#phases.set(market, phase);
  }

  /** By market number; those in `continuous` left out. */
  phases(): [number, Phase][] {
    return [...this.#phases].sort(([left], [right]) => left - right);
  }

  /** What an account may do now: the stricter of its own and its shard's. */
  restrictionOf(account: Account): TradingState {
    const { restriction: own } = account;
    return TRADING_STATES.indexOf(own) > TRADING_STATES.indexOf(this.restriction) ? own : this.restriction;
  }

  guardsOf(account: Account): readonly Guard[] {
    return this.guards.of(account);
  }

  /** An account's protection in a market has set in, or has ended. */
  freeze(account: Account, market: number, frozen: boolean): void {
    account.freeze(market, frozen);
    this.touch(account);
  }

  /** Whether best prices may become marks: a call's are nobody's to trade at. */
  marksMove(market: number): boolean {
    return this.#phases.size === 0 || matches(this.phaseOf(market)) || this.marks.get(market) === undefined;
  }

  /** The account, or undefined where it belongs to another shard or is left out. */
  local(id: AccountId): Account | undefined {
    const account = this.accounts.get(id);
    assert(
      account !== undefined || shardOf(id, this.shards) !== this.shard,
      "an account opens before it trades",
    );
    if (this.clientsOnly && account?.liquidity === true) return undefined;
    return account;
  }

  known(id: AccountId): Account {
    const account = this.accounts.get(id);
    assert(account !== undefined, "an account is open in the shard that is asked for it");
    return account;
  }

  /** The order that an event of an account of this shard names. */
  orderOf(id: OrderId): Order {
    const order = this.orders.get(id);
    assert(order !== undefined, "an event is of an order that is in memory");
    return order;
  }

  touch(account: Account): void {
    account.version++;
    if (account.liquidity) return;
    this.outbox.touch(account.id);
    this.stirred.add(account);
  }

  /** Adds to an account's cash what the shard's account gives that the cause's kind names. */
  move(account: Account, currency: string, amount: bigint, cause: Cause): void {
    moveCash(this, account, currency, amount, cause);
  }

  /** A balanced set of postings. */
  post(postings: readonly Posting[], cause: Cause): void {
    postSet(this, postings, cause);
  }

  /** A new order: open, or already closed by a refusal. */
  enter(account: Account, order: Order): void {
    this.keep(account, order);
    if (!account.liquidity) this.usedIds?.add(account.id, order.clientOrderId);
    if (isOpen(order)) {
      account.open.set(order.id, order);
      this.countIn(account, order);
    } else {
      this.#keepClosed(account, order);
    }
    this.changed(account, order);
  }

  /** Puts an order where both its ids find it; that they are new is told by how many there are then. */
  keep(account: Account, order: Order): void {
    const before = this.orders.size + account.ids.size;
    this.orders.set(order.id, order);
    account.ids.set(order.clientOrderId, order);
    assert(this.orders.size + account.ids.size === before + 2, "each id of an order is used once");
  }

  /** Counts an order that is in `account.open` in the sums of its market. */
  countIn(account: Account, order: Order): void {
    const exposure = account.exposure(this.instrument(order.market));
    const { list, side } = order;
    let linked: Order[] | undefined;
    if (list !== undefined && isLinked(list)) {
      for (const other of account.open.values()) {
        if (other.list?.id === list.id && other.side === side) linked ??= other.linked;
      }
      linked ??= [];
    }
    countIn(exposure, order, linked);
  }

  /** Takes what remains of an order out of the open ones. */
  close(account: Account, order: Order, status: OrderStatus): void {
    const exposure = account.exposure(this.instrument(order.market));
    count(exposure, order, -1);
    order.status = status;
    if (order.linked !== undefined) {
      // Those that it was linked to go on counting.
      count(exposure, order, 1);
      unlink(order);
    }
    if (order.awaits !== undefined) order.awaits = undefined;
    account.open.delete(order.id);
    this.#keepClosed(account, order);
  }

  changed(account: Account, order: Order): void {
    this.touch(account);
    if (!account.liquidity) this.outbox.change(order);
  }

  #keepClosed(account: Account, order: Order): void {
    if (account.liquidity) {
      this.orders.delete(order.id);
      account.keepPastId(order.clientOrderId, "closed");
      return;
    }
    this.outbox.closedOrders++;
  }
}

function matches(phase: Phase): boolean {
  return phase === "continuous" || phase === "close-only";
}
