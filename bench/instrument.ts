/** What the benches of the engine trade: a tick is 1, a lot is 1, any size. */
import { defineInstrument } from "../engine/instrument.ts";

export const instrument = defineInstrument({
  symbol: "EURUSD",
  tickSize: "1",
  lotStep: "1",
  minimumQuantity: "1",
});
