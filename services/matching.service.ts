/**
 * Hosts the markets: each listed one is offered as `matching.<SYMBOL>` by the node that has it. Only risk
 * shards submit; anyone may look at the book, and sees what is durable.
 */
import type { ServiceSchema } from "moleculer";
import { assert } from "../engine/units.ts";
import type { Tenure } from "../mixins/actor/actor-host.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { readCalendars } from "./calendars.ts";
import { hostingOf } from "./hosting.ts";
import { openMarket } from "./matching/hosted-market.ts";

const schema: ServiceSchema = {
  name: "matching",

  async started() {
    const { broker } = this;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("matching");
    const calendars = readCalendars(runtime.settings.calendar, runtime.instruments);
    const plans = runtime.instruments.map(instrument => {
      const calendar = calendars.get(instrument.symbol);
      assert(calendar !== undefined, "every market has a calendar");
      const open = (tenure: Tenure) => openMarket(broker, instrument, calendar, tenure);
      return { actor: `market.${instrument.symbol}`, open };
    });
    await hostingOf(broker).host("matching", plans);
    done();
  },

  async stopped() {
    await hostingOf(this.broker).leave("matching");
  },
};

export default schema;
