/**
 * One reader of a stream: an ephemeral push consumer with flow control, made again from the next message
 * whenever anything is lost: a gap in the consumer's own numbers, a heartbeat that tells of more than came,
 * heartbeats that stay out, a new connection. Between consumers it waits 100 ms, then longer, for ever.
 *
 * The client's own ordered consumer is not used: after a failed attempt it waits half a minute, and what was
 * lost at the end of a stream it notices only with the next message. What waits for a slow handler is bounded
 * by the server's flow control (32 MiB at most), as it is acknowledged in turn.
 */
import { setImmediate as others } from "node:timers/promises";
import { AckPolicy, createInbox, DeliverPolicy, JsHeaders, type Msg, nanos, type Subscription } from "nats";
import type { JetStream } from "./nats-connection.ts";
import { isStreamUnknown, NatsRefused } from "./nats-fault.ts";
import { fieldsOf } from "./nats-headers.ts";
import { type StoredMessage, StreamPurged, type StreamSubscription } from "./ports.ts";

const HEARTBEAT_MS = 1_000;
/** Without a sign of the consumer for so long it is made again. */
const SILENCE_MS_MAX = 3 * HEARTBEAT_MS;
/** The server forgets a consumer whose reader has gone after this. */
const INACTIVE_MS = 10_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;
/** Payload that is handed over before others get a turn. */
const TURN_BYTES = 262_144;
const CONTROL = 100;

export interface SubscriptionOptions {
  readonly stream: string;
  readonly from: number;
  readonly handler: (message: StoredMessage) => void | Promise<void>;
  readonly onFailed: (error: unknown) => void;
}

/** What the server says of a delivery in the address for its acknowledgement. */
interface Delivery {
  readonly sequence: number;
  /** Of the consumer: 1, 2, 3 … */
  readonly turn: number;
}

export class NatsSubscription implements StreamSubscription {
  readonly #jetStream: JetStream;
  readonly #options: SubscriptionOptions;
  readonly #running: Promise<void>;
  #next: number;
  #closed = false;
  /** Ends what waits at the moment: a pause between consumers, or the consumer. */
  #wake: () => void = () => undefined;

