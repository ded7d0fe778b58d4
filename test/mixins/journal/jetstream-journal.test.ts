/** The journal in JetStream: the contract, on one server and on three replicas. */
import { afterAll, beforeAll, describe } from "vitest";
import { journalContract, type StoreUnderTest } from "../../contract/journal.contract.ts";
import { CAN_START_NATS, HAS_NATS, NatsServer, NatsServers } from "../../servers/nats-server.ts";
import { freshNamespace, startStreamNode } from "./stream-stores.ts";

async function makeStore(servers: readonly string[], segmentBytes: number): Promise<StoreUnderTest> {
  const namespace = freshNamespace();
  let node = await startStreamNode(servers, namespace, { segmentBytes });
  return {
    store: node.store,
    reopen: async () => {
      await node.close();
      node = await startStreamNode(servers, namespace, { segmentBytes });
      return node.store;
    },
    dispose: () => node.close(),
  };
}

describe.skipIf(!HAS_NATS)("on one server", () => {
  let server: NatsServer | undefined;
  let urls: string[] = [];
  beforeAll(async () => {
    if (CAN_START_NATS) server = await NatsServer.start();
    urls = [server?.url ?? process.env.TEST_NATS_URL ?? ""];
  });
  afterAll(() => server?.process.remove());

  journalContract("JetStreamJournal", () => makeStore(urls, 4 * 1024 * 1024));
  journalContract("JetStreamJournal with a segment for every few batches", () => makeStore(urls, 400));
});

describe.skipIf(!CAN_START_NATS)("on three servers", () => {
  let servers: NatsServers | undefined;
  beforeAll(async () => {
    servers = await NatsServers.start();
  });
  afterAll(() => servers?.remove());

  journalContract("JetStreamJournal on three replicas", () => makeStore(servers?.urls ?? [], 4_000));
});
