/** Leases in the keys of a real NATS server, by the system's own timers. */
import { afterAll, beforeAll, describe } from "vitest";
import { systemTimers, wait } from "../../../mixins/clock.ts";
import { NatsPorts } from "../../../mixins/nats/nats-connection.ts";
import { JetStreamOwnership } from "../../../mixins/ownership/jetstream-ownership.ts";
import { ownershipContract } from "../../contract/ownership.contract.ts";
import { CAN_START_NATS, NatsServer } from "../../servers/nats-server.ts";

const LEASE_MS = 400;

describe.skipIf(!CAN_START_NATS)("on a real server", () => {
  let server: NatsServer;
  let nats: NatsPorts;
  let buckets = 0;

  beforeAll(async () => {
    server = await NatsServer.start();
    nats = await NatsPorts.connect({ servers: [server.url], name: "ownership" });
  });
  afterAll(async () => {
    await nats.close();
    await server.process.remove();
  });

  ownershipContract("JetStreamOwnership", async () => {
    const keys = await nats.keys(`leases-${++buckets}`);
    const lives: JetStreamOwnership[] = [];
    const next = () => {
      const node = `node-${lives.length}`;
      const life = new JetStreamOwnership({ keys, node, leaseMs: LEASE_MS, timers: systemTimers });
      lives.push(life);
      return life;
    };
    return {
      ownership: next(),
      // Closed without a release, a process renews no more.
      killed: async () => {
        await lives.at(-1)?.close();
        return next();
      },
      expired: () => wait(systemTimers, LEASE_MS),
      dispose: async () => {
        for (const life of lives) await life.close();
      },
    };
  });
});
