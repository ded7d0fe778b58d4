/**
 * Instruments and reference quotes as they go over the wire: decimal strings in the instrument's own
 * digits, times RFC 3339 in UTC. Pure functions of what they show.
 */
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import type { ReferenceQuote } from "../../mixins/reference/reference-source.ts";
import type { InstrumentItem, ReferencePrice } from "../../models/market-data.model.ts";

export function viewInstrument(instrument: Instrument): InstrumentItem {
  const { symbol, base, quote, settlement, tickSize, pipSize, lotStep } = instrument;
  return {
    symbol,
    base,
    quote,
    settlement,
    tickSize,
    pipSize,
    lotStep,
    minimumQuantity: formatQuantity(instrument, instrument.minimumLots),
    maximumQuantity: formatQuantity(instrument, instrument.maximumLots),
    positionLimit: formatQuantity(instrument, instrument.positionLimitLots),
  };
}

export function viewQuote(instrument: Instrument, quote: ReferenceQuote): ReferencePrice {
  return {
    bid: formatPrice(instrument, quote.bid),
    ask: formatPrice(instrument, quote.ask),
    sequence: quote.sequence,
    time: new Date(quote.time).toISOString(),
  };
}
