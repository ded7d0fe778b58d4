/**
 * The fields of a line of `cambist match`, each read by its form, or a `LineFault` that says which rule it
 * breaks.
 */
import { DECIMAL_CHARACTERS_MAX } from "../engine/decimal.ts";

/** A line that is no command. */
export class LineFault extends Error {}

const ID_CHARACTERS_MAX = 128;
const SHOWN_CHARACTERS_MAX = 100;

export type Fields = Record<string, unknown>;

export function fault(field: string, rule: string, received: unknown): LineFault {
  const text = told(received);
  const shown = text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
  return new LineFault(`Cannot read command as '${field}' must be ${rule}: received ${shown}`);
}

/** What was received; of what has parts only that, as its parts may lie in each other without end. */
function told(received: unknown): string {
  if (received === undefined) return "nothing";
  if (typeof received !== "object" || received === null) return JSON.stringify(received);
  return Array.isArray(received) ? "a list" : "an object";
}

export function id(fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value !== "string" || value.length === 0 || value.length > ID_CHARACTERS_MAX) {
    throw fault(field, `a string of 1 to ${ID_CHARACTERS_MAX} characters`, value);
  }
  return value;
}

/** Whether a text is digits, with at most one point between digits and a minus in front. */
export function isDecimal(text: string): boolean {
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

export function decimal(fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value !== "string" || !isDecimal(value)) throw fault(field, "a decimal string", value);
  return value;
}

export function time(fields: Fields): number {
  const value = fields.time;
  if (value === undefined) return 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw fault("time", "whole milliseconds from 0", value);
  }
  return value;
}

/** A whole number from 0. */
export function whole(fields: Fields, field: string): number {
  const value = fields[field];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw fault(field, "a whole number from 0", value);
  }
  return value;
}

/** A moment in milliseconds, or a text that says one: which, `engine/form` reads. */
export function moment(fields: Fields, field: string): number | string {
  const value = fields[field];
  const sound = typeof value === "number" ? Number.isSafeInteger(value) && value >= 0 : false;
  if (sound) return value as number;
  if (typeof value === "string" && value.length <= ID_CHARACTERS_MAX) return value;
  throw fault(field, "whole milliseconds from 0 or RFC 3339 text", value);
}

export function onlyFields(fields: Fields, known: ReadonlySet<string>): void {
  for (const name in fields) {
    if (!known.has(name)) throw fault(name, "left out: the command has no such field", fields[name]);
  }
}

export function optional<Value>(
  fields: Fields,
  field: string,
  read: (fields: Fields, field: string) => Value,
): Value | undefined {
  return fields[field] === undefined ? undefined : read(fields, field);
}

/** A field that is one of some words; the word in `absent` where the line leaves it out. */
export function word<Word extends string, Absent>(
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

export function flag(fields: Fields, field: string): boolean {
  const value = fields[field];
  if (value !== undefined && typeof value !== "boolean") throw fault(field, "true or false", value);
  return value ?? false;
}
