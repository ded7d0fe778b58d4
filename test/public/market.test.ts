/**
 * What the dashboard works out by itself: depth, margin, profit, checks before sending, where candles begin.
 */
import { describe, expect, test } from "vitest";
import { PHASES as ENGINE_PHASES } from "../../engine/market/phase.ts";
import type { Position } from "../../public/src/client/account-wire.ts";
import { decodeListing, decodePosition, decodeTicker } from "../../public/src/client/decoding.ts";
import { decodeOrdersMessage, decodeStatistics } from "../../public/src/client/market-wire.ts";
import type { Ticker } from "../../public/src/client/wire.ts";
import { formatDecimal } from "../../public/src/decimal.ts";
import { Depth } from "../../public/src/market/depth.ts";
import { estimate } from "../../public/src/market/estimate.ts";
import { candleStart } from "../../public/src/market/granularity.ts";
import {
  changeInPercent,
  instrumentOf,
  pipsBetween,
  priceParts,
  stepPrice,
  stepQuantity,
} from "../../public/src/market/instrument.ts";
import { type Draft, newDraft } from "../../public/src/market/order-draft.ts";
import { OrderQueue } from "../../public/src/market/order-queue.ts";
import { isCall, PHASES, phaseInWords } from "../../public/src/market/phase-words.ts";
import { checkDraft } from "../../public/src/market/ticket-checks.ts";
import { convert, marginLevel, marginOf, profitOf } from "../../public/src/market/valuation.ts";

const steps = { lotStep: "1000", minimumQuantity: "1000", maximumQuantity: "50000000" };
const eurusd = instrumentOf(
  decodeListing({ symbol: "EURUSD", tickSize: "0.00001", pipSize: "0.0001", ...steps }),
);
const usdjpy = instrumentOf(
  decodeListing({ symbol: "USDJPY", tickSize: "0.001", pipSize: "0.01", ...steps }),
);

const quotes = new Map<string, Ticker>(
  [
    ["EURUSD", "1.10000", "1.10010"],
    ["USDJPY", "150.000", "150.010"],
    ["EURGBP", "0.85000", "0.85010"],
    ["GBPUSD", "1.27000", "1.27010"],
  ].map(([symbol = "", bid = "", ask = ""]) => [symbol, decodeTicker({ symbol, bid, ask })]),
);
const tickerOf = (symbol: string) => quotes.get(symbol);
const dollars = (money: bigint | undefined) => (money === undefined ? undefined : formatDecimal(money, 8));

describe("prices for reading", () => {
  test("the pips are the two digits before the fraction", () => {
    expect(priceParts(eurusd, "1.10503")).toEqual({ figure: "1.10", pips: "50", fraction: "3" });
    expect(priceParts(usdjpy, "154.273")).toEqual({ figure: "154.", pips: "27", fraction: "3" });
  });

  test("spread and change", () => {
    expect(pipsBetween(eurusd, "1.10503", "1.10505")).toBe("0.2");
    expect(pipsBetween(usdjpy, "150.000", "150.015")).toBe("1.5");
    expect(changeInPercent(eurusd, "1.10000", "-0.01100")).toBe("-0.99");
    expect(changeInPercent(eurusd, "1.10000", "1.10000")).toBeUndefined();
  });

  test("steps stay on the tick and within the limits", () => {
    expect(stepPrice(eurusd, "1.10503", 1)).toBe("1.10504");
    expect(stepPrice(eurusd, "0.00001", -1)).toBe("0.00001");
    expect(stepQuantity(eurusd, "10000", 10)).toBe("20000");
    expect(stepQuantity(eurusd, "1000", -1)).toBe("1000");
    expect(stepQuantity(eurusd, "50000000", 1)).toBe("50000000");
  });
});

describe("depth", () => {
  const depth = new Depth(5, 0);
  depth.replace({
    time: undefined,
    bids: [
      ["1.10000", "3000", 2],
      ["1.09999", "1000", 1],
    ],
    asks: [
      ["1.10002", "2000", 1],
      ["1.10003", "4000", 1],
    ],
  });

  test("levels are sorted from the best and summed", () => {
    expect(depth.view(9).bids.map(({ price, cumulative }) => [price, cumulative])).toEqual([
      ["1.10000", 3000n],
      ["1.09999", 4000n],
    ]);
    expect(depth.view(1).asks).toHaveLength(1);
  });

  test("a changed level replaces, zero removes, whatever zeros the price ends in", () => {
    depth.change({ time: undefined, bids: [["1.1", "0", 0]], asks: [["1.10002", "500", 1]] });
    expect(depth.view(9).bids.map(({ price }) => price)).toEqual(["1.09999"]);
    expect(depth.view(9).asks[0]?.quantity).toBe(500n);
  });

  test("a market order's price is the average down the book", () => {
    const { asks } = depth.view(9);
    expect(estimate(eurusd, asks, "1000")).toEqual({ price: "1.10003", complete: true });
    expect(estimate(eurusd, asks, "9000")).toEqual({ price: "1.10003", complete: false });
    expect(estimate(eurusd, [], "1000")).toBeUndefined();
  });
});

