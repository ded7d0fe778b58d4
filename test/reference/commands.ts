/**
 * Commands for tests: short forms with the fields that a test is not about filled in, numbered as a shard
 * would.
 */
import { composeOrderId, marketOrigin } from "../../engine/ids.ts";
import { defineInstrument, type Instrument } from "../../engine/instrument.ts";
import type {
  CancelCondition,
  Contingency,
  ExitDistance,
  ListLeg,
  MarketCommand,
  OrderType,
  Quote,
  TimeInForce,
} from "../../engine/market/command.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { AmendTerms, OrderTerms } from "../../engine/market/terms.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../../engine/units.ts";

/** One tick is 1, one lot is 1. */
export const PLAIN: Instrument = defineInstrument({
  symbol: "TEST",
  tickSize: "1",
  lotStep: "1",
  minimumQuantity: "1",
  number: 5,
});

/** As the plain one, but what an order may be worth is limited. */
const LIMITS = {
  tickSize: "1",
  lotStep: "1",
  minimumQuantity: "2",
  maximumQuantity: "60",
  minimumNotional: "250",
  maximumNotional: "4500",
} as const;

export const LIMITED: Instrument = defineInstrument({ ...LIMITS, symbol: "LIMIT", number: 6 });

/** One that keeps prices within limits too. */
export const BANDED: Instrument = defineInstrument({
  ...LIMITS,
  symbol: "BANDED",
  executionRange: "3",
  priceBands: { static: { perMille: 60 }, dynamic: "5", onBreach: "reject" },
  number: 7,
});

/** One whose bands start a call of four seconds. */
export const CALLING: Instrument = defineInstrument({
  symbol: "CALLING",
  tickSize: "1",
  lotStep: "1",
  minimumQuantity: "1",
  executionRange: "7",
  priceBands: { static: { perMille: 60 }, dynamic: "3", onBreach: "auction", auctionSeconds: 4 },
  number: 8,
});

export interface PlaceForm {
  readonly kind: "place";
  readonly account: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly lots: number;
  readonly ticks: number;
  readonly terms?: OrderTerms;
}

/** An order of a list. */
export interface LegForm extends Omit<PlaceForm, "kind" | "account"> {
  readonly distance?: ExitDistance;
}

export interface ListForm {
  readonly kind: "list";
  readonly account: number;
  readonly contingency: Contingency;
  readonly legs: readonly LegForm[];
}

/** `order` is the count of the order that is meant, from 1. */
export type CommandForm =
  | PlaceForm
  | ListForm
  | {
      readonly kind: "amend";
      account: number;
      order: number;
      lots: number;
      ticks: number;
      terms?: AmendTerms;
    }
  | { readonly kind: "cancel"; account: number; order: number; onlyIf?: CancelCondition }
  | { readonly kind: "massCancel"; account: number; side?: Side }
  | {
      readonly kind: "massQuote";
      account: number;
      postOnly: boolean;
      quotes: { side: Side; lots: number; ticks: number }[];
    }
  | { readonly kind: "cancelAllAfter"; account: number; timeoutMs: number }
  | {
      readonly kind: "protect";
      account: number;
      windowMs: number;
      quantityMax: number;
      countMax: number;
      deltaMax: number;
    }
  | { readonly kind: "resetProtection"; account: number }
  | {
      readonly kind: "replace";
      account: number;
      order: number;
      onFailure: "stop" | "allow";
      /** What of the old order its shard has heard to have traded. */
      filled?: number;
      by: Omit<PlaceForm, "kind" | "account">;
    }
  | { readonly kind: "phase"; phase: Phase }
  | { readonly kind: "price"; which: "mark" | "reference"; ticks: number }
  | { readonly kind: "endOfDay" }
  | { readonly kind: "clock" };

/** The id of the `count`-th order of an instrument's market. */
export function idOf(count: number, instrument: Instrument = PLAIN): OrderId {
  return composeOrderId(count, marketOrigin(instrument.number));
}

function legOf({ lots, ticks, ...form }: LegForm): ListLeg {
  const sizes = { lots: lots as Lots, ticks: ticks as Ticks, reserved: 0n as Money };
  return { ...form, ...sizes, clientOrderId: "" };
}

/** A form as the `number`-th command of shard 0. */
export function commandOf(
  form: CommandForm,
  number: number,
  instrument: Instrument = PLAIN,
  time = number as Milliseconds,
): MarketCommand {
  if (form.kind === "phase") return { kind: "phase", time, phase: form.phase, reason: "test" };
  if (form.kind === "endOfDay" || form.kind === "clock") return { kind: form.kind, time };
  if (form.kind === "price") return { kind: "price", time, which: form.which, ticks: form.ticks as Ticks };
  const common = {
    time,
    shard: 0,
    number,
    account: form.account as AccountId,
    liquidity: false,
    reference: 0,
  };
  if (form.kind === "massCancel") {
    const massCancel = { kind: "massCancel", ...common } as const;
    return form.side === undefined ? massCancel : { ...massCancel, side: form.side };
  }
  if (form.kind === "cancelAllAfter") return { ...common, ...form, account: common.account };
  if (form.kind === "resetProtection") return { kind: "resetProtection", ...common };
  if (form.kind === "protect") {
    const [quantityMax, deltaMax] = [form.quantityMax as Lots, form.deltaMax as Lots];
    return { ...common, ...form, account: common.account, quantityMax, deltaMax };
  }
  if (form.kind === "massQuote") {
    const quotes = form.quotes as Quote[];
    const body = { postOnly: form.postOnly, quotes, clientOrderId: "", reserved: 0n as Money };
    return { kind: "massQuote", ...common, ...body };
  }
  if (form.kind === "cancel") {
    const cancel = { kind: "cancel", ...common, orderId: idOf(form.order, instrument) } as const;
    return form.onlyIf === undefined ? cancel : { ...cancel, onlyIf: form.onlyIf };
  }
  if (form.kind === "replace") {
    const { by, onFailure, filled } = form;
    const body = { clientOrderId: "", ...by, lots: by.lots as Lots, ticks: by.ticks as Ticks };
    const orderId = idOf(form.order, instrument);
    const told = filled === undefined ? {} : { filledLots: filled as Lots };
    const order = { ...body, reserved: 0n as Money };
    return { kind: "replace", ...common, orderId, onFailure, ...told, order };
  }
  if (form.kind === "list") {
    const { contingency, legs } = form;
    return { kind: "list", ...common, contingency, legs: legs.map(legOf) };
  }
  const sizes = { lots: form.lots as Lots, ticks: form.ticks as Ticks, reserved: 0n as Money };
  if (form.kind === "amend") {
    const amend = { kind: "amend", ...common, ...sizes, orderId: idOf(form.order, instrument) } as const;
    return form.terms === undefined ? amend : { ...amend, terms: form.terms };
  }
  const { side, type, timeInForce, postOnly } = form;
  const place = {
    ...({ kind: "place", ...common, ...sizes, clientOrderId: "" } as const),
    ...{ side, type, timeInForce, postOnly },
  };
  return form.terms === undefined ? place : { ...place, terms: form.terms };
}
