/** The period of a statement: a day, a month, or from one time to another; all in UTC. */
import { Fault } from "../../mixins/fault.ts";

export interface PeriodParams {
  readonly day?: string;
  readonly month?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface Period {
  /** Milliseconds; entries booked from `from` to before `to`. */
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;

/** Throws VALIDATION_FAILED where it is none. */
export function periodOf({ day, month, from, to }: PeriodParams): Period {
  const period = day !== undefined ? dayOf(day) : month !== undefined ? monthOf(month) : rangeOf(from, to);
  const isOne = [day, month, from ?? to].filter(each => each !== undefined).length === 1;
  if (isOne && period !== undefined && period.from < period.to) return period;
  const message = "Give a 'day', a 'month', or 'from' and a later 'to'";
  throw new Fault("VALIDATION_FAILED", `Cannot make statement: ${message}`, {
    fields: [{ field: "from", message }],
  });
}

function timeOf(text: string): number | undefined {
  const time = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

function dayOf(text: string): Period | undefined {
  const from = timeOf(text);
  return from === undefined ? undefined : { from, to: from + DAY_MS };
}

function monthOf(text: string): Period | undefined {
  const from = timeOf(`${text}-01`);
  if (from === undefined) return undefined;
  const first = new Date(from);
  return { from, to: Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1) };
}

function rangeOf(from: string | undefined, to: string | undefined): Period | undefined {
  const [first, last] = [timeOf(from ?? ""), timeOf(to ?? "")];
  return first === undefined || last === undefined ? undefined : { from: first, to: last };
}
