/**
 * A statement: what each currency had at first, every entry, and what it had in the end. It is made of the
 * stored transactions alone, whose numbers have no hole, so opening + Σ entries = closing holds to the last
 * unit, and one period's closing is the next one's opening. That it holds is asserted.
 */
import { parseDecimal } from "../../engine/decimal.ts";
import type { TransactionKind } from "../../engine/ledger/transaction.ts";
import { assert, MONEY_DIGITS, money } from "../../engine/units.ts";
import type { TransactionView } from "../../models/account.model.ts";
import type { StatementBalance, StatementView } from "../../models/transfer.model.ts";
import { formatMoney } from "../orders/money-text.ts";

export interface StatementParts {
  readonly accountId: string;
  readonly from: string;
  readonly to: string;
  /** By currency, before the first entry. */
  readonly openings: ReadonlyMap<string, string>;
  /** In the order of their numbers. */
  readonly entries: readonly TransactionView[];
}

export function statementOf({ accountId, from, to, openings, entries }: StatementParts): StatementView {
  const currencies = new Set([...openings.keys(), ...entries.map(({ currency }) => currency)]);
  const balances = [...currencies].sort().map((currency): StatementBalance => {
    const opening: bigint = unitsOf(openings.get(currency) ?? "0");
    const own = entries.filter(entry => entry.currency === currency);
    const sums = new Map<TransactionKind, bigint>();
    let closing = opening;
    for (const { kind, amount, balanceAfter } of own) {
      closing += unitsOf(amount);
      assert(closing === unitsOf(balanceAfter), "a statement's entries lead from balance to balance");
      sums.set(kind, (sums.get(kind) ?? 0n) + unitsOf(amount));
    }
    return {
      currency,
      opening: formatMoney(money(opening)),
      sums: Object.fromEntries([...sums].map(([kind, sum]) => [kind, formatMoney(money(sum))])),
      closing: formatMoney(money(closing)),
    };
  });
  return { accountId, from, to, balances, entries };
}

function unitsOf(text: string): bigint {
  const units = parseDecimal(text, MONEY_DIGITS);
  assert(units !== undefined, "a stored amount is a decimal");
  return units;
}

const COLUMNS = ["id", "bookedAt", "time", "kind", "currency", "amount", "balanceAfter", "orderId"] as const;

/** RFC 4180: openings, entries and closings as rows of one table. */
export function statementCsv({ balances, entries, from, to }: StatementView): string {
  const rows: string[][] = [[...COLUMNS]];
  for (const { currency, opening } of balances) {
    rows.push(["", from, "", "opening", currency, "", opening, ""]);
  }
  for (const entry of entries) rows.push(COLUMNS.map(column => entry[column] ?? ""));
  for (const { currency, closing } of balances) rows.push(["", to, "", "closing", currency, "", closing, ""]);
  return `${rows.map(row => row.join(",")).join("\r\n")}\r\n`;
}

/** A page to print: no script, no style, nothing from elsewhere. */
export function statementPage({ accountId, balances, entries, from, to }: StatementView): string {
  const title = `Account ${accountId}, ${from} to ${to}`;
  const sums = balances.map(({ currency, opening, sums, closing }) => {
    const kinds = Object.entries(sums).map(([kind, sum]) => `${kind} ${sum}`);
    return [currency, opening, kinds.join(", "), closing];
  });
  const lines = entries.map(entry => COLUMNS.map(column => entry[column] ?? ""));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body>
<h1>${escapeHtml(title)}</h1>
${table(["Currency", "Opening", "Of which", "Closing"], sums)}
${table(["No.", "Booked", "Time", "Kind", "Currency", "Amount", "Balance", "Order"], lines)}
</body>
</html>
`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map(cell => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return `<table border="1" cellpadding="4">
<thead>${row("th", heads)}</thead>
<tbody>${rows.map(cells => row("td", cells)).join("\n")}</tbody>
</table>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, character => ENTITIES[character] ?? "");
}
