/**
 * What the synthetic prices look like: a start, a size of movement, a spread, and the hours in which each
 * pair lives.
 *
 * Movements are fractions of the price a square-root second; 18e-6 is some 8 per cent a year. `beta` is how a
 * pair moves with the dollar, so majors go together as they do in life. Crosses are computed from their legs,
 * never drawn.
 */

export interface MajorProfile {
  readonly symbol: string;
  readonly start: number;
  readonly sigma: number;
  readonly beta: number;
  readonly spreadTicks: number;
  /** Weights of the Tokyo, London and New York hours. */
  readonly sessions: readonly [number, number, number];
}

export interface CrossProfile {
  readonly symbol: string;
  readonly first: string;
  readonly second: string;
  readonly operation: "multiply" | "divide";
  readonly spreadTicks: number;
}

const EUROPE = [0.4, 1, 0.9] as const;
const PACIFIC = [0.9, 0.7, 0.8] as const;
const AMERICA = [0.3, 0.7, 1.1] as const;

export const MAJORS: readonly MajorProfile[] = [
  { symbol: "EURUSD", start: 1.085, sigma: 18e-6, beta: -1, spreadTicks: 6, sessions: EUROPE },
  { symbol: "GBPUSD", start: 1.27, sigma: 21e-6, beta: -1.1, spreadTicks: 9, sessions: EUROPE },
  { symbol: "USDJPY", start: 151.2, sigma: 21e-6, beta: 0.8, spreadTicks: 8, sessions: PACIFIC },
  { symbol: "USDCHF", start: 0.885, sigma: 19e-6, beta: 0.9, spreadTicks: 10, sessions: EUROPE },
  { symbol: "AUDUSD", start: 0.66, sigma: 24e-6, beta: -1.2, spreadTicks: 8, sessions: PACIFIC },
  { symbol: "USDCAD", start: 1.362, sigma: 16e-6, beta: 0.6, spreadTicks: 10, sessions: AMERICA },
  { symbol: "NZDUSD", start: 0.605, sigma: 25e-6, beta: -1.2, spreadTicks: 11, sessions: PACIFIC },
];

export const CROSSES: readonly CrossProfile[] = [
  { symbol: "EURGBP", first: "EURUSD", second: "GBPUSD", operation: "divide", spreadTicks: 9 },
  { symbol: "EURJPY", first: "EURUSD", second: "USDJPY", operation: "multiply", spreadTicks: 14 },
];

/** Opening and closing minute of the day, UTC; the ends are an hour's ramps. */
const HOURS = [
  [-60, 540],
  [390, 990],
  [720, 1_290],
] as const;
const RAMP = 60;
const DAY_MINUTES = 1_440;
/** The quiet between New York's close and Tokyo's open. A demo lives at the weekend too. */
const QUIET = 0.35;

function open(minute: number, from: number, to: number): number {
  const inside = Math.min(minute - from, to - minute) / RAMP;
  return Math.max(0, Math.min(1, inside));
}

/** How lively a pair is at `time`: 0.35 … about 1.6. */
export function activity(sessions: readonly [number, number, number], time: number): number {
  const minute = Math.floor(time / 60_000) % DAY_MINUTES;
  let sum = 0;
  for (const [index, [from, to]] of HOURS.entries()) {
    const inHours = Math.max(open(minute, from, to), open(minute - DAY_MINUTES, from, to));
    sum += inHours * (sessions[index] ?? 0);
  }
  return Math.max(QUIET, Math.min(1.6, sum));
}
