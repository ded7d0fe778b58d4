/**
 * The actor of one risk shard: its machine is a fold of its ledger and of every market's journal, nothing
 * else. Facts that the shard makes itself (accounts, refusals) go through its ledger first; orders go to the
 * market by a numbered link, and their outcome is what the market's journal then says. No reply and no
 * timeout changes an account.
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { LedgerCommand, OpenAccount } from "../../engine/account/command.ts";
import type { Answer } from "../../engine/account/order/answer.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { type AccountId, assert, type Milliseconds, milliseconds } from "../../engine/units.ts";
import { Actor } from "../../mixins/actor/actor.ts";
import { type Clock, type Timers, wait } from "../../mixins/clock.ts";
import type { Follower, Journal, JournalBatch, SnapshotStore } from "../../mixins/journal/journal.ts";
import { marketRecordsOf } from "../../mixins/journal/market-batches.ts";
import type { Claim } from "../../mixins/ownership/ownership.ts";
import type { Cursors } from "../../mixins/runtime/cursors.ts";
import { MarketLink, type Submit } from "./market-link.ts";
import { decodeLedgerBatch, LedgerCore, restoreShard } from "./shard-recovery.ts";
import { ShardSnapshots } from "./shard-snapshots.ts";
import { outcomeUnknown, Waiting } from "./waiting.ts";

/** A shard that opens looks so often whether it has heard its epoch. */
const LOOK_MS = 2;

export interface ShardOptions {
  readonly shard: number;
  readonly shards: number;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ledger: Journal;
  readonly snapshots: SnapshotStore;
  readonly cursors: Cursors;
  /** Of the markets, between two snapshots. */
  readonly recordsPerSnapshot: number;
  readonly claim?: Claim;
  readonly marketJournal: (symbol: string) => Promise<Journal>;
  /** Has the market record this shard's epoch; resolves with the record's sequence. */
  readonly recordEpoch: (symbol: string, shard: number, epoch: number) => Promise<number>;
  readonly submit: (symbol: string, epoch: number, ...batch: Parameters<Submit>) => ReturnType<Submit>;
  readonly onFailed: (error: unknown) => void;
  /** Hears why commands are sent to a market again. */
  readonly onRetry: (error: unknown) => void;
  /** Called after each batch of facts, with the accounts of this shard possibly changed. */
  readonly onFacts: () => void;
}

export class RiskShard {
  readonly #options: ShardOptions;
  readonly #waiting = new Waiting();
  readonly #links = new Map<number, MarketLink>();
  readonly #followers: Follower[] = [];
  readonly #snapshots: ShardSnapshots;
  readonly #ledger: Actor<LedgerCommand, number>;
  /** Who waits for a ledger record to be applied; bounded by the ledger's mailbox. */
  readonly #ledgerWaiting = new Map<number, () => void>();
  /** Accounts whose opening is on its way to the ledger. */
  readonly #opening = new Map<AccountId, Promise<number>>();
  readonly machine: AccountMachine;
  readonly timers: Timers;
  #epoch = 0;
  #recordsSinceSnapshot = 0;
  #open = false;
  #failed = false;

