/**
 * Hosts the markets: each listed one is offered as `matching.<SYMBOL>` by the node that has it. Only risk
 * shards submit; anyone may look at the book, and sees what is durable.
 */
import type { ServiceSchema, ServiceSettingSchema } from "moleculer";
import { assert } from "../engine/units.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { readCalendars } from "./calendars.ts";
import { HostedActors } from "./hosted-actors.ts";
import { openMarket } from "./matching/hosted-market.ts";

interface Hosted {
  markets: HostedActors | undefined;
}

const schema: ServiceSchema<ServiceSettingSchema, object, Hosted> = {
  name: "matching",

  async started() {
    const { broker } = this;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("matching");
    const calendars = readCalendars(runtime.settings.calendar, runtime.instruments);
    this.markets = new HostedActors(
      broker,
      runtime.instruments.map(instrument => {
        const calendar = calendars.get(instrument.symbol);
        assert(calendar !== undefined, "every market has a calendar");
        return {
          actor: `market.${instrument.symbol}`,
          open: tenure => openMarket(broker, instrument, calendar, tenure),
        };
      }),
    );
    await this.markets.takeAll();
    done();
  },

  async stopped() {
    await this.markets?.handOverAll();
  },
};

export default schema;
