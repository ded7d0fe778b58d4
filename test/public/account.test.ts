/** The account's side of the dashboard: positions and what may be closed of them, money that moved. */
import { describe, expect, test } from "vitest";
import { TRANSACTION_KINDS } from "../../engine/ledger/transaction.ts";
import { decodeAccountMessage, decodeListing, decodePosition } from "../../public/src/client/decoding.ts";
import { decodeTransaction } from "../../public/src/client/money-wire.ts";
import { instrumentOf } from "../../public/src/market/instrument.ts";
import { closeProblem, closingSide, keyOf, shareOf, sizeOf } from "../../public/src/market/position.ts";
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
  test("have a side to close them with, a size, and a key", () => {
    const short = position("-7000", { id: "42", openedAt: "2026-01-05T10:00:00Z" });
    expect([closingSide(short), sizeOf(short), keyOf(short)]).toEqual(["buy", "7000", "42"]);
    const long = position("7000");
    expect([closingSide(long), sizeOf(long), keyOf(long)]).toEqual(["sell", "7000", "EURUSD"]);
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
    expect(decodeTransaction(wire)).toEqual({ ...wire, orderId: undefined });
    expect(() => decodeTransaction({ ...wire, amount: null })).toThrow("'amount' must be a string");
    for (const kind of TRANSACTION_KINDS) expect(kindInWords(kind)).toMatch(/^[A-Z]/);
    expect(kindInWords("gift")).toBe("gift");
  });

  test("have a sign", () => {
    expect(["1234.5", "-3", "0.00"].map(signedMoney)).toEqual(["+1,234.50", "−3.00", "0.00"]);
  });
});
