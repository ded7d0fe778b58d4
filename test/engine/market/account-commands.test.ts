/** Commands about an account's orders: conditional cancels and mass cancels, as drawn scenarios. */
import { test } from "vitest";
import { scenario } from "../../reference/drawing.ts";

test("a cancel may want only an order that hasn't traded, or only one that has", () => {
  scenario(
    `
    sell 10 @ 101
    cancel 1 onlyIf partlyFilled
    → rejected orderNotPartlyFilled
    buy 4 @ 101 by 2
    cancel 1 onlyIf new
    → rejected orderNotNew
    cancel 1 onlyIf new by 2
    → rejected orderUnknown
    sell 5 @ 102
    cancel 3 onlyIf new
    → cancelled 5
    cancel 1 onlyIf partlyFilled
    → cancelled 6
    `,
    `bid | price | ask`,
  );
});

test("a replace may want only an order that has traded no more than its account knows", () => {
  scenario(
    `
    sell 10 @ 101
    replace 1 filled 2 by sell 10 @ 102
    → rejected orderHasTraded
    buy 4 @ 101 by 2
    replace 1 filled 0 by sell 10 @ 102
    → rejected orderHasTraded
    phase halted
    replace 1 filled 0 by sell 10 @ 102
    → rejected orderHasTraded
    phase continuous
    replace 9 filled 0 by sell 10 @ 102
    → rejected orderUnknown
    replace 1 filled 4 by sell 10 @ 102
    `,
    `bid | price | ask
         | 102 | 10`,
  );
});

test("a mass cancel takes out an account's orders wherever they are, in the order of their ids", () => {
  const orders = `
    buy 5 @ 99
    sell 6 market stop 95
    buy 7 @ 98 by 2
    sell 8 @ 103
    buy 9 @ 97 stop 105`;
  const book = `bid | price | ask
    7 | 98 |`;
  scenario(`${orders}\n massCancel\n → removed 5, removed 6, removed 8, removed 9\n massCancel\n →`, book);
  scenario(
    `${orders}\n massCancel sell\n → removed 6, removed 8\n massCancel buy\n → removed 5, removed 9`,
    book,
  );
});

test("a mass cancel is taken where cancels are", () => {
  scenario(
    `
    buy 5 @ 99
    phase halted
    massCancel
    → rejected phaseForbids
    phase opening-auction
    sell 4 market
    massCancel sell
    → removed 4
    phase cancel-only
    massCancel
    → removed 5
    `,
    `bid | price | ask`,
  );
});

test("a replace takes the next id, and its removal is told first", () => {
  scenario(
    `
    sell 5 @ 101
    buy 4 @ 99
    replace 1 by sell 6 @ 102
    → removed 5, accepted 6, rested 6
    cancel 3
    → cancelled 6
    replace 2 by buy 3 @ 99 by 2
    → rejected orderUnknown
    replaceAnyway 1 by buy 3 @ 98
    → rejected orderUnknown, accepted 3, rested 3
    buy 9 @ 90 stop 105
    replace 6 by buy 2 @ 97
    → removed 9, accepted 2, rested 2
    `,
    `bid | price | ask
     4 | 99 |
     3 | 98 |
     2 | 97 |`,
  );
});

test("where either is refused the old order keeps its place", () => {
  const queue = `
    sell 5 @ 101
    sell 6 @ 101 by 2
    sell 7 @ 101 by 3
    sell 3 @ 103 by 3
    buy 4 @ 99 by 3`;
  const book = `bid | price | ask
    | 103 | 3
    | 101 | 5 + 6 + 7
    4 | 99 |`;
  for (const why of ["postOnlyWouldTrade", "quantityBelowMinimum", "timeInForceNotAllowed"]) {
    const by = {
      postOnlyWouldTrade: "sell 5 @ 98 postOnly",
      quantityBelowMinimum: "sell 0 @ 102",
      timeInForceNotAllowed: "sell 5 market GTC",
    }[why];
    scenario(`${queue}\n replace 1 by ${by}\n → rejected ${why}`, book);
    scenario(`${queue}\n replace 2 by ${by} by 2\n → rejected ${why}`, book);
    scenario(`${queue}\n replace 3 by ${by} by 3\n → rejected ${why}`, book);
    scenario(`${queue}\n replace 4 by ${by} by 3\n → rejected ${why}`, book);
  }
  scenario(`${queue}\n phase cancel-only\n replace 1 by sell 5 @ 102\n → rejected phaseForbids`, book);
  scenario(
    `${queue}\n replaceAnyway 1 by sell 5 @ 98 postOnly\n → removed 5, rejected postOnlyWouldTrade`,
    book.replace("5 + 6", "6"),
  );
});

test("the new order doesn't meet the old one", () => {
  scenario(
    `
    sell 5 @ 101
    replace 1 by buy 5 @ 101 postOnly
    → removed 5, accepted 5, rested 5
    `,
    `bid | price | ask
     5 | 101 |`,
  );
});
