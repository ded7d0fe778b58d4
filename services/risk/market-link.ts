/**
 * A shard's road to one market: commands numbered without gaps, sent in micro-batches (what was queued in one
 * turn of the event loop), a few batches in flight, sent again in order until the market's journal shows
 * them. What the journal has shown is forgotten. The market's numbers make a repeat harmless, so nothing here
 * can act twice.
 */
import { ByteWriter } from "../../engine/bytes.ts";
import type { ShardCommand } from "../../engine/market/command.ts";
import { beginCommandBatch, endCommandBatch } from "../../engine/market/command-batch.ts";
import { writeCommand } from "../../engine/market/command-record.ts";
import { assert } from "../../engine/units.ts";
import type { Cancel, Timers } from "../../mixins/clock.ts";
import { Fault } from "../../mixins/fault.ts";

/**
 * Commands that the market's journal has not shown yet, at most; then orders are refused with a retryable
 * fault.
 */
const UNCONFIRMED_MAX = 16_384;
const IN_FLIGHT_MAX = 8;
/**
 * Orders of one batch, each leg and each quote counted: a message stays well below what a NATS server takes
 * at once, 1 MB.
 */
const BATCH_ORDERS_MAX = 1_024;
const RETRY_MS = 50;

/** Commands with the numbers up to `last`, as `engine/market/command-batch.ts` writes them. */
export interface CommandBatch {
  readonly last: number;
  readonly bytes: Uint8Array;
}

export type Submit = (batch: CommandBatch) => Promise<{ readonly admitted: "ok" | "gap" | "staleEpoch" }>;

export interface LinkPorts {
  readonly symbol: string;
  readonly submit: Submit;
  /** Called when another owner of this shard has taken over: the shard must stop. */
  readonly onStale: (error: unknown) => void;
  /** Hears why commands are sent again. */
  readonly onRetry: (error: unknown) => void;
  readonly timers: Timers;
}

export class MarketLink {
  readonly symbol: string;
  readonly #ports: LinkPorts;
  /** In order of their numbers; of the first some command has not been shown by the journal. */
  #batches: CommandBatch[] = [];
  /** How many of them, from the front, have been handed to `submit`. */
  #sent = 0;
  /** What comes behind them: written, not sent yet. */
  readonly #writer = new ByteWriter(1 << 16);
  #written = 0;
  #orders = 0;
  #lastNumber = 0;
  #confirmed = 0;
  #inFlight = 0;
  #scheduled = false;
  /** Waits before it sends again. */
  #resting: Cancel | undefined;
  /** Grows with each owner of the market: answers of one before it are no matter any more. */
  #owner = 0;
  #closed = false;

  constructor(ports: LinkPorts) {
    this.symbol = ports.symbol;
    this.#ports = ports;
  }

  /** Commands that the market's journal has not shown yet. */
  get unconfirmed(): number {
    return this.#lastNumber - this.#confirmed;
  }

  /** The number that the next command has to bear. */
  get next(): number {
    return this.#lastNumber + 1;
  }

  /** Queues a command; tells its number. Throws MAILBOX_FULL where too many are unconfirmed. */
  send(command: ShardCommand): number {
    if (this.#closed || this.unconfirmed >= UNCONFIRMED_MAX) {
      throw new Fault(
        "MAILBOX_FULL",
        `Cannot send to 'matching.${this.#ports.symbol}' as its queue must have room`,
        { symbol: this.#ports.symbol },
      );
    }
    assert(command.number === this.next, "commands of a shard are numbered without a gap");
    this.#write(command);
    this.#lastNumber++;
    this.#schedule();
    return command.number;
  }

  /** The market's journal has shown this shard's commands up to `number`. */
  confirm(number: number): void {
    this.#confirmed = Math.max(this.#confirmed, number);
    let count = 0;
    while ((this.#batches[count]?.last ?? Number.POSITIVE_INFINITY) <= number) count++;
    if (count === 0) return;
    this.#batches.splice(0, count);
    this.#sent = Math.max(0, this.#sent - count);
  }

  /** The market has a new owner, who may not have heard what was sent to the one before. */
  sendAgain(): void {
    this.#owner++;
    this.#inFlight = 0;
    this.#sent = 0;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#resting?.();
  }

  #schedule(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#ports.timers.soon(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  /** What can't be written leaves no trace. */
  #write(command: ShardCommand): void {
    const orders = ordersOf(command);
    if (this.#orders > 0 && this.#orders + orders > BATCH_ORDERS_MAX) this.#endBatch();
    if (this.#written === 0) beginCommandBatch(this.#writer);
    const before = this.#writer.length;
    try {
      writeCommand(this.#writer, command);
    } catch (error) {
      this.#writer.truncate(before);
      throw error;
    }
    this.#written++;
    this.#orders += orders;
  }

  #endBatch(): void {
    if (this.#written === 0) return;
    this.#batches.push({ last: this.#lastNumber, bytes: endCommandBatch(this.#writer, this.#written) });
    this.#written = 0;
    this.#orders = 0;
  }

  #flush(): void {
    if (this.#closed || this.#resting !== undefined || this.#inFlight >= IN_FLIGHT_MAX) return;
    if (this.#sent === this.#batches.length) this.#endBatch();
    const batch = this.#batches[this.#sent];
    if (batch === undefined) return;
    this.#sent++;
    this.#inFlight++;
    if (this.#sent < this.#batches.length || this.#written > 0) this.#schedule();
    void this.#deliver(batch, this.#owner);
  }

  async #deliver(batch: CommandBatch, owner: number): Promise<void> {
    const { symbol, submit, onStale, onRetry } = this.#ports;
    try {
      const { admitted } = await submit(batch);
      if (admitted === "staleEpoch") {
        this.close();
        onStale(new Error(`'matching.${symbol}' takes commands of a newer owner of this shard`));
      } else if (owner === this.#owner) {
        this.#inFlight--;
        if (admitted === "gap") this.#again();
        else this.#schedule();
      }
    } catch (error) {
      // The outcome is unknown: the same numbers are sent again until the journal shows them.
      if (this.#closed || owner !== this.#owner) return;
      this.#inFlight--;
      onRetry(error);
      this.#again();
    }
  }

  #again(): void {
    if (this.#closed) return;
    this.#sent = 0;
    this.#resting ??= this.#ports.timers.after(RETRY_MS, () => this.#wake());
  }

  #wake(): void {
    this.#resting?.();
    this.#resting = undefined;
    this.#schedule();
  }
}

function ordersOf(command: ShardCommand): number {
  if (command.kind === "list") return command.legs.length;
  return command.kind === "massQuote" ? command.quotes.length : 1;
}