describe("order by order", () => {
  const queue = new OrderQueue(5);
  const rows = () => queue.view(9).bids.map(({ id, price, quantity }) => `${id} ${quantity} @ ${price}`);
  queue.replace(
    decodeOrdersMessage({
      bids: [
        ["1", "1.10000", "2000"],
        ["2", "1.10000", "1000"],
        ["3", "1.09999", "5000"],
      ],
      asks: [["4", "1.10010", "1000"]],
    }),
  );

  test("best price first, at one price whoever came first", () => {
    expect(rows()).toEqual(["1 2000 @ 1.10000", "2 1000 @ 1.10000", "3 5000 @ 1.09999"]);
  });

  test("a smaller size keeps its place, the last place and zero are as told", () => {
    queue.change(decodeOrdersMessage({ bids: [["1", "1.10000", "1000"]] }));
    expect(rows()[0]).toBe("1 1000 @ 1.10000");
    queue.change(
      decodeOrdersMessage({
        bids: [
          ["1", "1.10000", "3000", true],
          ["3", "1.09999", "0"],
          ["5", "1.10001", "1000", true],
        ],
      }),
    );
    expect(rows()).toEqual(["5 1000 @ 1.10001", "2 1000 @ 1.10000", "1 3000 @ 1.10000"]);
    expect(queue.view(1).bids).toHaveLength(1);
    expect(queue.view(9).asks.map(({ id }) => id)).toEqual(["4"]);
  });
});

test("a day without trades has no prices, and a phase that is not known yet is shown", () => {
  const { phase, open, volume } = decodeStatistics({ phase: "new-phase", volume: "0", trades: 0 });
  expect([phaseInWords(phase), open, volume]).toEqual(["New phase", undefined, "0"]);
  expect(isCall("volatility-auction")).toBe(true);
  expect(new Set(PHASES)).toEqual(new Set(ENGINE_PHASES));
});

describe("money", () => {
  test("conversion goes by the pair, its inverse, or through the dollar", () => {
    const hundred = 100n * 10n ** 8n;
    expect(dollars(convert(hundred, "EUR", "USD", tickerOf))).toBe("110.00500000");
    expect(dollars(convert(1_500_050n * 10n ** 6n, "JPY", "USD", tickerOf))).toBe("100.00000000");
    expect(dollars(convert(hundred, "EUR", "JPY", tickerOf))).toBe("16501.30002500");
    expect(convert(hundred, "EUR", "CHF", tickerOf)).toBeUndefined();
  });

  test("margin is the value in the account's currency over the leverage", () => {
    expect(dollars(marginOf(usdjpy, "30000", "30", "USD", tickerOf))).toBe("1000.00000000");
    expect(dollars(marginOf(eurusd, "30000", "30", "USD", tickerOf))).toBe("1100.05000000");
  });

  test("a long is marked by the bid, a short by the ask, in the account's currency", () => {
    const position = (symbol: string, quantity: string, averagePrice: string): Position =>
      decodePosition({ symbol, quantity, averagePrice });
    expect(dollars(profitOf(eurusd, position("EURUSD", "10000", "1.099000"), "USD", tickerOf))).toBe(
      "10.00000000",
    );
    expect(dollars(profitOf(eurusd, position("EURUSD", "-10000", "1.099000"), "USD", tickerOf))).toBe(
      "-11.00000000",
    );
    expect(dollars(profitOf(usdjpy, position("USDJPY", "150005", "149.0000"), "USD", tickerOf))).toBe(
      "1000.00000000",
    );
  });

  test("no level without margin", () => {
    expect(marginLevel(1_000n, 0n)).toBeUndefined();
    expect(marginLevel(1_000n, 300n)).toBe(3_333n);
  });
});

describe("checks before sending", () => {
  const limit: Draft = {
    ...newDraft(),
    type: "limit",
    quantity: "10,000",
    price: "1.10500",
    timeInForce: "GTC",
  };
  test.each<[string, Partial<Draft>, string[]]>([
    ["a good limit order", {}, []],
    ["a good market order", { type: "market", price: "", timeInForce: "IOC" }, []],
    ["an odd size", { quantity: "1500" }, ["quantityNotMultiple"]],
    ["no size", { quantity: "0" }, ["quantityBelowMinimum"]],
    ["a huge size", { quantity: "50001000" }, ["quantityAboveMaximum"]],
    ["a word for a size", { quantity: "ten" }, ["quantityNotMultiple"]],
    ["no price", { price: " " }, ["priceMissing"]],
    ["a price between ticks", { price: "1.105001" }, ["priceNotMultiple"]],
    ["a price of nothing", { price: "0" }, ["priceOutOfRange"]],
    [
      "all at once, in the venue's order",
      { quantity: "1", price: "" },
      ["quantityNotMultiple", "priceMissing"],
    ],
  ])("%s", (_, change, codes) => {
    expect(checkDraft(eurusd, { ...limit, ...change }, 0).map(({ code }) => code)).toEqual(codes);
  });
});

describe("candles begin", () => {
  test.each([
    ["M5", "2026-01-05T10:07:59.999Z", "2026-01-05T10:05:00.000Z"],
    ["H4", "2026-01-05T23:59:00.000Z", "2026-01-05T20:00:00.000Z"],
    ["D1", "2026-01-05T21:59:59.999Z", "2026-01-04T22:00:00.000Z"],
    ["D1", "2026-01-05T22:00:00.000Z", "2026-01-05T22:00:00.000Z"],
    ["D1", "2026-07-01T20:59:00.000Z", "2026-06-30T21:00:00.000Z"],
    // The clocks of New York go forward on 8 March and back on 1 November 2026.
    ["D1", "2026-03-08T12:00:00.000Z", "2026-03-07T22:00:00.000Z"],
    ["D1", "2026-03-08T21:00:00.000Z", "2026-03-08T21:00:00.000Z"],
    ["D1", "2026-11-01T12:00:00.000Z", "2026-10-31T21:00:00.000Z"],
    ["D1", "2026-11-01T21:30:00.000Z", "2026-10-31T21:00:00.000Z"],
  ] as const)("%s of %s at %s", (granularity, time, start) => {
    expect(new Date(candleStart(granularity, Date.parse(time))).toISOString()).toBe(start);
  });
});
