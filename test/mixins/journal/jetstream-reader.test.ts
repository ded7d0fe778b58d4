/** Journals in streams with several nodes: who reads elsewhere, who owned before, what no answer tells. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Journal, JournalBatch } from "../../../mixins/journal/journal.ts";
import {
  JournalClosed,
  JournalConflict,
  JournalCorrupt,
  JournalWriteFailed,
} from "../../../mixins/journal/journal-fault.ts";
import type { Streams } from "../../../mixins/nats/ports.ts";
import {
  appendTexts,
  decodeRecords,
  encodeRecords,
  expectedTexts,
  readTexts,
} from "../../contract/journal-records.ts";
import { CAN_START_NATS, HAS_NATS, NatsServer } from "../../servers/nats-server.ts";
import { until } from "../../servers/until.ts";
import { freshNamespace, type StreamNode, startStreamNode } from "./stream-stores.ts";

const NAME = "market.EURUSD";

let server: NatsServer | undefined;
let urls: string[] = [];
let one: StreamNode;
let other: StreamNode;

beforeAll(async () => {
  if (CAN_START_NATS) server = await NatsServer.start();
  urls = [server?.url ?? process.env.TEST_NATS_URL ?? ""];
});
afterAll(() => server?.process.remove());

describe.skipIf(!HAS_NATS)("journals of two nodes", () => {
  beforeEach(async () => {
    const namespace = freshNamespace();
    one = await startStreamNode(urls, namespace);
    other = await startStreamNode(urls, namespace);
  });
  afterEach(async () => {
    await one.close();
    await other.close();
  });

  test("a reader sees what the owner appends elsewhere, in order and as it is", async () => {
    const owner = await one.store.open(NAME);
    await appendTexts(owner, 3, true);
    const reader = await other.store.reader(NAME);
    expect(await other.store.reader(NAME)).toBe(reader);
    expect([reader.last, await readTexts(reader)]).toEqual([3, expectedTexts(1, 3)]);
    const seen: string[] = [];
    const follower = reader.follow(1, batch => void seen.push(...decodeRecords(batch)));
    for (let batch = 0; batch < 50; batch++) await appendTexts(owner, 1 + (batch % 3), batch % 2 === 0);
    await until("the follower", () => follower.cursor === owner.last);
    expect(seen).toEqual(expectedTexts(1, owner.last));
    expect([reader.last, reader.runs()]).toEqual([owner.last, [{ first: 1, last: owner.last }]]);
  });

  test("a reader neither appends nor retains", async () => {
    const reader = await one.store.reader(NAME);
    await expect(reader.append(0, 1, encodeRecords(["x"]), true)).rejects.toThrow(JournalConflict);
    await expect(reader.retain(0)).rejects.toThrow(JournalConflict);
    expect(reader.last).toBe(0);
  });

  test("an owner on the reader's node tells its followers directly, with its own objects", async () => {
    const owner = await one.store.open(NAME);
    const reader = await one.store.reader(NAME);
    const batches: JournalBatch[] = [];
    const follower = reader.follow(1, batch => void batches.push(batch));
    await follower.caughtUp;
    // The first may come from the stream, before its owner is answered; then the subscription rests.
    await appendTexts(owner, 1);
    await new Promise(resolve => setImmediate(resolve));
    const payload = encodeRecords(["live"]);
    await owner.append(1, 1, payload, true);
    await new Promise(resolve => setImmediate(resolve));
    expect([reader.last, batches[1]?.payload === payload]).toEqual([2, true]);
    await owner.close();
    const next = await other.store.open(NAME);
    await appendTexts(next, 4);
    await until("what the next owner appends", () => follower.cursor === 6);
    expect(batches.map(({ first }) => first)).toEqual([1, 2, 3]);
  });

  test("what an owner appends while it ends leaves no reader of its node behind", async () => {
    const owner = await one.store.open(NAME);
    const reader = await one.store.reader(NAME);
    const follower = reader.follow(1, () => undefined);
    await follower.caughtUp;
    await Promise.all([owner.append(0, 1, encodeRecords(["last"]), true), owner.close()]);
    const next = await other.store.open(NAME);
    await appendTexts(next, 2);
    await until("what the next owner appends", () => follower.cursor === 3);
    expect(reader.last).toBe(3);
  });

  test("an owner that has been replaced is refused, and then takes nothing more", async () => {
    const before = await one.store.open(NAME);
    await appendTexts(before, 2);
    const now = await other.store.open(NAME);
    await appendTexts(now, 1);
    const refused = before.append(2, 1, encodeRecords(["stale"]), true);
    await expect(refused).rejects.toThrow(JournalConflict);
    await expect(before.append(2, 1, encodeRecords(["stale"]), true)).rejects.toThrow(JournalClosed);
    await before.close();
    const again = await one.store.open(NAME);
    expect(await readTexts(again)).toEqual(expectedTexts(1, 3));
  });

  test("a payload too large for a message comes back whole, here and elsewhere", async () => {
    const owner = await one.store.open(NAME);
    const reader = await other.store.reader(NAME);
    const follower = reader.follow(1, () => undefined);
    await appendTexts(owner, 1);
    await appendTexts(owner, 20_000, true, 100);
    await appendTexts(owner, 1);
    await until("the follower", () => follower.cursor === 20_002);
    const expected = [
      ...expectedTexts(1, 1),
      ...expectedTexts(2, 20_001, 100),
      ...expectedTexts(20_002, 20_002),
    ];
    expect(await readTexts(reader)).toEqual(expected);
    await owner.close();
    expect(await readTexts(await one.store.open(NAME))).toEqual(expected);
    const tooLarge = encodeRecords(["x".repeat(16 * 1024 * 1024)]);
    const third = await other.store.open(NAME);
    await expect(third.append(20_002, 1, tooLarge, true)).rejects.toThrow(RangeError);
  });

  test("any record of many is found without reading the others", async () => {
    const owner = await one.store.open(NAME);
    for (let batch = 0; batch < 400; batch++) await appendTexts(owner, 1 + (batch % 7), false, 50);
    const { last } = owner;
    const reader = await other.store.reader(NAME);
    for (const from of [1, 2, 57, 800, last - 1, last]) {
      const first = await readFirst(reader, from);
      expect(first.first).toBeLessThanOrEqual(from);
      expect(first.first + first.count).toBeGreaterThan(from);
    }
    expect(await readTexts(reader)).toEqual(expectedTexts(1, last, 50));
  });

  test("a message that somebody else has put into the stream is damage, not a record", async () => {
    const owner = await one.store.open(NAME);
    await appendTexts(owner, 1, true);
    const reader = await other.store.reader(NAME);
    const follower = reader.follow(1, () => undefined);
    const { streams } = one.ports;
    const stored = await streams.get("CAMBIST_market_EURUSD", 1);
    await streams.append(
      "CAMBIST_market_EURUSD",
      1,
      { ...stored?.headers, first: "2" },
      encodeRecords(["x"]),
    );
    await expect(follower.failed).rejects.toThrow(JournalCorrupt);
    await owner.close();
    await expect(one.store.open(NAME)).rejects.toThrow("CAMBIST_market_EURUSD message 2");
  });
});

describe.skipIf(!HAS_NATS)("an append without an answer", () => {
  test.each([true, false])("(stored: %s) is told as unknown, and the next owner knows", async stored => {
    const namespace = freshNamespace();
    const plain = await startStreamNode(urls, namespace);
    const { streams } = plain.ports;
    let silent = false;
    const append: Streams["append"] = async (...call) => {
      if (!silent) return streams.append(...call);
      if (stored) await streams.append(...call);
      throw new Error("no answer");
    };
    const mute = await startStreamNode(urls, namespace, {
      streams: {
        append,
        open: stream => streams.open(stream),
        state: stream => streams.state(stream),
        get: (stream, sequence) => streams.get(stream, sequence),
        subscribe: (...call) => streams.subscribe(...call),
        purge: (stream, sequence) => streams.purge(stream, sequence),
      },
    });
    const owner = await mute.store.open(NAME);
    await appendTexts(owner, 2);
    silent = true;
    await expect(appendTexts(owner, 1)).rejects.toThrow(JournalWriteFailed);
    silent = false;
    expect(owner.last).toBe(2);
    await expect(appendTexts(owner, 1)).rejects.toThrow(JournalClosed);
    await owner.close();
    const next = await mute.store.open(NAME);
    expect(next.last).toBe(stored ? 3 : 2);
    await appendTexts(next, 1);
    expect(await readTexts(next)).toEqual(expectedTexts(1, stored ? 4 : 3));
    await mute.close();
    await plain.close();
  });
});

async function readFirst(journal: Journal, from: number): Promise<JournalBatch> {
  for await (const batch of journal.read(from)) return batch;
  throw new Error(`nothing from ${from} on`);
}
