/**
 * One line of `cambist match` as a command, or a `LineFault` that says which field broke which rule. The
 * schema is closed: a field that a command doesn't have is a fault. It is checked by hand because a generated
 * validator took longer than matching did.
 */

import { DECIMAL_CHARACTERS_MAX } from "../engine/decimal.ts";
import type { TriggerSource } from "../engine/market/command.ts";
import { MATCH_TYPES, type MatchType } from "./match-types.ts";

const TIMES_IN_FORCE = ["GTC", "IOC", "FOK"] as const;
const SOURCES = ["last", "bid", "ask", "mid"] as const;

export interface PlaceLine {
  readonly command: "place";
  readonly orderId: string;
  readonly accountId: string;
  readonly side: "buy" | "sell";
  readonly type: MatchType;
  readonly quantity: string;
  readonly price: string | undefined;
  readonly stopPrice: string | undefined;
  readonly trigger: TriggerSource | undefined;
  readonly displayQuantity: string | undefined;
  readonly minimumQuantity: string | undefined;
  readonly hidden: boolean;
  readonly allOrNone: boolean;
  readonly timeInForce: "GTC" | "IOC" | "FOK";
  readonly postOnly: boolean;
  readonly time: number;
}

export interface AmendLine {
  readonly command: "amend";
  readonly orderId: string;
  readonly accountId: string | undefined;
  readonly quantity: string | undefined;
  readonly price: string | undefined;
  readonly stopPrice: string | undefined;
  readonly minimumQuantity: string | undefined;
  readonly time: number;
}

export interface CancelLine {
  readonly command: "cancel";
  readonly orderId: string;
  readonly accountId: string | undefined;
  readonly time: number;
}

export type MatchLine = PlaceLine | AmendLine | CancelLine;

/** A line that is no command. */
export class LineFault extends Error {}

const ID_CHARACTERS_MAX = 128;
const PLACE_FIELDS = new Set([
  "command",
  "orderId",
  "accountId",
  "side",
  "type",
  "quantity",
  "price",
  "stopPrice",
  "trigger",
  "displayQuantity",
  "minimumQuantity",
  "hidden",
  "allOrNone",
  "timeInForce",
  "postOnly",
  "time",
]);
const AMEND_FIELDS = new Set([
  "command",
  "orderId",
  "accountId",
  "quantity",
  "price",
  "stopPrice",
  "minimumQuantity",
  "time",
]);
const CANCEL_FIELDS = new Set(["command", "orderId", "accountId", "time"]);
const SHOWN_CHARACTERS_MAX = 100;

type Fields = Record<string, unknown>;

function fault(field: string, rule: string, received: unknown): LineFault {
  const text = received === undefined ? "nothing" : JSON.stringify(received);
  const shown = text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
  return new LineFault(`Cannot read command as '${field}' must be ${rule}: received ${shown}`);
}

function id(fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value !== "string" || value.length === 0 || value.length > ID_CHARACTERS_MAX) {
    throw fault(field, `a string of 1 to ${ID_CHARACTERS_MAX} characters`, value);
  }
  return value;
}

/** Whether a text is digits, with at most one point between digits and a minus in front. */
function isDecimal(text: string): boolean {
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  let point = -1;
  for (let at = start; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character >= 48 && character <= 57) continue;
    if (character !== 46 || point >= 0 || at === start) return false;
    point = at;
  }
  return text.length > start && point !== text.length - 1 && text.length <= DECIMAL_CHARACTERS_MAX;
}

function decimal(fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value !== "string" || !isDecimal(value)) throw fault(field, "a decimal string", value);
  return value;
}

function time(fields: Fields): number {
  const value = fields.time;
  if (value === undefined) return 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw fault("time", "whole milliseconds from 0", value);
  }
  return value;
}

function onlyFields(fields: Fields, known: ReadonlySet<string>): void {
  for (const name in fields) {
    if (!known.has(name)) throw fault(name, "left out: the command has no such field", fields[name]);
  }
}

function optional<Value>(
  fields: Fields,
  field: string,
  read: (fields: Fields, field: string) => Value,
): Value | undefined {
  return fields[field] === undefined ? undefined : read(fields, field);
}

/** A field that is one of some words; the word in `absent` where the line leaves it out. */
function word<Word extends string, Absent>(
  fields: Fields,
  field: string,
  words: readonly Word[],
  absent: Absent,
): Word | Absent {
  const value = fields[field];
  if (value === undefined) return absent;
  for (const known of words) if (value === known) return known;
  throw fault(field, `one of ${words.join(", ")}`, value);
}

function flag(fields: Fields, field: string): boolean {
  const value = fields[field];
  if (value !== undefined && typeof value !== "boolean") throw fault(field, "true or false", value);
  return value ?? false;
}

function isType(value: unknown): value is MatchType {
  return typeof value === "string" && Object.hasOwn(MATCH_TYPES, value);
}

function readPlace(fields: Fields): PlaceLine {
  onlyFields(fields, PLACE_FIELDS);
  const orderId = id(fields, "orderId");
  const { side, type } = fields;
  if (side !== "buy" && side !== "sell") throw fault("side", "buy or sell", side);
  if (!isType(type)) throw fault("type", `one of ${Object.keys(MATCH_TYPES).join(", ")}`, type);
  return {
    command: "place",
    orderId,
    accountId: fields.accountId === undefined ? "" : id(fields, "accountId"),
    side,
    type,
    quantity: decimal(fields, "quantity"),
    price: optional(fields, "price", decimal),
    stopPrice: optional(fields, "stopPrice", decimal),
    displayQuantity: optional(fields, "displayQuantity", decimal),
    minimumQuantity: optional(fields, "minimumQuantity", decimal),
    hidden: flag(fields, "hidden"),
    allOrNone: flag(fields, "allOrNone"),
    trigger: word(fields, "trigger", SOURCES, undefined),
    timeInForce: word(fields, "timeInForce", TIMES_IN_FORCE, type === "market" ? "IOC" : "GTC"),
    postOnly: flag(fields, "postOnly"),
    time: time(fields),
  };
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
    minimumQuantity: optional(fields, "minimumQuantity", decimal),
    time: time(fields),
  };
}

function readCancel(fields: Fields): CancelLine {
  onlyFields(fields, CANCEL_FIELDS);
  return {
    command: "cancel",
    orderId: id(fields, "orderId"),
    accountId: optional(fields, "accountId", id),
    time: time(fields),
  };
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
    default:
      throw fault("command", "place, amend or cancel", fields.command);
  }
}
