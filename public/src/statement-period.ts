/** Which days a statement is of; all in UTC, as the venue's are. */
import type { Period } from "./client/money-wire.ts";

export type PeriodChoice = "thisMonth" | "lastMonth" | "today" | "yesterday" | "range";

export const PERIODS: readonly (readonly [PeriodChoice, string])[] = [
  ["thisMonth", "This month"],
  ["lastMonth", "Last month"],
  ["today", "Today"],
  ["yesterday", "Yesterday"],
  ["range", "From day to day"],
];

const DAY_MS = 86_400_000;

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** `first` and `last`: of a range, both days in it. Undefined where they are none. */
export function periodOf(choice: PeriodChoice, first: string, last: string, now: number): Period | undefined {
  const date = new Date(now);
  switch (choice) {
    case "today":
      return { day: dayOf(now) };
    case "yesterday":
      return { day: dayOf(now - DAY_MS) };
    case "thisMonth":
      return { month: dayOf(now).slice(0, 7) };
    case "lastMonth":
      return { month: dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0)).slice(0, 7) };
    case "range": {
      const [from, to] = [Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`)];
      if (Number.isNaN(from) || Number.isNaN(to) || from > to) return undefined;
      return { from: dayOf(from), to: dayOf(to + DAY_MS) };
    }
    default:
      return choice satisfies never;
  }
}
