/** The account's side of the dashboard: positions and what may be closed of them, money that moved. */
import { describe, expect, test } from "vitest";
import { TRANSACTION_KINDS } from "../../engine/ledger/transaction.ts";
import { accountInWords, marginNews } from "../../public/src/account-words.ts";
import {
  decodeAccount,
  decodeAccountMessage,
  decodeListing,
  decodePosition,
} from "../../public/src/client/decoding.ts";
import { decodeTransaction } from "../../public/src/client/money-wire.ts";
import { instrumentOf } from "../../public/src/market/instrument.ts";
import { closeProblem, isShort, keyOf, shareOf, sizeOf } from "../../public/src/market/position.ts";
import { kindInWords } from "../../public/src/money-words.ts";
import { signedMoney } from "../../public/src/order-words.ts";

const eurusd = instrumentOf(
  decodeListing({
    symbol: "EURUSD",
    tickSize: "0.00001",
    pipSize: "0.0001",
    lotStep: "1000",
    minimumQuantity: "2000",
    maximumQuantity: "50000000",
  }),
);

const position = (quantity: string, more: object = {}) =>
  decodePosition({ symbol: "EURUSD", quantity, averagePrice: "1.10500", realisedProfit: "0.00", ...more });

describe("positions", () => {
  test("are long or short, have a size and a key", () => {
    const short = position("-7000", { id: "42", openedAt: "2026-01-05T10:00:00Z" });
    expect([isShort(short), sizeOf(short), keyOf(short)]).toEqual([true, "7000", "42"]);
    const long = position("7000");
    expect([isShort(long), sizeOf(long), keyOf(long)]).toEqual([false, "7000", "EURUSD"]);
    expect(long.unrealisedProfit).toBe("0");
  });

  test.each([
    ["7000", 50, "3000"],
    ["7000", 25, "2000"],
    ["-7000", 75, "5000"],
    ["7000", 100, "7000"],
    ["1000", 25, "1000"],
  ])("of %s: %i per cent are %s, in whole lots", (quantity, perCent, share) => {
    expect(shareOf(eurusd, position(quantity), perCent)).toBe(share);
  });

  test.each([
    ["7,000", undefined],
    ["7500", "quantityNotMultiple"],
    ["0", "quantityBelowMinimum"],
    ["8000", "aboveWhole"],
    ["much", "quantityNotMultiple"],
  ])("closing %s of 7000 short: %s", (typed, problem) => {
    expect(closeProblem(eurusd, position("-7000"), typed)).toBe(problem);
  });

  test("come with the account's room", () => {
    const { positions, balances } = decodeAccountMessage({ positions: [position("1000")] });
    expect(positions).toHaveLength(1);
    expect(balances).toBeUndefined();
  });
});

describe("transactions", () => {
  test("are read, and each kind that the venue has is told in words", () => {
    const wire = {
      id: "3",
      kind: "swap",
      currency: "USD",
      amount: "-1.25",
      balanceAfter: "98.75",
      time: "t",
    };
    const times = { time: "2026-01-05T22:00:00.000Z", bookedAt: "2026-01-05T22:00:01.000Z" };
    expect(decodeTransaction({ ...wire, ...times })).toEqual({ ...wire, ...times, orderId: undefined });
    expect(() => decodeTransaction({ ...wire, ...times, amount: null })).toThrow("'amount' must be a string");
    for (const kind of TRANSACTION_KINDS) expect(kindInWords(kind)).toMatch(/^[A-Z]/);
    expect(kindInWords("gift")).toBe("gift");
  });

  test("have a sign", () => {
    expect(["1234.5", "-3", "0.00"].map(signedMoney)).toEqual(["+1,234.50", "−3.00", "0.00"]);
  });
});

describe("the margin", () => {
  const account = (marginState: string) =>
    decodeAccount({
      ...{ id: "1001", currency: "USD", balance: "1000.00", equity: "930.00", marginUsed: "1000.00" },
      ...{ freeMargin: "-70.00", leverage: 30, marginCallLevel: "100.0", closeOutLevel: "50.0", marginState },
      ...{ wallet: "margin", environment: "demo", positionMode: "hedging", parentId: "1000" },
    });

  test.each([
    ["normal", "normal", undefined],
    ["normal", "marginCall", "Margin call: the margin level is 93.0% and below 100.0%. Below 50.0% the"],
    ["marginCall", "closeOut", "fell below 50.0%: the venue closes positions"],
    ["closeOut", "marginCall", "the margin call stands"],
    ["marginCall", "normal", "back above 100.0%"],
  ] as const)("from %s to %s", (before, now, words) => {
    const news = marginNews(before, account(now));
    if (words === undefined) expect(news).toBeUndefined();
    else expect(news?.text).toContain(words);
  });

  test("has states of a closed list, and the account a kind in words", () => {
    expect(() => account("doomed")).toThrow("'marginState' must be one of");
    const words = "demo account 1001 of 1000, margin, hedging, leverage 30 : 1";
    expect(accountInWords(account("normal"))).toBe(words);
  });
});
