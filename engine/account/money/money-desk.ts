/**
 * What may be asked of a shard about money: balances, whether a transfer is let go, what is on its way to the
 * ledger. A debit counts from the decision on: it is held until its record is heard, so that no order and no
 * other transfer can use the same money. A client may take out of a currency what neither orders nor margin
 * tie up, and no more than the free margin; a loss of open positions counts, a profit does not add to it.
 */
import { LIMIT_CURRENCY, type PaymentKind, paymentLimit } from "../../ledger/payment-limits.ts";
import type { CutLog, TransferLeg, TransferMoney, TransferState } from "../../ledger/transfer.ts";
import { PENDING_TRANSFERS_PER_ACCOUNT_MAX } from "../../limits.ts";
import type { Rejection } from "../../rejection.ts";
import { type AccountId, assert, type Milliseconds, type Money } from "../../units.ts";
import type { Account } from "../account.ts";
import type { LedgerCommand } from "../command.ts";
import { accessOf } from "../guard/guard.ts";
import { convertDown, convertUp, type Rate } from "../position/conversion.ts";
import { marginUsed } from "../position/margin.ts";
import { balancesOf, type CurrencyBalance, equityOf, spotReserved } from "../position/valuation.ts";
import { type Clearing, clearingOf, totals } from "../shard/shard-check.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { countedAs } from "./transfer-fold.ts";

export class MoneyDesk {
  readonly #state: ShardState;
  /** By account and id: what is on its way to the ledger; "end" where it ends a pending one. */
  readonly #underWay = new Map<string, TransferMoney | "end">();

  constructor(state: ShardState) {
    this.#state = state;
  }

