/** Transitions of the book as drawings: each type, time in force, amend and cancel, on both sides. */
import { describe, expect, test } from "vitest";
import { scenario } from "../../reference/drawing.ts";

describe("price-time priority", () => {
  test("orders of one price trade first in, first out", () => {
    scenario(
      `
      sell 5 @ 101
      sell 3 @ 101
      sell 4 @ 102
      buy 7 @ 101
      → accepted 7, traded 5 @ 101 with 1, traded 2 @ 101 with 2
      `,
      `
      bid | price | ask
          |   102 | 4
          |   101 | 1
      `,
    );
  });

  test("a better price trades before an older order", () => {
    scenario(
      `
      buy 5 @ 98
      buy 5 @ 99
      buy 5 @ 97
      sell 12 @ 97
      → accepted 12, traded 5 @ 99 with 2, traded 5 @ 98 with 1, traded 2 @ 97 with 3
      `,
      `
      bid | price | ask
      3   |    97 |
      `,
    );
  });

  test("what doesn't trade rests at its own limit", () => {
    scenario(
      `
      sell 5 @ 100
      buy 8 @ 103
      → accepted 8, traded 5 @ 100 with 1, rested 3
      sell 2 @ 99
      → accepted 2, traded 2 @ 103 with 2
      `,
      `
      bid | price | ask
      1   |   103 |
      `,
    );
  });

  test("a partly filled maker keeps its place", () => {
    scenario(
      `
      buy 5 @ 100
      buy 5 @ 100
      sell 2 @ 100
      sell 4 @ 100
      → accepted 4, traded 3 @ 100 with 1, traded 1 @ 100 with 2
      `,
      `
      bid | price | ask
      4   |   100 |
      `,
    );
  });
});

describe("time in force", () => {
  test("IOC: what doesn't trade at once expires", () => {
    scenario(
      `
      sell 5 @ 100
      sell 5 @ 101
      buy 8 @ 100 IOC
      → accepted 8, traded 5 @ 100 with 1, expired 3
      sell 8 @ 100 IOC
      → accepted 8, expired 8
      `,
      `
      bid | price | ask
          |   101 | 5
      `,
    );
  });

  test("FOK: whole or not at all", () => {
    scenario(
      `
      sell 5 @ 100
      sell 5 @ 101
      sell 5 @ 102
      buy 11 @ 101 FOK
      → accepted 11, expired 11
      buy 10 @ 101 FOK
      → accepted 10, traded 5 @ 100 with 1, traded 5 @ 101 with 2
      buy 6 market FOK
      → accepted 6, expired 6
      sell 1 @ 1 FOK
      → accepted 1, expired 1
      `,
      `
      bid | price | ask
          |   102 | 5
      `,
    );
  });

  test("a market order takes any price and never rests", () => {
    scenario(
      `
      buy 3 market
      → accepted 3, expired 3
      buy 5 @ 1
      buy 5 @ 2147483647
      sell 20 market
      → accepted 20, traded 5 @ 2147483647 with 3, traded 5 @ 1 with 2, expired 10
      `,
      "bid | price | ask",
    );
  });

  test("post-only never takes", () => {
    scenario(
      `
      sell 5 @ 100
      buy 1 @ 100 postOnly
      → rejected postOnlyWouldTrade
      buy 1 @ 99 postOnly
      → accepted 1, rested 1
      buy 1 @ 99 IOC postOnly
      → rejected postOnlyNotAllowed
      buy 1 market postOnly
      → rejected postOnlyNotAllowed
      buy 1 market GTC
      → rejected timeInForceNotAllowed
      buy 0 @ 5
      → rejected quantityBelowMinimum
      buy 1 @ 0
      → rejected priceMissing
      buy 1 @ 2147483648
      → rejected priceOutOfRange
      `,
      `
      bid | price | ask
          |   100 | 5
      1   |    99 |
      `,
    );
  });
});

describe("cancel", () => {
  test("first, middle and last of a queue, and only by its account", () => {
    scenario(
      `
      buy 1 @ 100
      buy 2 @ 100
      buy 3 @ 100
      buy 4 @ 100
      cancel 2
      → cancelled 2
      cancel 1
      → cancelled 1
      cancel 4 by 2
      → rejected orderUnknown
      cancel 4
      → cancelled 4
      cancel 4
      → rejected orderUnknown
      cancel 9
      → rejected orderUnknown
      `,
      `
      bid | price | ask
      3   |   100 |
      `,
    );
  });

  test("the best level gone, the next one is best, however far", () => {
    const machine = scenario(
      `
      sell 1 @ 1000
      sell 1 @ 2147483647
      buy 1 @ 999
      buy 1 @ 1
      cancel 1
      cancel 3
      `,
      `
      bid | price      | ask
          | 2147483647 | 1
      1   |          1 |
      `,
    );
    expect(machine.bestBid).toBe(1);
    expect(machine.bestAsk).toBe(2 ** 31 - 1);
  });
});

describe("amend", () => {
  test("a smaller size keeps its place, a larger one goes to the back", () => {
    scenario(
      `
      buy 5 @ 100
      buy 6 @ 100
      buy 7 @ 100
      amend 1 to 4
      → amended 1 from 5 @ 100 to 4 @ 100
      amend 2 to 8 @ 100
      → amended 2 from 6 @ 100 to 8 @ 100
      amend 3
      → amended 3 from 7 @ 100 to 7 @ 100
      `,
      `
      bid       | price | ask
      4 + 7 + 8 |   100 |
      `,
    );
  });

  test("the size is the total, what is filled included", () => {
    scenario(
      `
      buy 10 @ 100
      sell 4 @ 100
      amend 1 to 5
      → amended 1 from 6 @ 100 to 1 @ 100
      amend 1 @ 99
      → amended 1 from 1 @ 100 to 1 @ 99
      amend 1 to 7
      → amended 1 from 1 @ 99 to 3 @ 99
      `,
      `
      bid | price | ask
      3   |    99 |
      `,
    );
  });

  test("a size that is filled already closes the order, whatever its price would be", () => {
    scenario(
      `
      buy 10 @ 100
      sell 4 @ 100
      sell 5 @ 102
      amend 1 to 4 @ 102
      → cancelled 6
      buy 10 @ 100
      sell 4 @ 100
      amend 4 to 3
      → cancelled 6
      amend 4 to 5
      → rejected orderUnknown
      `,
      `
      bid | price | ask
          |   102 | 5
      `,
    );
  });

  test("a price that crosses trades as taker; what is left rests there", () => {
    scenario(
      `
      sell 5 @ 101
      buy 8 @ 99
      buy 1 @ 99
      amend 2 @ 101
      → amended 2 from 8 @ 99 to 0 @ 101, traded 5 @ 101 with 1, rested 3
      sell 9 @ 103
      amend 4 to 2 @ 101
      → amended 4 from 9 @ 103 to 0 @ 101, traded 2 @ 101 with 2
      `,
      `
      bid | price | ask
      1   |   101 |
      1   |    99 |
      `,
    );
  });

  test("refusals leave the order as it was", () => {
    scenario(
      `
      sell 5 @ 101
      buy 5 @ 99 postOnly
      amend 2 @ 101
      → rejected postOnlyWouldTrade
      amend 2 to 3 by 2
      → rejected orderUnknown
      amend 2 @ 100
      → amended 2 from 5 @ 99 to 5 @ 100
      amend 2 @ 2147483648
      → rejected priceOutOfRange
      `,
      `
      bid | price | ask
          |   101 | 5
      5   |   100 |
      `,
    );
  });
});
