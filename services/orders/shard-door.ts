/**
 * A node's way to one risk shard for orders, amends, cancels, and the question what became of an order, which
 * so never overtakes it. What is asked within one turn of the event loop goes in one call; a few calls are
 * under way at a time, and what comes meanwhile is the next. A call that is slow, as one of its orders waits
 * for a market that is moving, does not hold up those after it.
 *
 * While nobody has the shard, orders wait here and are asked again under the same client order id: the shard
 * remembers it, so a repeat does nothing twice. Amends and cancels have no such id: they are told at once
 * that they were not taken, or that nobody knows. Nothing waits longer than PATIENCE_MS, and no more than
 * WAITING_MAX commands do.
 */
import type { Cancel, Timers } from "../../mixins/clock.ts";
import { Fault } from "../../mixins/fault.ts";
import { isUnheard, isUnknown } from "../call-failure.ts";
import { BATCH_MAX, type OrderAnswer, type OrderCommand, type OrderOutcome } from "../risk/order-batch.ts";

/** Commands that wait for their outcome, sent or not; then further ones are refused. */
export const WAITING_MAX = 16_384;
const IN_FLIGHT_MAX = 8;
/** A call that takes longer leaves its place to the next. */
const SLOW_MS = 250;
const PAUSE_MS = 50;
/** From the moment that an order is asked for: less than a call of the gateway may take. */
const PATIENCE_MS = 8_000;

export interface DoorPorts {
  /** Of the shard, for words. */
  readonly name: string;
  readonly timers: Timers;
  /** One call: each command's outcome, in their order. */
  carryOut(commands: readonly OrderCommand[]): Promise<readonly OrderOutcome[]>;
}

interface Waiting {
  readonly command: OrderCommand;
  readonly until: number;
  /** Some earlier copy may have been taken. */
  unknown: boolean;
  readonly resolve: (answer: OrderAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export class ShardDoor {
  readonly #ports: DoorPorts;
  #queue: Waiting[] = [];
  /** Ends the waiting for each call under way. */
  readonly #underWay = new Set<(error: unknown) => void>();
  /** All whose outcome is awaited, those in the queue among them. */
  #waiting = 0;
  /** Calls under way that aren't slow. */
  #inFlight = 0;
  #scheduled = false;
  /** Nobody has the shard: until this ends nothing is sent, then one call at a time until one arrives. */
  #resting: Cancel | undefined;
  #away = false;
  #closed = false;

  constructor(ports: DoorPorts) {
    this.#ports = ports;
  }

  /** Throws MAILBOX_FULL, NOT_READY, OUTCOME_UNKNOWN and what the shard throws. */
  ask(command: OrderCommand): Promise<OrderAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting >= WAITING_MAX) {
        reject(this.#full());
        return;
      }
      const until = this.#ports.timers.monotonic() + PATIENCE_MS;
      const waiting = { command, until, unknown: false, resolve, reject };
      this.#waiting++;
      if (this.#closed || (this.#away && !isRepeatable(command))) this.#refuse(waiting);
      else {
        this.#queue.push(waiting);
        this.#schedule();
      }
    });
  }

