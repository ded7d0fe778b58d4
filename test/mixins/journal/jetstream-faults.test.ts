/**
 * A journal on three servers of which one at a time is killed, frozen or started again while batches are
 * appended, snapshots saved and segments archived: nothing acknowledged is lost, nothing is there twice, a
 * reader elsewhere hears the same, and where no answer comes the owner says that it does not know. 3 faults;
 * FAULTS=30 in the long run.
 */
import { connect } from "nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Journal } from "../../../mixins/journal/journal.ts";
import { JournalConflict, JournalWriteFailed } from "../../../mixins/journal/journal-fault.ts";
import { decodeRecords, encodeRecords, readTexts } from "../../contract/journal-records.ts";
import { CAN_START_NATS, type NatsServer, NatsServers } from "../../servers/nats-server.ts";
import { until } from "../../servers/until.ts";
import { freshNamespace, type StreamNode, startStreamNode } from "./stream-stores.ts";

const NAME = "market.EURUSD";
const FAULTS = Number(process.env.FAULTS ?? 3);
const APPENDS_BETWEEN = 100;

let servers: NatsServers;
beforeAll(async () => {
  if (CAN_START_NATS) servers = await NatsServers.start();
});
afterAll(async () => {
  if (CAN_START_NATS) await servers.remove();
});

/** The server that leads the stream. */
async function leader(stream: string): Promise<NatsServer> {
  const connection = await connect({ servers: servers.urls });
  const manager = await connection.jetstreamManager({ checkAPI: false });
  let found: NatsServer | undefined;
  await until("a leader", async () => {
    const { cluster } = await manager.streams.info(stream);
    const at = Number(cluster?.leader?.slice(1)) - 1;
    found = servers.servers[at];
    return found !== undefined;
  });
  await connection.close();
  if (found === undefined) throw new Error("Invariant: a stream that answers has a leader");
  return found;
}

/** Appends for ever; opens the journal anew after every outcome that is unknown. */
class Appender {
  /** Text by sequence, as acknowledged. */
  readonly acknowledged = new Map<number, string>();
  unknown = 0;
  /** Segments that have left the stream. */
  archived = 0;
  appends = 0;
  #stopped = false;
  readonly #store: StreamNode["store"];

  constructor(store: StreamNode["store"]) {
    this.#store = store;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      const journal = await this.#open();
      await this.#appendTo(journal);
      await journal.close();
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #open(): Promise<Journal> {
    let opened: Journal | undefined;
    await until("the journal", async () => {
      opened = await this.#store.open(NAME);
      return true;
    });
    if (opened === undefined) throw new Error("Invariant: what was waited for is there");
    return opened;
  }

  /** As a market does: its segments leave the stream while servers come and go. */
  async #seal(journal: Journal): Promise<void> {
    const { last } = journal;
    const snapshots = this.#store.snapshots(NAME);
    await snapshots.save({ sequence: last, hash: `after ${last}`, bytes: new Uint8Array(100_000) });
    this.archived += (await journal.retain(last)).compressedSegments;
  }

  async #appendTo(journal: Journal): Promise<void> {
    while (!this.#stopped) {
      this.appends += 1;
      const texts = [`append ${this.appends} a`, `append ${this.appends} b`];
      const first = journal.last + 1;
      let sealed: boolean;
      try {
        ({ sealed } = await journal.append(journal.last, 2, encodeRecords(texts), true));
      } catch (error) {
        if (!(error instanceof JournalWriteFailed || error instanceof JournalConflict)) throw error;
        this.unknown += 1;
        return;
      }
      for (const [at, text] of texts.entries()) this.acknowledged.set(first + at, text);
      if (sealed) await this.#seal(journal);
    }
  }
}

/** `goesOn` resolves when the other servers have taken appends. */
type Fault = (server: NatsServer, goesOn: () => Promise<void>) => Promise<void>;

const faults: readonly (readonly [string, Fault])[] = [
  [
    "kill -9 and a start",
    async ({ process }, goesOn) => {
      await process.kill();
      await goesOn();
      await process.start();
    },
  ],
  [
    "a freeze until others lead",
    async ({ process }, goesOn) => {
      process.pause();
      await goesOn();
      process.resume();
    },
  ],
  [
    "SIGTERM and a start",
    async ({ process }) => {
      await process.stop();
      await process.start();
    },
  ],
];

describe.skipIf(!CAN_START_NATS)(`${FAULTS} faults of servers under a journal`, () => {
  test("nothing acknowledged is lost, nothing is there twice", { timeout: 300_000 * FAULTS }, async () => {
    const namespace = freshNamespace();
    const writing = await startStreamNode(servers.urls, namespace, { segmentBytes: 4_000 });
    const reading = await startStreamNode(servers.urls, namespace);
    const appender = new Appender(writing.store);
    const running = appender.run();
    const reader = await reading.store.reader(NAME);
    const heard: string[] = [];
    const follower = reader.follow(1, batch => void heard.push(...decodeRecords(batch)));
    const told: string[] = [];
    for (let fault = 0; fault < FAULTS; fault++) {
      const [name = "", strike] = faults[fault % faults.length] ?? [];
      const { acknowledged, unknown } = {
        acknowledged: appender.acknowledged.size,
        unknown: appender.unknown,
      };
      await until("appends before", () => appender.acknowledged.size >= acknowledged + APPENDS_BETWEEN);
      const begin = performance.now();
      const goesOn = () => {
        const now = appender.acknowledged.size;
        return until("appends", () => appender.acknowledged.size >= now + APPENDS_BETWEEN, 120_000);
      };
      await strike?.(await leader(`${namespace}CAMBIST_market_EURUSD`), goesOn);
      await goesOn();
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      told.push(`${name}: ${appender.unknown - unknown} unknown, on its way again after ${seconds} s`);
    }
    appender.stop();
    await running;
    const fresh = await startStreamNode(servers.urls, namespace);
    const journal = await fresh.store.open(NAME);
    const stored = await readTexts(journal);
    await until("the reader", () => follower.cursor === journal.last);
    for (const [sequence, text] of appender.acknowledged) expect(stored[sequence - 1]).toBe(text);
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored.length - appender.acknowledged.size).toBeLessThanOrEqual(2 * appender.unknown);
    expect(heard).toEqual(stored);
    expect(appender.archived).toBeGreaterThan(0);
    console.info(
      `${stored.length} records, ${appender.archived} segments archived, ` +
        `${appender.unknown} unknown outcomes\n${told.join("\n")}`,
    );
    for (const node of [writing, reading, fresh]) await node.close();
  });
});
