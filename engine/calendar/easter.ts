/**
 * Easter Sunday of the Gregorian calendar: the anonymous algorithm of 1876 (J. Meeus, Astronomical
 * Algorithms, chapter 8), in integers.
 */
import type { Days } from "../units.ts";
import { daysOf } from "./civil-date.ts";

export function easterOf(year: number): Days {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const leapCenturies = Math.floor(century / 4);
  const moonShift = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leapCenturies - moonShift + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const correction = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const sum = epact + weekday - 7 * correction + 114;
  return daysOf({ year, month: Math.floor(sum / 31), day: (sum % 31) + 1 });
}
