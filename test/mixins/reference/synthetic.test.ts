/** Synthetic prices: the same from the same seed, resumable, coherent, and alive. */
import { describe, expect, it } from "vitest";
import type { ReferenceQuote } from "../../../mixins/reference/reference-source.ts";
import { SyntheticSource } from "../../../mixins/reference/synthetic-source.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";

const START = Date.parse("2026-03-03T13:00:00Z");
const HOUR = 3_600_000;

function run(source: SyntheticSource, from: number, to: number, step = 1_000): ReferenceQuote[] {
  const quotes: ReferenceQuote[] = [];
  for (let now = from; now <= to; now += step) quotes.push(...source.take(now, 2_000));
  return quotes;
}

describe("the synthetic source", () => {
  it("gives the same quotes from the same seed, however often it is asked", () => {
    const often = run(new SyntheticSource(INSTRUMENTS, 7, START), START, START + 120_000, 20);
    const seldom = run(new SyntheticSource(INSTRUMENTS, 7, START), START, START + 120_000, 5_000);
    expect(seldom).toEqual(often);
    const other = run(new SyntheticSource(INSTRUMENTS, 8, START), START, START + 120_000);
    expect(other).not.toEqual(often);
  });

  it("repeats exactly what followed a stored state, then jumps over a long pause", () => {
    const source = new SyntheticSource(INSTRUMENTS, 7, START);
    run(source, START, START + 60_000);
    const state = JSON.parse(JSON.stringify(source.state()));
    const after = run(source, START + 60_000, START + 64_000);
    const resumed = new SyntheticSource(INSTRUMENTS, 7, START + HOUR, () => state);
    const repeated = resumed.take(START + HOUR, 2_000);
    expect(repeated.slice(0, after.length)).toEqual(after);
    expect(repeated.length).toBeLessThan(after.length * 2);
    const later = run(resumed, START + HOUR, START + HOUR + 2_000, 100);
    expect(later.length).toBeGreaterThan(9);
    expect(later.every(quote => quote.time >= START + HOUR)).toBe(true);
  });

  it("quotes each pair one to four times a second with sequences that have no gap", () => {
    const quotes = run(new SyntheticSource(INSTRUMENTS, 7, START), START, START + HOUR);
    for (const { symbol } of INSTRUMENTS) {
      const own = quotes.filter(quote => quote.symbol === symbol);
      expect(own.map(quote => quote.sequence)).toEqual(own.map((_, index) => index + 1));
      expect(own.length / 3_600).toBeGreaterThan(1);
      expect(own.length / 3_600).toBeLessThan(5);
    }
  });

  it("leaves nothing to earn on a way round three pairs", () => {
    const latest = new Map<string, ReferenceQuote>();
    const quotes = run(new SyntheticSource(INSTRUMENTS, 11, START), START, START + HOUR);
    for (const [index, quote] of quotes.entries()) {
      latest.set(quote.symbol, quote);
      expect(quote.ask).toBeGreaterThan(quote.bid);
      const next = quotes[index + 1];
      if (next?.time === quote.time) continue;
      const price = (symbol: string, side: "bid" | "ask") => {
        const unit = symbol.endsWith("JPY") ? 1e-3 : 1e-5;
        return (latest.get(symbol)?.[side] ?? Number.NaN) * unit;
      };
      const rounds = [
        price("EURGBP", "bid") * price("GBPUSD", "bid") - price("EURUSD", "ask"),
        price("EURUSD", "bid") - price("EURGBP", "ask") * price("GBPUSD", "ask"),
        price("EURUSD", "bid") * price("USDJPY", "bid") - price("EURJPY", "ask"),
        price("EURJPY", "bid") - price("EURUSD", "ask") * price("USDJPY", "ask"),
      ];
      for (const gain of rounds) expect(gain > 0).toBe(false);
    }
  });

  it("stays in reach of real prices for days, in clusters", () => {
    const [eurusd] = INSTRUMENTS;
    const source = new SyntheticSource(eurusd === undefined ? [] : [eurusd], 3, START);
    const moves: number[] = [];
    let last = 0;
    for (let now = START; now < START + 4 * 24 * HOUR; now += 9_000) {
      const quote = source.take(now, 2_000).at(-1);
      if (quote === undefined) continue;
      expect(quote.bid).toBeGreaterThan(90_000);
      expect(quote.bid).toBeLessThan(130_000);
      if (last > 0) moves.push(Math.abs(quote.bid - last));
      last = quote.bid;
    }
    const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
    let together = 0;
    let alone = 0;
    for (const [index, move] of moves.entries()) {
      const before = moves[index - 1] ?? mean;
      together += (move - mean) * (before - mean);
      alone += (move - mean) ** 2;
    }
    expect(together / alone).toBeGreaterThan(0.03);
  });
});
