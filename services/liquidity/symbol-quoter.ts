/**
 * One provider's quotes in one pair: a few layers a side around the newest reference quote.
 *
 * While calls are in flight only the newest quote is kept. The side that moves away from the other goes first
 * and is acknowledged before the other follows, so a provider never trades with itself.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { type Lots, lots, type Side, type Ticks } from "../../engine/units.ts";
import type { ReferenceQuote } from "../../mixins/reference/reference-source.ts";
import type { SeededRandom } from "../../mixins/seeded-random.ts";
import type { OrderView } from "../../models/order.model.ts";
import { ladderOf } from "./ladder.ts";
import type { LagHistogram } from "./lag-histogram.ts";
import type { OrderDoor } from "./order-door.ts";
import { halfSpreadOf, type ProviderProfile } from "./provider.ts";
import { QuoteSlot } from "./quote-slot.ts";

export interface QuoterOptions {
  readonly instrument: Instrument;
  readonly profile: ProviderProfile;
  readonly door: OrderDoor;
  readonly random: SeededRandom;
  readonly lag: LagHistogram;
  /** Wall clock with fractions of a millisecond. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

export class SymbolQuoter {
  readonly halfSpreadTicks: number;
  readonly #options: QuoterOptions;
  readonly #bids: QuoteSlot[];
  readonly #asks: QuoteSlot[];
  #newest: { readonly quote: ReferenceQuote; readonly timed: boolean } | undefined;
  #running: Promise<void> | undefined;

  constructor(options: QuoterOptions) {
    this.#options = options;
    const { instrument, profile, door } = options;
    this.halfSpreadTicks = halfSpreadOf(profile, instrument);
    this.#bids = profile.layers.map(() => new QuoteSlot(instrument, "buy", door));
    this.#asks = profile.layers.map(() => new QuoteSlot(instrument, "sell", door));
  }

  /** Whether it stands on both sides of the market. */
  get quoting(): boolean {
    return this.#bids.some(slot => slot.standing) && this.#asks.some(slot => slot.standing);
  }

  /** Whether calls are in flight. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Puts an order of an earlier run into a free slot; false where there is none, or a quote has come already.
   */
  adopt(order: OrderView): boolean {
    const slot = this.#slots(order.side).find(each => !each.standing);
    if (slot === undefined || this.#running !== undefined) return false;
    // Its size and reference are old: it is to be renewed by the first quote.
    slot.adopt(order, Number.NEGATIVE_INFINITY);
    return slot.standing;
  }

  /**
   * Quotes around `quote` as soon as the calls in flight are answered, unless a newer one has come by then.
   * `timed`: it has just become due, so its lag counts; an old one is quoted again to replace what was
   * filled.
   */
  quote(quote: ReferenceQuote, timed: boolean): void {
    this.#newest = { quote, timed };
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Waits for the calls in flight; what has not been begun is dropped. */
  async stop(): Promise<void> {
    this.#newest = undefined;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#newest !== undefined) {
      const { quote, timed } = this.#newest;
      this.#newest = undefined;
      await this.#requote(quote, timed);
    }
  }

  async #requote(quote: ReferenceQuote, timed: boolean): Promise<void> {
    const { bids, asks } = ladderOf(quote, this.halfSpreadTicks, this.#options.profile.layers);
    const lowestAsk = Math.min(...this.#asks.map(slot => slot.ticks ?? Number.POSITIVE_INFINITY));
    const asksFirst = (bids[0] ?? 0) >= lowestAsk;
    const [first, second] = asksFirst ? (["sell", "buy"] as const) : (["buy", "sell"] as const);
    const prices = { buy: bids, sell: asks };
    const moved = await this.#move(first, prices[first], quote, timed);
    // A failure may have left an order of the first side in the way of the second.
    if (moved) await this.#move(second, prices[second], quote, timed);
  }

  async #move(side: Side, prices: readonly Ticks[], quote: ReferenceQuote, timed: boolean): Promise<boolean> {
    const { lag, now, onError } = this.#options;
    const calls = this.#slots(side).map(async (slot, layer) => {
      const ticks = prices[layer];
      if (ticks === undefined) return slot.withdraw(now());
      const size = this.#size(layer);
      const acknowledged = await slot.update({ ticks, lots: size, reference: quote.sequence, now: now() });
      if (acknowledged && timed) lag.record(now() - quote.due);
      return undefined;
    });
    let good = true;
    for (const result of await Promise.allSettled(calls)) {
      if (result.status === "fulfilled") continue;
      good = false;
      onError(result.reason);
    }
    return good;
  }

  /** Fresh for every order: from a third of the layer's largest size up to it. */
  #size(layer: number): Lots {
    const { profile, random, instrument } = this.#options;
    const largest = Math.min(profile.bestLotsMax * (layer + 1), instrument.maximumLots);
    return lots(Math.max(instrument.minimumLots, random.between(Math.ceil(largest / 3), largest)));
  }

  #slots(side: Side): QuoteSlot[] {
    return side === "buy" ? this.#bids : this.#asks;
  }
}