  /** The shard has a new owner: what the one before was asked, who may never answer, nobody waits for. */
  moved(): void {
    this.#resting?.();
    this.#resting = undefined;
    this.#away = false;
    for (const end of this.#underWay) end(this.#unknown());
    this.#schedule();
  }

  /** Who waits is told that it was not taken, or that nobody knows. */
  close(): void {
    this.#closed = true;
    this.#resting?.();
    for (const waiting of this.#queue.splice(0)) this.#refuse(waiting);
  }

  #schedule(): void {
    if (this.#scheduled || this.#resting !== undefined || this.#closed) return;
    this.#scheduled = true;
    this.#ports.timers.soon(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const most = this.#away ? 1 : IN_FLIGHT_MAX;
    if (this.#closed || this.#resting !== undefined || this.#inFlight >= most) return;
    if (this.#queue.length === 0) return;
    const batch = this.#queue.length <= BATCH_MAX ? this.#queue : this.#queue.slice(0, BATCH_MAX);
    this.#queue = this.#queue.length <= BATCH_MAX ? [] : this.#queue.slice(BATCH_MAX);
    void this.#send(batch);
    if (this.#queue.length > 0) this.#schedule();
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const { timers, carryOut } = this.#ports;
    let counts = true;
    const leave = () => {
      if (counts) this.#inFlight--;
      counts = false;
      this.#schedule();
    };
    this.#inFlight++;
    const slow = timers.after(SLOW_MS, leave);
    try {
      const outcomes = await this.#unlessMoved(carryOut(batch.map(({ command }) => command)));
      this.#away = false;
      this.#settle(batch, outcomes);
    } catch (error) {
      this.#failed(batch, error);
    }
    slow();
    leave();
  }

  #unlessMoved<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#underWay.add(reject);
      answer.then(resolve, reject).finally(() => this.#underWay.delete(reject));
    });
  }

  #settle(batch: readonly Waiting[], outcomes: readonly OrderOutcome[]): void {
    const again: Waiting[] = [];
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined && !("fault" in outcome)) {
        this.#waiting--;
        waiting.resolve(outcome);
        continue;
      }
      const error = outcome === undefined ? this.#unknown() : faultOf(outcome.fault);
      // What the shard itself says is not ready is the caller's business: he may want something else by now.
      if (isUnknown(error) && this.#mayAskAgain(waiting, error)) again.push(waiting);
      else this.#reject(waiting, error);
    }
    if (again.length > 0) this.#ports.timers.after(PAUSE_MS, () => this.#back(again));
  }

  /** The whole call: the shard is moving, or what was sent is none of its business. */
  #failed(batch: readonly Waiting[], error: unknown): void {
    const again = batch.filter(waiting => {
      const may = this.#mayAskAgain(waiting, error);
      if (!may) this.#reject(waiting, error);
      return may;
    });
    if (isUnheard(error) || isUnknown(error)) this.#rest();
    this.#back(again);
  }

  /** They were there first. */
  #back(again: readonly Waiting[]): void {
    if (this.#closed) for (const waiting of again) this.#refuse(waiting);
    else this.#queue = [...again, ...this.#queue];
    this.#schedule();
  }

  #rest(): void {
    if (this.#closed) return;
    this.#away = true;
    this.#resting ??= this.#ports.timers.after(PAUSE_MS, () => {
      this.#resting = undefined;
      const now = this.#ports.timers.monotonic();
      const { queue, expired } = parted(this.#queue, now);
      this.#queue = queue;
      for (const waiting of expired) this.#refuse(waiting);
      if (queue.length === 0) this.#away = false;
      this.#schedule();
    });
  }

  #mayAskAgain(waiting: Waiting, error: unknown): boolean {
    const unknown = isUnknown(error);
    waiting.unknown ||= unknown;
    if (this.#closed || !isRepeatable(waiting.command)) return false;
    return (unknown || isUnheard(error)) && this.#ports.timers.monotonic() < waiting.until;
  }

  /** A fault that may be tried again is no outcome: an earlier copy may have been taken all the same. */
  #reject(waiting: Waiting, error: unknown): void {
    const isOutcome = error instanceof Fault && !error.retryable;
    if (waiting.unknown && !isOutcome) this.#refuse(waiting);
    else if (isUnheard(error) && !(error instanceof Fault)) this.#refuse(waiting);
    else {
      this.#waiting--;
      waiting.reject(error);
    }
  }

  #refuse(waiting: Waiting): void {
    this.#waiting--;
    waiting.reject(waiting.unknown ? this.#unknown(waiting.command) : this.#moving());
  }

  #full(): Fault {
    const { name } = this.#ports;
    return new Fault("MAILBOX_FULL", `Cannot send to '${name}' as its queue must have room`, { actor: name });
  }

  #moving(): Fault {
    const { name } = this.#ports;
    return new Fault("NOT_READY", `Cannot send to '${name}' as it is moving: try again`, { actor: name });
  }

  #unknown(command?: OrderCommand): Fault {
    const { name } = this.#ports;
    const named = command !== undefined && isRepeatable(command);
    const by = named ? "its outcome by client order id" : "the order by its id";
    const message = `Cannot tell the outcome as '${name}' did not answer: ask for ${by}`;
    return new Fault("OUTCOME_UNKNOWN", message, { actor: name });
  }
}

/** Asked under a client order id, of which the shard knows what it has come to. */
function isRepeatable({ kind }: OrderCommand): boolean {
  return kind === "place" || kind === "resolve";
}

function faultOf({ code, message, details }: Extract<OrderOutcome, { fault: unknown }>["fault"]): Fault {
  return new Fault(code, message, details);
}

/** Those whose time is up stand in front, but for a few. */
function parted(all: readonly Waiting[], now: number) {
  const queue: Waiting[] = [];
  const expired: Waiting[] = [];
  for (const waiting of all) (waiting.until <= now ? expired : queue).push(waiting);
  return { queue, expired };
}
