/**
 * What services use of Moleculer's broker, over the simulated network: they are created, started, stopped
 * and destroyed as there, their handlers are called with what a context has, and calls go to whoever seems to
 * offer the service. A call that hears nothing for long fails, whatever became of it. Parameters travel as
 * copies. Admitted: parameters are not validated, and events reach nobody.
 */
import type { ServiceBroker, ServiceSchema } from "moleculer";
import type { Chance } from "../kernel/chance.ts";
import type { Network } from "../kernel/network.ts";
import type { Process } from "../kernel/process.ts";
import type { Action, Directory, Offer } from "./directory.ts";

/** The cluster waits ten seconds; less makes a run denser. */
const REQUEST_TIMEOUT_MS = 3_000;

export interface BrokerWorld {
  readonly network: Network;
  readonly directory: Directory;
  readonly chance: Chance;
  /** Hears what a real node would log. */
  readonly log: (process: Process, words: string) => void;
  /** Hears that a call has come to a process; what it returns is called when the process answers it. */
  readonly onCall: (process: Process, action: string) => () => void;
}

export class CallFailed extends Error {
  readonly code: number;
  readonly type: string;
  /** As the framework marks it. */
  readonly retryable = true;

  constructor(type: "REQUEST_TIMEOUT" | "SERVICE_NOT_FOUND", action: string) {
    super(`Cannot tell what became of ${action}: ${type}`);
    this.name = "CallFailed";
    this.type = type;
    this.code = type === "REQUEST_TIMEOUT" ? 504 : 404;
  }
}

/** A service as it lives on one broker. */
interface Living {
  readonly name: string;
  readonly schema: ServiceSchema;
  readonly self: object;
  readonly leave: () => void;
}

/** What a handler, or a part of a service's life, is called as. */
type Called = (this: object, ...given: readonly unknown[]) => unknown;

/** A call that goes to another process. */
interface Asked {
  readonly action: string;
  readonly to: Process;
  readonly perform: Action;
  readonly timeoutMs: number;
}

export class SimBroker {
  /** Whoever has one is not alone. */
  readonly transit = {};
  readonly nodeID: string;
  readonly logger;
  stopping = false;
  readonly #process: Process;
  readonly #world: BrokerWorld;
  readonly #living = new Map<string, Living>();

  constructor(process: Process, world: BrokerWorld) {
    this.#process = process;
    this.#world = world;
    this.nodeID = process.node;
    const say = (words: unknown, error?: unknown) => world.log(process, `${words} ${wordsOf(error)}`);
    this.logger = { trace: say, debug: say, info: say, warn: say, error: say, fatal: say };
  }

  /** As services and the runtime know it. */
  get asBroker(): ServiceBroker {
    return this as unknown as ServiceBroker;
  }

