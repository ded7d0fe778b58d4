/**
 * Streams of JetStream as journals need them: file storage, no age limit, nothing that a message could be
 * dropped by. The fence is the expected last *stream* sequence of every append (append-once.ts).
 *
 * `open`, `state` and `get` are answered by the stream's leader. One that has been cut off and does not know
 * it yet may answer what is older; an append that rests on such an answer is refused.
 */
import { DiscardPolicy, RetentionPolicy, type StreamInfo } from "nats";
import { appendOnce } from "./append-once.ts";
import type { JetStream } from "./nats-connection.ts";
import { isAbsent } from "./nats-fault.ts";
import { fieldsOf } from "./nats-headers.ts";
import { NatsSubscription } from "./nats-subscription.ts";
import { patiently } from "./patience.ts";
import type { StoredMessage, StreamState, StreamSubscription, Streams } from "./ports.ts";
import { ensureStream, type WantedStream } from "./stream-configuration.ts";

export class NatsStreams implements Streams {
  readonly #jetStream: JetStream;

  constructor(jetStream: JetStream) {
    this.#jetStream = jetStream;
  }

  async open(stream: string): Promise<StreamState> {
    return stateOf(await ensureStream(this.#jetStream.connection, this.#configuration(stream)));
  }

  async state(stream: string): Promise<StreamState> {
    const name = this.#nameOf(stream);
    const { manager } = this.#jetStream;
    return stateOf(await patiently(`read the state of stream ${name}`, () => manager.streams.info(name)));
  }

  append(
    stream: string,
    expected: number,
    headers: Readonly<Record<string, string>>,
    payload: Uint8Array,
  ): Promise<number> {
    const name = this.#nameOf(stream);
    return appendOnce(this.#jetStream, { name, subject: subjectOf(name), expected, headers, payload });
  }

  get(stream: string, sequence: number): Promise<StoredMessage | undefined> {
    const name = this.#nameOf(stream);
    const { manager } = this.#jetStream;
    return patiently(`read message ${sequence} of stream ${name}`, async () => {
      try {
        const { header, data, seq } = await manager.streams.getMessage(name, { seq: sequence });
        return { sequence: seq, headers: fieldsOf(header), payload: data };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  subscribe(
    stream: string,
    from: number,
    handler: (message: StoredMessage) => void | Promise<void>,
    onFailed: (error: unknown) => void,
  ): StreamSubscription {
    return new NatsSubscription(this.#jetStream, { stream: this.#nameOf(stream), from, handler, onFailed });
  }

  async purge(stream: string, sequence: number): Promise<void> {
    const name = this.#nameOf(stream);
    const { manager } = this.#jetStream;
    await patiently(`purge stream ${name}`, () => manager.streams.purge(name, { seq: sequence + 1 }));
  }

  #nameOf(stream: string): string {
    return this.#jetStream.namespace + stream;
  }

  #configuration(stream: string): WantedStream {
    const name = this.#nameOf(stream);
    return {
      name,
      subjects: [subjectOf(name)],
      retention: RetentionPolicy.Limits,
      storage: this.#jetStream.storage,
      num_replicas: this.#jetStream.replicas,
      discard: DiscardPolicy.New,
      max_age: 0,
      max_msgs: -1,
      max_msgs_per_subject: -1,
      max_bytes: -1,
      max_consumers: -1,
      allow_direct: false,
      allow_rollup_hdrs: false,
      deny_delete: true,
      deny_purge: false,
    };
  }
}

/** A stream has one subject, its own name, so that no two ever share one. */
function subjectOf(name: string): string {
  return `cambist.stream.${name}`;
}

function stateOf({ state }: StreamInfo): StreamState {
  if (state.last_seq === 0) return { first: 1, last: 0 };
  return { first: Math.max(1, state.first_seq), last: state.last_seq };
}
