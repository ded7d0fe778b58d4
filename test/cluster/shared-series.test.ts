/**
 * Market data of two gateways that share InfluxDB, in a cluster on real servers: both show the same past, and
 * what is live on each goes on while InfluxDB is down and while the one node that writes it is replaced.
 */
import type { ServiceSchema } from "moleculer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CandlePage } from "../../mixins/time-series/candle-query.ts";
import type { Book, Statistics, Trade } from "../../models/market-data.model.ts";
import accounts from "../../services/accounts.service.ts";
import history from "../../services/history.service.ts";
import marketdata from "../../services/marketdata.service.ts";
import matching from "../../services/matching.service.ts";
import { once } from "../../services/once.ts";
import orders from "../../services/orders.service.ts";
import risk from "../../services/risk.service.ts";
import series from "../../services/series.service.ts";
import { INFLUXD, type InfluxServer, startInfluxd } from "../servers/influxd.ts";
import { CAN_START_NATS, NatsServer } from "../servers/nats-server.ts";
import { until } from "../servers/until.ts";
import { principal } from "../venue.ts";
import { InProcessNode, type NodePlan } from "./in-process-node.ts";
import { openAccounts, SYMBOL as symbol } from "./order-load.ts";

const PROVIDER = principal(900, "liquidity");
const WRITER = "singleton.series";

describe.skipIf(!CAN_START_NATS || INFLUXD === undefined)("gateways that share their past", () => {
  let nats: NatsServer;
  let influx: InfluxServer;
  let nodes: InProcessNode[] = [];
  let placed = 0;

  beforeEach(async () => {
    [nats, influx] = await Promise.all([NatsServer.start(), startInfluxd()]);
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map(node => node.stop()));
    await influx.process.remove();
    await nats.process.stop();
  });

  async function start(): Promise<[core: InProcessNode, east: InProcessNode, west: InProcessNode]> {
    const stores = { influx: { url: influx.url, database: "cambist" } };
    // Each schema has a `this` of its own, which whoever hosts it never looks at.
    const writer = once(series as unknown as ServiceSchema, "history");
    const core: NodePlan = {
      ...{ name: "core", roles: ["matching", "risk", "gateway"], stores },
      services: [matching, risk, history, orders, accounts],
    };
    const gateway = (name: string): NodePlan => ({
      name,
      roles: ["gateway"],
      services: [marketdata],
      stores,
    });
    const keeper = (name: string): NodePlan => ({ name, roles: ["history"], services: [writer], stores });
    const plans = [core, keeper("keeper-one"), keeper("keeper-two")];
    const running = await Promise.all(plans.map(plan => InProcessNode.start(nats, plan)));
    nodes.push(...running);
    const [first] = running;
    if (first === undefined) throw new Error("Invariant: the first node has started");
    // A lease may be lost where the machine is busy: what is asked again is done once.
    await insist("accounts", () => openAccounts(first));
    const [east, west] = await Promise.all(
      ["east", "west"].map(name => InProcessNode.start(nats, gateway(name))),
    );
    if (east === undefined || west === undefined) throw new Error("Invariant: two gateways have started");
    nodes.push(east, west);
    return [first, east, west];
  }

  const insist = (what: string, ask: () => Promise<unknown>) =>
    until(what, async () => {
      await ask();
      return true;
    });

  /** Trades of the provider with himself, one after another. */
  async function trade(core: InProcessNode, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      placed++;
      const terms = { symbol, type: "limit", price: `1.0${500 + (placed % 40)}0`, quantity: "1000" };
      for (const side of ["buy", "sell"]) {
        const order = { clientOrderId: `${side}-${placed}`, side, ...terms };
        await insist("an order", () => core.call("orders.place", order, PROVIDER));
      }
    }
  }

  const ask = (node: InProcessNode, action: string, params: object) =>
    node.broker.call(`marketdata.${action}`, { symbol, ...params }, { nodeID: node.name });

  const figures = async (node: InProcessNode) => (await ask(node, "statistics", {})) as Statistics;

  async function past(node: InProcessNode) {
    const { items: candles } = (await ask(node, "candles", { source: "trades" })) as CandlePage;
    const { items: trades } = (await ask(node, "trades", { limit: 1_000 })) as { items: Trade[] };
    const { trades: count, volume } = await figures(node);
    const stored = candles.reduce((sum, candle) => sum + Number(candle.volume), 0);
    return { stored, trades: trades.length, count, volume };
  }

  /** Both gateways know of every trade, and so does the store. */
  async function expectWhole(east: InProcessNode, west: InProcessNode, least: number): Promise<void> {
    const whole = { stored: least * 1_000, trades: least, count: least, volume: String(least * 1_000) };
    for (const gateway of [east, west]) {
      await expect.poll(() => past(gateway), { timeout: 30_000 }).toEqual(whole);
    }
  }

  it("keep it whole while the store and its writer come and go", async () => {
    const [core, east, west] = await start();
    expect((await figures(east)).trades).toBe(0);
    await trade(core, 10);
    await expectWhole(east, west, 10);

    await influx.process.kill();
    await trade(core, 10);
    for (const gateway of [east, west]) {
      await until("the live figures", async () => (await figures(gateway)).trades === 20);
      const { asks } = (await ask(gateway, "book", {})) as Book;
      expect(asks[0]?.[0]).toBe("1.10000");
      await expect(ask(gateway, "candles", { source: "trades" })).rejects.toMatchObject({
        type: "NOT_READY",
      });
    }
    await influx.process.start();
    await trade(core, 5);
    await expectWhole(east, west, 25);

    const owner = (await core.owners()).get(WRITER);
    const keeper = nodes.find(({ name }) => name === owner);
    if (keeper === undefined) throw new Error("Invariant: one of the keepers writes");
    nodes = nodes.filter(node => node !== keeper);
    await keeper.leave();
    await trade(core, 5);
    await expectWhole(east, west, 30);
    expect([...east.troubles, ...west.troubles]).toEqual([]);
  });
});
