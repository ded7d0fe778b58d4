/** What the venue tells of refusals, payments and statements, in a trader's words. */
import { describe, expect, test } from "vitest";
import { FORMULAS, INPUTS } from "../../engine/account/guard/explanation.ts";
import { decodeListing } from "../../public/src/client/decoding.ts";
import { decodeExplanation } from "../../public/src/client/explanation-wire.ts";
import { Failure } from "../../public/src/client/failure.ts";
import { decodeStatement, decodeTransfer } from "../../public/src/client/money-wire.ts";
import { decodePreview } from "../../public/src/client/preview-wire.ts";
import { explanationInWords } from "../../public/src/explanation-words.ts";
import { instrumentOf } from "../../public/src/market/instrument.ts";
import { feeInWords } from "../../public/src/money-words.ts";
import {
  paymentFailure,
  paymentOutcome,
  paymentProblems,
  transferInWords,
} from "../../public/src/payment-words.ts";
import { periodOf } from "../../public/src/statement-period.ts";

const eurusd = instrumentOf(
  decodeListing({ symbol: "EURUSD", tickSize: "0.00001", lotStep: "1000", minimumQuantity: "1000" }),
);

describe("an explanation", () => {
  const explanation = (formula: string, inputs: object[], more: object = {}) =>
    decodeExplanation({ outcome: "x", check: "margin", formula, rule: "r", inputs, marks: [], ...more });
  const dollars = (name: string, value: string) => ({ name, value, currency: "USD" });

  test("of margin says what is needed, what is free, and what would have been let through", () => {
    const inputs = [
      dollars("equity", "1000.00"),
      dollars("marginUsed", "400.50"),
      dollars("needed", "900.00"),
    ];
    const { reason, instead, figures } = explanationInWords(
      explanation("margin", inputs, { acceptableQuantity: "16000" }),
      eurusd,
    );
    expect(reason).toBe(
      "The order needs 900.00 USD of margin, and 599.50 USD is free: " +
        "1,000.00 USD of equity less 400.50 USD in use.",
    );
    expect(instead).toBe("Up to 16,000 EUR would have been let through.");
    expect(figures).toEqual([
      ["Equity", "1,000.00 USD"],
      ["Margin used", "400.50 USD"],
      ["Needed for it", "900.00 USD"],
    ]);
    const charged = explanation("margin", [...inputs, dollars("fee", "7.00")], { acceptableQuantity: "0" });
    const words = explanationInWords(charged, eurusd);
    expect(words.reason).toContain("900.00 USD of margin and 7.00 USD of commission");
    expect(words.instead).toContain("No smaller size");
  });

  test("has sizes, times and pauses in units that people read", () => {
    const at = "2026-01-05T10:20:30.400Z";
    const paused = explanation("coolDown", [{ name: "lastLossAt", value: at }], {
      limit: { name: "coolDownMs", value: "900000" },
    });
    expect(explanationInWords(paused, eurusd).reason).toContain(
      "at 10:20:30 UTC. Nothing is opened for 15 min",
    );
    const limited = explanation("position", [{ name: "worstLots", value: "3000000" }], {
      limit: { name: "positionMaximum", value: "2000000" },
    });
    expect(explanationInWords(limited, eurusd).reason).toContain("3,000,000 EUR; the limit");
    const closed = explanation("closeOut", [dollars("equity", "1.00")], {
      ...{ outcome: "closeOut.reduce", acceptableQuantity: "1000" },
      limit: { name: "closeOutPerMille", value: "500" },
    });
    const { reason, instead } = explanationInWords(closed, undefined);
    expect(reason).toContain("below 50.0% of");
    expect(instead).toBeUndefined();
  });

  test("knows every formula but those that say no more than their rejection, and every figure", () => {
    const unspoken = FORMULAS.filter(
      ([formula]) => explanationInWords(explanation(formula, []), eurusd).reason === undefined,
    );
    expect(unspoken.map(([formula]) => formula)).toEqual(["form", "market"]);
    const all = INPUTS.map(([name]) => ({ name, value: "1" }));
    const { figures } = explanationInWords(explanation("form", all), eurusd);
    expect(figures.map(([name]) => name)).not.toContainEqual(expect.stringMatching(/^[a-z]/));
    expect(explanationInWords(explanation("newer", [{ name: "mood", value: "low" }]), eurusd)).toEqual({
      reason: undefined,
      instead: undefined,
      figures: [["mood", "low"]],
    });
  });
});

