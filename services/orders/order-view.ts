/** An order as the API shows it: one flat object, prices and sizes as decimal strings, times in UTC. */
import { formatDecimal } from "../../engine/decimal.ts";
import type { OrderState } from "../../engine/account/order.ts";
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import type { Milliseconds } from "../../engine/units.ts";

/** Places of an average price beyond the instrument's own. */
const AVERAGE_DIGITS = 3;

export function timeText(time: Milliseconds | number): string {
  return new Date(time).toISOString();
}

/** Average of fills: value / size, rounded half up to three places beyond the tick's, trailing zeros of those left out. */
export function averagePrice(instrument: Instrument, filledValue: bigint, filledLots: number): string {
  const scale = 10n ** BigInt(AVERAGE_DIGITS);
  const size = BigInt(filledLots);
  const scaled = (2n * filledValue * instrument.tickUnits * scale + size) / (2n * size);
  const text = formatDecimal(scaled, instrument.priceDigits + AVERAGE_DIGITS);
  let end = text.length;
  for (let cut = 0; cut < AVERAGE_DIGITS && text[end - 1] === "0"; cut++) end--;
  return text.slice(0, end);
}
