/**
 * An account's margin level in doubles, good enough to say that nothing has come to pass: what is not surely
 * so is asked of the exact valuation. Every term is a product of numbers that doubles hold to 53 bits, so the
 * sums are off by less than SLACK of what was added up, and by some money units that the exact one rounds.
 *
 * Admitted worst case: accounts that hedge, whose margin nets over currencies, or that hold instruments with
 * margin tiers, are always valued exactly.
 */
import type { Account } from "../account.ts";
import type { Conversion } from "../position/conversion.ts";
import type { Marks } from "../position/marks.ts";
import { NO_CLAIMS, worstOf } from "../position/worst.ts";
import { DEFAULT_KIND, DEFAULT_PROFILE } from "../profile.ts";

const SLACK = 1e-11;
/** Money units that rounding may make, in all. */
const ROUNDED = 1_000;

/** Prices and rates as doubles, each worked out once a look. */
export class Board {
  readonly #conversion: Conversion;
  readonly #marks: Marks;
  readonly #columns = new Map<string, number>();
  readonly #readers: (() => number)[] = [];
  values = new Float64Array(0);

  constructor(conversion: Conversion, marks: Marks) {
    this.#conversion = conversion;
    this.#marks = marks;
  }

  /** NaN where there is no rate. */
  rate(from: string, to: string): number {
    return this.#column(`${from}>${to}`, () => {
      const rate = this.#conversion.rate(from, to);
      return rate === undefined ? Number.NaN : Number(rate.numerator) / Number(rate.denominator);
    });
  }

  price(market: number, side: "buy" | "sell"): number {
    return this.#column(`${market}${side}`, () => this.#marks.closing(market, side) || Number.NaN);
  }

  refresh(): void {
    if (this.values.length < this.#readers.length) this.values = new Float64Array(this.#readers.length);
    for (const [index, read] of this.#readers.entries()) this.values[index] = read();
  }

  #column(name: string, read: () => number): number {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const column = this.#readers.push(read) - 1;
    this.#columns.set(name, column);
    return column;
  }
}

export class Sketch {
  readonly account: Account;
  /** Markets whose marks move its level. */
  readonly markets: ReadonlySet<number>;
  readonly isExact: boolean;
  low = 0;
  high = 0;
  /** Columns and factors: cash (rate, amount), positions (price, rate, value per tick, cost), margin. */
  readonly #cash: number[] = [];
  readonly #positions: number[] = [];
  readonly #margin: number[] = [];

  constructor(account: Account, conversion: Conversion, board: Board) {
    this.account = account;
    const { currency: home } = account;
    const markets = new Set<number>();
    const rate = (from: string) => {
      for (const market of conversion.marketsOf(from, home)) markets.add(market);
      return board.rate(from, home);
    };
    for (const [currency, amount] of account.balances) {
      if (amount !== 0n) this.#cash.push(rate(currency), Number(account.free(currency)));
    }
    for (const exposure of account.exposures.values()) {
      const { instrument, lots, cost } = exposure;
      const worst = worstOf(exposure, NO_CLAIMS).gross;
      if (worst === 0 || instrument.settlement === "spot") continue;
      const { number, base, quote, valuePerTickLot, baseMoneyPerLot } = instrument;
      markets.add(number);
      this.#margin.push(rate(base), (worst * Number(baseMoneyPerLot)) / account.leverage);
      if (lots === 0) continue;
      const price = board.price(number, lots > 0 ? "sell" : "buy");
      this.#positions.push(price, rate(quote), lots * Number(valuePerTickLot), Number(cost));
    }
    this.markets = this.#margin.length === 0 ? new Set() : markets;
    const tiered = [...account.exposures.values()].some(
      ({ instrument }) => instrument.marginTiers !== undefined,
    );
    const { marginMode } = account.profile;
    const plain = account.kind === DEFAULT_KIND && marginMode === DEFAULT_PROFILE.marginMode;
    this.isExact = tiered || !plain;
  }

  /** Whether the level is surely within `low` and `high`. */
  isQuiet(values: Float64Array): boolean {
    let equity = 0;
    let gross = ROUNDED;
    const [cash, positions, margin] = [this.#cash, this.#positions, this.#margin];
    for (let at = 0; at < cash.length; at += 2) {
      const worth = (cash[at + 1] ?? 0) * (values[cash[at] ?? 0] ?? 0);
      equity += worth;
      gross += Math.abs(worth);
    }
    for (let at = 0; at < positions.length; at += 4) {
      const rate = values[positions[at + 1] ?? 0] ?? 0;
      const value = (positions[at + 2] ?? 0) * (values[positions[at] ?? 0] ?? 0) * rate;
      const cost = (positions[at + 3] ?? 0) * rate;
      equity += value - cost;
      gross += Math.abs(value) + Math.abs(cost);
    }
    let used = ROUNDED * SLACK;
    for (let at = 0; at < margin.length; at += 2) {
      used += (margin[at + 1] ?? 0) * (values[margin[at] ?? 0] ?? 0);
    }
    const slack = 1_000 * (gross * SLACK + ROUNDED);
    const level = equity * 1_000;
    const room = this.low * (used + ROUNDED) * (1 + SLACK);
    if (!(level - slack > room)) return false;
    return this.high === Number.POSITIVE_INFINITY || level + slack < this.high * used * (1 - SLACK);
  }
}
