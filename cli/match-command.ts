/**
 * One line of `cambist match` as a command, or a `LineFault` that says which field broke which rule. The
 * schema is closed: a field that a command doesn't have is a fault. It is checked by hand because a generated
 * validator took longer than matching did.
 */

import type { AmendForm, MarketOrderForm } from "../engine/form/order-form.ts";
import type { CancelCondition } from "../engine/market/command.ts";
import type { Phase } from "../engine/market/phase.ts";
import { PHASES } from "../engine/market/phase.ts";
import {
  type AccountLine,
  CANCEL_CONDITIONS,
  type ReplaceLine,
  readAccountLine,
  readReplaceFields,
} from "./match-account-lines.ts";
import {
  decimal,
  type Fields,
  fault,
  id,
  LineFault,
  moment,
  onlyFields,
  optional,
  time,
  word,
} from "./match-fields.ts";
import { LEG_FORMS, LINE_FORMS, WHICH_PRICES } from "./match-forms.ts";
import { type ListLine, readList } from "./match-list-lines.ts";
import { pegOf, readOrder, trailOf } from "./match-order-fields.ts";

export interface PlaceLine extends MarketOrderForm {
  readonly command: "place";
  readonly orderId: string;
  readonly accountId: string;
  readonly time: number;
}

export interface AmendLine extends AmendForm {
  readonly command: "amend";
  readonly orderId: string;
  readonly accountId: string | undefined;
  readonly time: number;
}

export interface CancelLine {
  readonly command: "cancel";
  readonly orderId: string;
  readonly onlyIf: CancelCondition | undefined;
  readonly accountId: string | undefined;
  readonly time: number;
}

export interface PhaseLine {
  readonly command: "phase";
  readonly phase: Phase;
  readonly reason: string;
  readonly time: number;
}

export interface PriceLine {
  readonly command: "price";
  readonly which: "mark" | "reference";
  /** 0 takes it away. */
  readonly price: string;
  readonly time: number;
}

/** Nothing but the time, or the end of the trading day. */
export interface TimeLine {
  readonly command: "clock" | "endOfDay";
  readonly time: number;
}

export type MatchLine =
  | PlaceLine
  | AmendLine
  | CancelLine
  | ReplaceLine
  | PhaseLine
  | PriceLine
  | TimeLine
  | ListLine
  | AccountLine;

const PLACE_FIELDS = new Set(Object.keys(LINE_FORMS.place));
const AMEND_FIELDS = new Set(Object.keys(LINE_FORMS.amend));
const CANCEL_FIELDS = new Set(Object.keys(LINE_FORMS.cancel));
const PRICE_FIELDS = new Set(Object.keys(LINE_FORMS.price));
const REPLACE_FIELDS = new Set(Object.keys(LINE_FORMS.replace));
const PHASE_FIELDS = new Set(Object.keys(LINE_FORMS.phase));
const LEG_FIELDS = new Set(Object.keys(LEG_FORMS));
const LIST_FIELDS = new Set(Object.keys(LINE_FORMS.list));
const TIME_FIELDS = new Set(Object.keys(LINE_FORMS.clock));

function readPlace(fields: Fields): PlaceLine {
  onlyFields(fields, PLACE_FIELDS);
  const orderId = id(fields, "orderId");
  const accountId = fields.accountId === undefined ? "" : id(fields, "accountId");
  return { command: "place", orderId, accountId, ...readOrder(fields), time: time(fields) };
}

function readReplace(fields: Fields): ReplaceLine {
  onlyFields(fields, REPLACE_FIELDS);
  const replaced = readReplaceFields(fields);
  return { command: "replace", ...replaced, ...readOrder(fields), time: time(fields) };
}

function readAmend(fields: Fields): AmendLine {
  onlyFields(fields, AMEND_FIELDS);
  return {
    command: "amend",
    orderId: id(fields, "orderId"),
    accountId: optional(fields, "accountId", id),
    quantity: optional(fields, "quantity", decimal),
    price: optional(fields, "price", decimal),
    stopPrice: optional(fields, "stopPrice", decimal),
    ...trailOf(fields),
    ...pegOf(fields),
    minimumQuantity: optional(fields, "minimumQuantity", decimal),
    expireTime: optional(fields, "expireTime", moment),
    time: time(fields),
  };
}

function readPrice(fields: Fields): PriceLine {
  onlyFields(fields, PRICE_FIELDS);
  const which = word(fields, "which", WHICH_PRICES, "mark");
  return { command: "price", which, price: decimal(fields, "price"), time: time(fields) };
}

function readCancel(fields: Fields): CancelLine {
  onlyFields(fields, CANCEL_FIELDS);
  return {
    command: "cancel",
    orderId: id(fields, "orderId"),
    accountId: optional(fields, "accountId", id),
    onlyIf: word(fields, "onlyIf", CANCEL_CONDITIONS, undefined),
    time: time(fields),
  };
}

function readPhase(fields: Fields): PhaseLine {
  onlyFields(fields, PHASE_FIELDS);
  const phase = word(fields, "phase", PHASES, undefined);
  if (phase === undefined) throw fault("phase", `one of ${PHASES.join(", ")}`, undefined);
  const reason = optional(fields, "reason", id) ?? "";
  return { command: "phase", phase, reason, time: time(fields) };
}

function readTime(fields: Fields, command: TimeLine["command"]): TimeLine {
  onlyFields(fields, TIME_FIELDS);
  return { command, time: time(fields) };
}

/** Reads a line; throws `LineFault`. */
export function readMatchLine(text: string): MatchLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LineFault(`Cannot read command as it must be JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LineFault("Cannot read command as it must be a JSON object");
  }
  const fields = value as Fields;
  switch (fields.command) {
    case "place":
      return readPlace(fields);
    case "amend":
      return readAmend(fields);
    case "cancel":
      return readCancel(fields);
    case "phase":
      return readPhase(fields);
    case "price":
      return readPrice(fields);
    case "clock":
    case "endOfDay":
      return readTime(fields, fields.command);
    case "replace":
      return readReplace(fields);
    case "list":
      onlyFields(fields, LIST_FIELDS);
      return readList(fields, LEG_FIELDS);
    default: {
      const line = readAccountLine(fields);
      if (line === undefined) throw fault("command", "one of docs/MATCH.md", fields.command);
      return line;
    }
  }
}
