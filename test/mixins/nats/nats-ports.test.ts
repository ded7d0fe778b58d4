/** Streams, keys and objects on a real server; races and lost servers are in files of their own. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatsPorts, type NatsSettings } from "../../../mixins/nats/nats-connection.ts";
import { KeyTaken, type StoredMessage, StreamMoved, StreamPurged } from "../../../mixins/nats/ports.ts";
import { CAN_START_NATS, HAS_NATS, NatsServer } from "../../servers/nats-server.ts";
import { until } from "../../servers/until.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (message: StoredMessage | undefined) => Buffer.from(message?.payload ?? []).toString();

let server: NatsServer | undefined;
let url = "";

beforeAll(async () => {
  if (CAN_START_NATS) server = await NatsServer.start();
  url = server?.url ?? process.env.TEST_NATS_URL ?? "";
});
afterAll(() => server?.process.remove());

let names = 0;
async function connected(settings: Partial<NatsSettings> = {}): Promise<NatsPorts> {
  names += 1;
  const namespace = `t${process.pid}_${names}_`;
  return NatsPorts.connect({ servers: [url], name: "test", namespace, ...settings });
}

describe.skipIf(!HAS_NATS)("NatsStreams", () => {
  test("a message is stored after the sequence that is expected, with its headers", async () => {
    const ports = await connected();
    const { streams } = ports;
    expect(await streams.open("A")).toEqual({ first: 1, last: 0 });
    expect(await streams.append("A", 0, { first: "1", crc: "ff" }, bytes("one"))).toBe(1);
    expect(await streams.append("A", 1, {}, bytes("two"))).toBe(2);
    expect(await streams.open("A")).toEqual({ first: 1, last: 2 });
    expect(await streams.get("A", 1)).toEqual({
      sequence: 1,
      headers: { first: "1", crc: "ff" },
      payload: expect.anything(),
    });
    expect([textOf(await streams.get("A", 2)), await streams.get("A", 3)]).toEqual(["two", undefined]);
    await ports.close();
  });

  test("another sequence than the last is refused and nothing is stored", async () => {
    const ports = await connected();
    const { streams } = ports;
    await streams.open("A");
    await streams.append("A", 0, {}, bytes("one"));
    for (const expected of [0, 2]) {
      await expect(streams.append("A", expected, {}, bytes("late"))).rejects.toThrow(StreamMoved);
    }
    expect(await streams.state("A")).toEqual({ first: 1, last: 1 });
    await ports.close();
  });

  test("a subscription gets what is stored, then what comes, one after another", async () => {
    const ports = await connected();
    const { streams } = ports;
    await streams.open("A");
    for (let at = 0; at < 300; at++) await streams.append("A", at, {}, bytes(`${at + 1}`));
    const seen: string[] = [];
    let handling = 0;
    const subscription = streams.subscribe(
      "A",
      11,
      async message => {
        handling += 1;
        expect(handling).toBe(1);
        await Promise.resolve();
        seen.push(textOf(message));
        handling -= 1;
      },
      error => seen.push(String(error)),
    );
    for (let at = 300; at < 400; at++) await streams.append("A", at, {}, bytes(`${at + 1}`));
    await until("all messages", () => seen.length >= 390);
    expect(seen).toEqual(Array.from({ length: 390 }, (_, at) => `${at + 11}`));
    await subscription.close();
    await streams.append("A", 400, {}, bytes("after"));
    expect(seen).toHaveLength(390);
    await ports.close();
  });

  test("what is purged is gone for readers, and a subscription says so", async () => {
    const ports = await connected();
    const { streams } = ports;
    await streams.open("A");
    for (let at = 0; at < 5; at++) await streams.append("A", at, {}, bytes(`${at + 1}`));
    await streams.purge("A", 3);
    expect(await streams.state("A")).toEqual({ first: 4, last: 5 });
    expect([await streams.get("A", 3), textOf(await streams.get("A", 4))]).toEqual([undefined, "4"]);
    const failed = new Promise(resolve => {
      streams.subscribe("A", 2, () => undefined, resolve);
    });
    expect(await failed).toBeInstanceOf(StreamPurged);
    await streams.purge("A", 5);
    expect(await streams.state("A")).toEqual({ first: 6, last: 5 });
    expect(await streams.append("A", 5, {}, bytes("6"))).toBe(6);
    await ports.close();
  });

  test("a handler that fails ends its subscription and is heard of", async () => {
    const ports = await connected();
    await ports.streams.open("A");
    await ports.streams.append("A", 0, {}, bytes("one"));
    const failure = new Error("handler");
    const failed = new Promise(resolve => {
      ports.streams.subscribe("A", 1, () => Promise.reject(failure), resolve);
    });
    expect(await failed).toBe(failure);
    await ports.close();
  });

  test("a stream that is configured otherwise is refused by its field", async () => {
    const ports = await connected({ namespace: "shared_" });
    const { connect } = await import("nats");
    const connection = await connect({ servers: [url] });
    const manager = await connection.jetstreamManager();
    const name = `shared_odd_${process.pid}`;
    await manager.streams.add({ name, subjects: [`cambist.stream.${name}`], max_msgs: 5 });
    await expect(ports.streams.open(`odd_${process.pid}`)).rejects.toThrow(/'(retention|discard|max_msgs)'/);
    await manager.streams.delete(name);
    await connection.close();
    await ports.close();
  });
});

describe.skipIf(!HAS_NATS)("NatsKeys", () => {
  test("a key is created once, changed by its revision, removed and created anew", async () => {
    const ports = await connected();
    const keys = await ports.keys("cambist_leases");
    expect(await keys.get("market.EURUSD")).toBeUndefined();
    const created = await keys.create("market.EURUSD", "one");
    await expect(keys.create("market.EURUSD", "two")).rejects.toThrow(KeyTaken);
    const updated = await keys.update("market.EURUSD", "two", created);
    expect(updated).toBeGreaterThan(created);
    await expect(keys.update("market.EURUSD", "three", created)).rejects.toThrow(KeyTaken);
    await expect(keys.remove("market.EURUSD", created)).rejects.toThrow(KeyTaken);
    expect(await keys.get("market.EURUSD")).toEqual({
      key: "market.EURUSD",
      value: "two",
      revision: updated,
    });
    await keys.remove("market.EURUSD", updated);
    expect(await keys.get("market.EURUSD")).toBeUndefined();
    await expect(keys.update("market.EURUSD", "four", updated)).rejects.toThrow(KeyTaken);
    expect(await keys.create("market.EURUSD", "five")).toBeGreaterThan(updated);
    await ports.close();
  });

  test("keys are listed by prefix without removed ones, also through a second opening", async () => {
    const ports = await connected();
    const keys = await ports.keys("cambist_leases");
    expect(await keys.list()).toEqual([]);
    const gone = await keys.create("market.GBPUSD", "gone");
    for (let shard = 0; shard < 100; shard++) await keys.put(`risk.${shard}`, `${shard}`);
    await keys.put("market.EURUSD", "here");
    await keys.remove("market.GBPUSD", gone);
    const again = await ports.keys("cambist_leases");
    expect((await again.list("market.")).map(({ key, value }) => [key, value])).toEqual([
      ["market.EURUSD", "here"],
    ]);
    expect(await again.list()).toHaveLength(101);
    await expect(keys.list("risk")).rejects.toThrow(RangeError);
    await expect(keys.put("a b", "")).rejects.toThrow(RangeError);
    await ports.close();
  });
});

describe.skipIf(!HAS_NATS)("NatsObjects", () => {
  test("an object comes back whole, is replaced whole, and leaves nothing when it is removed", async () => {
    const ports = await connected();
    const objects = await ports.objects("cambist_snapshots");
    expect([await objects.get("a/1"), await objects.list("")]).toEqual([undefined, []]);
    const large = Buffer.alloc(1_000_000, "x");
    await objects.put("a/1", large);
    await objects.put("a/2", new Uint8Array());
    await objects.put("b/other=1", bytes("other"));
    expect(large.equals((await objects.get("a/1")) ?? new Uint8Array())).toBe(true);
    expect((await objects.get("a/2"))?.length).toBe(0);
    await objects.put("a/1", bytes("short"));
    await expect(objects.put("a b", bytes(""))).rejects.toThrow(RangeError);
    expect(Buffer.from((await objects.get("a/1")) ?? []).toString()).toBe("short");
    expect((await objects.list("a/")).sort()).toEqual(["a/1", "a/2"]);
    for (const name of ["a/1", "a/2", "b/other=1", "never"]) await objects.remove(name);
    expect([await objects.get("a/1"), await objects.list("")]).toEqual([undefined, []]);
    await ports.close();
  });
});

describe.skipIf(!HAS_NATS)("NatsPorts", () => {
  test("an address with credentials is refused and not repeated", async () => {
    const refused = connected({ servers: ["nats://user:secret@127.0.0.1:1"] });
    await expect(refused).rejects.toThrow("must hold no credentials");
    await expect(refused).rejects.not.toThrow("secret");
  });

  test("where no server answers, the sentence names the addresses", async () => {
    await expect(connected({ servers: ["nats://127.0.0.1:1"], firstConnectMs: 0 })).rejects.toThrow(
      "one of nats://127.0.0.1:1 must take the connection",
    );
  });
});

describe.skipIf(!CAN_START_NATS)("NatsPorts with credentials", () => {
  test("user and password, or a token, are what the server wants", async () => {
    for (const [authorization, settings] of [
      ["authorization { user: node, password: pass }", { user: "node", password: "pass" }],
      ["authorization { token: letmein }", { token: "letmein" }],
    ] as const) {
      const guarded = await NatsServer.start(authorization);
      const servers = [guarded.url];
      await expect(connected({ servers, firstConnectMs: 0 })).rejects.toThrow("Authorization Violation");
      const ports = await connected({ servers, ...settings });
      expect(await ports.streams.open("A")).toEqual({ first: 1, last: 0 });
      await ports.close();
      await guarded.process.remove();
    }
  });
});
