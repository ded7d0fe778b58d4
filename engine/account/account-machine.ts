/**
 * The state of one risk shard: many accounts, folded from journalled facts only (the shard's own ledger and
 * every market's journal), and an overlay of commands on their way, which is in no hash and no snapshot.
 *
 * Invariants: equal facts make equal hashes, in whatever order different markets are heard; all ledger
 * accounts of the shard sum to zero per currency; open sums are those of the open orders.
 * The hash covers balances, positions, open orders, marks and cursors; not what only waits to be stored
 * elsewhere (closed orders, transactions) or is remembered for a while (a liquidity provider's past ids).
 */
import { composeOrderId, shardOrigin } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import type { Phase } from "../market/phase.ts";
import type { MarketRecord } from "../market/record.ts";
import type { AmendTerms } from "../market/terms.ts";
import type { AccountId, Lots, Milliseconds, OrderId, Ticks } from "../units.ts";
import { assert } from "../units.ts";
import { ChargeDesk } from "./charge/charge-desk.ts";
import type { AccountLimits, LedgerCommand, OrderRequest, TradingState } from "./command.ts";
import { Explainer } from "./guard/explainer.ts";
import { Guardian } from "./guard/guardian.ts";
import { foldLedgerRecord } from "./ledger-fold.ts";
import { foldMarketRecord, type PassedRun, passRecords } from "./market-fold.ts";
import { MoneyDesk } from "./money/money-desk.ts";
import type { Answer } from "./order/answer.ts";
import { Holds } from "./order/holds.ts";
import type { OrderState } from "./order/order.ts";
import { RiskDesk } from "./order/risk-desk.ts";
import type { Decision } from "./order/wish.ts";
import type { Mark } from "./position/marks.ts";
import { PositionDesk } from "./position/position-desk.ts";
import { type AccountSummary, summaryOf } from "./position/valuation.ts";
import type { AccountKind, AccountProfile } from "./profile.ts";
import { forgetDocumented } from "./shard/documented.ts";
import type { Changes } from "./shard/outbox.ts";
import { checkShard, lotsByMarket } from "./shard/shard-check.ts";
import { hashShard, readShard, writeShard } from "./shard/shard-snapshot.ts";
import { ShardState } from "./shard/shard-state.ts";

export interface AccountSettings {
  readonly account: AccountId;
  readonly currency: string;
  readonly leverage: number;
  readonly liquidity: boolean;
  readonly kind: AccountKind;
  readonly profile: AccountProfile;
  readonly limits: AccountLimits;
  /** What the account may do now: the stricter of its own state and its shard's. */
  readonly restriction: TradingState;
}

export class AccountMachine {
  readonly #state: ShardState;
  readonly #holds: Holds;
  /** Count of the newest refusal id given, recorded or not; part of the overlay. */
  #refusalsGiven = 0;

  /** What may go to a market, and what is on its way there. */
  readonly desk: RiskDesk;
  readonly money: MoneyDesk;
  readonly holdings: PositionDesk;
  /** Why something may not go to a market. */
  readonly explainer: Explainer;
  readonly guardian: Guardian;
  readonly charges: ChargeDesk;

