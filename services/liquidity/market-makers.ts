/**
 * The providers at work: for each its quoters, one a pair, and the taker of each pair. Takes over what an
 * earlier run has left open before the first quote, and cancels what finds no place.
 */
import type { ServiceBroker } from "moleculer";
import type { Instrument } from "../../engine/instrument.ts";
import type { ReferenceQuote } from "../../mixins/reference/reference-source.ts";
import { SeededRandom, seedOf } from "../../mixins/seeded-random.ts";
import type { Principal } from "../principal.ts";
import { LagHistogram } from "./lag-histogram.ts";
import { BrokerDoor } from "./order-door.ts";
import { halfSpreadOf, PROVIDERS, type ProviderProfile } from "./provider.ts";
import { SymbolQuoter } from "./symbol-quoter.ts";
import { TapeMaker } from "./tape-maker.ts";

export interface MakersOptions {
  readonly broker: ServiceBroker;
  readonly instruments: readonly Instrument[];
  readonly seed: number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** A pair whose reference price holds still is quoted again this often, so that what is filled comes back. */
const AGAIN_MS = 1_000;

interface Maker {
  readonly profile: ProviderProfile;
  readonly door: BrokerDoor;
  readonly quoters: ReadonlyMap<string, SymbolQuoter>;
  positions: ReadonlyMap<string, number>;
}

export class MarketMakers {
  readonly lags = new Map<string, LagHistogram>();
  readonly #options: MakersOptions;
  readonly #makers: Maker[] = [];
  readonly #takers = new Map<string, TapeMaker>();
  readonly #newest = new Map<string, { readonly quote: ReferenceQuote; at: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MakersOptions) {
    this.#options = options;
    for (const { symbol } of options.instruments) this.lags.set(symbol, new LagHistogram());
  }

  /** Pairs in which every provider stands on both sides. */
  get quoted(): string[] {
    return this.#options.instruments
      .map(({ symbol }) => symbol)
      .filter(symbol => this.#makers.every(({ quoters }) => quoters.get(symbol)?.quoting ?? false));
  }

  /** `principals` in the order of PROVIDERS. Begins nothing before all are there. */
  async open(principals: readonly Principal[]): Promise<void> {
    const { broker, now } = this.#options;
    for (const [index, profile] of PROVIDERS.entries()) {
      const principal = principals[index];
      if (principal === undefined)
        throw new Error(`Invariant: each provider has a principal: ${profile.name}`);
      const door = new BrokerDoor(broker, principal, now());
      const maker: Maker = { profile, door, quoters: this.#quotersOf(profile, door), positions: new Map() };
      await this.#takeOver(maker);
      maker.positions = await door.positions();
      this.#makers.push(maker);
    }
    this.#makeTakers();
    this.#timer = setInterval(() => this.#again(), AGAIN_MS / 2);
  }

  /** `timed`: it has just become due. */
  quote(quote: ReferenceQuote, timed: boolean): void {
    const now = this.#options.now();
    this.#newest.set(quote.symbol, { quote, at: now });
    for (const { quoters } of this.#makers) quoters.get(quote.symbol)?.quote(quote, timed);
    this.#takers.get(quote.symbol)?.quote(quote, now);
  }

  /** Hears the providers' positions anew. */
  async refresh(): Promise<void> {
    for (const maker of this.#makers) maker.positions = await maker.door.positions();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const quoters = this.#makers.flatMap(maker => [...maker.quoters.values()]);
    await Promise.all([...quoters, ...this.#takers.values()].map(each => each.stop()));
  }

  /** How wide each provider quotes, in ticks: what its quotes can be held to. */
  halfSpreads(): { provider: string; account: string; symbol: string; halfSpreadTicks: number }[] {
    return this.#makers.flatMap(({ profile, door, quoters }) =>
      [...quoters].map(([symbol, { halfSpreadTicks }]) => ({
        provider: profile.name,
        account: String(door.principal.accounts[0]),
        symbol,
        halfSpreadTicks,
      })),
    );
  }

  #again(): void {
    const before = this.#options.now() - AGAIN_MS;
    for (const { quote, at } of this.#newest.values()) if (at <= before) this.quote(quote, false);
  }

  #quotersOf(profile: ProviderProfile, door: BrokerDoor): Map<string, SymbolQuoter> {
    const { instruments, seed, now, onError } = this.#options;
    const quoters = new Map<string, SymbolQuoter>();
    for (const instrument of instruments) {
      const random = new SeededRandom(seedOf(seed, `${profile.name}/${instrument.symbol}`));
      const lag = this.lags.get(instrument.symbol) ?? new LagHistogram();
      quoters.set(
        instrument.symbol,
        new SymbolQuoter({ instrument, profile, door, random, lag, now, onError }),
      );
    }
    return quoters;
  }

  async #takeOver({ door, quoters }: Maker): Promise<void> {
    for (const order of await door.open()) {
      if (!(quoters.get(order.symbol)?.adopt(order) ?? false)) await door.cancel(order.id);
    }
  }

  /** The last provider is the widest: it takes from the others. */
  #makeTakers(): void {
    const { instruments, seed, now, onError } = this.#options;
    const maker = this.#makers.at(-1);
    if (maker === undefined) return;
    const tightest = PROVIDERS[0] ?? maker.profile;
    for (const instrument of instruments) {
      const best = (tightest.layers[0] ?? 1) * halfSpreadOf(tightest, instrument);
      const taker = new TapeMaker(
        {
          instrument,
          door: maker.door,
          random: new SeededRandom(seedOf(seed, `tape/${instrument.symbol}`)),
          reachTicks: Math.ceil(best) + 1,
          position: () => maker.positions.get(instrument.symbol) ?? 0,
          onError,
        },
        now(),
      );
      this.#takers.set(instrument.symbol, taker);
    }
  }
}
