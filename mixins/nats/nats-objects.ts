/**
 * Objects in JetStream's object store: chunks of 128 KiB, compressed by the server, then one message that
 * names them, which replaces the object as a whole. What is read is checked against the digest in that
 * message.
 *
 * An object that is replaced while it is read loses its chunks under the reader, and the client would wait
 * for them for ever: a read has a deadline and is tried again. A removed object leaves nothing behind; one
 * whose writer died halfway leaves its chunks, which nothing names. Admitted: a list reads the name of every
 * object of the bucket.
 */
import { DiscardPolicy, type ObjectStore, StorageType, StoreCompression } from "nats";
import type { JetStream } from "./nats-connection.ts";
import { NatsRefused } from "./nats-fault.ts";
import { patiently } from "./patience.ts";
import type { Objects } from "./ports.ts";
import { ensureStream } from "./stream-configuration.ts";

const NAME = /^[!-~]{1,255}$/;
/** How often an object is sent or read before it is given up. */
const TRANSFERS_MAX = 8;
const TRANSFER_MS_MIN = 3_000;
const BYTES_PER_MS = 1_000;

export class NatsObjects implements Objects {
  readonly #jetStream: JetStream;
  readonly #stream: string;
  readonly #bucket: string;
  readonly #store: ObjectStore;

  private constructor(jetStream: JetStream, bucket: string, store: ObjectStore) {
    this.#jetStream = jetStream;
    this.#bucket = bucket;
    this.#stream = `OBJ_${bucket}`;
    this.#store = store;
  }

  static async open(jetStream: JetStream, name: string): Promise<NatsObjects> {
    const bucket = jetStream.namespace + name;
    const { client, connection, replicas, storage } = jetStream;
    await ensureStream(connection, {
      name: `OBJ_${bucket}`,
      subjects: [`$O.${bucket}.C.>`, `$O.${bucket}.M.>`],
      storage,
      num_replicas: replicas,
      max_age: 0,
      discard: DiscardPolicy.New,
      allow_direct: false,
      allow_rollup_hdrs: true,
      compression: storage === StorageType.File ? StoreCompression.S2 : StoreCompression.None,
    });
    const store = await client.views.os(bucket);
    return new NatsObjects(jetStream, bucket, store);
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    if (!NAME.test(name)) {
      throw new RangeError(`Cannot store object as its name must be 1 to 255 of ASCII: received ${name}`);
    }
    const timeout = transferMs(bytes.length);
    const put = () => this.#store.putBlob({ name }, bytes, { timeout });
    await patiently(`store object ${name}`, put, TRANSFERS_MAX * timeout);
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const action = `read object ${name}`;
    for (let reads = 1; ; reads++) {
      const info = await patiently(action, () => this.#store.info(name));
      if (info === null) return undefined;
      try {
        return (await within(transferMs(info.size), this.#store.getBlob(name))) ?? undefined;
      } catch (error) {
        // A server went with what it was sending, or the chunks were replaced under the reader.
        if (reads === TRANSFERS_MAX) throw new NatsRefused(action, error);
      }
    }
  }

  async list(prefix: string): Promise<string[]> {
    const named = `$O.${this.#bucket}.M.`;
    const { manager } = this.#jetStream;
    const { state } = await patiently(`list objects of ${this.#bucket}`, () =>
      manager.streams.info(this.#stream, { subjects_filter: `${named}>` }),
    );
    return Object.keys(state.subjects ?? {})
      .map(subject => Buffer.from(subject.slice(named.length), "base64url").toString("utf8"))
      .filter(name => name.startsWith(prefix));
  }

  /** Its name first: nobody finds a name without its bytes, except who had found it before. */
  async remove(name: string): Promise<void> {
    const action = `remove object ${name}`;
    const info = await patiently(action, () => this.#store.info(name));
    if (info === null) return;
    const { manager } = this.#jetStream;
    const named = Buffer.from(name, "utf8").toString("base64url");
    const padded = named.padEnd(Math.ceil(named.length / 4) * 4, "=");
    for (const subject of [`M.${padded}`, `C.${info.nuid}`]) {
      const filter = `$O.${this.#bucket}.${subject}`;
      await patiently(action, () => manager.streams.purge(this.#stream, { filter }));
    }
  }
}

/** Time for all bytes of an object. */
function transferMs(bytes: number): number {
  return TRANSFER_MS_MIN + bytes / BYTES_PER_MS;
}

function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`no answer came within ${milliseconds} ms`)),
      milliseconds,
    );
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
