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
