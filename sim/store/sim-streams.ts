/** The streams as one process sees them: the port of the cluster's journals over the simulated store. */
import {
  type StoredMessage,
  StreamPurged,
  type StreamState,
  type StreamSubscription,
  type Streams,
} from "../../mixins/nats/ports.ts";
import type { Process } from "../kernel/process.ts";
import type { StoreLink } from "./store-link.ts";
import type { StreamServer } from "./stream-server.ts";

/** How often a subscription that hears nothing looks whether the store can be heard again. */
const RECONNECT_MS = 100;

type Handler = (message: StoredMessage) => void | Promise<void>;

export class SimStreams implements Streams {
  readonly #link: StoreLink;
  readonly #server: StreamServer;
  readonly #process: Process;

  constructor(link: StoreLink, server: StreamServer, process: Process) {
    this.#link = link;
    this.#server = server;
    this.#process = process;
  }

  open(stream: string): Promise<StreamState> {
    return this.#link.ask(this.#process, `opening ${stream}`, () => {
      this.#server.create(stream);
      return this.#server.state(stream, this.#link.staleness());
    });
  }

  state(stream: string): Promise<StreamState> {
    return this.#link.ask(this.#process, `the state of ${stream}`, () =>
      this.#server.state(stream, this.#link.staleness()),
    );
  }

  append(
    stream: string,
    expected: number,
    headers: Readonly<Record<string, string>>,
    payload: Uint8Array,
  ): Promise<number> {
    return this.#link.ask(this.#process, `an append to ${stream}`, () =>
      this.#server.append(stream, expected, headers, payload, this.#process),
    );
  }

  get(stream: string, sequence: number): Promise<StoredMessage | undefined> {
    return this.#link.ask(this.#process, `message ${sequence} of ${stream}`, () =>
      this.#server.get(stream, sequence, this.#link.staleness()),
    );
  }

  subscribe(
    stream: string,
    from: number,
    handler: Handler,
    onFailed: (error: unknown) => void,
  ): StreamSubscription {
    return new Subscription(
      { link: this.#link, server: this.#server, process: this.#process },
      {
        ...{ stream, from, handler, onFailed },
      },
    );
  }

  purge(stream: string, sequence: number): Promise<void> {
    return this.#link.ask(this.#process, `a purge of ${stream}`, () => this.#server.purge(stream, sequence));
  }
}

interface World {
  readonly link: StoreLink;
  readonly server: StreamServer;
  readonly process: Process;
}

interface Wanted {
  readonly stream: string;
  readonly from: number;
  readonly handler: Handler;
  readonly onFailed: (error: unknown) => void;
}

/** Messages in order, the next one once the handler has ended with the one before. */
class Subscription implements StreamSubscription {
  readonly #world: World;
  readonly #wanted: Wanted;
  readonly #leave: () => void;
  #next: number;
  #closed = false;
  #pumping = false;
  #running: Promise<void> | undefined;

  constructor(world: World, wanted: Wanted) {
    this.#world = world;
    this.#wanted = wanted;
    this.#next = wanted.from;
    this.#leave = world.server.listen(wanted.stream, () => this.#wake(world.link.pushDelay()));
    this.#wake(world.link.pushDelay());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#leave();
    await this.#running;
  }

  #wake(ms: number): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    this.#world.link.after(ms, () => {
      if (this.#world.process.isDead) {
        this.#leave();
        return;
      }
      this.#world.process.run(() => {
        this.#pumping = false;
        this.#pump();
      });
    });
  }

  #pump(): void {
    const { link, server, process } = this.#world;
    const { stream, handler } = this.#wanted;
    while (!this.#closed && this.#running === undefined) {
      if (!link.reaches(process.node)) {
        this.#wake(RECONNECT_MS);
        return;
      }
      const { first, last } = server.state(stream);
      if (this.#next > last) return;
      if (this.#next < first) {
        this.#fail(new StreamPurged(stream, this.#next));
        return;
      }
      const message = server.get(stream, this.#next);
      if (message === undefined) return;
      this.#next++;
      try {
        const handled = handler(message);
        if (handled instanceof Promise) this.#await(handled);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #await(handled: Promise<void>): void {
    this.#running = handled.then(
      () => {
        this.#running = undefined;
        this.#pump();
      },
      error => {
        this.#running = undefined;
        this.#fail(error);
      },
    );
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.#wanted.onFailed(error);
  }
}
