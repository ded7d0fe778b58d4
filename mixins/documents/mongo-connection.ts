/**
 * A node's connection to MongoDB. The node starts whether or not the server is there: the first connection is
 * tried until it succeeds or the node stops, as Mongoose gives up after one try; from then on the driver
 * reconnects by itself. Nothing is asked before the migrations have run. While the server is away every call
 * throws NOT_READY, within ANSWER_MS also where it has frozen; nothing is queued here.
 *
 * The address may hold a password, so it is in no message.
 */
import mongoose, { type Connection, type Model, type Schema } from "mongoose";
import { type Cancel, type Timers, wait } from "../clock.ts";
import { Fault } from "../fault.ts";
import { MIGRATIONS, migrate } from "./mongo-migrations.ts";

const ANSWER_MS = 4_000;
/** What stands on the path of an order, and of those that came to its shard with it, has less time. */
export const LOOK_UP_MS = 1_500;
/** So long nobody asks a server that has just failed. */
const PAUSE_MS = 500;
/** A connection on which nothing came for so long is given up. */
const SILENT_MS = 30_000;
const SELECTION_MS = 500;
const CONNECT_MS = 2_000;
const RETRY_MS = 1_000;
const HEARTBEAT_MS = 2_000;
const CONNECTIONS_MAX = 20;
/** Where the address names none. */
const DATABASE = "cambist";
const NAMES_DATABASE = /^[^:]+:\/\/[^/]+\/[^/?]/;

const { MongoError } = mongoose.mongo;
export type Database = mongoose.mongo.Db;

export class MongoConnection {
  readonly #url: string;
  readonly #timers: Timers;
  readonly #onTrouble: (error: unknown) => void;
  readonly #connection: Connection;
  #ready = false;
  #closed = false;
  #opening: Promise<void> | undefined;
  #pausedUntil = 0;

  /** `onTrouble` hears why it is not connected yet, at each try. */
  constructor(url: string, timers: Timers, onTrouble: (error: unknown) => void) {
    this.#url = url;
    this.#timers = timers;
    this.#onTrouble = onTrouble;
    this.#connection = mongoose.createConnection();
    // Of a connection that was lost: whoever calls hears of it.
    this.#connection.on("error", onTrouble);
  }

  /** Begins to connect; resolves at once. */
  open(): void {
    this.#opening ??= this.#connect();
  }

  /** Resolves when it is connected and migrated, or closed. */
  async opened(): Promise<void> {
    this.open();
    await this.#opening;
  }

  model<Document>(name: string, schema: Schema<Document>): Model<Document> {
    return this.#connection.model<Document>(name, schema);
  }

  /** What somebody waits for: throws NOT_READY where it has no answer in time. */
  async use<Answer>(
    work: (database: Database) => Promise<Answer>,
    withinMs: number = ANSWER_MS,
  ): Promise<Answer> {
    let cancel: Cancel = () => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = this.#timers.after(withinMs, () => reject(this.#failed()));
    });
    try {
      return await Promise.race([this.store(work), late]);
    } finally {
      cancel();
    }
  }

  /** What takes as long as it takes. Throws NOT_READY where the server is away or fails otherwise. */
  async store<Answer>(work: (database: Database) => Promise<Answer>): Promise<Answer> {
    const database = this.#connection.db;
    const isPaused = this.#timers.monotonic() < this.#pausedUntil;
    if (!this.#ready || database === undefined || isPaused) throw away();
    try {
      return await work(database);
    } catch (error) {
      throw isOfServer(error) ? this.#failed(error) : error;
    }
  }

  /** To ask at once again would have the next one wait for the same as this one. */
  #failed(cause?: unknown): Fault {
    this.#pausedUntil = this.#timers.monotonic() + PAUSE_MS;
    return away(cause);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    await this.#connection.close();
  }

  async #connect(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#connection.openUri(this.#url, {
          appName: "cambist",
          ...(NAMES_DATABASE.test(this.#url) ? {} : { dbName: DATABASE }),
          serverSelectionTimeoutMS: SELECTION_MS,
          connectTimeoutMS: CONNECT_MS,
          socketTimeoutMS: SILENT_MS,
          heartbeatFrequencyMS: HEARTBEAT_MS,
          maxPoolSize: CONNECTIONS_MAX,
          waitQueueTimeoutMS: CONNECT_MS,
          promoteBuffers: true,
          ignoreUndefined: true,
          writeConcern: { w: "majority", j: true },
        });
        const { db } = this.#connection;
        if (db === undefined) throw new Error("Invariant: a connection that is open has a database");
        this.#ready = await migrate(db, MIGRATIONS, this.#timers, () => this.#closed);
        if (this.#ready) return;
      } catch (error) {
        this.#onTrouble(error);
        await wait(this.#timers, RETRY_MS);
      }
    }
  }
}

/** The driver's errors, Mongoose's, and Node's own about a socket, which pass through both. */
function isOfServer(error: unknown): boolean {
  if (error instanceof MongoError || error instanceof mongoose.Error) return true;
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function away(cause?: unknown): Fault {
  return new Fault("NOT_READY", "Cannot use documents as their store is away: try again", {}, cause);
}
