/** Statements of any periods: opening + Σ entries = closing, and one's closing is the next one's opening. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDecimal } from "../../../engine/decimal.ts";
import { TRANSACTION_KINDS } from "../../../engine/ledger/transaction.ts";
import { MONEY_DIGITS, money } from "../../../engine/units.ts";
import type { TransactionView } from "../../../models/account.model.ts";
import { formatMoney } from "../../../services/orders/money-text.ts";
import { periodOf } from "../../../services/payments/period.ts";
import { statementCsv, statementOf, statementPage } from "../../../services/payments/statement.ts";

const moved = fc.record({
  kind: fc.constantFrom(...TRANSACTION_KINDS),
  currency: fc.constantFrom("USD", "EUR", "JPY"),
  amount: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map(money),
});

const units = (text: string) => parseDecimal(text, MONEY_DIGITS) ?? 0n;

/** As cuts number them. */
function logOf(all: readonly (typeof moved extends fc.Arbitrary<infer Value> ? Value : never)[]) {
  const balances = new Map<string, bigint>();
  return all.map(({ kind, currency, amount }, index): TransactionView => {
    const balance = (balances.get(currency) ?? 0n) + amount;
    balances.set(currency, balance);
    const time = new Date(index).toISOString();
    const [balanceAfter, text] = [formatMoney(money(balance)), formatMoney(amount)];
    const stated = { accountId: "1", kind, currency, amount: text, balanceAfter, sequence: index };
    return { id: String(index + 1), ...stated, time, bookedAt: time };
  });
}

describe("a statement", () => {
  it("agrees with itself and with its neighbours, wherever the periods are cut", () => {
    fc.assert(
      fc.property(fc.array(moved, { maxLength: 60 }), fc.array(fc.nat({ max: 60 })), (all, cuts) => {
        const log = logOf(all);
        const ends = [...cuts.filter(cut => cut < log.length), log.length].sort((one, other) => one - other);
        let openings = new Map<string, string>();
        let first = 0;
        for (const end of ends) {
          const entries = log.slice(first, end);
          const made = statementOf({ accountId: "1", from: "a", to: "b", openings, entries });
          for (const { currency, opening, sums, closing } of made.balances) {
            expect(opening).toBe(openings.get(currency) ?? "0.00");
            const sum = Object.values(sums).reduce((total, each) => total + units(each), 0n);
            expect(units(opening) + sum).toBe(units(closing));
          }
          const rows = statementCsv(made).trimEnd().split("\r\n");
          expect(rows).toHaveLength(1 + 2 * made.balances.length + entries.length);
          openings = new Map(made.balances.map(({ currency, closing }) => [currency, closing]));
          first = end;
        }
        for (const [currency, closing] of openings) {
          const own = all.filter(each => each.currency === currency);
          expect(units(closing)).toBe(own.reduce((sum, { amount }) => sum + amount, 0n));
        }
      }),
    );
  });

  it("refuses entries that do not lead from balance to balance", () => {
    const entries = logOf([{ kind: "fee", currency: "USD", amount: money(-1n) }]);
    const openings = new Map([["USD", "1.00"]]);
    const parts = { accountId: "1", from: "a", to: "b", openings, entries };
    expect(() => statementOf(parts)).toThrow("from balance to balance");
  });

  it("is a page on which text stays text", () => {
    const made = statementOf({ accountId: "<b>", from: "a", to: "b", openings: new Map(), entries: [] });
    expect(statementPage(made)).toContain("<title>Account &lt;b&gt;, a to b</title>");
  });
});

describe("a period", () => {
  const at = (text: string) => Date.parse(text);

  it.each([
    [{ day: "2024-02-28" }, "2024-02-28T00:00:00Z", "2024-02-29T00:00:00Z"],
    [{ month: "2024-02" }, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"],
    [{ month: "2024-12" }, "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"],
    [{ from: "2024-01-01", to: "2024-01-01T12:00:00+01:00" }, "2024-01-01T00:00:00Z", "2024-01-01T11:00:00Z"],
  ])("%o is from %s to before %s", (params, from, to) => {
    expect(periodOf(params)).toEqual({ from: at(from), to: at(to) });
  });

  it.each([
    {},
    { from: "2024-01-01" },
    { from: "2024-01-02", to: "2024-01-01" },
    { day: "2024-01-01", month: "2024-01" },
    { day: "2024-13-01" },
    { month: "2024-00" },
  ])("%o is none", params => {
    expect(() => periodOf(params)).toThrow("Cannot make statement");
  });
});