  constructor(shard: number, shards: number, instruments: readonly Instrument[], clientsOnly = false) {
    this.#state = new ShardState(shard, shards, instruments, clientsOnly);
    this.#holds = new Holds(this.#state);
    this.desk = new RiskDesk(this.#state, this.#holds);
    this.money = new MoneyDesk(this.#state);
    this.holdings = new PositionDesk(this.#state, this.desk, this.#holds);
    this.explainer = new Explainer(this.#state, this.desk);
    this.guardian = new Guardian(this.#state);
    this.charges = new ChargeDesk(this.#state);
  }

  static restore(
    shard: number,
    shards: number,
    instruments: readonly Instrument[],
    bytes: Uint8Array,
  ): AccountMachine {
    const machine = new AccountMachine(shard, shards, instruments);
    readShard(machine.#state, bytes);
    machine.check();
    return machine;
  }

  get shard(): number {
    return this.#state.shard;
  }

  /** Of the newest owner that the ledger records; 0 before the first. */
  get epoch(): number {
    return this.#state.epoch;
  }

  get ledgerSequence(): number {
    return this.#state.ledgerSequence;
  }

  /** Newest record of a market's journal that was applied; 0 for none. */
  cursor(market: number): number {
    return this.#state.cursors.get(market) ?? 0;
  }

  /** Numbers of the markets that the ledger lists: only these may the shard send anything. */
  get marketsListed(): ReadonlySet<number> {
    return this.#state.listed;
  }

  applyLedger(sequence: number, command: LedgerCommand): void {
    this.money.heard(command);
    foldLedgerRecord(this.#state, sequence, command);
  }

  /** Returns what became of a command that this shard sent; undefined for all else. */
  applyMarket(record: MarketRecord): Answer | undefined {
    const { command } = record;
    if ("number" in command && command.shard === this.#state.shard) {
      this.#holds.release(record.market, command.number);
    }
    const answer = foldMarketRecord(this.#state, record);
    this.#holds.heard(record);
    return answer;
  }

  /** Only where providers are left out: goes on behind records that have been dropped. */
  passMarket(run: PassedRun): void {
    passRecords(this.#state, run);
  }

  account(id: AccountId): AccountSettings | undefined {
    const account = this.#state.accounts.get(id);
    if (account === undefined) return undefined;
    const { currency, leverage, liquidity, kind, profile, limits } = account;
    const restriction = this.#state.restrictionOf(account);
    return { account: id, currency, leverage, liquidity, kind, profile, limits, restriction };
  }

  accounts(): Iterable<AccountId> {
    return this.#state.accounts.keys();
  }

  /**
   * What a client order id came to, as far as memory goes: documented orders and revocations are on disk.
   * "closed" is a liquidity provider's order that has left memory.
   */
  outcome(
    account: AccountId,
    clientOrderId: string,
  ): OrderState | "pending" | "revoked" | "closed" | undefined {
    const { ids, heldOrders } = this.#state.known(account);
    return ids.get(clientOrderId) ?? (heldOrders.has(clientOrderId) ? "pending" : undefined);
  }

  order(id: OrderId): OrderState | undefined {
    return this.#state.orders.get(id);
  }

  openOrders(account: AccountId): OrderState[] {
    return [...this.#state.known(account).open.values()];
  }

  mark(market: number): Mark | undefined {
    return this.#state.marks.get(market);
  }

  /** What the market's journal says last. */
  phase(market: number): Phase {
    return this.#state.phaseOf(market);
  }

  /** `at`: now; where it is left out nothing that depends on time is asked. */
  decide(request: OrderRequest, at?: Milliseconds): Decision {
    return this.desk.decideOrder(request, at);
  }

  decideAmend(order: OrderState, lots: Lots, ticks: Ticks, terms?: AmendTerms, at?: Milliseconds): Decision {
    return this.desk.decideAmend({ order, lots, ticks, terms }, at);
  }

  /** The amend is on its way. */
  holdAmend(market: number, number: number, id: OrderId, lots: Lots, ticks: Ticks, terms?: AmendTerms): void {
    const order = this.#state.orders.get(id);
    if (order === undefined) return;
    assert(market === order.market, "an amend is sent to its order's market");
    this.desk.holdAmend(number, { order, lots, ticks, terms });
  }

  get holdCount(): number {
    return this.#holds.count;
  }

  dropHolds(): void {
    this.#holds.clear();
    this.money.dropHolds();
    this.#state.marks.dropStandIns();
  }

  /** An id for a refusal, given once; refusals are recorded in the order of their ids, gaps do no harm. */
  takeRefusalId(): OrderId {
    this.#refusalsGiven = Math.max(this.#refusalsGiven, this.#state.refusals) + 1;
    return composeOrderId(this.#refusalsGiven, shardOrigin(this.#state.shard));
  }

  summary(account: AccountId): AccountSummary {
    return summaryOf(this.#state.known(account), this.#state.conversion, this.#state.marks);
  }

  positions(account: AccountId) {
    return this.holdings.positions(account);
  }

  /** What changed on clients' accounts since the last call; after a restore, all that isn't documented. */
  takeChanges(): Changes {
    return this.#state.outbox.take();
  }

  /** These are durably stored, in the order in which they were taken. */
  documented(changes: Omit<Changes, "accounts">): void {
    forgetDocumented(this.#state, changes);
  }

  /** Clients' closed orders and revoked ids that wait for `documented`. */
  get closedInMemory(): number {
    return this.#state.outbox.closedInMemory;
  }

  get transactionsInMemory(): number {
    return this.#state.outbox.transactionsInMemory + this.#state.log.size;
  }

  /** Σ positions per market: over all shards each sums to zero. */
  lotsByMarket(): Map<number, number> {
    return lotsByMarket(this.#state);
  }

  hash(): string {
    return hashShard(this.#state);
  }

  check(): void {
    checkShard(this.#state, this.#holds);
  }

  snapshot(): Uint8Array {
    return writeShard(this.#state);
  }
}