  constructor(jetStream: JetStream, options: SubscriptionOptions) {
    this.#jetStream = jetStream;
    this.#options = options;
    this.#next = options.from;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pauseMs = RETRY_MS_MIN;
    try {
      while (!this.#closed) {
        const consumed = await this.#consume();
        pauseMs = consumed ? RETRY_MS_MIN : Math.min(2 * pauseMs, RETRY_MS_MAX);
        if (!this.#closed) await this.#pause(pauseMs);
      }
    } catch (error) {
      if (this.#closed) return;
      this.#closed = true;
      this.#options.onFailed(error);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One consumer's life, after which another has to be made; false where it could not be. */
  async #consume(): Promise<boolean> {
    const inbox = createInbox();
    const arrivals = new Arrivals();
    const { connection, manager } = this.#jetStream;
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => (error === null ? arrivals.add(message) : arrivals.end()),
    });
    this.#wake = () => arrivals.end();
    const watch = setInterval(() => arrivals.endAfter(SILENCE_MS_MAX), HEARTBEAT_MS);
    let consumer: string | undefined;
    try {
      consumer = await this.#create(inbox);
      if (consumer !== undefined) await this.#handle(arrivals);
      return consumer !== undefined;
    } finally {
      clearInterval(watch);
      release(subscription);
      if (consumer !== undefined && !connection.isClosed()) {
        // One that can't be told goes by itself after its inactivity.
        manager.consumers.delete(this.#options.stream, consumer).catch(() => undefined);
      }
    }
  }

  async #create(inbox: string): Promise<string | undefined> {
    const { stream } = this.#options;
    try {
      const { name } = await this.#jetStream.manager.consumers.add(stream, {
        deliver_subject: inbox,
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: this.#next,
        ack_policy: AckPolicy.None,
        max_deliver: 1,
        flow_control: true,
        idle_heartbeat: nanos(HEARTBEAT_MS),
        inactive_threshold: nanos(INACTIVE_MS),
        mem_storage: true,
        num_replicas: 1,
      });
      return name;
    } catch (error) {
      const passes = !isStreamUnknown(error) && !this.#jetStream.connection.isClosed();
      if (passes) return undefined;
      throw new NatsRefused(`subscribe to stream ${stream}`, error);
    }
  }

  async #handle(arrivals: Arrivals): Promise<void> {
    let turn = 0;
    let bytes = 0;
    for (;;) {
      const message = arrivals.take() ?? (await arrivals.next());
      if (message === undefined || this.#closed) return;
      if (message.headers?.code === CONTROL) {
        if (this.#answerControl(message) > turn) return;
        continue;
      }
      const delivery = deliveryOf(message.reply);
      if (delivery === undefined || delivery.turn !== turn + 1) return;
      turn = delivery.turn;
      // A consumer on a replica that lags begins where that one ends: a repeat is no news.
      if (delivery.sequence < this.#next) continue;
      if (delivery.sequence > this.#next) throw new StreamPurged(this.#options.stream, this.#next);
      const handled = this.#options.handler({
        sequence: delivery.sequence,
        headers: fieldsOf(message.headers),
        // A copy: the client's is a part of whatever came in the same packet, and would keep all of it.
        payload: Buffer.from(message.data),
      });
      if (handled !== undefined) await handled;
      this.#next = delivery.sequence + 1;
      bytes += message.data.length;
      if (bytes < TURN_BYTES) continue;
      bytes = 0;
      await others();
    }
  }

  /** Flow control and heartbeats: returns the consumer's newest number where it is told, else 0. */
  #answerControl(message: Msg): number {
    const stalled = message.headers?.get(JsHeaders.ConsumerStalledHdr) ?? "";
    if (stalled !== "") this.#jetStream.connection.publish(stalled);
    else if (message.reply !== undefined && message.reply !== "") message.respond();
    return Number(message.headers?.get(JsHeaders.LastConsumerSeqHdr) ?? 0);
  }
}

function release(subscription: Subscription): void {
  if (!subscription.isClosed()) subscription.unsubscribe();
}

/** `$JS.ACK.[domain.account.]stream.consumer.delivered.sequence.turn.time.pending[.random]` */
function deliveryOf(reply: string | undefined): Delivery | undefined {
  const tokens = reply?.split(".") ?? [];
  if (tokens[0] !== "$JS" || tokens[1] !== "ACK") return undefined;
  const at = tokens.length === 9 ? 5 : 7;
  return { sequence: Number(tokens[at]), turn: Number(tokens[at + 1]) };
}

/** Messages in the order in which they came, and when the last did. */
class Arrivals {
  #messages: Msg[] = [];
  #taken = 0;
  #ended = false;
  #heard = performance.now();
  #waiting: ((message: Msg | undefined) => void) | undefined;

  add(message: Msg): void {
    this.#heard = performance.now();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) waiting(message);
    else this.#messages.push(message);
  }

  take(): Msg | undefined {
    const message = this.#messages[this.#taken];
    if (message === undefined) return undefined;
    this.#taken += 1;
    if (this.#taken === this.#messages.length) {
      this.#messages = [];
      this.#taken = 0;
    }
    return message;
  }

  /** The next one; undefined where there will be none. */
  next(): Promise<Msg | undefined> {
    if (this.#ended) return Promise.resolve(undefined);
    return new Promise(resolve => {
      this.#waiting = resolve;
    });
  }

  end(): void {
    this.#ended = true;
    this.#waiting?.(undefined);
    this.#waiting = undefined;
  }

  endAfter(silenceMs: number): void {
    if (performance.now() - this.#heard > silenceMs) this.end();
  }
}