describe("payments", () => {
  const leg = (kind: string, debit: string, credit: string, amount = "10.00", currency = "USD") => ({
    ...{ kind, debit, credit, currency, amount },
  });
  const transfer = (legs: object[], more: object = {}) =>
    decodeTransfer({ id: "a", accountId: "7", status: "settled", createdAt: "t", legs, ...more });

  test("are told as what they are", () => {
    expect(transferInWords(transfer([leg("deposit", "external", "7")]))).toBe("Deposit, 10.00 USD");
    expect(transferInWords(transfer([leg("transfer", "7", "8")]))).toBe("Transfer, 10.00 USD to 8");
    const far = transfer([leg("transfer", "7", "transit")], { destinationId: "9" });
    expect(transferInWords(far)).toBe("Transfer, 10.00 USD to 9");
    const legs = [leg("conversion", "7", "conversion"), leg("conversion", "conversion", "7", "9.21", "EUR")];
    expect(transferInWords(transfer(legs))).toBe("Conversion, 10.00 USD into 9.21 EUR");
    const pending = transfer([leg("withdrawal", "7", "external")], { status: "pending" });
    expect(paymentOutcome(pending)).toMatchObject({ tone: "plain" });
    expect(() => transfer([], { status: "lost" })).toThrow("'status' must be one of");
  });

  test("that cannot be say why", () => {
    const form = {
      kind: "deposits",
      amount: "",
      currency: "USD",
      toCurrency: "USD",
      toAccountId: "",
    } as const;
    expect([...paymentProblems(form).keys()]).toEqual(["amount"]);
    expect([...paymentProblems({ ...form, amount: "1,000.5" }).keys()]).toEqual([]);
    expect([...paymentProblems({ ...form, amount: "-1" }).keys()]).toEqual(["amount"]);
    expect([...paymentProblems({ ...form, amount: "1", kind: "conversions" }).keys()]).toEqual(["to"]);
    expect([...paymentProblems({ ...form, amount: "1", kind: "transfers" }).keys()]).toEqual(["to"]);
    const refused = (rejection: string) => new Failure("TRANSFER_REJECTED", "No.", 409, { rejection });
    expect(paymentFailure(refused("balanceInsufficient"))).toBe("There is not so much available.");
    expect(paymentFailure(refused("paymentLimit"))).toContain("in a day or in 30 days");
    expect(paymentFailure(refused("newer"))).toBe("No.");
  });
});

describe("statements", () => {
  const now = Date.parse("2026-03-01T00:30:00Z");

  test.each([
    ["today", { day: "2026-03-01" }],
    ["yesterday", { day: "2026-02-28" }],
    ["thisMonth", { month: "2026-03" }],
    ["lastMonth", { month: "2026-02" }],
  ] as const)("of %s", (choice, period) => {
    expect(periodOf(choice, "", "", now)).toEqual(period);
  });

  test("of some days: both of them are in it", () => {
    expect(periodOf("range", "2026-02-27", "2026-02-28", now)).toEqual({
      from: "2026-02-27",
      to: "2026-03-01",
    });
    expect(periodOf("range", "2026-02-28", "2026-02-27", now)).toBeUndefined();
    expect(periodOf("range", "", "2026-02-27", now)).toBeUndefined();
  });

  test("are read whole", () => {
    const sums = { deposit: "5.00" };
    const wire = { accountId: "7", from: "a", to: "b", entries: [] };
    const balances = [{ currency: "USD", opening: "0.00", sums, closing: "5.00" }];
    expect(decodeStatement({ ...wire, balances }).balances[0]?.sums).toEqual([["deposit", "5.00"]]);
    expect(() => decodeStatement({ ...wire, balances: [{}] })).toThrow("'currency'");
  });
});

test("a preview without marks has no amounts", () => {
  const { marginAfter, largestQuantity } = decodePreview({ currency: "USD", largestQuantity: "0" });
  expect([marginAfter, largestQuantity]).toEqual([undefined, "0"]);
});

test("a fee has its currency, a rebate its minus, and where nothing is charged there is a dash", () => {
  expect(feeInWords({ fee: "1234.50", feeCurrency: "USD" })).toBe("1,234.50 USD");
  expect(feeInWords({ fee: "-0.55", feeCurrency: "USD" })).toBe("−0.55 USD");
  expect(feeInWords({ fee: undefined, feeCurrency: undefined })).toBe("–");
});
