/** An append that gets no answer at first: sent again and again, and stored once. */
import { connect, type NatsConnection, StorageType } from "nats";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendOnce } from "../../../mixins/nats/append-once.ts";
import type { JetStream } from "../../../mixins/nats/nats-connection.ts";
import { NatsRefused } from "../../../mixins/nats/nats-fault.ts";
import { StreamMoved } from "../../../mixins/nats/ports.ts";
import { CAN_START_NATS, NatsServer } from "../../servers/nats-server.ts";
import { until } from "../../servers/until.ts";

describe.skipIf(!CAN_START_NATS)("an append to a server that freezes", () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let jetStream: JetStream;

  beforeEach(async () => {
    server = await NatsServer.start();
    connection = await connect({ servers: server.url, reconnectTimeWait: 50 });
    const manager = await connection.jetstreamManager();
    await manager.streams.add({ name: "A", subjects: ["a"] });
    const client = connection.jetstream();
    const storage = StorageType.File;
    jetStream = { connection, client, manager, replicas: 1, storage, namespace: "", timeoutMs: 1_000 };
  });
  afterEach(async () => {
    await connection.close();
    await server.process.remove();
  });

  const append = (expected: number, text: string) =>
    appendOnce(jetStream, {
      name: "A",
      subject: "a",
      expected,
      headers: {},
      payload: new TextEncoder().encode(text),
    });
  const stored = async () => {
    const { state } = await jetStream.manager.streams.info("A");
    const texts: string[] = [];
    for (let seq = 1; seq <= state.last_seq; seq++) {
      texts.push(Buffer.from((await jetStream.manager.streams.getMessage("A", { seq })).data).toString());
    }
    return texts;
  };
  /** Resolves when the server answers nobody any more: on a busy machine some of its threads stop late. */
  const freeze = async () => {
    server.process.pause();
    const answers = () => Promise.race([connection.rtt(), new Promise(resolve => setTimeout(resolve, 200))]);
    await until("the freeze", async () => (await answers()) === undefined);
  };
  /** What is sent while nothing is read: the server finds all of it when it goes on. */
  const sent = async (messages: number) => {
    const { outMsgs } = connection.stats();
    await until("further tries", () => connection.stats().outMsgs >= outMsgs + messages);
  };

  test("is stored once, however many copies the server finds when it goes on", async () => {
    await append(0, "first");
    await freeze();
    const appending = append(1, "second");
    await sent(3);
    server.process.resume();
    expect(await appending).toBe(2);
    expect(await append(2, "third")).toBe(3);
    expect(await stored()).toEqual(["first", "second", "third"]);
  });

  test("is refused where another's took the place, though it got no answer before", async () => {
    await freeze();
    const winner = append(0, "winner");
    await sent(1);
    const loser = append(0, "loser");
    const outcomes = Promise.allSettled([winner, loser]);
    await sent(4);
    server.process.resume();
    const [won, lost] = await outcomes;
    expect(won).toEqual({ status: "fulfilled", value: 1 });
    expect(lost).toMatchObject({ status: "rejected", reason: expect.any(StreamMoved) });
    expect(await stored()).toEqual(["winner"]);
  });

  test("is stored once by a server that was killed with it", async () => {
    await append(0, "first");
    const appending = append(1, "second");
    await server.process.kill();
    await server.process.start();
    expect(await appending).toBe(2);
    expect(await stored()).toEqual(["first", "second"]);
  });

  test("is told as unknown where the connection ends for good", async () => {
    await freeze();
    const refused = expect(append(0, "first")).rejects.toThrow(NatsRefused);
    await sent(1);
    await connection.close();
    await refused;
    server.process.resume();
  });
});
