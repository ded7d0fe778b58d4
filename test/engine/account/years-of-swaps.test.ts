/**
 * Real prices over eleven years: the European Central Bank's reference rates, and the EURUSD ticks of May
 * 2014 where there are any, make the marks of a simulated account that carries two positions. Its swaps are
 * those of the value dates, its equity that of the marks, and its statement adds up to the last unit.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ChargeSettings } from "../../../engine/account/charge/charge-desk.ts";
import { DAY_MS, formatDate, parseDate } from "../../../engine/calendar/civil-date.ts";
import { rolloverOf } from "../../../engine/calendar/rollover.ts";
import { nextTradeDate, valueDate } from "../../../engine/calendar/value-date.ts";
import type { Instrument } from "../../../engine/instrument.ts";
import type { Transaction } from "../../../engine/ledger/transaction.ts";
import type { AccountId, Days } from "../../../engine/units.ts";
import { type EcbDay, readEcbRates } from "../../ecb-rates.ts";
import { sharedFile } from "../../shared-data.ts";
import { cutLog } from "./random-money.ts";
import { accountsOf, EURUSD, USD_1, USDJPY, Venue } from "./venue.ts";

const ECB = sharedFile("fx/ecb-eurofxref-hist.zip");
const TICK_DAYS = ["2014-05-01", "2014-05-02", "2014-05-04"];
const TICKS = new Map(
  TICK_DAYS.map(date => [date, sharedFile(`fx/eurusd-ticks-${date.replaceAll("-", "")}.csv`)]),
);
const [FROM, UNTIL] = ["2010-01-04", "2020-12-31"].map(date => parseDate(date) ?? (0 as Days)) as [
  Days,
  Days,
];
/** Points of these instruments, whose pip is their tick: long EURUSD pays 6.5, short USDJPY pays 1.6. */
const SETTINGS: ChargeSettings = {
  points: new Map([
    [EURUSD.number, { long: -650_000_000n, short: 200_000_000n }],
    [USDJPY.number, { long: 90_000_000n, short: -160_000_000n }],
  ]),
  swapFree: new Map(),
  volumeCurrency: "USD",
  tierFor: () => 0,
};
/** A lot of 100,000 long EURUSD, half a lot short USDJPY. */
const [LONG, SHORT] = [100, 50];

class Simulation {
  readonly venue = new Venue([EURUSD, USDJPY], 1);
  readonly client: AccountId;
  readonly #provider: AccountId;
  readonly statement: Transaction[] = [];
  readonly marks = new Map<number, readonly [bid: number, ask: number]>();

