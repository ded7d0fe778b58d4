/**
 * A market behind its door: takes only the next number of the epoch that its journal records, applies it,
 * writes the record. A duplicate, a gap and a stale epoch write nothing and change nothing; the shard is told
 * which.
 */
import type { ByteWriter } from "../../engine/bytes.ts";
import type {
  HostCommand,
  MarketCommand,
  RecordOwner,
  RecordShardEpoch,
  ShardCommand,
} from "../../engine/market/command.ts";
import {
  COLUMN,
  EVENT_STRIDE,
  type EventLog,
  KIND_MASK,
  PREVENTED,
  TRADED,
} from "../../engine/market/event.ts";
import type { MarketMachine } from "../../engine/market/market-machine.ts";
import { encodeMarketRecord } from "../../engine/market/record.ts";
import { type Milliseconds, milliseconds } from "../../engine/units.ts";
import type { Clock } from "../clock.ts";
import type { ActorCore } from "./actor.ts";

/**
 * What a market is sent: a numbered command of a shard, with the epoch of that shard, or what its own host
 * says: the market's day, or a record of an epoch.
 */
export type MarketMessage =
  | { readonly epoch: number; readonly command: ShardCommand }
  | { readonly command: HostCommand | RecordShardEpoch | RecordOwner };

export interface MarketReply {
  readonly admitted: "next" | "duplicate" | "gap" | "staleEpoch";
  /** Sequence of the journal record that holds the outcome; for others than `next`, of the newest record. */
  readonly sequence: number;
}

export class MarketCore implements ActorCore<MarketMessage, MarketReply> {
  readonly machine: MarketMachine;
  readonly #clock: Clock;
  #lastTime = 0;
  /** Accounts that have sent a liquidity provider's commands since this process began: a few. */
  readonly #providers = new Set<number>();
  /** What was applied last is of a client's order or account, whoever's command it was. */
  #namesClient = false;

  constructor(machine: MarketMachine, clock: Clock) {
    this.machine = machine;
    this.#clock = clock;
  }

  /**
   * A provider's order that trades with a client's is as much the client's as his own: what his account is
   * made of is kept for ever. Who has not been heard as a provider yet counts as a client.
   */
  isClients(message: MarketMessage): boolean {
    if (this.#namesClient) return true;
    if ("epoch" in message) return !message.command.liquidity;
    const { kind } = message.command;
    return kind === "phase" || kind === "price" || kind === "endOfDay";
  }

  handle(message: MarketMessage, writer: ByteWriter): MarketReply {
    const machine = this.machine;
    if ("epoch" in message) {
      const { command, epoch } = message;
      const admitted = machine.admits(command.shard, epoch, command.number);
      if (admitted !== "next") return { admitted, sequence: machine.sequence };
      this.#apply({ ...command, time: this.#now() }, writer);
    } else {
      this.#apply({ ...message.command, time: this.#now() }, writer);
    }
    return { admitted: "next", sequence: machine.sequence };
  }

  /** A record of before was made at this time. */
  heard(time: Milliseconds): void {
    this.#lastTime = Math.max(this.#lastTime, time);
  }

  /** Applies and encodes one command as it stands, its time too: for live commands and for replay alike. */
  replay(command: MarketCommand, writer: ByteWriter): void {
    this.#lastTime = command.time;
    this.#apply(command, writer);
  }

  #apply(command: MarketCommand, writer: ByteWriter): void {
    const machine = this.machine;
    if ("liquidity" in command && command.liquidity) this.#providers.add(command.account);
    const events = machine.apply(command);
    this.#namesClient = namesOthers(events, this.#providers);
    encodeMarketRecord(writer, command, events, machine.bestBid, machine.bestAsk);
  }

  /** A journal's time never runs backwards, whatever the machine's clock does. */
  #now(): Milliseconds {
    this.#lastTime = Math.max(this.#lastTime, this.#clock.now());
    return milliseconds(this.#lastTime);
  }
}

/** Whether an event names an account that is none of `providers`. */
function namesOthers({ rows, length }: EventLog, providers: ReadonlySet<number>): boolean {
  for (let at = 0; at < length * EVENT_STRIDE; at += EVENT_STRIDE) {
    const account = rows[at + COLUMN.account] ?? 0;
    if (account !== 0 && !providers.has(account)) return true;
    const kind = (rows[at] ?? 0) & KIND_MASK;
    if (kind !== TRADED && kind !== PREVENTED) continue;
    if (!providers.has(rows[at + COLUMN.makerAccount] ?? 0)) return true;
  }
  return false;
}
