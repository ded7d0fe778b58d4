/**
 * Hosts the risk shards: recovers each from its journals once the markets are there and offers it as
 * `risk.<SHARD>`. Everything that happens to an account goes through its shard's actions; none of them is
 * reachable from outside.
 */
import type { Service, ServiceBroker, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { milliseconds } from "../engine/units.ts";
import type { Follower } from "../mixins/journal/journal.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { chargeSettings } from "./fee-schedule.ts";
import { destroyHosted } from "./hosted-services.ts";
import { AccountRooms } from "./risk/account-rooms.ts";
import { beginCharges, ChargeKeeper } from "./risk/charge-keeper.ts";
import { CommandDesk } from "./risk/command-desk.ts";
import { followDebits } from "./risk/credit-follower.ts";
import { DocumentWriter } from "./risk/document-writer.ts";
import { MarginKeeper } from "./risk/margin-keeper.ts";
import { OrderDesk } from "./risk/order-desk.ts";
import { PendingOrders } from "./risk/pending-orders.ts";
import { ReduceWatch } from "./risk/reduce-watch.ts";
import { RiskShard } from "./risk/risk-shard.ts";
import { RolloverClock } from "./risk/rollover-clock.ts";
import type { ShardParts } from "./risk/shard-parts.ts";
import { shardService } from "./risk/shard-service.ts";
import { TransferDesk } from "./risk/transfer-desk.ts";

interface Hosted {
  shards: ShardParts[];
  services: Service[];
  followers: Follower[];
}

async function openShard(broker: ServiceBroker, runtime: Runtime, shard: number): Promise<ShardParts> {
  const name = `risk.${shard}`;
  const claim = await runtime.claim(name);
  void claim.lost.then(reason => runtime.onFatal(reason));
  let documents: DocumentWriter | undefined;
  let margins: MarginKeeper | undefined;
  const ledger = await runtime.ownJournal(`ledger.${shard}`);
  let watch: ReduceWatch | undefined;
  const riskShard = await RiskShard.recover({
    shard,
    shards: runtime.settings.shards,
    instruments: runtime.instruments,
    clock: runtime.clock,
    timers: runtime.timers,
    ledger,
    snapshots: runtime.snapshots(name),
    cursors: runtime.cursors,
    marketJournal: symbol => runtime.journal(`market.${symbol}`),
    recordEpoch: async (symbol, of, epoch) => {
      const answer = await broker.call<{ sequence: number }, { shard: number; epoch: number }>(
        `matching.${symbol}.recordShardEpoch`,
        { shard: of, epoch },
      );
      return answer.sequence;
    },
    submit: (symbol, epoch, commands) => broker.call(`matching.${symbol}.submit`, { epoch, commands }),
    onFailed: error => runtime.onFatal(error),
    onRetry: error => broker.logger.warn(`Sending again what '${name}' asked`, error),
    onFacts: () => {
      documents?.schedule();
      margins?.schedule();
      watch?.look();
    },
  });
  const { markAges } = runtime.settings;
  for (const { symbol, number } of runtime.instruments) {
    const age = milliseconds(markAges[symbol] ?? markAges["*"] ?? 0);
    riskShard.machine.guardian.limitMarkAge(number, age);
  }
  const rooms = new AccountRooms(broker, riskShard);
  documents = new DocumentWriter(broker, riskShard, rooms);
  documents.begin();
  const pending = new PendingOrders();
  const desk = new OrderDesk(riskShard, shard, pending);
  const commands = new CommandDesk(riskShard, shard, desk, pending);
  const transfers = new TransferDesk({
    shard: riskShard,
    orders: desk,
    stored: (account, id) => runtime.documents.money.transfer(String(account), id),
    demo: runtime.settings.demo,
    onFailed: error => runtime.onFatal(error),
  });
  margins = new MarginKeeper({ broker, shard: riskShard, desk, commands, rooms });
  watch = new ReduceWatch(riskShard, commands, error =>
    broker.logger.warn(`Cannot cancel what '${name}' has too much of`, error),
  );
  watch.look();
  const own = { shard: riskShard, number: shard, ledger, claim };
  const settings = chargeSettings(runtime.settings.charges, runtime.instruments);
  const rollover = new RolloverClock(riskShard, settings, error => runtime.onFatal(error));
  const charges = new ChargeKeeper(riskShard, settings);
  return { ...own, desk, commands, transfers, documents, rooms, margins, charges, rollover };
}

/** Each shard credits what the others have debited for its accounts. */
async function followAll(runtime: Runtime, shards: readonly ShardParts[]): Promise<Follower[]> {
  const followers = shards.map(({ shard, number }) =>
    followDebits({
      ...{ shard, number, shards: runtime.settings.shards },
      ledger: origin => runtime.journal(`ledger.${origin}`),
      onFailed: error => runtime.onFatal(error),
    }),
  );
  return (await Promise.all(followers)).flat();
}

async function closeShard({ shard, documents, claim, ...others }: ShardParts): Promise<void> {
  others.rooms.close();
  others.margins.close();
  await others.rollover.stop();
  others.transfers.close();
  await documents.close();
  await shard.close();
  await claim.release();
}

const schema: ServiceSchema<ServiceSettingSchema, object, Hosted> = {
  name: "risk",
  dependencies: ["matching", "history"],

  async started() {
    const { broker } = this;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("risk");
    await broker.waitForServices(runtime.instruments.map(({ symbol }) => `matching.${symbol}`));
    const numbers = Array.from({ length: runtime.settings.shards }, (_, shard) => shard);
    const opened = await Promise.allSettled(numbers.map(shard => openShard(broker, runtime, shard)));
    // One that has opened has to be closed, whatever became of the others.
    this.shards = opened.flatMap(each => (each.status === "fulfilled" ? [each.value] : []));
    for (const each of opened) if (each.status === "rejected") throw each.reason;
    await beginCharges(this.shards);
    this.followers = await followAll(runtime, this.shards);
    this.services = this.shards.map(parts => broker.createService(shardService(runtime, parts)));
    done();
  },

  async stopped() {
    await destroyHosted(this.broker, this.services ?? []);
    await Promise.all((this.followers ?? []).map(follower => follower.close()));
    for (const ended of await Promise.allSettled((this.shards ?? []).map(closeShard))) {
      if (ended.status === "rejected") this.logger.error("Cannot close a shard in order", ended.reason);
    }
  },
};

export default schema;
