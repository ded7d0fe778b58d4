/**
 * Small trades between the providers, a few a minute in each pair, so that the tape lives: the wider provider
 * of a pair takes a little from the tighter one, more often in the direction that brings its own position
 * back to nothing.
 *
 * The order is immediate or cancel, within the taker's own half-spread, and made from the newest reference
 * quote like any other of its. One a pair is in flight at a time; a failure is told and the next one tries
 * again.
 */
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { type Lots, lots, type Ticks } from "../../engine/units.ts";
import type { ReferenceQuote } from "../../mixins/reference/reference-source.ts";
import type { SeededRandom } from "../../mixins/seeded-random.ts";
import type { OrderDoor } from "./order-door.ts";

const PAUSE_LEAST_MS = 6_000;
const PAUSE_MOST_MS = 36_000;
const LOTS_MAX = 250;
/** Position in units at which nearly every order takes it down. */
const HEAVY_UNITS = 20_000_000;

export interface TapeOptions {
  readonly instrument: Instrument;
  readonly door: OrderDoor;
  readonly random: SeededRandom;
  /** Distance of its price from the mid, in ticks. */
  readonly reachTicks: number;
  /** The taker's position in units of the base currency, as last heard. */
  readonly position: () => number;
  readonly onError: (error: unknown) => void;
}

export class TapeMaker {
  readonly #options: TapeOptions;
  #due: number;
  #running: Promise<void> | undefined;

  constructor(options: TapeOptions, now: number) {
    this.#options = options;
    this.#due = now + options.random.between(2_000, PAUSE_MOST_MS);
  }

  /** Trades where it is time to. */
  quote(quote: ReferenceQuote, now: number): void {
    if (now < this.#due || this.#running !== undefined) return;
    const { random, onError } = this.#options;
    this.#due = now + random.between(PAUSE_LEAST_MS, PAUSE_MOST_MS);
    this.#running = this.#take(quote)
      .catch(onError)
      .finally(() => {
        this.#running = undefined;
      });
  }

  async stop(): Promise<void> {
    await this.#running;
  }

  async #take(quote: ReferenceQuote): Promise<void> {
    const { instrument, door, random, reachTicks, position } = this.#options;
    const weight = Math.max(-1, Math.min(1, position() / HEAVY_UNITS));
    const side = random.uniform() < 0.5 + 0.45 * weight ? "sell" : "buy";
    const reach = side === "buy" ? reachTicks : -reachTicks;
    const mid = (quote.bid + quote.ask) / 2;
    const ticks = (side === "buy" ? Math.floor(mid + reach) : Math.ceil(mid + reach)) as Ticks;
    const order = await door.place({
      clientOrderId: door.nextId(),
      symbol: instrument.symbol,
      side,
      quantity: formatQuantity(instrument, this.#size(Math.abs(weight))),
      price: formatPrice(instrument, ticks),
      timeInForce: "IOC",
      reference: quote.sequence,
    });
    if (order.status === "rejected") throw new Error(`Cannot trade: ${order.rejection ?? "rejected"}`);
  }

  /** Mostly small; a heavy position is brought down in larger pieces. */
  #size(weight: number): Lots {
    const { random, instrument } = this.#options;
    const size = Math.ceil(random.uniform() * random.uniform() * LOTS_MAX * (1 + 9 * weight));
    return lots(Math.max(instrument.minimumLots, Math.min(size, instrument.maximumLots)));
  }
}
