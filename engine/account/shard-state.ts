/**
 * Everything that a risk shard knows, and the few ways in which facts change it: an account opens, money
 * moves, an order enters, changes size, closes. Which fact does what is said in `ledger-fold.ts` and
 * `market-fold.ts`.
 *
 * The issuer is the other side of every deposit: its balances are negative, and with it all cash less the
 * cost of all positions sums to zero per currency over the shards of a venue.
 */
import { shardOf } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import type { Phase } from "../market/phase.ts";
import { type AccountId, assert, type Milliseconds, type Money, type OrderId } from "../units.ts";
import type { Account } from "./account.ts";
import { TRADING_STATES, type TradingState } from "./command.ts";
import { Conversion } from "./conversion.ts";
import { countIn, recount, unlink } from "./counting.ts";
import { isLinked } from "./list-place.ts";
import { Marks } from "./marks.ts";
import { isOpen, type Order, type OrderStatus } from "./order.ts";
import { type Changes, mayForget, Outbox, type TransactionKind } from "./outbox.ts";

/** The record, and the part of it, that moved money. */
export interface Cause {
  readonly kind: TransactionKind;
  /** The market whose record it is; undefined for the ledger's. */
  readonly market: number | undefined;
  readonly sequence: number;
  /** Counts what moved within the record, alike in every shard. */
  readonly part: number;
  readonly time: Milliseconds;
  readonly orderId?: OrderId;
}

export class ShardState {
  readonly shard: number;
  readonly shards: number;
  readonly instruments: ReadonlyMap<number, Instrument>;
  readonly marks = new Marks();
  readonly conversion: Conversion;
  readonly accounts = new Map<AccountId, Account>();
  readonly orders = new Map<OrderId, Order>();
  readonly cursors = new Map<number, number>();
  /** Phases of the markets that are in another than `continuous`. */
  readonly #phases = new Map<number, Phase>();
  readonly listed = new Set<number>();
  /** By currency; negative: what has been paid into accounts of this shard. */
  readonly issuer = new Map<string, bigint>();
  readonly outbox = new Outbox();
  /** The kill switch's state for every account. */
  restriction: TradingState = "active";
  epoch = 0;
  ledgerSequence = 0;
  /** Count in the id of the newest order that this shard has refused. */
  refusals = 0;

  constructor(shard: number, shards: number, instruments: readonly Instrument[]) {
    assert(
      Number.isInteger(shard) && shard >= 0 && shard < shards,
      "a shard's number is below the number of shards",
    );
    this.shard = shard;
    this.shards = shards;
    this.instruments = new Map(instruments.map(instrument => [instrument.number, instrument]));
    assert(this.instruments.size === instruments.length, "each instrument has its own number");
    this.conversion = new Conversion(instruments, this.marks);
  }

  instrument(market: number): Instrument {
    const instrument = this.instruments.get(market);
    assert(instrument !== undefined, "a market trades a known instrument");
    return instrument;
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
    const [own, all] = [account.restriction, this.restriction];
    return TRADING_STATES.indexOf(own) > TRADING_STATES.indexOf(all) ? own : all;
  }

  /** An account's protection in a market has set in, or has ended. */
  freeze(account: Account, market: number, frozen: boolean): void {
    if (frozen) account.frozen.add(market);
    else account.frozen.delete(market);
    this.touch(account);
  }

  /** Whether best prices may become marks: a call's are nobody's to trade at. */
  marksMove(market: number): boolean {
    return this.#phases.size === 0 || matches(this.phaseOf(market)) || this.marks.get(market) === undefined;
  }

  /** The account, or undefined where it belongs to another shard. */
  local(id: AccountId): Account | undefined {
    const account = this.accounts.get(id);
    assert(
      account !== undefined || shardOf(id, this.shards) !== this.shard,
      "an account opens before it trades",
    );
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
    if (!account.liquidity) this.outbox.touch(account.id);
  }

  /** Adds to a balance; on a client's account that is a transaction. */
  move(account: Account, currency: string, amount: bigint, cause: Cause): void {
    const balance = account.balance(currency) + amount;
    account.balances.set(currency, balance);
    if (account.liquidity || amount === 0n) return;
    const { market, part, ...stated } = cause;
    const journal = market === undefined ? `l${this.shard}` : `m${market}`;
    this.outbox.addTransaction({
      ...stated,
      id: `${journal}-${cause.sequence}-${part}`,
      account: account.id,
      currency,
      amount: amount as Money,
      balanceAfter: balance as Money,
    });
  }

  /** A new order: open, or already closed by a refusal. */
  enter(account: Account, order: Order): void {
    assert(!this.orders.has(order.id), "an order's id is new");
    assert(!account.ids.has(order.clientOrderId), "a client order id is used once");
    if (isOpen(order)) {
      this.orders.set(order.id, order);
      account.ids.set(order.clientOrderId, order);
      account.open.set(order.id, order);
      this.countIn(account, order);
    } else {
      this.#keepClosed(account, order);
    }
    this.changed(account, order);
  }

  /** Counts an order that is in `account.open` in the sums of its market. */
  countIn(account: Account, order: Order): void {
    const exposure = account.exposure(this.instrument(order.market));
    const { list, side } = order;
    if (list === undefined || !isLinked(list)) {
      countIn(exposure, order, undefined);
      return;
    }
    let linked: Order[] | undefined;
    for (const other of account.open.values()) {
      if (other.list?.id === list.id && other.side === side) linked ??= other.linked;
    }
    countIn(exposure, order, linked ?? []);
  }

  /** Takes what remains of an order out of the open ones. */
  close(account: Account, order: Order, status: OrderStatus): void {
    recount(account.exposure(this.instrument(order.market)), order, () => {
      order.status = status;
    });
    unlink(order);
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
    this.orders.set(order.id, order);
    account.ids.set(order.clientOrderId, order);
    this.outbox.closedOrders++;
  }

  /** What was taken from the outbox is stored: forgets what is closed and has not changed since. */
  documented(changes: Omit<Changes, "accounts">): void {
    for (const { id, sequence } of changes.orders) {
      const order = this.orders.get(id);
      if (order === undefined) continue;
      order.documentedSequence = Math.max(order.documentedSequence, sequence);
      if (!mayForget(order)) continue;
      this.orders.delete(id);
      this.known(order.account).ids.delete(order.clientOrderId);
      this.outbox.closedOrders--;
    }
    for (const transaction of changes.transactions) this.outbox.forgetTransaction(transaction);
    for (const revocation of changes.revocations) {
      if (!this.outbox.forgetRevocation(revocation)) continue;
      this.known(revocation.account).ids.delete(revocation.clientOrderId);
    }
  }
}

function matches(phase: Phase): boolean {
  return phase === "continuous" || phase === "close-only";
}
