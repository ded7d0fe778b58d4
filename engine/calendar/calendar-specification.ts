/**
 * A session calendar as it is configured: plain JSON, local times of one zone, weekdays and months by name.
 * docs/CALENDAR.md says what each field means.
 */
import type { Phase } from "../market/phase.ts";
import type { Month, Weekday } from "./civil-date.ts";
import type { ZoneName } from "./zone-rules.ts";

/** From a time of the trading day on the market is in a phase. */
export interface PhaseSpecification {
  /** `17:00` or `17:00:30`; `24:00` is the end of the date. */
  readonly time: string;
  /** The time is one of the date before the trading day's. */
  readonly dayBefore?: true;
  readonly phase: Phase;
  /** At most 200 ASCII characters; `schedule` where it is left out. */
  readonly reason?: string;
}

export interface SessionSpecification {
  /** The trading days that have it; a day has one session or none. */
  readonly days: readonly Weekday[];
  /** By time; one is `continuous`, and the last isn't. */
  readonly phases: readonly PhaseSpecification[];
}

/** A trading day that there is none of: of one year, or of every year. */
export type HolidaySpecification =
  | { readonly date: string; readonly name: string }
  | { readonly month: Month; readonly day: number; readonly name: string };

/** A trading day that opens later, or closes earlier, than its weekday. */
export interface ExceptionSpecification {
  readonly date: string;
  readonly time: string;
  readonly dayBefore?: true;
  readonly name: string;
}

export interface CalendarSpecification {
  readonly name: string;
  readonly timeZone: ZoneName;
  /** When a trading day ends and the next one begins: the roll. */
  readonly dayEnds: string;
  readonly sessions: readonly SessionSpecification[];
  readonly holidays?: readonly HolidaySpecification[];
  readonly earlyCloses?: readonly ExceptionSpecification[];
  readonly lateOpens?: readonly ExceptionSpecification[];
}
