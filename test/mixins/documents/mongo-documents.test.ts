/** Documents in MongoDB: the contracts on a real server, and what a server that goes away leaves. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemTimers } from "../../../mixins/clock.ts";
import { MongoStore } from "../../../mixins/documents/mongo-store.ts";
import { documentsContract } from "../../contract/documents.contract.ts";
import { batch, order } from "../../contract/stored-documents.ts";
import { usersContract } from "../../contract/users.contract.ts";
import { FERRETDB, type FerretServer, startFerretdb } from "../../servers/ferretdb.ts";
import { until } from "../../servers/until.ts";

const AWAY = { type: "NOT_READY", code: 503, retryable: true };

describe.skipIf(FERRETDB === undefined)("MongoDB", () => {
  let server: FerretServer;
  let databases = 0;
  const stores = new Set<MongoStore>();

  beforeAll(async () => {
    server = await startFerretdb();
  });
  afterAll(async () => {
    await closeAll();
    await server.process.remove();
  });

  function opened(database: string): MongoStore {
    const store = new MongoStore(server.url(database), systemTimers, () => undefined);
    stores.add(store);
    store.connection.open();
    return store;
  }

  async function connected(database: string): Promise<MongoStore> {
    const store = opened(database);
    await store.connection.opened();
    return store;
  }

  async function closeAll(): Promise<void> {
    for (const store of stores) await store.documents.close();
    stores.clear();
  }

  documentsContract("MongoDocuments", async () => {
    const database = `test_${++databases}`;
    const { documents } = await connected(database);
    const reopen = async () => {
      await closeAll();
      return (await connected(database)).documents;
    };
    return { documents, reopen, dispose: closeAll };
  });

  usersContract("MongoUsers", async () => {
    const database = `test_${++databases}`;
    const { users } = await connected(database);
    return { users, other: async () => (await connected(database)).users, dispose: closeAll };
  });

  test("registrations with one address race on two nodes: one wins", async () => {
    const database = `test_${++databases}`;
    const nodes = [await connected(database), await connected(database)];
    const user = { email: "ada@example.org", name: "Ada", passwordHash: "", role: "trader" } as const;
    const raced = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => nodes[index % 2]?.users.insert(user, 0)),
    );
    expect(raced.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await closeAll();
  });

  test("another order under a used client order id is refused, and the first stays", async () => {
    const { documents } = await connected(`test_${++databases}`);
    await documents.save(batch({ orders: [order(1)] }));
    const other = batch({ orders: [order(2, { clientOrderId: "client-1" })] });
    await expect(documents.save(other)).rejects.toThrow("unique");
    expect(await documents.orderByClientId("1001", "client-1")).toEqual(order(1));
    await closeAll();
  });

  test("a node that starts while the server is away says so at once, and works when it comes", async () => {
    const database = `test_${++databases}`;
    await server.process.kill();
    const store = opened(database);
    const asked = [
      store.documents.orderById("1"),
      store.documents.save(batch({ orders: [order(1)] })),
      store.documents.list({ account: "1001", limit: 1 }),
      store.documents.money.transfers({ account: "1001", limit: 1 }),
      store.users.byEmail("ada@example.org"),
    ];
    for (const each of asked) await expect(each).rejects.toMatchObject(AWAY);
    await server.process.start();
    await store.connection.opened();
    await store.documents.save(batch({ orders: [order(1)] }));

    await server.process.kill();
    await expect(store.documents.orderById("1")).rejects.toMatchObject(AWAY);
    await server.process.start();
    await until("the driver to reconnect", async () => (await store.documents.orderById("1")) !== undefined);
    await closeAll();
  });

  test("a node that waits for the server can stop", async () => {
    await server.process.kill();
    const store = opened(`test_${++databases}`);
    await closeAll();
    await expect(store.documents.orderById("1")).rejects.toMatchObject(AWAY);
    await server.process.start();
  });
});