  private constructor(options: ShardOptions, machine: AccountMachine) {
    this.#options = options;
    this.machine = machine;
    this.timers = options.timers;
    this.#snapshots = new ShardSnapshots(options, machine);
    this.#ledger = new Actor({
      journal: options.ledger,
      core: new LedgerCore(options.ledger.last),
      onFailed: this.#fail,
      claim: options.claim,
    });
  }

  /** Throws where it can't open; then nothing of it runs any more. */
  static async recover(options: ShardOptions): Promise<RiskShard> {
    const { shard, shards, instruments, snapshots } = options;
    const self = new RiskShard(options, await restoreShard(shard, shards, instruments, snapshots));
    try {
      await self.#recover();
    } catch (error) {
      await self.abandon(error);
      throw error;
    }
    return self;
  }

  get now(): Milliseconds {
    return milliseconds(this.#options.clock.now());
  }

  /** The state may hold half a record, or be old: nobody saves it or tells it any more. */
  get isFailed(): boolean {
    return this.#failed;
  }

  /** Commands that a market has been sent and whose outcome somebody waits for. */
  get awaited(): number {
    return this.#waiting.size;
  }

  instrument(market: number): Instrument {
    const instrument = this.#options.instruments.find(listed => listed.number === market);
    assert(instrument !== undefined, "a market that is used is listed");
    return instrument;
  }

  link(market: number): MarketLink {
    const link = this.#links.get(market);
    assert(link !== undefined, "every listed market has a link");
    return link;
  }

  /** What became of command `number` of this shard in a market, once it is durable and applied here. */
  outcomeOf(market: number, number: number): Promise<Answer> {
    return this.#waiting.for(market, number);
  }

  /** Appends a fact to the ledger; resolves with its sequence once it is durable and applied here. */
  async record(command: LedgerCommand): Promise<number> {
    const [sequence] = await this.#ledger.send([command]);
    assert(sequence !== undefined, "a ledger answers each command");
    if (this.machine.ledgerSequence < sequence) {
      await new Promise<void>(resolve => this.#ledgerWaiting.set(sequence, resolve));
      if (this.#failed || this.machine.ledgerSequence < sequence) throw outcomeUnknown(this.#options.shard);
    }
    return sequence;
  }

  /** Opens an account unless it is open; resolves when it is. */
  openAccount(command: OpenAccount): Promise<unknown> {
    const { account } = command;
    if (this.machine.account(account) !== undefined) return Promise.resolve();
    const known = this.#opening.get(account);
    if (known !== undefined) return known;
    const opening = this.record(command).finally(() => this.#opening.delete(account));
    this.#opening.set(account, opening);
    return opening;
  }

  /** Saves the state with its cursors; what they have passed may then be trimmed. */
  snapshot(): Promise<void> {
    return this.#snapshots.save();
  }

  /** A market has a new owner: what the old one has not shown is sent to it without waiting for an answer. */
  marketOpened(symbol: string): void {
    for (const link of this.#links.values()) if (link.symbol === symbol) link.sendAgain();
  }

  async close(): Promise<void> {
    this.#open = false;
    for (const link of this.#links.values()) link.close();
    await this.#ledger.stop();
    await this.#leave();
    if (!this.#failed) await this.snapshot();
  }

  /** Answers nobody what it does not know; nothing of its state is kept. */
  async abandon(reason: unknown): Promise<void> {
    this.#failed = true;
    this.#open = false;
    for (const link of this.#links.values()) link.close();
    this.#ledger.abandon(reason);
    await this.#leave();
  }

  async #leave(): Promise<void> {
    await Promise.all(this.#followers.map(follower => follower.close()));
    this.#waiting.rejectAll(outcomeUnknown(this.#options.shard));
    for (const heard of this.#ledgerWaiting.values()) heard();
    this.#ledgerWaiting.clear();
  }

  readonly #fail = (error: unknown): void => {
    this.#failed = true;
    this.#open = false;
    this.#options.onFailed(error);
  };

  async #recover(): Promise<void> {
    const { ledger, instruments } = this.#options;
    const own = ledger.follow(this.machine.ledgerSequence + 1, batch => this.#applyLedger(batch), this.#fail);
    this.#followers.push(own);
    await own.caughtUp;
    this.#epoch = ledger.last + 1;
    await this.record({ kind: "owner", time: this.now, epoch: this.#epoch });
    await Promise.all(instruments.map(instrument => this.#openMarket(instrument)));
    this.#open = true;
  }

  async #openMarket(instrument: Instrument): Promise<void> {
    const { shard, recordEpoch, marketJournal, submit, onRetry, timers } = this.#options;
    const { number: market, symbol } = instrument;
    if (!this.machine.marketsListed.has(market)) {
      await this.record({ kind: "listMarket", time: this.now, market });
    }
    const until = await recordEpoch(symbol, shard, this.#epoch);
    const journal = await marketJournal(symbol);
    const send: Submit = batch => submit(symbol, this.#epoch, batch);
    const link = new MarketLink({ symbol, submit: send, onStale: this.#fail, onRetry, timers });
    this.#links.set(market, link);
    const follower = journal.follow(
      this.machine.cursor(market) + 1,
      batch => this.#applyMarket(market, batch),
      this.#fail,
    );
    this.#followers.push(follower);
    await follower.caughtUp;
    // Of a market on another node the newest records come a little later.
    while (this.machine.cursor(market) < until) {
      if (this.#failed || this.#options.claim?.standing === false) throw outcomeUnknown(shard);
      await wait(timers, LOOK_MS);
    }
  }

  #applyLedger(batch: JournalBatch): void {
    for (const [index, command] of decodeLedgerBatch(batch).entries()) {
      const sequence = batch.first + index;
      this.machine.applyLedger(sequence, command);
      this.#ledgerWaiting.get(sequence)?.();
      this.#ledgerWaiting.delete(sequence);
    }
    this.#options.onFacts();
  }

  #applyMarket(market: number, batch: JournalBatch): void {
    const link = this.link(market);
    let confirmed = 0;
    const records = marketRecordsOf(market, batch);
    for (const record of records) {
      const answer = this.machine.applyMarket(record);
      if (answer === undefined || !this.#open) continue;
      confirmed = answer.number;
      this.#waiting.settle(answer);
    }
    if (confirmed > 0) link.confirm(confirmed);
    this.#options.onFacts();
    this.#recordsSinceSnapshot += records.length;
    if (this.#open && this.#recordsSinceSnapshot >= this.#options.recordsPerSnapshot) {
      this.#recordsSinceSnapshot = 0;
      this.snapshot().catch(this.#fail);
    }
  }
}
