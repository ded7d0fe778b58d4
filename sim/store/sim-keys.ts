/** The keys of one bucket of the simulated store, and the port through which a process reaches them. */
import { type KeyEntry, type Keys, KeyTaken } from "../../mixins/nats/ports.ts";
import type { Process } from "../kernel/process.ts";
import type { StoreLink } from "./store-link.ts";

interface Version {
  readonly at: number;
  /** Undefined: removed. */
  readonly entry: KeyEntry | undefined;
}

/** Older versions of a key that a stale read may find. */
const VERSIONS_MAX = 8;

export class KeyServer {
  readonly #versions = new Map<string, Version[]>();
  readonly #now: () => number;
  #revision = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** As it was `ago` milliseconds before now. */
  get(key: string, ago = 0): KeyEntry | undefined {
    const until = this.#now() - ago;
    return this.#versions.get(key)?.findLast(({ at }) => ago === 0 || at <= until)?.entry;
  }

  list(prefix: string, ago = 0): KeyEntry[] {
    const entries: KeyEntry[] = [];
    for (const key of [...this.#versions.keys()].sort()) {
      const entry = key.startsWith(prefix) ? this.get(key, ago) : undefined;
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  /** `revision` undefined: whatever is there; 0: nothing may be. */
  write(key: string, value: string | undefined, revision: number | undefined): number {
    const current = this.get(key);
    if (revision !== undefined && (current?.revision ?? 0) !== revision) throw new KeyTaken(key);
    this.#revision++;
    const entry = value === undefined ? undefined : { key, value, revision: this.#revision };
    const versions = this.#versions.get(key) ?? [];
    versions.push({ at: this.#now(), entry });
    if (versions.length > VERSIONS_MAX) versions.shift();
    this.#versions.set(key, versions);
    return this.#revision;
  }
}

export class SimKeys implements Keys {
  readonly #link: StoreLink;
  readonly #server: KeyServer;
  readonly #process: Process;

  constructor(link: StoreLink, server: KeyServer, process: Process) {
    this.#link = link;
    this.#server = server;
    this.#process = process;
  }

  get(key: string): Promise<KeyEntry | undefined> {
    return this.#ask(`key ${key}`, () => this.#server.get(key, this.#link.staleness()));
  }

  list(prefix = ""): Promise<KeyEntry[]> {
    return this.#ask(`keys of ${prefix}`, () => this.#server.list(prefix, this.#link.staleness()));
  }

  create(key: string, value: string): Promise<number> {
    return this.#ask(`the creation of ${key}`, () => this.#server.write(key, value, 0));
  }

  update(key: string, value: string, revision: number): Promise<number> {
    return this.#ask(`an update of ${key}`, () => this.#server.write(key, value, revision));
  }

  put(key: string, value: string): Promise<number> {
    return this.#ask(`a put of ${key}`, () => this.#server.write(key, value, undefined));
  }

  async remove(key: string, revision: number): Promise<void> {
    await this.#ask(`the removal of ${key}`, () => this.#server.write(key, undefined, revision));
  }

  #ask<Answer>(what: string, perform: () => Answer): Promise<Answer> {
    return this.#link.ask(this.#process, what, perform);
  }
}
