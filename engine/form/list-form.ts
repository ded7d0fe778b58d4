/**
 * Orders that depend on each other, as people and programs write them: a bracket's exit may have a distance
 * from its entry's price in place of prices of its own. A list is read whole or refused whole: an order that
 * can't be read has its own reason, the others `listInvalid`.
 */
import { parseDecimal } from "../decimal.ts";
import { formatPrice, type Instrument, parseDistance, parsePips } from "../instrument.ts";
import { EXIT_MONEY_MAX } from "../limits.ts";
import type { Contingency, ExitDistance, ListLeg } from "../market/command.ts";
import type { Rejection } from "../rejection.ts";
import { MONEY_DIGITS, type Money, type Ticks } from "../units.ts";
import { type OrderForm, type ReadOrder, readOrderForm } from "./order-form.ts";
import { isTrailing, ORDER_TYPES } from "./order-types.ts";

/** One of the three: a difference of prices, pips, or money that the entry's whole size wins or loses. */
export interface DistanceForm {
  readonly distance?: string | undefined;
  readonly distancePips?: string | undefined;
  readonly distanceMoney?: string | undefined;
}

export interface LegForm extends OrderForm, DistanceForm {}

export interface ListForm {
  readonly contingency: Contingency;
  readonly legs: readonly LegForm[];
}

/** What of a list's command doesn't depend on who sends it. */
export type ReadLeg = ReadOrder & Pick<ListLeg, "side" | "distance">;
export interface ReadList {
  readonly contingency: Contingency;
  readonly legs: readonly ReadLeg[];
}

const NO_PRICE = 0 as Ticks;
const ANY_PRICE = 1 as Ticks;

/** Why each order of a list is refused, where one is. */
export function readListForm(instrument: Instrument, form: ListForm): ReadList | readonly Rejection[] {
  const read = form.legs.map(leg => readLeg(instrument, leg));
  const legs = read.filter(leg => typeof leg !== "string");
  if (legs.length === read.length) return { contingency: form.contingency, legs };
  return read.map(leg => (typeof leg === "string" ? leg : "listInvalid"));
}

export function isRefused(read: ReadList | readonly Rejection[]): read is readonly Rejection[] {
  return Array.isArray(read);
}

function readLeg(instrument: Instrument, form: LegForm): ReadLeg | Rejection {
  const { side } = form;
  if (form.distance === undefined && form.distancePips === undefined && form.distanceMoney === undefined) {
    const read = readOrderForm(instrument, form);
    return typeof read === "string" ? read : { side, ...read };
  }
  const distance = readDistance(instrument, form);
  const { type, waits } = ORDER_TYPES[form.type];
  if (distance === undefined || isTrailing(form.type) || form.type === "pegged") return "listInvalid";
  if (form.price !== undefined) return "priceUnexpected";
  if (form.stopPrice !== undefined) return "stopPriceUnexpected";
  const offset = form.limitOffset === undefined ? undefined : parseDistance(instrument, form.limitOffset);
  const isOffset = type === "limit" && waits !== undefined;
  if (isOffset ? offset === undefined : form.limitOffset !== undefined) return "limitOffsetInvalid";
  const standIn = formatPrice(instrument, ANY_PRICE);
  const price = type === "limit" ? standIn : undefined;
  const stopPrice = waits === undefined ? undefined : standIn;
  const read = readOrderForm(instrument, { ...form, price, stopPrice, limitOffset: undefined });
  if (typeof read === "string") return read;
  const leg = { side, ...read, ticks: NO_PRICE, distance };
  const trigger = read.terms?.trigger;
  if (trigger === undefined) return leg;
  const follows = offset === undefined ? undefined : { limitOffset: offset };
  return { ...leg, terms: { ...read.terms, trigger: { ...trigger, stopTicks: NO_PRICE, ...follows } } };
}

/** Undefined where none or more than one is given, or it is no distance. */
function readDistance(instrument: Instrument, form: DistanceForm): ExitDistance | undefined {
  const { distance, distancePips, distanceMoney } = form;
  if ([distance, distancePips, distanceMoney].filter(text => text !== undefined).length !== 1)
    return undefined;
  if (distanceMoney !== undefined) {
    const money = parseDecimal(distanceMoney, MONEY_DIGITS);
    const sound = money !== undefined && money > 0n && money <= EXIT_MONEY_MAX;
    return sound ? { by: "money", money: money as Money } : undefined;
  }
  const ticks =
    distancePips === undefined
      ? parseDistance(instrument, distance ?? "")
      : parsePips(instrument, distancePips);
  return ticks === undefined || ticks < 1 ? undefined : { by: "ticks", ticks };
}
