/** Every formula has words, with its figures in them. */
import { describe, expect, test } from "vitest";
import { FORMULAS } from "../../engine/account/explanation.ts";
import { type Explanation, explanationInWords } from "../../public/src/client/explanation-words.ts";

const told = (change: Partial<Explanation>): Explanation => ({
  ...{ outcome: "x", formula: "margin", rule: "a ≥ b", inputs: [], marks: [] },
  ...change,
});

describe("an explanation in words", () => {
  test("tells the figures and what would have been taken", () => {
    const inputs = [
      { name: "equity", value: "100000.00", currency: "USD" },
      { name: "marginUsed", value: "0.00", currency: "USD" },
      { name: "needed", value: "146673.33", currency: "USD" },
    ];
    const text = explanationInWords(told({ inputs, acceptableQuantity: "2727000" }));
    expect(text).toContain("needs a margin of 146,673.33 USD");
    expect(text).toMatch(/Up to 2,727,000 would have been taken\.$/);
    expect(explanationInWords(told({ inputs, acceptableQuantity: "0" }))).toContain("No size");
  });

  test("of a close-out offers nothing", () => {
    const closed = told({ outcome: "closeOut.reduce", formula: "closeOut", acceptableQuantity: "1000" });
    expect(explanationInWords(closed)).not.toContain("taken");
  });

  test("falls back on the rule", () => {
    expect(explanationInWords(told({ formula: "other" }))).toBe("What has to hold: a ≥ b.");
  });

  const bySelf = ["form", "market"];
  test.each(FORMULAS.map(([formula]) => formula).filter(formula => !bySelf.includes(formula)))(
    "knows %s",
    formula => {
      expect(explanationInWords(told({ formula }))).not.toContain("What has to hold");
    },
  );
});