  constructor() {
    [this.client = 1 as AccountId, this.#provider = 2 as AccountId] = accountsOf(0, 1, 2);
    this.goTo(FROM * DAY_MS);
    this.venue.open(this.client, { deposit: 1_000_000n * USD_1 });
    this.venue.open(this.#provider, { deposit: 100_000_000n * USD_1, liquidity: true, leverage: 500 });
  }

  goTo(time: number): void {
    this.venue.wait(Math.max(0, time - this.venue.now() - 1));
  }

  quote(instrument: Instrument, bid: number, ask: number): void {
    this.venue.sendPlain(this.#provider, instrument, { kind: "massCancel" });
    this.venue.place(this.#provider, instrument, { side: "buy", lots: 200, ticks: bid });
    this.venue.place(this.#provider, instrument, { side: "sell", lots: 200, ticks: ask });
    this.marks.set(instrument.number, [bid, ask]);
  }

  quoteDay({ rates }: EcbDay): void {
    const [dollars, yen] = [Number(rates.get("USD")), Number(rates.get("JPY"))];
    const [middle, other] = [Math.round(dollars * 100_000), Math.round((yen / dollars) * 1_000)];
    this.quote(EURUSD, middle - 1, middle + 1);
    this.quote(USDJPY, other - 1, other + 1);
  }

  /** Takes both positions; returns their prices. */
  open(): readonly [number, number] {
    const { venue, client, marks } = this;
    const prices = [marks.get(EURUSD.number)?.[1] ?? 0, marks.get(USDJPY.number)?.[0] ?? 0] as const;
    venue.place(client, EURUSD, { side: "buy", lots: LONG, ticks: prices[0] });
    venue.place(client, USDJPY, { side: "sell", lots: SHORT, ticks: prices[1] });
    return prices;
  }

  rollOver(day: Days): void {
    const machine = this.venue.machineOf(this.client);
    this.goTo(rolloverOf(day));
    for (const record of machine.charges.planRollover(day, this.venue.now(), SETTINGS)) {
      this.venue.record(0, record);
    }
    cutLog(this.venue, machine);
    const changes = machine.takeChanges();
    this.statement.push(...changes.transactions);
    machine.documented(changes);
  }

  cash(currency: string): bigint {
    const balances = this.venue.machineOf(this.client).money.balances(this.client);
    return balances.find(balance => balance.currency === currency)?.total ?? 0n;
  }

  /** What the account is worth, worked out from the marks: each part rounded down to the unit. */
  worth(entry: readonly [number, number]): bigint {
    const [[bid], [otherBid, otherAsk]] = [EURUSD, USDJPY].map(({ number }) => this.marks.get(number)) as [
      [number, number],
      [number, number],
    ];
    // A tick of a lot step of 1,000 is 0.01 USD, or 1 JPY; a dollar is (bid + ask) ÷ 2,000 yen.
    const dollars = (yen: bigint) => {
      const [numerator, denominator] = [yen * 2_000n, BigInt(otherBid + otherAsk)];
      return numerator / denominator - (numerator < 0n && numerator % denominator !== 0n ? 1n : 0n);
    };
    const long = BigInt(LONG * (bid - entry[0])) * (USD_1 / 100n);
    const short = BigInt(SHORT * (entry[1] - otherAsk)) * USD_1;
    return this.cash("USD") + long + dollars(this.cash("JPY")) + dollars(short);
  }

  equity(): bigint | undefined {
    return this.venue.machineOf(this.client).summary(this.client).equity;
  }
}

function ticksOf(date: string): [number, number][] {
  const file = TICKS.get(date);
  if (file === undefined) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const some = lines.filter((_line, index) => index % Math.ceil(lines.length / 100) === 0);
  return some.map(line => {
    const [, bid, ask] = line.split(",").map(Number);
    return [Math.round((bid ?? 0) * 100_000), Math.round((ask ?? 0) * 100_000)];
  });
}

/** Runs the years; `each` is asked after every change of the marks. */
function run(simulation: Simulation, each: (entry: readonly [number, number]) => void): void {
  const rates = readEcbRates(ECB ?? "").filter(({ day }) => day >= FROM && day <= UNTIL);
  const byDay = new Map(rates.map(rate => [rate.day, rate]));
  let entry: readonly [number, number] | undefined;
  let before = (FROM - 1) as Days;
  for (let day = FROM; day <= UNTIL; day = nextTradeDate(day)) {
    simulation.goTo(day * DAY_MS);
    const rate = byDay.get(day);
    if (rate !== undefined) simulation.quoteDay(rate);
    if (entry === undefined && rate !== undefined) {
      entry = simulation.open();
      simulation.quoteDay(rate);
    }
    // A Sunday's ticks are traded as Monday's.
    for (let date = before + 1; date <= day; date++) {
      for (const [bid, ask] of ticksOf(formatDate(date as Days))) {
        if (bid >= ask || entry === undefined) continue;
        simulation.quote(EURUSD, bid, ask);
        each(entry);
      }
    }
    before = day;
    simulation.rollOver(day);
    if (entry !== undefined) each(entry);
  }
}

describe.skipIf(ECB === undefined)("an account over eleven years of real prices", () => {
  test("pays each night once, is worth what the marks say, and its statement adds up", {
    timeout: 120_000,
  }, () => {
    const simulation = new Simulation();
    let compared = 0;
    run(simulation, entry => {
      compared++;
      expect(simulation.equity()).toBe(simulation.worth(entry));
    });
    expect(compared).toBeGreaterThan(2_800);
    const nights = (pair: Instrument) => valueDate(pair, nextTradeDate(UNTIL)) - valueDate(pair, FROM);
    // 100 steps × 0.01 USD × 6.5 a night; 50 steps × 1 JPY × 1.6 a night.
    expect(simulation.cash("USD")).toBe(1_000_000n * USD_1 - BigInt(nights(EURUSD)) * 650_000_000n);
    expect(simulation.cash("JPY")).toBe(-BigInt(nights(USDJPY)) * 80n * USD_1);
    for (const currency of ["USD", "JPY"]) {
      const entries = simulation.statement.filter(each => each.currency === currency);
      let balance = 0n;
      for (const { amount, balanceAfter } of entries) {
        balance += amount;
        expect(balanceAfter).toBe(balance);
      }
      expect(balance).toBe(simulation.cash(currency));
    }
    expect(simulation.statement.map(({ id }) => id)).toEqual(simulation.statement.map((_each, at) => at + 1));
    simulation.venue.check();
  });
});
