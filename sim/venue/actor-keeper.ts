/** Wants every actor on its node, again and again, until the cluster's placement is there to choose. */
import type { ServiceBroker } from "moleculer";
import { ActorHost, type ActorHostPorts } from "../../mixins/actor/actor-host.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import { readCalendars } from "../../services/calendars.ts";
import { openMarket } from "../../services/matching/hosted-market.ts";
import { hostShard } from "../../services/risk/hosted-shard.ts";

const AGAIN_MS = 300;

/** Returns the hosts of all actors; one that is handed over is wanted again like any other. */
export function keepActors(broker: ServiceBroker): ActorHost[] {
  const runtime = runtimeOf(broker);
  const { instruments, settings, timers } = runtime;
  const calendars = readCalendars(settings.calendar, instruments);
  const plans: Pick<ActorHostPorts, "actor" | "open">[] = instruments.flatMap(instrument => {
    const calendar = calendars.get(instrument.symbol);
    if (calendar === undefined) return [];
    return [
      {
        actor: `market.${instrument.symbol}`,
        open: tenure => openMarket(broker, instrument, calendar, tenure),
      },
    ];
  });
  for (let shard = 0; shard < settings.shards; shard++) {
    plans.push({ actor: `risk.${shard}`, open: tenure => hostShard(broker, shard, tenure) });
  }
  return plans.map(plan => {
    const say = (error: unknown) => broker.logger.warn(`trouble with ${plan.actor}`, error);
    const claim = (actor: string) => runtime.claim(actor);
    const host = new ActorHost({ ...plan, claim, onFailed: say, onTrouble: say });
    const look = () => {
      if (host.state === "idle") host.take().catch(say);
    };
    look();
    timers.every(AGAIN_MS, look);
    return host;
  });
}
