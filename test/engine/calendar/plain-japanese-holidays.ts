/**
 * Japan's holidays by a look at a date and its neighbours; the equinoxes by astronomy (J. Meeus, Astronomical
 * Algorithms, chapter 27, good to a minute), in Japan's time.
 */
import { is, nth, type PlainDate, plainDate } from "./plain-holidays.ts";

/** Amplitude, phase and speed of each periodic term. */
const TERMS = [
  [485, 324.96, 1934.136],
  [203, 337.23, 32964.467],
  [199, 342.08, 20.186],
  [182, 27.85, 445267.112],
  [156, 73.14, 45036.886],
  [136, 171.52, 22518.443],
  [77, 222.54, 65928.934],
  [74, 296.72, 3034.906],
  [70, 243.58, 9037.513],
  [58, 119.81, 33718.147],
  [52, 297.17, 150.678],
  [50, 21.02, 2281.226],
  [45, 247.54, 29929.562],
  [44, 325.15, 31555.956],
  [29, 60.93, 4443.417],
  [18, 155.12, 67555.328],
  [17, 288.79, 4562.452],
  [16, 198.04, 62894.029],
  [14, 199.76, 31436.921],
  [12, 95.39, 14577.848],
  [12, 287.11, 31931.756],
  [12, 320.81, 34777.259],
  [9, 227.73, 1222.114],
  [8, 15.45, 16859.074],
] as const;

const DAY = 86_400_000;
/** Julian day of 1970-01-01T00:00Z, the hours that Japan is ahead, and about a minute of earth's slowing. */
const EPOCH = 2_440_587.5;
const JAPAN_AHEAD = 9 / 24;
const SLOWING = 65 / 86_400;

function cosine(degrees: number): number {
  return Math.cos((degrees * Math.PI) / 180);
}

function equinox(year: number, vernal: boolean): number {
  const y = (year - 2000) / 1000;
  const mean = vernal
    ? 2451623.80984 + 365242.37404 * y + 0.05169 * y ** 2 - 0.00411 * y ** 3 - 0.00057 * y ** 4
    : 2451810.21715 + 365242.01767 * y - 0.11575 * y ** 2 + 0.00337 * y ** 3 + 0.00078 * y ** 4;
  const t = (mean - 2451545) / 36525;
  const w = 35999.373 * t - 2.47;
  const stretch = 1 + 0.0334 * cosine(w) + 0.0007 * cosine(2 * w);
  const sum = TERMS.reduce((total, [a, b, c]) => total + a * cosine(b + c * t), 0);
  const julian = mean + (0.00001 * sum) / stretch;
  return new Date((julian - EPOCH + JAPAN_AHEAD - SLOWING) * DAY).getUTCDate();
}

const DATES = new Map<string, number>();

function isEquinox(date: PlainDate): boolean {
  if (date.month !== 3 && date.month !== 9) return false;
  const key = `${date.year}-${date.month}`;
  const day = DATES.get(key) ?? equinox(date.year, date.month === 3);
  DATES.set(key, day);
  return date.day === day;
}

const ONCE = [
  ...["1990-11-12", "1993-06-09", "2019-05-01", "2019-10-22", "2020-07-23", "2020-07-24", "2020-08-10"],
  ...["2021-07-22", "2021-07-23", "2021-08-08"],
];

function national(date: PlainDate): boolean {
  const { year } = date;
  const games = year === 2020 || year === 2021;
  if (ONCE.includes(date.iso) || isEquinox(date)) return true;
  return (
    is(date, 1, 1) ||
    (year < 2000 ? is(date, 1, 15) : nth(date, 1, 1, 2)) ||
    is(date, 2, 11) ||
    (year >= 2020 && is(date, 2, 23)) ||
    is(date, 4, 29) ||
    is(date, 5, 3) ||
    (year >= 2007 && is(date, 5, 4)) ||
    is(date, 5, 5) ||
    (year >= 2003 ? !games && nth(date, 7, 1, 3) : year >= 1996 && is(date, 7, 20)) ||
    (year >= 2016 && !games && is(date, 8, 11)) ||
    (year >= 2003 ? nth(date, 9, 1, 3) : is(date, 9, 15)) ||
    (year >= 2000 ? !games && nth(date, 10, 1, 2) : is(date, 10, 10)) ||
    is(date, 11, 3) ||
    is(date, 11, 23) ||
    (year <= 2018 && is(date, 12, 23))
  );
}

export function japanese(date: PlainDate): boolean {
  if (national(date) || is(date, 1, 2) || is(date, 1, 3) || is(date, 12, 31)) return true;
  const near = (days: number) => plainDate(Date.parse(date.iso) + days * DAY);
  if (national(near(-1)) && national(near(1))) return true;
  const farthest = date.year >= 2007 ? 6 : 1;
  for (let back = 1; back <= farthest; back++) {
    const before = near(-back);
    if (!national(before)) return false;
    if (before.weekday === 0) return true;
  }
  return false;
}
