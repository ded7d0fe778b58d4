/** What an order waits for, as people and programs write it; and how they read it again. */
import { formatPrice, type Instrument, parseDistance, parsePips, parsePrice } from "../instrument.ts";
import type { Trail, Trigger, TriggerSource } from "../market/terms.ts";
import type { Rejection } from "../rejection.ts";
import type { Ticks } from "../units.ts";
import { isTrailing, ORDER_TYPES, type OrderTypeName } from "./order-types.ts";

/** How far a stop price trails: one of the three, as a difference of prices, in pips, or in thousandths. */
export interface TrailForm {
  readonly trailDistance?: string | undefined;
  readonly trailPips?: string | undefined;
  readonly trailPerMille?: string | undefined;
}

export interface TriggerForm extends TrailForm {
  readonly stopPrice?: string | undefined;
  readonly trigger?: TriggerSource | undefined;
  readonly doubleTick?: boolean | undefined;
  readonly limitOffset?: string | undefined;
}

const FROM_THE_PRICE = 0 as Ticks;

export function readTrigger(
  instrument: Instrument,
  type: OrderTypeName,
  form: TriggerForm,
): Trigger | Rejection | undefined {
  const { waits } = ORDER_TYPES[type];
  const trails = isTrailing(type);
  const stopTicks = readStopPrice(instrument, form.stopPrice);
  if (typeof stopTicks === "string") return stopTicks;
  if (waits === undefined && (stopTicks ?? form.trigger ?? (form.doubleTick || undefined)) !== undefined) {
    return "stopPriceUnexpected";
  }
  if (waits !== undefined && stopTicks === undefined && !trails) return "stopPriceMissing";
  const trail = readTrail(instrument, form);
  if (typeof trail === "string") return trail;
  if (trails !== (trail !== undefined)) return trails ? "trailMissing" : "trailNotAllowed";
  const offset = form.limitOffset === undefined ? undefined : parseDistance(instrument, form.limitOffset);
  if (form.limitOffset !== undefined && (offset === undefined || type !== "trailing-stop-limit")) {
    return "limitOffsetInvalid";
  }
  if (waits === undefined) return undefined;
  return {
    ...{ kind: waits, source: form.trigger ?? "last", stopTicks: stopTicks ?? FROM_THE_PRICE },
    ...(form.doubleTick ? { doubleTick: true } : undefined),
    ...(trail === undefined ? undefined : { trail }),
    ...(offset === undefined ? undefined : { limitOffset: offset }),
  };
}

export function readTrail(instrument: Instrument, form: TrailForm): Trail | Rejection | undefined {
  const { trailDistance, trailPips, trailPerMille } = form;
  const given = [trailDistance, trailPips, trailPerMille].filter(text => text !== undefined);
  if (given.length === 0) return undefined;
  if (given.length > 1) return "trailNotAllowed";
  if (trailPerMille !== undefined) {
    return /^\d{1,4}$/.test(trailPerMille)
      ? { by: "perMille", distance: Number(trailPerMille) }
      : "trailOutOfRange";
  }
  const distance =
    trailPips === undefined
      ? parseDistance(instrument, trailDistance ?? "")
      : parsePips(instrument, trailPips);
  return distance === undefined ? "trailOutOfRange" : { by: "ticks", distance };
}

export function readStopPrice(
  instrument: Instrument,
  text: string | undefined,
): Ticks | Rejection | undefined {
  if (text === undefined) return undefined;
  const ticks = parsePrice(instrument, text);
  if (ticks === "priceNotMultiple") return "stopPriceNotMultiple";
  return ticks === "priceOutOfRange" ? "stopPriceOutOfRange" : ticks;
}

/** The fields of a form that a trigger fills. */
export function textsOfTrigger(instrument: Instrument, trigger: Trigger): TriggerForm {
  const { source, stopTicks, doubleTick, trail, limitOffset } = trigger;
  return {
    ...(stopTicks === 0 ? undefined : { stopPrice: formatPrice(instrument, stopTicks) }),
    trigger: source,
    ...(doubleTick ? { doubleTick } : undefined),
    ...(trail?.by === "ticks"
      ? { trailDistance: formatPrice(instrument, trail.distance as Ticks) }
      : undefined),
    ...(trail?.by === "perMille" ? { trailPerMille: String(trail.distance) } : undefined),
    ...(limitOffset === undefined ? undefined : { limitOffset: formatPrice(instrument, limitOffset) }),
  };
}
