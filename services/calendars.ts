/**
 * Which calendar each market follows: one for all by its name, or a JSON file of calendars by symbol, with
 * `*` for those that it doesn't name. Each is a ready calendar's name or a specification of its own
 * (docs/CALENDAR.md). Whatever can't be read stops the start with a sentence.
 */
import { readFileSync } from "node:fs";
import type { Calendar } from "../engine/calendar/calendar.ts";
import type { CalendarSpecification } from "../engine/calendar/calendar-specification.ts";
import { defineCalendar } from "../engine/calendar/define-calendar.ts";
import { READY_CALENDARS } from "../engine/calendar/ready-calendars.ts";
import type { Instrument } from "../engine/instrument.ts";
import { SettingInvalid } from "../mixins/runtime/setting.ts";

type Named = string | CalendarSpecification;

function define(named: Named): Calendar {
  const ready = typeof named === "string" ? READY_CALENDARS.get(named) : named;
  if (ready === undefined) {
    const names = [...READY_CALENDARS.keys()].join(", ");
    throw new RangeError(`a calendar must be one of ${names}, or a specification: received ${String(named)}`);
  }
  return defineCalendar(ready);
}

/** The calendar of each symbol. Throws SettingInvalid. */
export function readCalendars(setting: string, instruments: readonly Instrument[]): Map<string, Calendar> {
  try {
    if (READY_CALENDARS.has(setting)) {
      const calendar = define(setting);
      return new Map(instruments.map(({ symbol }) => [symbol, calendar]));
    }
    const bySymbol = JSON.parse(readFileSync(setting, "utf8")) as Readonly<Record<string, Named>>;
    const others = bySymbol["*"] === undefined ? undefined : define(bySymbol["*"]);
    return new Map(
      instruments.map(({ symbol }) => {
        const own = bySymbol[symbol];
        const calendar = own === undefined ? others : define(own);
        if (calendar === undefined) throw new RangeError(`'${symbol}' or '*' must be in it`);
        return [symbol, calendar];
      }),
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SettingInvalid(`Cannot start as 'CALENDAR' must name calendars: ${setting}: ${reason}`, {
      cause,
    });
  }
}
