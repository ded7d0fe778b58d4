/** Keys in memory, shared by the nodes of a test; what a server would refuse is refused. */
import { type KeyEntry, type Keys, KeyTaken } from "../../../mixins/nats/ports.ts";

export class MemoryKeys implements Keys {
  readonly #entries = new Map<string, KeyEntry>();
  #revision = 0;

  async get(key: string): Promise<KeyEntry | undefined> {
    return this.#entries.get(key);
  }

  async list(prefix = ""): Promise<KeyEntry[]> {
    return [...this.#entries.values()].filter(({ key }) => key.startsWith(prefix));
  }

  async create(key: string, value: string): Promise<number> {
    if (this.#entries.has(key)) throw new KeyTaken(key);
    return this.put(key, value);
  }

  async update(key: string, value: string, revision: number): Promise<number> {
    if (this.#entries.get(key)?.revision !== revision) throw new KeyTaken(key);
    return this.put(key, value);
  }

  async put(key: string, value: string): Promise<number> {
    this.#revision += 1;
    this.#entries.set(key, { key, value, revision: this.#revision });
    return this.#revision;
  }

  async remove(key: string, revision: number): Promise<void> {
    if (this.#entries.get(key)?.revision !== revision) throw new KeyTaken(key);
    this.#revision += 1;
    this.#entries.delete(key);
  }
}
