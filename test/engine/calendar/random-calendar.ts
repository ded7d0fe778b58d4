/** Random calendars: any zone, any roll, phases wherever the rules let them be, so also in missing hours. */
import fc from "fast-check";
import type { Calendar } from "../../../engine/calendar/calendar.ts";
import type {
  CalendarSpecification,
  ExceptionSpecification,
  PhaseSpecification,
} from "../../../engine/calendar/calendar-specification.ts";
import { formatDate, MONTHS, WEEKDAYS } from "../../../engine/calendar/civil-date.ts";
import { defineCalendar } from "../../../engine/calendar/define-calendar.ts";
import { READY_CALENDARS } from "../../../engine/calendar/ready-calendars.ts";
import { isZoneName } from "../../../engine/calendar/time-zone.ts";
import { ZONES } from "../../../engine/calendar/zone-rules.ts";
import type { Phase } from "../../../engine/market/phase.ts";
import type { Days } from "../../../engine/units.ts";

/** What the properties look at: a few months in 2026, in which all zones' clocks change. */
export const FIRST_DAY = 20_454;
export const DAYS = 350;

/** Five-minute steps, and what a day's phases may be between an opening and a close. */
const STEPS = 288;
const LEADS: readonly Phase[] = ["pre-open", "opening-auction"];
const MIDDLE: readonly Phase[] = ["intraday-auction", "continuous", "paused"];
const ENDS: readonly Phase[] = ["closing-auction", "post-close"];

function clock(step: number): { time: string; dayBefore?: true } {
  const minutes = (step < 0 ? step + STEPS : step) * 5;
  const time = [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, "0")).join(":");
  return step < 0 ? { time, dayBefore: true } : { time };
}

const phasesBefore = (dayEnds: number) =>
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: dayEnds - STEPS, max: dayEnds }), { minLength: 2, maxLength: 7 }),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([found, early, atRoll]) => {
      const steps = found.sort((one, other) => one - other);
      if (atRoll) steps.splice(0, 1, dayEnds - STEPS);
      if (atRoll) steps.splice(-1, 1, dayEnds);
      const leads = early && steps.length > 4 ? 2 : 0;
      const ends = steps.length > 5 ? 2 : 1;
      return steps.map((step, index): PhaseSpecification => {
        const fromEnd = steps.length - index;
        const middle = MIDDLE[(index - leads) % 3] ?? "continuous";
        const inside = index === leads ? "continuous" : middle;
        const phase = index < leads ? LEADS[index] : fromEnd <= ends ? ENDS[2 - fromEnd] : inside;
        return { ...clock(step), phase: phase ?? "paused" };
      });
    });

const exceptions = fc.array(
  fc.record({
    date: fc.integer({ min: FIRST_DAY, max: FIRST_DAY + DAYS }).map(day => formatDate(day as Days)),
    step: fc.integer({ min: -STEPS, max: STEPS }),
  }),
  { maxLength: 12 },
);

const specifications = fc
  .integer({ min: 1, max: STEPS })
  .chain(dayEnds =>
    fc.record({
      timeZone: fc.constantFrom(...Object.keys(ZONES).filter(isZoneName)),
      dayEnds: fc.constant(clock(dayEnds).time),
      phases: phasesBefore(dayEnds),
      days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1, maxLength: 7 }),
      dates: fc.uniqueArray(fc.integer({ min: FIRST_DAY, max: FIRST_DAY + DAYS }), { maxLength: 8 }),
      month: fc.constantFrom(...MONTHS),
      late: exceptions,
      early: exceptions,
    }),
  )
  .map(({ timeZone, dayEnds, phases, days, dates, month, late, early }) => {
    const holidays = dates.map(date => ({ date: formatDate(date as Days), name: "holiday" }));
    const plain: CalendarSpecification = {
      name: "random",
      timeZone,
      dayEnds,
      sessions: [{ days, phases }],
      holidays: [...holidays, { month, day: 9, name: "yearly" }],
    };
    const named = (list: typeof late): ExceptionSpecification[] =>
      list.map(({ date, step }) => ({ date, ...clock(step), name: "storm" }));
    return withThoseThatFit(withThoseThatFit(plain, "lateOpens", named(late)), "earlyCloses", named(early));
  });

/** Whether a specification is one. What is refused is the subject of `define-calendar.test.ts`. */
function defined(specification: CalendarSpecification): Calendar | undefined {
  try {
    return defineCalendar(specification);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function withThoseThatFit(
  specification: CalendarSpecification,
  kind: "lateOpens" | "earlyCloses",
  exceptions: readonly ExceptionSpecification[],
): CalendarSpecification {
  let fitting = specification;
  for (const exception of exceptions) {
    const more = { ...fitting, [kind]: [...(fitting[kind] ?? []), exception] };
    if (defined(more) !== undefined) fitting = more;
  }
  return fitting;
}

const ready = [...READY_CALENDARS.values()].map(defineCalendar);

export const calendars: fc.Arbitrary<Calendar> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...ready) },
  {
    weight: 5,
    arbitrary: specifications.map(defined).filter(calendar => calendar !== undefined),
  },
);
