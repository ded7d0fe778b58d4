/**
 * Synthetic reference prices: seven majors that walk, with the dollar in common, and the crosses computed
 * from them.
 *
 * A cross is quoted again as soon as its legs imply a mid more than half of its half-spread away, so no round
 * trip through three pairs earns anything. Quotes are a function of seed and start alone: a restart repeats
 * exactly those after the stored state. After a pause of more than ten seconds it gives five seconds of what
 * was due, which covers everything that may have been told before a crash, and jumps to the present.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { ticks } from "../../engine/units.ts";
import { type RandomState, SeededRandom, seedOf } from "../seeded-random.ts";
import type { ReferenceQuote, ReferenceSource } from "./reference-source.ts";
import { type MajorState, SyntheticMajor } from "./synthetic-major.ts";
import { CROSSES, type CrossProfile, MAJORS } from "./synthetic-profile.ts";

const PAUSE_MAX_MS = 10_000;
const REPEATED_MS = 5_000;
/** A cross is quoted at least this often, if its legs are. */
const CROSS_MS = 700;
const DOLLAR_SIGMA = 14e-6;
const DOLLAR_PULL = 1e-6;

interface SyntheticState {
  readonly majors: Readonly<Record<string, MajorState>>;
  readonly mids: readonly (readonly [symbol: string, mid: number])[];
  readonly dollar: number;
  readonly dollarAt: number;
  readonly dollarRandom: RandomState;
  readonly quotes: readonly ReferenceQuote[];
}

export class SyntheticSource implements ReferenceSource {
  readonly identity: string;
  readonly symbols: readonly string[];
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #majors: readonly SyntheticMajor[];
  readonly #mids = new Map<string, number>();
  readonly #quotes = new Map<string, ReferenceQuote>();
  #dollar = 0;
  #dollarAt: number;
  #dollarRandom: SeededRandom;

  /** Quotes those of `instruments` that it knows; `stored` gives a state of the same identity. */
  constructor(
    instruments: readonly Instrument[],
    seed: number,
    now: number,
    stored?: (identity: string) => unknown,
  ) {
    this.identity = `synthetic/${seed}`;
    const known = new Set([...MAJORS, ...CROSSES].map(profile => profile.symbol));
    const quoted = instruments.filter(instrument => known.has(instrument.symbol));
    this.#instruments = new Map(quoted.map(instrument => [instrument.symbol, instrument]));
    this.symbols = quoted.map(instrument => instrument.symbol);
    const state = stored?.(this.identity) as SyntheticState | undefined;
    this.#majors = MAJORS.map(
      profile =>
        new SyntheticMajor(profile, seedOf(seed, profile.symbol), now, state?.majors[profile.symbol]),
    );
    this.#dollar = state?.dollar ?? 0;
    this.#dollarAt = state?.dollarAt ?? now;
    this.#dollarRandom =
      state === undefined ? new SeededRandom(seedOf(seed, "USD")) : SeededRandom.restore(state.dollarRandom);
    for (const quote of state?.quotes ?? []) this.#quotes.set(quote.symbol, quote);
    for (const major of this.#majors) this.#mids.set(major.profile.symbol, this.#midOf(major));
    for (const [symbol, mid] of state?.mids ?? []) this.#mids.set(symbol, mid);
  }

  take(now: number, limit: number): ReferenceQuote[] {
    const quotes: ReferenceQuote[] = [];
    const first = this.due() ?? now;
    const paused = first < now - PAUSE_MAX_MS;
    // The clock was set back: waiting for the old time would leave the market without a price.
    if (first > now + PAUSE_MAX_MS) for (const each of this.#majors) each.jump(now);
    const until = paused ? first + REPEATED_MS : now;
    while (quotes.length + CROSSES.length < limit) {
      const major = this.#soonest();
      if (major === undefined || major.due > until) {
        if (paused) for (const each of this.#majors) each.jump(now);
        break;
      }
      this.#step(major, quotes);
    }
    return quotes;
  }

  due(): number | undefined {
    return this.#soonest()?.due;
  }

  clock(now: number): number {
    return now;
  }

  latest(): readonly ReferenceQuote[] {
    return [...this.#quotes.values()];
  }

  state(): SyntheticState {
    return {
      majors: Object.fromEntries(this.#majors.map(major => [major.profile.symbol, major.state()])),
      mids: [...this.#mids],
      dollar: this.#dollar,
      dollarAt: this.#dollarAt,
      dollarRandom: this.#dollarRandom.state(),
      quotes: this.latest(),
    };
  }

  #soonest(): SyntheticMajor | undefined {
    let soonest = this.#majors[0];
    for (const major of this.#majors) if (soonest !== undefined && major.due < soonest.due) soonest = major;
    return soonest;
  }

  #step(major: SyntheticMajor, quotes: ReferenceQuote[]): void {
    const time = major.due;
    const seconds = Math.min(Math.max(0, time - this.#dollarAt) / 1_000, 10);
    this.#dollarAt = Math.max(this.#dollarAt, time);
    this.#dollar += DOLLAR_SIGMA * Math.sqrt(seconds) * this.#dollarRandom.normal();
    this.#dollar -= this.#dollar * DOLLAR_PULL * seconds;
    const spread = major.step();
    const { symbol } = major.profile;
    this.#mids.set(symbol, this.#midOf(major));
    this.#quote(symbol, time, spread, quotes);
    for (const cross of CROSSES) {
      if (cross.first === symbol || cross.second === symbol) this.#follow(cross, time, quotes);
    }
  }

  #midOf(major: SyntheticMajor): number {
    return major.own * (1 + major.profile.beta * this.#dollar);
  }

  #follow(cross: CrossProfile, time: number, quotes: ReferenceQuote[]): void {
    const first = this.#mids.get(cross.first) ?? 0;
    const second = this.#mids.get(cross.second) ?? 1;
    const mid = cross.operation === "multiply" ? first * second : first / second;
    this.#mids.set(cross.symbol, mid);
    const instrument = this.#instruments.get(cross.symbol);
    const quoted = this.#quotes.get(cross.symbol);
    if (instrument === undefined) return;
    if (quoted !== undefined && time - quoted.time < CROSS_MS) {
      const away = Math.abs(mid / Number(instrument.tickSize) - (quoted.bid + quoted.ask) / 2);
      if (away <= cross.spreadTicks / 4) return;
    }
    this.#quote(cross.symbol, time, cross.spreadTicks, quotes);
  }

  #quote(symbol: string, time: number, spread: number, quotes: ReferenceQuote[]): void {
    const instrument = this.#instruments.get(symbol);
    if (instrument === undefined) return;
    const mid = (this.#mids.get(symbol) ?? 0) / Number(instrument.tickSize);
    const bid = ticks(Math.max(1, Math.round(mid - spread / 2)));
    const sequence = (this.#quotes.get(symbol)?.sequence ?? 0) + 1;
    const quote = { symbol, sequence, time, bid, ask: ticks(bid + spread), due: time };
    this.#quotes.set(symbol, quote);
    quotes.push(quote);
  }
}
