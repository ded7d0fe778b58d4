/** Streams, keys and objects on a real server; races and lost servers are in files of their own. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatsPorts, type NatsSettings } from "../../../mixins/nats/nats-connection.ts";
import { keysContract } from "../../contract/keys.contract.ts";
import { objectsContract } from "../../contract/objects.contract.ts";
import { streamsContract } from "../../contract/streams.contract.ts";
import { CAN_START_NATS, HAS_NATS, NatsServer } from "../../servers/nats-server.ts";

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

describe.skipIf(!HAS_NATS)("on a server", () => {
  streamsContract("NatsStreams", async () => {
    const ports = await connected();
    return { streams: ports.streams, close: () => ports.close() };
  });

  keysContract("NatsKeys", async () => {
    const ports = await connected();
    const again = () => ports.keys("cambist_leases");
    return { keys: await again(), again, close: () => ports.close() };
  });

  objectsContract("NatsObjects", async () => {
    const ports = await connected();
    return { objects: await ports.objects("cambist_snapshots"), close: () => ports.close() };
  });
});

describe.skipIf(!HAS_NATS)("NatsPorts", () => {
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

  test("what is thrown away may lie in memory", async () => {
    const ports = await connected({ storage: "memory" });
    await ports.streams.open("A");
    expect(await ports.streams.append("A", 0, {}, new Uint8Array([1]))).toBe(1);
    const objects = await ports.objects("snapshots");
    await objects.put("a", new Uint8Array([1, 2]));
    expect(await objects.get("a")).toHaveLength(2);
    await ports.close();
  });

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