  createService(schema: ServiceSchema): object {
    const { name } = schema;
    const self = {
      ...schema.methods,
      name,
      schema,
      settings: schema.settings,
      broker: this,
      logger: this.logger,
    };
    const actions = new Map<string, Action>();
    for (const [action, definition] of Object.entries(schema.actions ?? {})) {
      const handler = handlerOf(definition);
      if (handler !== undefined) actions.set(action, params => handler.call(self, this.#context(params)));
    }
    const events = new Map<string, (payload: unknown) => void>();
    for (const [event, definition] of Object.entries(schema.events ?? {})) {
      const handler = handlerOf(definition);
      if (handler !== undefined) events.set(event, params => void handler.call(self, this.#context(params)));
    }
    void call(schema.created, self);
    const offer: Offer = { process: this.#process, actions, events };
    this.#living.set(name, { name, schema, self, leave: this.#world.directory.offer(name, offer) });
    return self;
  }

  async destroyService(service: { readonly name?: string }): Promise<void> {
    const living = this.#living.get(service.name ?? "");
    if (living === undefined) return;
    living.leave();
    this.#living.delete(living.name);
    await call(living.schema.stopped, living.self);
  }

  /** Starts what has been created, all at once; a start that fails is thrown. */
  async start(): Promise<void> {
    await Promise.all([...this.#living.values()].map(({ schema, self }) => call(schema.started, self)));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const living of [...this.#living.values()].reverse()) {
      living.leave();
      await call(living.schema.stopped, living.self);
    }
  }

  call(action: string, params: unknown = {}, options: { readonly timeout?: number } = {}): Promise<unknown> {
    const at = action.lastIndexOf(".");
    const service = action.slice(0, at);
    const { directory, chance } = this.#world;
    const offers = directory
      .who(service, this.#process)
      .filter(({ actions }) => actions.has(action.slice(at + 1)));
    if (offers.length === 0) return Promise.reject(new CallFailed("SERVICE_NOT_FOUND", action));
    const offer = chance.pick(offers);
    const perform = offer.actions.get(action.slice(at + 1));
    if (perform === undefined) throw new Error("Invariant: an offer has the action that it was chosen for");
    if (offer.process === this.#process) return Promise.resolve().then(() => perform(params));
    const timeoutMs = options.timeout ?? REQUEST_TIMEOUT_MS;
    return this.#ask({ action, to: offer.process, perform, timeoutMs }, structuredClone(params));
  }

  /** To all services that listen, here and elsewhere; a message that is lost is missed. */
  broadcast(event: string, payload: unknown): void {
    const { directory, network } = this.#world;
    for (const { process, hear } of directory.listeners(event)) {
      const told = structuredClone(payload);
      network.send(this.#process.node, process.node, () => process.run(() => hear(told)));
    }
  }

  broadcastLocal(): void {}

  async waitForServices(names: string | readonly string[], timeoutMs = 0): Promise<void> {
    const wanted = typeof names === "string" ? [names] : names;
    const { timers } = this.#process;
    const end = timers.monotonic() + (timeoutMs > 0 ? timeoutMs : Number.POSITIVE_INFINITY);
    while (wanted.some(name => this.#world.directory.who(name, this.#process).length === 0)) {
      if (timers.monotonic() >= end) throw new CallFailed("SERVICE_NOT_FOUND", wanted.join(", "));
      await new Promise<void>(resolve => timers.after(50, resolve));
    }
  }

  #ask({ action, to, perform, timeoutMs }: Asked, params: unknown): Promise<unknown> {
    const { network } = this.#world;
    const from = this.#process;
    return new Promise((resolve, reject) => {
      const timeout = () => reject(new CallFailed("REQUEST_TIMEOUT", action));
      const giveUp = from.timers.after(timeoutMs, timeout);
      const answer = (told: () => void) =>
        network.send(to.node, from.node, () =>
          from.run(() => {
            giveUp();
            told();
          }),
        );
      const arrive = () => {
        const answers = this.#world.onCall(to, action);
        return Promise.resolve()
          .then(() => perform(params))
          .then(
            result => {
              answers();
              answer(() => resolve(structuredClone(result)));
            },
            error => answer(() => reject(remote(error))),
          );
      };
      network.send(from.node, to.node, () => to.run(() => void arrive()));
    });
  }

  #context(params: unknown): object {
    return {
      params,
      meta: {},
      broker: this,
      call: (action: string, asked: unknown) => this.call(action, asked),
    };
  }
}

function handlerOf(definition: unknown): Called | undefined {
  if (typeof definition === "function") return definition as Called;
  if (typeof definition !== "object" || definition === null || !("handler" in definition)) return undefined;
  return definition.handler as Called;
}

/** Of a schema: a part of a service's life, or several. */
async function call(part: unknown, self: object): Promise<void> {
  for (const each of Array.isArray(part) ? part : [part]) {
    if (typeof each === "function") await (each as Called).call(self, self);
  }
}

/** An error of another node is what the framework makes of it there: its class is lost. */
function remote(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const told = new Error(error.message);
  const { name } = error;
  const fields = Object.fromEntries(
    ["code", "type", "data", "retryable"].flatMap(field =>
      field in error ? [[field, Reflect.get(error, field)]] : [],
    ),
  );
  return Object.assign(told, { name }, fields);
}

function wordsOf(error: unknown): string {
  if (error === undefined) return "";
  return error instanceof Error ? error.message : String(error);
}
