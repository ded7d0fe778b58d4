/**
 * The checks that the venue will make and that the page can make before: same rules, same order, same codes.
 * What passes here may still be refused there.
 */
import type { OrderField } from "../client/rejection-words.ts";
import { parseDecimal, readDecimal } from "../decimal.ts";
import type { Instrument } from "./instrument.ts";
import { type Draft, type DraftField, shownFields } from "./order-draft.ts";
import { MONEY_DIGITS } from "./valuation.ts";

export interface Complaint {
  readonly field: OrderField;
  readonly code: string;
}

const PRICE_TICKS_MAX = 2n ** 31n - 1n;
const PER_MILLE_MAX = 999;
const ICEBERG_PARTS_MAX = 1_000n;

function unitsOf(typed: string, digits: number): bigint | undefined {
  const text = readDecimal(typed);
  return text === undefined ? undefined : parseDecimal(text, digits);
}

export function checkQuantity(instrument: Instrument, typed: string): string | undefined {
  const units = unitsOf(typed, instrument.quantityDigits);
  if (units === undefined || units % instrument.lotUnits !== 0n) return "quantityNotMultiple";
  if (units <= 0n || units < instrument.minimumUnits) return "quantityBelowMinimum";
  if (instrument.maximumUnits !== undefined && units > instrument.maximumUnits) return "quantityAboveMaximum";
  return undefined;
}

/** `name`: of a limit or of a trigger, whose codes differ in their first word. */
export function checkPrice(
  instrument: Instrument,
  typed: string,
  name: "price" | "stopPrice" = "price",
): string | undefined {
  if (typed.trim() === "") return `${name}Missing`;
  const units = unitsOf(typed, instrument.priceDigits);
  if (units === undefined || units % instrument.tickUnits !== 0n) return `${name}NotMultiple`;
  const ticks = units / instrument.tickUnits;
  return ticks < 1n || ticks > PRICE_TICKS_MAX ? `${name}OutOfRange` : undefined;
}

function checkTrail(instrument: Instrument, { trail, trailBy }: Draft): string | undefined {
  if (trail.trim() === "") return "trailMissing";
  const text = readDecimal(trail);
  if (text === undefined) return "trailOutOfRange";
  if (trailBy === "perMille") {
    const whole = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    return whole >= 1 && whole <= PER_MILLE_MAX ? undefined : "trailOutOfRange";
  }
  const units =
    trailBy === "price" ? parseDecimal(text, instrument.priceDigits) : pipsInUnits(instrument, text);
  return units === undefined || units <= 0n || units % instrument.tickUnits !== 0n
    ? "trailOutOfRange"
    : undefined;
}

/** A distance in pips as units of the price; undefined where it is finer than these. */
export function pipsInUnits(instrument: Instrument, pips: string): bigint | undefined {
  const digits = Math.max(instrument.priceDigits - instrument.pipDigits, 0);
  const tenths = parseDecimal(pips, digits);
  return tenths === undefined ? undefined : (tenths * instrument.pipUnits) / 10n ** BigInt(digits);
}

function checkOffset(instrument: Instrument, typed: string): string | undefined {
  const units = unitsOf(typed, instrument.priceDigits);
  return units === undefined || units < 0n || units % instrument.tickUnits !== 0n
    ? "limitOffsetInvalid"
    : undefined;
}

function checkExpiry(typed: string, now: number): string | undefined {
  if (typed === "") return "expireTimeMissing";
  const time = Date.parse(typed);
  return Number.isNaN(time) || time <= now ? "expireTimeOutOfRange" : undefined;
}

function checkDisplay(instrument: Instrument, draft: Draft): string | undefined {
  if (draft.allOrNone || draft.minimumQuantity.trim() !== "") return "displayQuantityNotAllowed";
  const part = unitsOf(draft.displayQuantity, instrument.quantityDigits);
  const whole = unitsOf(draft.quantity, instrument.quantityDigits);
  if (part === undefined || whole === undefined) return "displayQuantityOutOfRange";
  const possible = part >= instrument.minimumUnits && part > 0n && part % instrument.lotUnits === 0n;
  return possible && part <= whole && whole <= part * ICEBERG_PARTS_MAX
    ? undefined
    : "displayQuantityOutOfRange";
}

