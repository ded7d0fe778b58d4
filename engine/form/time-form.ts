/**
 * How long an order lasts, as people and programs write it; and how they read it again. A moment is a number
 * of milliseconds since 1970 or a text of RFC 3339 with any offset from UTC, read without the host's clock.
 * Years are 1970 to 9999; a leap second is no moment.
 */
import { DAY_MS, formatDate, parseDate } from "../calendar/civil-date.ts";
import { TIMES_IN_FORCE, type TimeInForce } from "../market/command.ts";
import type { OrderTerms } from "../market/terms.ts";
import type { Rejection } from "../rejection.ts";
import type { Days, Milliseconds } from "../units.ts";
import type { OrderTypeName } from "./order-types.ts";

/** The long names of orders for auctions. */
const ALIASES = { "at-the-open": "ATO", "at-the-close": "ATC", "good-for-auction": "GFA" } as const;
export type TimeInForceName = TimeInForce | keyof typeof ALIASES;
export const TIME_IN_FORCE_NAMES: readonly TimeInForceName[] = [
  ...TIMES_IN_FORCE,
  ...(Object.keys(ALIASES) as (keyof typeof ALIASES)[]),
];

export interface TimeForm {
  /** Without it a market order is IOC, any other GTC. */
  readonly timeInForce?: TimeInForceName | undefined;
  /** When a GTD order ends: a whole second, in milliseconds or as RFC 3339 says it. */
  readonly expireTime?: number | string | undefined;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** The last second of the year 9999. */
const MOMENT_MAX = 253_402_300_799_000;
const MOMENT = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.0+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

export function readTimeInForce(type: OrderTypeName, form: TimeForm): TimeInForce {
  const { timeInForce = type === "market" ? "IOC" : "GTC" } = form;
  return timeInForce in ALIASES ? ALIASES[timeInForce as keyof typeof ALIASES] : (timeInForce as TimeInForce);
}

export function readExpireTime({ expireTime }: TimeForm): Milliseconds | Rejection | undefined {
  if (expireTime === undefined) return undefined;
  const moment = typeof expireTime === "string" ? parseMoment(expireTime) : expireTime;
  const sound = moment !== undefined && moment >= 0 && moment <= MOMENT_MAX && moment % SECOND_MS === 0;
  return sound ? (moment as Milliseconds) : "expireTimeOutOfRange";
}

/** The fields of a form that an order's end fills. */
export function textsOfExpiry({ expireAt }: Pick<OrderTerms, "expireAt">): { expireTime?: string } {
  return expireAt === undefined ? {} : { expireTime: formatMoment(expireAt) };
}

/** Milliseconds of a whole second; undefined where the text tells none. */
function parseMoment(text: string): number | undefined {
  const parts = MOMENT.exec(text);
  const days = parts === null ? undefined : parseDate(parts[1] ?? "");
  if (parts === null || days === undefined) return undefined;
  const [hour, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4])];
  const [offsetHour, offsetMinute] = [Number(parts[6] ?? 0), Number(parts[7] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (offsetHour * HOUR_MS + offsetMinute * MINUTE_MS) * (parts[5] === "-" ? -1 : 1);
  return days * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS - offset;
}

/** A whole second in UTC. */
function formatMoment(moment: Milliseconds): string {
  const inDay = moment % DAY_MS;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const clock = [inDay / HOUR_MS, (inDay % HOUR_MS) / MINUTE_MS, (inDay % MINUTE_MS) / SECOND_MS];
  return `${formatDate(Math.floor(moment / DAY_MS) as Days)}T${clock.map(two).join(":")}Z`;
}
