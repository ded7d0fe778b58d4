/**
 * What is so, computed from nothing but what the store holds, the moment it holds it: each market and each
 * shard made anew from its first record on. Whatever anybody was told is compared with it.
 */
import { AccountMachine } from "../../engine/account/account-machine.ts";
import type { LedgerCommand } from "../../engine/account/command.ts";
import type { OrderState } from "../../engine/account/order/order.ts";
import { shardOf } from "../../engine/ids.ts";
import type { Instrument } from "../../engine/instrument.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import { type AccountId, accountId } from "../../engine/units.ts";
import type { JournalBatch } from "../../mixins/journal/journal.ts";
import { decodeLedgerBatch } from "../../services/risk/shard-recovery.ts";
import type { Process } from "../kernel/process.ts";
import { MarketTruth } from "./market-truth.ts";
import { checkMoney } from "./money-check.ts";
import { Violation } from "./violation.ts";

/** Batches between two looks at all the money. */
const CHECK_EVERY = 25;

interface Writer {
  readonly name: string;
  /** Batches of all journals before it was. */
  readonly since: number;
}

export class Truth {
  readonly shards: readonly AccountMachine[];
  readonly #markets: ReadonlyMap<string, MarketTruth>;
  /** Last record of each journal. */
  readonly #last = new Map<string, number>();
  /** The process that appends to a journal since its newest record of an owner. */
  readonly #writers = new Map<string, Writer>();
  /** By account and client order id: where it was used. */
  readonly #used = new Map<string, string>();
  /** By account and client order id: recorded as never accepted. */
  readonly #revoked = new Set<string>();
  /** By shard, origin and sequence: debits that were credited. */
  readonly #credited = new Set<string>();
  #batches = 0;

  constructor(instruments: readonly Instrument[], shards: number) {
    this.#markets = new Map(instruments.map(each => [`market.${each.symbol}`, new MarketTruth(each)]));
    this.shards = Array.from(
      { length: shards },
      (_, shard) => new AccountMachine(shard, shards, instruments),
    );
  }

  get markets(): Iterable<MarketTruth> {
    return this.#markets.values();
  }

  journals(): string[] {
    return [...this.#last.keys()];
  }

  /** Of a journal: its newest record. */
  last(name: string): number {
    return this.#last.get(name) ?? 0;
  }

  /** What a client order id has come to, as it is recorded. */
  outcome(account: number, clientOrderId: string): OrderState | "revoked" | undefined {
    if (this.#revoked.has(`${account}:${clientOrderId}`)) return "revoked";
    const outcome = this.shardOf(account).outcome(accountId(account), clientOrderId);
    return typeof outcome === "object" ? outcome : undefined;
  }

  shardOf(account: number): AccountMachine {
    const shard = this.shards[shardOf(account, this.shards.length)];
    if (shard === undefined) throw new Error("Invariant: an account has a shard");
    return shard;
  }

  /** A batch has come to be in a journal; `by` is the process that appended it. */
  hear(name: string, batch: JournalBatch, by: string): void {
    const last = this.last(name);
    if (batch.first !== last + 1) {
      throw new Violation("one writer", `${name} goes on with ${batch.first} behind ${last}`);
    }
    this.#last.set(name, batch.first + batch.count - 1);
    const market = this.#markets.get(name);
    if (market !== undefined) this.#hearMarket(name, market.hear(batch), by);
    else this.#hearLedger(name, batch, by);
    if (++this.#batches % CHECK_EVERY === 0) this.checkAll();
  }

  /**
   * A process is asked, as the owner of an actor; to be called when it answers. By its clock it has given the
   * actor up before anyone else takes it, unless that clock has stood still: it answers nobody who asks then.
   */
  asked(process: Process, service: string): () => void {
    const [kind, name] = service.split(".");
    const journal = kind === "risk" ? `ledger.${name}` : `market.${name}`;
    const since = this.#batches;
    return () => {
      const owner = this.#writers.get(journal);
      if (owner === undefined || owner.name === process.name || owner.since >= since || process.hasSlept)
        return;
      throw new Violation("one writer", `${process.name} answers for ${service}, which is of ${owner.name}`);
    };
  }

  /** A market has shown its state: it shows nothing that is not recorded. */
  shown(symbol: string, sequence: number): void {
    const last = this.last(`market.${symbol}`);
    if (sequence <= last) return;
    throw new Violation("nothing lost", `${symbol} shows ${sequence}, and ${last} is recorded`);
  }

  /** All sums and invariants. */
  checkAll(): void {
    for (const shard of this.shards) shard.check();
    for (const { machine } of this.markets) machine.check();
    checkMoney(this.shards);
  }

  #hearMarket(name: string, records: readonly MarketRecord[], by: string): void {
    for (const record of records) {
      const { command } = record;
      this.#write(name, command.kind === "owner", by);
      if (command.kind === "place") this.#use(command.account, command.clientOrderId, name);
      for (const shard of this.shards) shard.applyMarket(record);
    }
  }

  #hearLedger(name: string, batch: JournalBatch, by: string): void {
    const shard = this.shards[Number(name.slice("ledger.".length))];
    if (shard === undefined) throw new Error(`Invariant: a ledger is a shard's: ${name}`);
    for (const [index, command] of decodeLedgerBatch(batch).entries()) {
      this.#write(name, command.kind === "owner", by);
      this.#note(command, shard.shard);
      shard.applyLedger(batch.first + index, command);
    }
  }

  /** Only who has recorded that the actor is his goes on with its journal. */
  #write(name: string, owns: boolean, by: string): void {
    if (owns) this.#writers.set(name, { name: by, since: this.#batches });
    const owner = this.#writers.get(name)?.name;
    if (owner !== by) throw new Violation("one writer", `${by} appends to ${name}, which is of ${owner}`);
  }

  #note(command: LedgerCommand, shard: number): void {
    if (command.kind === "refuse") {
      const { account, clientOrderId } = command.request;
      this.#use(account, clientOrderId, `ledger.${shard}`);
    } else if (command.kind === "revoke") {
      const { account, clientOrderId } = command;
      this.#use(account, clientOrderId, `ledger.${shard}, as never accepted,`);
      this.#revoked.add(`${account}:${clientOrderId}`);
    } else if (command.kind === "credit") {
      const key = `${shard}:${command.origin}:${command.originSequence}`;
      if (this.#credited.has(key)) throw new Violation("nothing twice", `debit ${key} is credited twice`);
      this.#credited.add(key);
    }
  }

  #use(account: AccountId, clientOrderId: string, where: string): void {
    const key = `${account}:${clientOrderId}`;
    const before = this.#used.get(key);
    if (before !== undefined) {
      const checker = this.#revoked.has(key) ? "resolve" : "nothing twice";
      throw new Violation(checker, `${key} is used in ${where}, and was used in ${before}`);
    }
    this.#used.set(key, where);
  }
}
