/** The objects of the simulated store, and the port through which a process reaches them. */
import type { Objects } from "../../mixins/nats/ports.ts";
import type { Process } from "../kernel/process.ts";
import type { StoreLink } from "./store-link.ts";

export class ObjectServer {
  readonly #objects = new Map<string, Uint8Array>();

  put(name: string, bytes: Uint8Array): void {
    this.#objects.set(name, bytes);
  }

  get(name: string): Uint8Array | undefined {
    return this.#objects.get(name);
  }

  list(prefix: string): string[] {
    return [...this.#objects.keys()].filter(name => name.startsWith(prefix)).sort();
  }

  remove(name: string): void {
    this.#objects.delete(name);
  }
}

export class SimObjects implements Objects {
  readonly #link: StoreLink;
  readonly #server: ObjectServer;
  readonly #process: Process;

  constructor(link: StoreLink, server: ObjectServer, process: Process) {
    this.#link = link;
    this.#server = server;
    this.#process = process;
  }

  put(name: string, bytes: Uint8Array): Promise<void> {
    const copy = bytes.slice();
    return this.#link.ask(this.#process, `object ${name}`, () => this.#server.put(name, copy));
  }

  get(name: string): Promise<Uint8Array | undefined> {
    const { chance, faults } = this.#link;
    return this.#link.ask(this.#process, `object ${name}`, () => {
      const bytes = this.#server.get(name)?.slice();
      if (bytes !== undefined && bytes.length > 0 && chance.is(faults.damaged)) {
        const at = chance.between(0, bytes.length - 1);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.between(0, 7));
      }
      return bytes;
    });
  }

  list(prefix: string): Promise<string[]> {
    return this.#link.ask(this.#process, `objects of ${prefix}`, () => this.#server.list(prefix));
  }

  remove(name: string): Promise<void> {
    return this.#link.ask(this.#process, `the removal of ${name}`, () => this.#server.remove(name));
  }
}
