/** The checks before an order, each with the numbers just inside and just outside. */
import { beforeEach, describe, expect, test } from "vitest";
import { defineInstrument } from "../../../../engine/instrument.ts";
import { OPEN_ORDERS_PER_ACCOUNT_MAX } from "../../../../engine/limits.ts";
import { type AccountId, lots, money, ticks } from "../../../../engine/units.ts";
import { accountsOf, EURUSD, USD_1, USDJPY, Venue } from "../venue.ts";

const LIMITED = defineInstrument({
  symbol: "GBPUSD",
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
  positionLimit: "100000",
  number: 5,
});
const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
let venue: Venue;

/** Quotes `ticks` ± 10. */
function quote(instrument: typeof EURUSD, middle: number) {
  venue.place(maker, instrument, { side: "buy", lots: 100, ticks: middle - 10 });
  venue.place(maker, instrument, { side: "sell", lots: 100, ticks: middle + 10 });
}

function deposit(amount: bigint) {
  const stated = { account: trader, currency: "USD", amount: money(amount), reference: "" };
  venue.record(0, { kind: "deposit", time: venue.now(), ...stated });
}

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY, LIMITED], 1);
  venue.open(maker, { liquidity: true, leverage: 1_000, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 1_000n * USD_1, leverage: 30 });
});

const decide = (side: "buy" | "sell", size: number, price: number, market = EURUSD.number) =>
  venue.machineOf(trader).decide(venue.request(trader, market, { side, lots: size, ticks: price }));

describe("margin", () => {
  beforeEach(() => quote(EURUSD, 110_000));

  test("takes the worst exposure at the middle over leverage, rounded up", () => {
    // EUR 10,000 × 1.10000 ÷ 30 = 366.666…
    expect(decide("buy", 10, 100_000)).toEqual({ reserved: 36_666_666_667n });
  });

  test("passes at exactly what is free, and not one lot beyond", () => {
    // 1,000 × 30 ÷ 1,100 = 27.27… lots
    expect(decide("buy", 27, 100_000)).toEqual({ reserved: 99_000_000_000n });
    expect(decide("buy", 28, 100_000)).toBe("marginInsufficient");
  });

  test("counts orders on their way, either side by itself", () => {
    venue.send(venue.request(trader, EURUSD.number, { side: "buy", lots: 20, ticks: 100_000 }));
    expect(decide("buy", 8, 100_000)).toBe("marginInsufficient");
    expect(decide("sell", 20, 120_000)).toEqual({ reserved: 0n });
    venue.deliverAll();
    expect(decide("buy", 8, 100_000)).toBe("marginInsufficient");
    expect(venue.machineOf(trader).summary(trader)).toMatchObject({
      equity: 1_000n * USD_1,
      marginUsed: 73_333_333_334n,
      freeMargin: 26_666_666_666n,
    });
    venue.check();
  });

  test("lets a losing account close, and nothing else", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 25 });
    venue.place(maker, EURUSD, { side: "sell", lots: 100, ticks: 109_990 });
    quote(EURUSD, 105_000);
    expect(venue.machineOf(trader).summary(trader).equity).toBeLessThan(0n);
    expect(decide("buy", 1, 105_010)).toBe("marginInsufficient");
    expect(decide("sell", 25, 104_990)).toEqual({ reserved: 0n });
    expect(decide("sell", 50, 104_990)).toEqual({ reserved: 0n });
    expect(decide("sell", 51, 104_990)).toBe("marginInsufficient");
    venue.place(trader, EURUSD, { side: "sell", lots: 25 });
    expect(decide("buy", 1, 105_010)).toBe("balanceInsufficient");
    venue.check();
  });
});

describe("amends reserve the larger side", () => {
  beforeEach(() => quote(EURUSD, 110_000));

  test("until their record arrives", () => {
    const order = venue.place(trader, EURUSD, { lots: 10, ticks: 100_000 });
    const machine = venue.machineOf(trader);
    expect(machine.decideAmend(order, lots(28), ticks(0))).toBe("marginInsufficient");
    expect(machine.decideAmend(order, lots(5), ticks(90_000))).toEqual({ reserved: 0n });
    expect(venue.sendAmend(order, 20, 0)).toEqual({ reserved: 36_666_666_667n });
    expect(decide("buy", 8, 100_000)).toBe("marginInsufficient");
    machine.check();
    venue.deliverAll();
    expect(machine.summary(trader).marginUsed).toBe(73_333_333_334n);
    venue.sendAmend(order, 5, 0);
    expect(decide("buy", 8, 100_000)).toBe("marginInsufficient");
    venue.deliverAll();
    expect(decide("buy", 8, 100_000)).toEqual({ reserved: 29_333_333_333n });
    venue.check();
  });
});

describe("limits and marks", () => {
  test("a market that was never quoted has no mark, but liquidity may begin it", () => {
    expect(decide("buy", 1, 110_000)).toBe("markMissing");
    expect(venue.place(maker, EURUSD, { lots: 1, ticks: 110_000 }).status).toBe("open");
    expect(decide("buy", 1, 110_000)).toEqual({ reserved: 3_666_666_667n });
  });

  test("profit in a currency that cannot be converted is no ground to trade on", () => {
    expect(decide("buy", 1, 110_000, USDJPY.number)).toBe("markMissing");
    quote(USDJPY, 110_000);
    expect(decide("buy", 1, 110_000, USDJPY.number)).toEqual({ reserved: 3_333_333_334n });
  });

  test("the position limit counts position and open orders", () => {
    quote(LIMITED, 130_000);
    deposit(100_000n * USD_1);
    venue.place(trader, LIMITED, { side: "buy", lots: 30 });
    venue.place(trader, LIMITED, { side: "buy", lots: 10, ticks: 120_000 });
    expect(decide("buy", 60, 120_000, LIMITED.number)).toMatchObject({ reserved: expect.any(BigInt) });
    expect(decide("buy", 61, 120_000, LIMITED.number)).toBe("positionLimit");
    expect(decide("sell", 130, 140_000, LIMITED.number)).toMatchObject({ reserved: expect.any(BigInt) });
    expect(decide("sell", 131, 140_000, LIMITED.number)).toBe("positionLimit");
  });

  test("open orders are limited, those on their way included, before anything else is asked", () => {
    quote(EURUSD, 110_000);
    deposit(100_000n * USD_1);
    for (let count = 0; count < OPEN_ORDERS_PER_ACCOUNT_MAX; count++) {
      expect(decide("buy", 1, 110_000, USDJPY.number)).toBe("markMissing");
      venue.send(venue.request(trader, EURUSD.number, { side: "buy", lots: 1, ticks: 100_000 }));
      if (count === OPEN_ORDERS_PER_ACCOUNT_MAX / 2) venue.deliverAll();
    }
    expect(decide("buy", 1, 110_000, USDJPY.number)).toBe("openOrdersLimit");
    venue.deliverAll();
    expect(decide("buy", 1, 110_000, USDJPY.number)).toBe("openOrdersLimit");
    venue.check();
  });

  test("holds that are dropped claim nothing any more", () => {
    quote(EURUSD, 110_000);
    venue.send(venue.request(trader, EURUSD.number, { side: "buy", lots: 27, ticks: 100_000 }));
    expect(decide("buy", 27, 100_000)).toBe("marginInsufficient");
    venue.machineOf(trader).dropHolds();
    expect(decide("buy", 27, 100_000)).toEqual({ reserved: 99_000_000_000n });
    venue.machineOf(trader).check();
  });
});
