/**
 * One market on the node that has claimed it: recovered from its journal, told the time, and offered as
 * `matching.<SYMBOL>` until it is handed over or abandoned.
 */
import type { Service, ServiceBroker } from "moleculer";
import type { Calendar } from "../../engine/calendar/calendar.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { collectsIn } from "../../engine/market/phases.ts";
import { milliseconds } from "../../engine/units.ts";
import { Actor } from "../../mixins/actor/actor.ts";
import type { HostedActor, Tenure } from "../../mixins/actor/actor-host.ts";
import type { MarketMessage, MarketReply } from "../../mixins/actor/market-core.ts";
import { recoverMarket } from "../../mixins/actor/market-recovery.ts";
import type { Journal } from "../../mixins/journal/journal.ts";
import { type Runtime, runtimeOf } from "../../mixins/runtime/runtime.ts";
import { destroyHosted } from "../hosted-services.ts";
import { MarketClock } from "./market-clock.ts";
import { marketService, type ServedMarket } from "./market-service.ts";
import { MarketSnapshots } from "./market-snapshots.ts";

interface MarketParts extends ServedMarket {
  readonly journal: Journal;
  readonly snapshots: MarketSnapshots;
  readonly marketClock: MarketClock;
}

/** Recovers the market and offers it. Throws where it can't; then nothing of it runs any more. */
export async function openMarket(
  broker: ServiceBroker,
  instrument: Instrument,
  calendar: Calendar,
  tenure: Tenure,
): Promise<HostedActor> {
  const runtime = runtimeOf(broker);
  const journal = await runtime.ownJournal(`market.${instrument.symbol}`);
  try {
    const parts = await makeParts({ runtime, instrument, calendar, journal, tenure });
    return new HostedMarket(broker, parts);
  } catch (error) {
    await runtime.disownJournal(journal);
    throw error;
  }
}

interface Making {
  readonly runtime: Runtime;
  readonly instrument: Instrument;
  readonly calendar: Calendar;
  readonly journal: Journal;
  readonly tenure: Tenure;
}

async function makeParts(making: Making): Promise<MarketParts> {
  const { runtime, instrument, calendar, journal, tenure } = making;
  const { name } = journal;
  const store = runtime.snapshots(name);
  const core = await recoverMarket(instrument, journal, store, runtime.clock);
  const { machine } = core;
  const onFailed = (error: unknown) => tenure.fail(error);
  const floor = () => runtime.cursors.floor(name);
  const snapshots = new MarketSnapshots({ machine, journal, snapshots: store, floor, onFailed });
  const actor = new Actor<MarketMessage, MarketReply>({
    journal,
    core,
    onSealed: () => snapshots.take(),
    onFailed,
    claim: tenure.claim,
  });
  const time = milliseconds(runtime.clock.now());
  await actor.send([{ command: { kind: "owner", time, epoch: tenure.claim.epoch } }]);
  const marketClock = new MarketClock({
    machine,
    calendar,
    timers: runtime.timers,
    now: () => runtime.clock.now(),
    tell: commands => actor.send(commands.map(command => ({ command }))),
    onFailed,
  });
  await marketClock.tick();
  return { epoch: tenure.claim.epoch, instrument, core, actor, journal, snapshots, marketClock };
}

class HostedMarket implements HostedActor {
  readonly #broker: ServiceBroker;
  readonly #parts: MarketParts;
  readonly #service: Service;
  #leaving: Promise<void> | undefined;

  constructor(broker: ServiceBroker, parts: MarketParts) {
    this.#broker = broker;
    this.#parts = parts;
    this.#service = broker.createService(marketService(parts));
    parts.marketClock.start();
  }

  /** A call goes on where it began: whoever is asked about its price should not have to wait. */
  get isMovable(): boolean {
    return !collectsIn(this.#parts.core.machine.phase);
  }

  async close(): Promise<void> {
    const { marketClock, actor, snapshots } = this.#parts;
    marketClock.stop();
    await actor.stop();
    await Promise.all([this.#leave(), snapshots.close()]);
  }

  async abandon(reason: unknown): Promise<void> {
    const { marketClock, actor } = this.#parts;
    marketClock.stop();
    actor.abandon(reason);
    await this.#leave();
  }

  #leave(): Promise<void> {
    this.#leaving ??= destroyHosted(this.#broker, this.#service).then(() =>
      runtimeOf(this.#broker).disownJournal(this.#parts.journal),
    );
    return this.#leaving;
  }
}
