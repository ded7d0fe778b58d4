/**
 * docs/ERRORS.md says what the code says: every fault with its status, every rejection in its order, every
 * limit.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REJECTIONS } from "../../engine/rejection.ts";
import { FAULTS } from "../../mixins/fault.ts";
import { LIMIT_GROUPS } from "../../services/api/rate-limits.ts";

const text = readFileSync(new URL("../../docs/ERRORS.md", import.meta.url), "utf8");

/** Cells of the table's rows, without padding and code marks. */
function table(heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter(line => line.startsWith("| `"));
  return rows.map(row =>
    row
      .slice(2, -2)
      .split(" | ")
      .map(cell => cell.trim().replace(/^`(.*)`$/, "$1")),
  );
}

test("every fault has a row with its status and whether it may be sent again", () => {
  const documented = table("Errors").map(([code, status, again]) => [code, status, again]);
  const declared = Object.entries(FAULTS).map(([code, { status, retryable }]) => [
    code,
    String(status),
    retryable ? "yes" : "no",
  ]);
  expect(documented).toEqual(declared);
});

test("every rejection has a row, in order of precedence", () => {
  expect(table("Rejections").map(([name]) => name)).toEqual(REJECTIONS.map(([name]) => name));
});

test("every limit has a row with its variable", () => {
  expect(table("Limits").map(([name]) => name)).toEqual(
    LIMIT_GROUPS.map(group => `RATE_LIMIT_${group.toUpperCase()}`),
  );
});

test("every row says what it means and what to do", () => {
  for (const row of [...table("Errors"), ...table("Rejections")]) {
    expect(
      row.slice(-2).every(cell => cell.length > 4),
      row[0],
    ).toBe(true);
  }
});
