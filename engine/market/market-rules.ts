/**
 * What a market refuses before its book is asked: the first rule that a command breaks, in the order of
 * `engine/rejection.ts`. Rules that depend on the book (post-only, room, what is filled) are the book's.
 */
import type { RestingOrder, WaitingOrder } from "../book/audit.ts";
import type { Instrument } from "../instrument.ts";
import { ICEBERG_PARTS_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import { type Milliseconds, TICKS_MAX } from "../units.ts";
import type { AmendOrder, OrderBody, OrderType, TimeInForce } from "./command.ts";
import type { Expiry } from "./expiries.ts";
import { isOfAuction } from "./phase-rules.ts";
import { isPossiblePeg, refusalOfPeg, refusalOfPrice } from "./price-rules.ts";
import type { Trail, Trigger } from "./terms.ts";

/** A trail is less than the whole price. */
const PER_MILLE_MAX = 999;
const MILLISECONDS_A_SECOND = 1_000;

/** What of an order the rules here look at. */
type AskedOrder = Omit<OrderBody, "clientOrderId" | "side" | "reserved">;
const NO_TIME = 0 as Milliseconds;

/**
 * Whether an order has nothing but what most have, and no rule here refuses it: then the others needn't be
 * asked one after another.
 */
export function isPlainAndValid(instrument: Instrument, order: AskedOrder): boolean {
  const { lots, ticks, timeInForce, terms } = order;
  if (terms !== undefined || lots < instrument.minimumLots || lots < 1) return false;
  if (lots > instrument.maximumLots || ticks < 0 || ticks > TICKS_MAX) return false;
  if (timeInForce === "GTC") return order.type === "limit" && ticks !== 0;
  if (order.postOnly || (timeInForce !== "IOC" && timeInForce !== "FOK")) return false;
  return (order.type === "limit") === (ticks !== 0);
}

/** `time`: that of the command; without it an order is not refused for what ended long ago. */
export function refusalOfPlace(
  instrument: Instrument,
  command: AskedOrder,
  time = NO_TIME,
): Rejection | undefined {
  const { ticks, lots, timeInForce } = command;
  if (command.terms?.budget === undefined) {
    if (lots < instrument.minimumLots || lots < 1) return "quantityBelowMinimum";
    if (lots > instrument.maximumLots) return "quantityAboveMaximum";
  }
  if (command.type === "limit") {
    const follows = command.terms?.trigger?.limitOffset !== undefined;
    const pegged = command.terms?.peg !== undefined;
    if (ticks === 0 && !follows && !pegged) return "priceMissing";
    if (ticks !== 0 && follows) return "priceUnexpected";
    if (ticks < 0 || ticks > TICKS_MAX) return "priceOutOfRange";
    const refusal = refusalOfExpiry(command, time) ?? refusalOfTerms(instrument, command);
    if (refusal !== undefined) return refusal;
    if (isOddForAuction(command)) return "timeInForceNotAllowed";
    const slides = command.terms?.slide === true && !command.postOnly;
    return slides || (command.postOnly && !mayRest(timeInForce)) ? "postOnlyNotAllowed" : undefined;
  }
  if (ticks !== 0) return "priceUnexpected";
  const refusal = refusalOfExpiry(command, time) ?? refusalOfTerms(instrument, command);
  if (refusal !== undefined) return refusal;
  const rests = mayRest(timeInForce) && command.terms?.trigger === undefined;
  if (rests || isOddForAuction(command)) return "timeInForceNotAllowed";
  return command.postOnly || command.terms?.slide === true ? "postOnlyNotAllowed" : undefined;
}

/** Whether an order of an auction has terms that an auction doesn't know. */
function isOddForAuction({ timeInForce, terms }: AskedOrder): boolean {
  if (terms === undefined || !isOfAuction(timeInForce)) return false;
  const { hidden: _, selfTrade: __, ...others } = terms;
  return Object.values(others).some(part => part !== undefined);
}

/** Whether what doesn't trade at once rests in continuous trading. */
function mayRest(timeInForce: TimeInForce): boolean {
  return timeInForce === "GTC" || timeInForce === "DAY" || timeInForce === "GTD";
}

function refusalOfExpiry({ timeInForce, terms }: AskedOrder, time: Milliseconds): Rejection | undefined {
  const expireAt = terms?.expireAt;
  if (timeInForce !== "GTD") return expireAt === undefined ? undefined : "expireTimeUnexpected";
  if (expireAt === undefined) return "expireTimeMissing";
  return isExpiryAfter(time, expireAt) ? undefined : "expireTimeOutOfRange";
}

function isExpiryAfter(time: Milliseconds, expireAt: Milliseconds): boolean {
  return expireAt > time && expireAt % MILLISECONDS_A_SECOND === 0 && Number.isSafeInteger(expireAt);
}

/** Whether an amend leaves everything as it is but when the order ends. */
export function changesExpiryOnly({ lots, ticks, terms }: AmendOrder): boolean {
  if (lots !== 0 || ticks !== 0 || terms?.expireAt === undefined) return false;
  const { stopTicks, minimumLots, displayLots, trail, peg } = terms;
  return (stopTicks ?? minimumLots ?? displayLots ?? trail ?? peg) === undefined;
}

function refusalOfTerms(instrument: Instrument, command: AskedOrder): Rejection | undefined {
  const { terms, lots } = command;
  if (terms === undefined) return undefined;
  const { trigger, displayLots, minimumLots } = terms;
  const refusal =
    (trigger === undefined ? undefined : refusalOfTrigger(trigger, command.type)) ?? refusalOfPeg(command);
  if (refusal !== undefined) return refusal;
  if (displayLots !== undefined) {
    const other = terms.hidden || terms.allOrNone || minimumLots !== undefined;
    if (other || command.type === "market" || !mayRest(command.timeInForce))
      return "displayQuantityNotAllowed";
    const possible = displayLots >= instrument.minimumLots && displayLots <= lots;
    if (!possible || lots > displayLots * ICEBERG_PARTS_MAX) return "displayQuantityOutOfRange";
  }
  const possible = minimumLots === undefined || (minimumLots >= 1 && minimumLots <= lots);
  return possible ? refusalOfPrice(command) : "minimumQuantityOutOfRange";
}

function refusalOfTrigger(trigger: Trigger, type: OrderType): Rejection | undefined {
  const { kind, stopTicks, trail, limitOffset } = trigger;
  const lowest = trail === undefined ? 1 : 0;
  if (stopTicks < lowest || stopTicks > TICKS_MAX) return "stopPriceOutOfRange";
  if (trail !== undefined) {
    if (kind !== "stop") return "trailNotAllowed";
    if (!isPossible(trail)) return "trailOutOfRange";
  }
  if (limitOffset === undefined) return undefined;
  const possible = trail !== undefined && type === "limit" && limitOffset >= 0 && limitOffset <= TICKS_MAX;
  return possible ? undefined : "limitOffsetInvalid";
}

function isPossible({ by, distance }: Trail): boolean {
  return distance >= 1 && distance <= (by === "ticks" ? TICKS_MAX : PER_MILLE_MAX);
}

/** As above; 0 leaves size or price as it is. `order`: the order as it is, if it may be a special one. */
export function refusalOfAmend(
  instrument: Instrument,
  command: AmendOrder,
  order: RestingOrder | WaitingOrder | undefined,
  expiry?: Expiry,
  isPegged = false,
): Rejection | undefined {
  const { ticks, lots } = command;
  const armed = order !== undefined && "trigger" in order ? order : undefined;
  if (lots !== 0 && (lots < instrument.minimumLots || lots < 1)) return "quantityBelowMinimum";
  if (lots > instrument.maximumLots) return "quantityAboveMaximum";
  if (order?.ticks === 0 && ticks !== 0 && !isPegged) return "priceUnexpected";
  if (ticks < 0 || ticks > TICKS_MAX) return "priceOutOfRange";
  const { stopTicks, trail, expireAt } = command.terms ?? {};
  if (expireAt !== undefined) {
    if (expiry?.timeInForce !== "GTD") return "expireTimeUnexpected";
    if (!isExpiryAfter(command.time, expireAt)) return "expireTimeOutOfRange";
  }
  if (stopTicks !== undefined) {
    if (armed === undefined) return "stopPriceUnexpected";
    if (stopTicks < 1 || stopTicks > TICKS_MAX) return "stopPriceOutOfRange";
  }
  if (trail !== undefined) {
    if (armed?.trigger.trail === undefined) return "trailNotAllowed";
    if (!isPossible(trail)) return "trailOutOfRange";
  }
  const peg = command.terms?.peg;
  if (peg !== undefined) {
    if (!isPegged) return "pegNotAllowed";
    if (!isPossiblePeg(peg)) return "pegOutOfRange";
  }
  const displayLots = armed?.displayLots;
  // A list may have made it smaller than what it shows at a time: only a new size is judged.
  if (displayLots !== undefined && lots !== 0) {
    const possible = displayLots <= lots && lots <= displayLots * ICEBERG_PARTS_MAX;
    if (!possible) return "displayQuantityOutOfRange";
  }
  return refusalOfNewMinimum(command, order, armed);
}

function refusalOfNewMinimum(
  { lots, terms }: AmendOrder,
  order: RestingOrder | undefined,
  armed: WaitingOrder | undefined,
): Rejection | undefined {
  const minimumLots = terms?.minimumLots;
  if (minimumLots === undefined && armed?.minimumLots === undefined) return undefined;
  if (order?.minimumLots === undefined) return "minimumQuantityNotAllowed";
  if (minimumLots !== undefined && minimumLots < 1) return "minimumQuantityOutOfRange";
  if (armed === undefined) return undefined;
  const total = lots === 0 ? armed.lots : lots;
  return (minimumLots ?? armed.minimumLots ?? 0) > total ? "minimumQuantityOutOfRange" : undefined;
}
