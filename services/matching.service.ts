/**
 * Hosts the markets: recovers each listed one from its journal and offers it as `matching.<SYMBOL>`. Only
 * risk shards submit; anyone may look at the book, and sees what is durable.
 */
import type { Service, ServiceSchema, ServiceSettingSchema } from "moleculer";
import type { Calendar } from "../engine/calendar/calendar.ts";
import type { Instrument } from "../engine/instrument.ts";
import { assert, milliseconds } from "../engine/units.ts";
import { Actor } from "../mixins/actor/actor.ts";
import type { MarketMessage, MarketReply } from "../mixins/actor/market-core.ts";
import { recoverMarket } from "../mixins/actor/market-recovery.ts";
import type { Claim } from "../mixins/ownership/ownership.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { readCalendars } from "./calendars.ts";
import { destroyHosted } from "./hosted-services.ts";
import { MarketClock } from "./matching/market-clock.ts";
import { marketService, type ServedMarket } from "./matching/market-service.ts";
import { MarketSnapshots } from "./matching/market-snapshots.ts";

interface Market extends ServedMarket {
  readonly snapshots: MarketSnapshots;
  readonly claim: Claim;
  readonly marketClock: MarketClock;
}

async function openMarket(runtime: Runtime, instrument: Instrument, calendar: Calendar): Promise<Market> {
  const name = `market.${instrument.symbol}`;
  const claim = await runtime.claim(name);
  void claim.lost.then(reason => runtime.onFatal(reason));
  const snapshots = runtime.snapshots(name);
  const journal = await runtime.ownJournal(name);
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
  const marketClock = new MarketClock({
    machine: core.machine,
    calendar,
    timers: runtime.timers,
    now: () => runtime.clock.now(),
    tell: commands => actor.send(commands.map(command => ({ command }))),
    onFailed: error => runtime.onFatal(error),
  });
  await marketClock.tick();
  marketClock.start();
  return { instrument, core, actor, snapshots: taken, claim, marketClock };
}

interface Hosted {
  markets: Market[];
  services: Service[];
}

async function stopMarket({ actor, snapshots, claim, marketClock }: Market): Promise<void> {
  marketClock.stop();
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
    const calendars = readCalendars(runtime.settings.calendar, runtime.instruments);
    this.markets = await Promise.all(
      runtime.instruments.map(instrument => {
        const calendar = calendars.get(instrument.symbol);
        assert(calendar !== undefined, "every market has a calendar");
        return openMarket(runtime, instrument, calendar);
      }),
    );
    this.services = this.markets.map(market => broker.createService(marketService(market)));
    done();
  },

  async stopped() {
    await destroyHosted(this.broker, this.services ?? []);
    await Promise.all((this.markets ?? []).map(stopMarket));
  },
};

export default schema;
