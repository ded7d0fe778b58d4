/**
 * Hosts the markets: recovers each listed one from its journal and offers it as `matching.<SYMBOL>`. Only
 * risk shards submit; anyone may look at the book, and sees what is durable.
 */
import type { Context, Service, ServiceSchema, ServiceSettingSchema } from "moleculer";
import type { Instrument } from "../engine/instrument.ts";
import { formatPrice, formatQuantity } from "../engine/instrument.ts";
import type { ShardCommand } from "../engine/market/command.ts";
import type { DepthLevel } from "../engine/market/market-machine.ts";
import { milliseconds } from "../engine/units.ts";
import { Actor } from "../mixins/actor/actor.ts";
import type { MarketCore, MarketMessage, MarketReply } from "../mixins/actor/market-core.ts";
import { recoverMarket } from "../mixins/actor/market-recovery.ts";
import type { Claim } from "../mixins/ownership/ownership.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { destroyHosted } from "./hosted-services.ts";
import { MarketSnapshots } from "./matching/market-snapshots.ts";

/** Depth that one question may ask for. */
const DEPTH_MAX = 1_000;

interface Market {
  readonly instrument: Instrument;
  readonly core: MarketCore;
  readonly actor: Actor<MarketMessage, MarketReply>;
  readonly snapshots: MarketSnapshots;
  readonly claim: Claim;
}

interface Submitted {
  readonly epoch: number;
  readonly commands: readonly ShardCommand[];
}

async function openMarket(runtime: Runtime, instrument: Instrument): Promise<Market> {
  const name = `market.${instrument.symbol}`;
  const claim = await runtime.claim(name);
  const snapshots = runtime.snapshots(name);
  const journal = await runtime.journal(name);
  const core = await recoverMarket(instrument, journal, snapshots, runtime.clock);
  const taken = new MarketSnapshots({
    machine: core.machine,
    journal,
    snapshots,
    floor: () => runtime.cursors.floor(name),
    onFailed: error => runtime.onFatal(error),
  });
  const actor = new Actor<MarketMessage, MarketReply>({
    journal,
    core,
    onSealed: () => taken.take(),
    onFailed: error => runtime.onFatal(error),
  });
  const time = milliseconds(runtime.clock.now());
  await actor.send([{ command: { kind: "owner", time, epoch: claim.epoch } }]);
  return { instrument, core, actor, snapshots: taken, claim };
}

/** The batch's fate: admitted unless one of its commands came from another epoch or left a gap. */
function fateOf(replies: readonly MarketReply[]): "ok" | "gap" | "staleEpoch" {
  for (const { admitted } of replies) {
    if (admitted === "staleEpoch" || admitted === "gap") return admitted;
  }
  return "ok";
}

function viewLevels(instrument: Instrument, levels: readonly DepthLevel[]): [string, string, number][] {
  return levels.map(({ ticks, lots, orders }) => [
    formatPrice(instrument, ticks),
    formatQuantity(instrument, lots),
    orders,
  ]);
}

function marketService({ instrument, core, actor }: Market): ServiceSchema {
  return {
    name: `matching.${instrument.symbol}`,
    actions: {
      submit: {
        visibility: "public",
        params: { $$strict: true, epoch: "number|integer|positive", commands: "array|min:1" },
        async handler(ctx: Context<Submitted>) {
          const { epoch, commands } = ctx.params;
          const replies = await actor.send(commands.map(command => ({ epoch, command })));
          return { admitted: fateOf(replies) };
        },
      },
      recordShardEpoch: {
        visibility: "public",
        params: { $$strict: true, shard: "number|integer|min:0", epoch: "number|integer|positive" },
        async handler(ctx: Context<{ shard: number; epoch: number }>) {
          const { shard, epoch } = ctx.params;
          const time = milliseconds(0);
          const [reply] = await actor.send([{ command: { kind: "shardEpoch", time, shard, epoch } }]);
          return { sequence: reply?.sequence ?? 0 };
        },
      },
      book: {
        params: { $$strict: true, depth: `number|integer|min:1|max:${DEPTH_MAX}|default:20` },
        handler: (ctx: Context<{ depth: number }>) =>
          actor.read(() => {
            const { bids, asks } = core.machine.depth(ctx.params.depth);
            return {
              symbol: instrument.symbol,
              sequence: core.machine.sequence,
              bids: viewLevels(instrument, bids),
              asks: viewLevels(instrument, asks),
            };
          }),
      },
      state: {
        params: { $$strict: true },
        handler: () =>
          actor.read(() => ({
            symbol: instrument.symbol,
            sequence: core.machine.sequence,
            hash: core.machine.hash(),
            waiting: actor.waiting,
          })),
      },
    },
  };
}

interface Hosted {
  markets: Market[];
  services: Service[];
}

async function stopMarket({ actor, snapshots, claim }: Market): Promise<void> {
  await actor.stop();
  await snapshots.close();
  await claim.release();
}

const schema: ServiceSchema<ServiceSettingSchema, object, Hosted> = {
  name: "matching",

  async started() {
    const { broker } = this;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("matching");
    this.markets = await Promise.all(runtime.instruments.map(instrument => openMarket(runtime, instrument)));
    this.services = this.markets.map(market => broker.createService(marketService(market)));
    done();
  },

  async stopped() {
    await destroyHosted(this.broker, this.services ?? []);
    await Promise.all((this.markets ?? []).map(stopMarket));
  },
};

export default schema;
