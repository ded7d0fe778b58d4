/** A cluster's settings as the environment says them, and the sentences where it says them wrongly. */
import { expect, test } from "vitest";
import { ROLES } from "../../../mixins/runtime/cluster-settings.ts";
import { readSettings } from "../../../mixins/runtime/settings.ts";

const SECRET = "a-secret-of-thirty-two-characters";
const SHARED = { MONGO_URL: "mongodb://db/cambist" };
const CLUSTER = { NATS_URL: "nats://10.0.0.1:4222", JWT_SECRET: SECRET, NODE_ID: "node-1", ...SHARED };

test("without NATS_URL a node is alone and hosts all", () => {
  const { cluster, roles, stores } = readSettings({});
  expect([cluster, roles, stores]).toEqual([undefined, ROLES, {}]);
});

test("NATS_URL names servers, and the rest has defaults", () => {
  const { cluster, roles } = readSettings({ ...CLUSTER, NATS_URL: "nats://a:4222, tls://b:4223" });
  const servers = ["nats://a:4222", "tls://b:4223"];
  expect(cluster).toEqual({ servers, nodeId: "node-1", leaseMs: 1_500, weight: 100, keepHours: 0 });
  expect(roles).toEqual(ROLES);
});

test("a node names itself where nobody does", () => {
  const { NODE_ID: _unnamed, ...environment } = CLUSTER;
  expect(readSettings(environment).cluster?.nodeId).toMatch(/^[A-Za-z0-9_-]{1,50}-\d+$/);
});

test("a node that keeps no documents needs no place for them", () => {
  const { stores } = readSettings({ ...CLUSTER, MONGO_URL: "", SERVICES: "gateway,matching" });
  expect(stores).toEqual({});
});

test("what is given is taken", () => {
  const { cluster, roles, stores } = readSettings({
    ...CLUSTER,
    ...{ NATS_USER: "venue", NATS_PASSWORD: "p", NATS_REPLICAS: "3", LEASE_MS: "900", NODE_WEIGHT: "50" },
    ...{ SERVICES: "gateway,risk", MONGO_URL: "mongodb://db/cambist", REDIS_URL: "redis://r:6379" },
    ...{ INFLUX_URL: "http://i:8086", INFLUX_USER: "u", INFLUX_PASSWORD: "q" },
  });
  expect(cluster).toMatchObject({ user: "venue", password: "p", replicas: 3, leaseMs: 900, weight: 50 });
  expect(roles).toEqual(["gateway", "risk"]);
  const influx = { url: "http://i:8086", database: "cambist", user: "u", password: "q" };
  expect(stores).toEqual({ mongoUrl: "mongodb://db/cambist", redisUrl: "redis://r:6379", influx });
});

test.each([
  [{ JWT_SECRET: "" }, "'JWT_SECRET' must have 32 characters or more in a cluster"],
  [{ JWT_SECRET: "short" }, "'JWT_SECRET' must have 32 characters or more in a cluster"],
  [{ NATS_URL: "" }, "'NODE_ID' must be given together with 'NATS_URL'"],
  [{ NATS_URL: "", NODE_ID: "", SERVICES: "risk" }, "'SERVICES' must be given together with 'NATS_URL'"],
  [{ NATS_URL: "10.0.0.1:4222" }, "'NATS_URL' must be nats://host:port"],
  [{ NODE_ID: "a.b" }, "'NODE_ID' must be 1 to 64 of A-Z a-z 0-9 _ -: received a.b"],
  [{ SERVICES: "gateway,market" }, "'SERVICES' must be of gateway, matching, risk"],
  [{ NATS_USER: "venue" }, "'NATS_USER' and 'NATS_PASSWORD' must be given together"],
  [{ NATS_TOKEN: "t", NATS_CREDS: "f" }, "only one of 'NATS_CREDS', 'NATS_TOKEN' and 'NATS_USER'"],
  [{ NATS_STORAGE: "paper" }, "'NATS_STORAGE' must be file or memory: received paper"],
  [{ JOURNAL_KEEP_HOURS: "-1" }, "'JOURNAL_KEEP_HOURS' must be an integer from 0 to 8760: received -1"],
  [{ NATS_REPLICAS: "0" }, "'NATS_REPLICAS' must be an integer from 1 to 5: received 0"],
  [{ LEASE_MS: "soon" }, "'LEASE_MS' must be an integer from 300 to 60000: received soon"],
  [{ MONGO_URL: "" }, "'MONGO_URL' must be given together with 'NATS_URL' where 'SERVICES' has risk"],
  [{ MONGO_URL: "", SERVICES: "gateway,identity" }, "where 'SERVICES' has identity"],
  [{ MONGO_URL: "db/cambist" }, "'MONGO_URL' must be an address like mongodb://host/database"],
  [{ HOST: "0.0.0.0" }, "'HOST' must be a loopback address while DEMO is on"],
])("%o is refused", (environment, sentence) => {
  expect(() => readSettings({ ...CLUSTER, ...environment })).toThrow(sentence);
});

test.each([
  { NATS_URL: "nats://venue:open-sesame@10.0.0.1:4222" },
  { MONGO_URL: "http://u:open-sesame@db" },
  { REDIS_URL: "u:open-sesame@r" },
  { INFLUX_URL: "u:open-sesame@i" },
])("no sentence repeats a password: %#", environment => {
  expect(() => readSettings({ ...CLUSTER, ...environment })).toThrow(/^(?!.*open-sesame).*must be/);
});
