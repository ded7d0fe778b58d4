/** A guard as operators write and read it: money and sizes as decimal strings; what is left out is none. */
import { ACCESS_RIGHTS, type AccessRight, type Guard, NO_GUARD } from "../../engine/account/guard/guard.ts";
import { STOP_OUTS_KEPT } from "../../engine/account/guard/watch.ts";
import { parseDecimal } from "../../engine/decimal.ts";
import { formatQuantity, type Instrument, parseQuantity } from "../../engine/instrument.ts";
import { type Lots, lots, MONEY_DIGITS, type Money, money } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import { formatMoney } from "../orders/money-text.ts";

export interface GuardForm {
  readonly access: AccessRight;
  readonly openOrdersMaximum: number;
  readonly dailyOrdersMaximum: number;
  readonly notionalMaximum: string;
  readonly leverageMaximum: number;
  readonly dailyLossMaximum: string;
  readonly dailyLossPerMille: number;
  readonly coolDownMs: number;
  readonly stopOutsMaximum: number;
  readonly stopWindowMs: number;
  readonly stopPauseMs: number;
  readonly marginCallPerMille: number;
  readonly closeOutPerMille: number;
  readonly positionMaximums: Readonly<Record<string, string>>;
}

export type GuardView = GuardForm;

const MONEY = { type: "string", pattern: /^\d{1,15}(\.\d{1,8})?$/, default: "0" } as const;
const YEAR_MS = 31_536_000_000;
const count = (max: number) => ({ type: "number", integer: true, min: 0, max, default: 0 }) as const;

/** For a schema. */
export const GUARD_FIELDS = {
  access: { type: "enum", values: [...ACCESS_RIGHTS], default: NO_GUARD.access },
  openOrdersMaximum: count(1_000),
  dailyOrdersMaximum: count(1_000_000_000),
  notionalMaximum: MONEY,
  leverageMaximum: count(10_000),
  dailyLossMaximum: MONEY,
  dailyLossPerMille: count(1_000),
  coolDownMs: count(YEAR_MS),
  stopOutsMaximum: count(STOP_OUTS_KEPT),
  stopWindowMs: count(YEAR_MS),
  stopPauseMs: count(YEAR_MS),
  marginCallPerMille: count(100_000),
  closeOutPerMille: count(100_000),
  positionMaximums: {
    type: "record",
    key: { type: "string", min: 1, max: 40 },
    value: { type: "string", pattern: /^\d{1,15}(\.\d{1,8})?$/ },
    default: {},
  },
} as const;

function readMoney(text: string): Money {
  return money(parseDecimal(text, MONEY_DIGITS) ?? 0n);
}

function readMaximum(instruments: readonly Instrument[], symbol: string, text: string) {
  const instrument = instruments.find(listed => listed.symbol === symbol);
  if (instrument === undefined) {
    throw new Fault(
      "SYMBOL_UNKNOWN",
      `Cannot limit position as the symbol must be listed: received ${symbol}`,
    );
  }
  const size = parseQuantity({ ...instrument, maximumLots: Number.MAX_SAFE_INTEGER as Lots }, text);
  if (typeof size === "string") {
    throw new Fault("VALIDATION_FAILED", `Cannot limit position as its size was refused: ${size}`);
  }
  return { market: instrument.number, lots: size };
}

/** Throws SYMBOL_UNKNOWN and VALIDATION_FAILED. */
export function readGuard(instruments: readonly Instrument[], form: GuardForm): Guard {
  const { positionMaximums, notionalMaximum, dailyLossMaximum, ...plain } = form;
  return {
    ...plain,
    notionalMaximum: readMoney(notionalMaximum),
    dailyLossMaximum: readMoney(dailyLossMaximum),
    positionMaximums: Object.entries(positionMaximums)
      .map(([symbol, text]) => readMaximum(instruments, symbol, text))
      .sort((one, other) => one.market - other.market),
  };
}

export function viewGuard(instruments: readonly Instrument[], guard: Guard): GuardView {
  const { positionMaximums, notionalMaximum, dailyLossMaximum, ...plain } = guard;
  const maximums = positionMaximums.flatMap(maximum => {
    const instrument = instruments.find(({ number }) => number === maximum.market);
    if (instrument === undefined) return [];
    return [[instrument.symbol, formatQuantity(instrument, lots(maximum.lots))] as const];
  });
  return {
    ...plain,
    notionalMaximum: formatMoney(notionalMaximum),
    dailyLossMaximum: formatMoney(dailyLossMaximum),
    positionMaximums: Object.fromEntries(maximums),
  };
}
