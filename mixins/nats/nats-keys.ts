/**
 * Keys with compare-and-set: a bucket of JetStream's key-value store, every write checked by the stream's
 * leader and on disk at a quorum before it is answered.
 *
 * Reads go to the leader, as `allow_direct` is off: with it any replica would answer, and a lagging one with
 * what has been replaced. A leader that has been cut off and does not know it yet may still answer an older
 * value, so no read decides anything by itself: `create`, `update` and `remove` do, with the revision read.
 * Where a write throws anything but KeyTaken, it may have been done, or may still be.
 */
import { DiscardPolicy, type KV } from "nats";
import type { JetStream } from "./nats-connection.ts";
import { isWrongSequence, NatsRefused } from "./nats-fault.ts";
import { type KeyEntry, type Keys, type KeysWatch, KeyTaken } from "./ports.ts";
import { ensureStream } from "./stream-configuration.ts";

const KEY_CHARACTERS_MAX = 255;
/** Keys that a list reads at the same time. */
const READS_AT_ONCE = 64;
const KEY = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

export class NatsKeys implements Keys {
  readonly #jetStream: JetStream;
  readonly #bucket: string;
  readonly #store: KV;

  private constructor(jetStream: JetStream, bucket: string, store: KV) {
    this.#jetStream = jetStream;
    this.#bucket = bucket;
    this.#store = store;
  }

  static async open(jetStream: JetStream, name: string): Promise<NatsKeys> {
    const bucket = jetStream.namespace + name;
    const { connection, replicas, storage, timeoutMs } = jetStream;
    const client = connection.jetstream({ timeout: timeoutMs });
    const manager = await connection.jetstreamManager({ timeout: timeoutMs, checkAPI: false });
    await ensureStream(connection, {
      name: `KV_${bucket}`,
      subjects: [`$KV.${bucket}.>`],
      storage,
      num_replicas: replicas,
      max_age: 0,
      max_msgs_per_subject: 1,
      discard: DiscardPolicy.New,
      allow_direct: false,
      allow_rollup_hdrs: true,
      deny_delete: true,
    });
    const store = await client.views.kv(bucket, { bindOnly: true });
    return new NatsKeys({ ...jetStream, client, manager }, bucket, store);
  }

  async get(key: string): Promise<KeyEntry | undefined> {
    const entry = await this.#ask(`read key ${key}`, this.#store.get(checked(key)));
    if (entry === null || entry.operation !== "PUT") return undefined;
    return { key, value: entry.string(), revision: entry.revision };
  }

  async list(prefix = ""): Promise<KeyEntry[]> {
    if (prefix !== "" && !(prefix.endsWith(".") && KEY.test(prefix.slice(0, -1)))) {
      throw new RangeError(`Cannot list keys as 'prefix' must be a key and a dot: received ${prefix}`);
    }
    const filter = `$KV.${this.#bucket}.${prefix}>`;
    const asked = this.#jetStream.manager.streams.info(`KV_${this.#bucket}`, { subjects_filter: filter });
    const { state } = await this.#ask(`list keys of ${this.#bucket}`, asked);
    const keys = Object.keys(state.subjects ?? {}).map(subject =>
      subject.slice(`$KV.${this.#bucket}.`.length),
    );
    const entries: KeyEntry[] = [];
    for (let at = 0; at < keys.length; at += READS_AT_ONCE) {
      const read = await Promise.all(keys.slice(at, at + READS_AT_ONCE).map(key => this.get(key)));
      entries.push(...read.filter(entry => entry !== undefined));
    }
    return entries;
  }

  async watch(
    onChange: (key: string, entry: KeyEntry | undefined) => void,
    onEnd: () => void,
  ): Promise<KeysWatch> {
    const changes = await this.#ask(`watch keys of ${this.#bucket}`, this.#store.watch());
    const tell = async () => {
      for await (const { key, operation, revision, value } of changes) {
        const text = Buffer.from(value).toString();
        onChange(key, operation === "PUT" ? { key, value: text, revision } : undefined);
      }
    };
    // Why it ended is no matter: whoever watches asks again.
    tell().then(onEnd, onEnd);
    return { close: () => changes.stop() };
  }

  async create(key: string, value: string): Promise<number> {
    return this.#write(key, this.#store.create(checked(key), value));
  }

  async update(key: string, value: string, revision: number): Promise<number> {
    return this.#write(key, this.#store.update(checked(key), value, checkedRevision(revision)));
  }

  async put(key: string, value: string): Promise<number> {
    return this.#write(key, this.#store.put(checked(key), value));
  }

  async remove(key: string, revision: number): Promise<void> {
    return this.#write(key, this.#store.delete(checked(key), { previousSeq: checkedRevision(revision) }));
  }

  async #write<Result>(key: string, write: Promise<Result>): Promise<Result> {
    try {
      return await write;
    } catch (error) {
      if (isWrongSequence(error)) throw new KeyTaken(key);
      throw new NatsRefused(`write key ${key}`, error);
    }
  }

  async #ask<Result>(action: string, asked: Promise<Result>): Promise<Result> {
    try {
      return await asked;
    } catch (error) {
      throw new NatsRefused(action, error);
    }
  }
}

function checked(key: string): string {
  if (key.length <= KEY_CHARACTERS_MAX && KEY.test(key)) return key;
  throw new RangeError(`Cannot use key as it must be words of A-Z a-z 0-9 _ - with dots: received ${key}`);
}

function checkedRevision(revision: number): number {
  if (Number.isSafeInteger(revision) && revision > 0) return revision;
  throw new RangeError(`Cannot write key as 'revision' must be one that was read: received ${revision}`);
}