function checkMinimum(instrument: Instrument, draft: Draft): string | undefined {
  if (draft.minimumQuantity.trim() === "") return undefined;
  const least = unitsOf(draft.minimumQuantity, instrument.quantityDigits);
  const whole = unitsOf(draft.quantity, instrument.quantityDigits);
  if (least === undefined || whole === undefined) return "minimumQuantityOutOfRange";
  return least > 0n && least % instrument.lotUnits === 0n && least <= whole
    ? undefined
    : "minimumQuantityOutOfRange";
}

/** A distance that may be left out: of none there is nothing to say. */
function checkSlippage(instrument: Instrument, typed: string): string | undefined {
  const text = readDecimal(typed);
  if (typed.trim() === "") return undefined;
  const units = text === undefined ? undefined : pipsInUnits(instrument, text);
  return units === undefined || units < 0n || units % instrument.tickUnits !== 0n
    ? "slippageOutOfRange"
    : undefined;
}

function checkPegOffset(instrument: Instrument, typed: string): string | undefined {
  const units = typed.trim() === "" ? 0n : unitsOf(typed, instrument.priceDigits);
  return units === undefined || units % instrument.tickUnits !== 0n ? "pegOutOfRange" : undefined;
}

function checkBudget(typed: string): string | undefined {
  const units = unitsOf(typed, MONEY_DIGITS);
  return units === undefined || units <= 0n ? "budgetTooSmall" : undefined;
}

function checkExit(instrument: Instrument, typed: string, by: Draft["exitBy"]): string | undefined {
  if (typed.trim() === "") return undefined;
  const text = readDecimal(typed);
  if (text === undefined) return "exitOutOfRange";
  const units = by === "money" ? parseDecimal(text, MONEY_DIGITS) : pipsInUnits(instrument, text);
  const isWhole = by === "money" || (units !== undefined && units % instrument.tickUnits === 0n);
  return units !== undefined && units > 0n && isWhole ? undefined : "exitOutOfRange";
}

function checkCap(instrument: Instrument, typed: string): string | undefined {
  return typed.trim() === "" ? undefined : checkPrice(instrument, typed);
}

/** All complaints, in the venue's order of precedence; `now` in milliseconds. */
export function checkDraft(instrument: Instrument, draft: Draft, now: number): readonly Complaint[] {
  const shown = shownFields(draft);
  const checks: readonly (readonly [OrderField, () => string | undefined, DraftField?])[] = [
    ["budget", () => checkBudget(draft.budget)],
    ["quantity", () => checkQuantity(instrument, draft.quantity)],
    ["price", () => checkPrice(instrument, draft.price)],
    ["price", () => checkCap(instrument, draft.cap), "cap"],
    ["expireTime", () => checkExpiry(draft.expireTime, now)],
    ["stopPrice", () => checkPrice(instrument, draft.stopPrice, "stopPrice")],
    ["trail", () => checkTrail(instrument, draft)],
    ["limitOffset", () => checkOffset(instrument, draft.limitOffset)],
    ["displayQuantity", () => checkDisplay(instrument, draft)],
    ["minimumQuantity", () => checkMinimum(instrument, draft)],
    ["pegOffset", () => checkPegOffset(instrument, draft.pegOffset)],
    ["slippage", () => checkSlippage(instrument, draft.slippage)],
    ["takeProfit", () => checkExit(instrument, draft.takeProfit, draft.exitBy)],
    ["stopLoss", () => checkExit(instrument, draft.stopLoss, draft.exitBy)],
  ];
  return checks.flatMap(([field, check, typedIn = field]) => {
    const code = shown.has(typedIn) ? check() : undefined;
    return code === undefined ? [] : [{ field, code }];
  });
}