  balances(account: AccountId): CurrencyBalance[] {
    return balancesOf(this.#state.known(account), this.#state.conversion);
  }

  /** Through the marks; undefined where one is missing. */
  rate(from: string, to: string): Rate | undefined {
    return this.#state.conversion.rate(from, to);
  }

  /** What an amount counts against the limits on payments; undefined where a mark is missing. */
  counted(currency: string, amount: bigint): Money | undefined {
    const rate = this.rate(currency, LIMIT_CURRENCY);
    return rate && (convertUp(amount, rate) as Money);
  }

  /** The transfer as memory knows it; "underWay" where its first record is not heard yet. */
  transfer(account: AccountId, id: string): TransferState | "underWay" | undefined {
    const known = this.#state.known(account).purse?.transfers.get(id);
    return known ?? (this.#underWay.has(keyOf(account, id)) ? "underWay" : undefined);
  }

  /** What closes the log here; undefined where nothing waits for a number. */
  cut(time: Milliseconds): CutLog | undefined {
    const { log, cursors } = this.#state;
    if (log.size === 0 || log.cuts.length > 0) return undefined;
    return { kind: "cut", time, cursors: [...cursors].sort(([one], [other]) => one - other) };
  }

  /** Pending ones of an account, and ended ones that wait to be stored. */
  transfers(account: AccountId): TransferState[] {
    return [...(this.#state.known(account).purse?.transfers.values() ?? [])];
  }

  /** Pending ones whose time is up. */
  due(now: Milliseconds): TransferState[] {
    const all = [...this.#state.transferring].flatMap(account => this.transfers(account));
    return all.filter(({ status, timeoutAt }) => status === "pending" && timeoutAt <= now);
  }

  /** Why a transfer is not let go; undefined where it is. Its id must be new. */
  decide(command: TransferMoney): Rejection | undefined {
    const account = this.#state.known(command.account);
    const takes = command.legs.some(({ debit }) => debit === account.id);
    const kept = takes ? this.#keptBack(account, command) : undefined;
    if (kept !== undefined) return kept;
    const pending = (account.purse?.pending ?? 0) + this.#underWayOf(account.id);
    if (pending >= PENDING_TRANSFERS_PER_ACCOUNT_MAX) return "transfersLimit";
    return (takes ? this.#lacks(account, command.legs) : undefined) ?? this.#exceeds(account, command);
  }

  /** What staff takes, it takes from a halted account too. */
  #keptBack(account: Account, { legs }: TransferMoney): Rejection | undefined {
    if (legs[0]?.kind === "adjustment") return undefined;
    if (this.#state.restrictionOf(account) === "halted") return "tradingHalted";
    return accessOf(this.#state.guardsOf(account)) === "noLogin" ? "accessForbidden" : undefined;
  }

  #underWayOf(account: AccountId): number {
    let count = 0;
    for (const each of this.#underWay.values()) if (each !== "end" && each.account === account) count++;
    return count;
  }

  #lacks(account: Account, legs: readonly TransferLeg[]): Rejection | undefined {
    const { conversion, marks } = this.#state;
    let outflow: bigint | undefined = 0n;
    for (const currency of new Set(legs.map(leg => leg.currency))) {
      const { debits, credits } = sumsOf(account, legs, currency);
      const available = account.free(currency) - spotReserved(account, currency);
      if (debits > 0n && available + credits < debits) return "balanceInsufficient";
      const rate = conversion.rate(currency, account.currency);
      if (rate === undefined) outflow = undefined;
      if (rate !== undefined && outflow !== undefined) {
        outflow += convertUp(debits, rate) - convertDown(credits, rate);
      }
    }
    const used = marginUsed(account, conversion);
    if (used === 0n) return undefined;
    const equity = equityOf(account, conversion, marks);
    if (used === undefined || equity === undefined || outflow === undefined) return "markMissing";
    return equity - used < outflow ? "marginInsufficient" : undefined;
  }

  #exceeds(account: Account, command: TransferMoney): Rejection | undefined {
    const kind = countedAs(command);
    if (kind === undefined || command.counted === 0n) return undefined;
    const used = account.purse?.payments.used(kind, command.time) ?? { day: 0n, month: 0n };
    const waiting = command.counted + this.#countedUnderWay(account.id, kind);
    const { day, month } = paymentLimit(account.profile.kycLevel, kind);
    return used.day + waiting > day || used.month + waiting > month ? "paymentLimit" : undefined;
  }

  #countedUnderWay(account: AccountId, kind: PaymentKind): bigint {
    let sum = 0n;
    for (const each of this.#underWay.values()) {
      if (each !== "end" && each.account === account && countedAs(each) === kind) sum += each.counted;
    }
    return sum;
  }

  /** The transfer is on its way to the ledger. */
  hold(command: TransferMoney): void {
    const key = keyOf(command.account, command.id);
    assert(this.transfer(command.account, command.id) === undefined, "a transfer's id is used once");
    this.#underWay.set(key, command);
    this.#count(command, 1n);
  }

  /** A record that ends a pending transfer is on its way; false where there is none, or one is already. */
  holdEnd(account: AccountId, id: string): boolean {
    const known = this.#state.known(account).purse?.transfers.get(id);
    const key = keyOf(account, id);
    if (known?.status !== "pending" || this.#underWay.has(key)) return false;
    this.#underWay.set(key, "end");
    return true;
  }

  /** What the ledger has recorded counts by itself from here on. */
  heard(command: LedgerCommand): void {
    const { kind } = command;
    if (kind !== "transfer" && kind !== "settle" && kind !== "void" && kind !== "timeOut") return;
    const key = keyOf(command.account, command.id);
    const held = this.#underWay.get(key);
    this.#underWay.delete(key);
    if (held !== undefined && held !== "end") this.#count(held, -1n);
  }

  dropHolds(): void {
    for (const held of this.#underWay.values()) if (held !== "end") this.#count(held, -1n);
    this.#underWay.clear();
  }

  #count({ account: id, legs }: TransferMoney, sign: bigint): void {
    const account = this.#state.known(id);
    for (const { debit, currency, amount } of legs) {
      if (debit === id) account.openPurse.hold(currency, sign * amount);
    }
  }

  /** Σ all ledger accounts per currency, clients' and the shard's own: each is zero. */
  totals(): Map<string, Money> {
    return totals(this.#state);
  }

  /** What fills have moved with what positions cost, and what is on its way between shards, per currency. */
  clearing(): Map<string, Clearing> {
    return clearingOf(this.#state);
  }

  /** Up to where nothing of another shard's ledger is left to credit here. */
  heardOf(shard: number): number {
    return Math.max(this.credited(shard), this.#state.heard.get(shard) ?? 0);
  }

  hearUpTo(shard: number, sequence: number): void {
    this.#state.heard.set(shard, sequence);
  }

  /** Newest record of another shard's ledger whose debit was credited here. */
  credited(shard: number): number {
    return this.#state.creditedOf(shard);
  }
}

function keyOf(account: AccountId, id: string): string {
  return `${account}:${id}`;
}

function sumsOf({ id }: Account, legs: readonly TransferLeg[], of: string) {
  let [debits, credits] = [0n, 0n];
  for (const { debit, credit, currency, amount } of legs) {
    if (currency !== of) continue;
    if (debit === id) debits += amount;
    if (credit === id) credits += amount;
  }
  return { debits, credits };
}
