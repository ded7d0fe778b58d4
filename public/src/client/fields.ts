/**
 * Reading what came over the wire, field by field: a value that is not what it must be is a Failure that
 * names it, so that a change of the venue's shapes shows at the door and not as an empty cell somewhere.
 */
import { Failure } from "./failure.ts";

export type Fields = Readonly<Record<string, unknown>>;

function unreadable(field: string, kind: string, value: unknown): Failure {
  const received = value === null ? "null" : typeof value;
  return new Failure("UNREADABLE", `Cannot read answer as '${field}' must be ${kind}: received ${received}`);
}

export function fields(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(name, "an object", value);
  }
  return value as Fields;
}

/** A string, or a number as one (ids, counts and leverage come as either). */
export function text(source: Fields, field: string): string {
  const value = source[field];
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw unreadable(field, "a string", value);
}

export function optionalText(source: Fields, field: string): string | undefined {
  const value = source[field];
  return value === undefined || value === null ? undefined : text(source, field);
}

/** A whole number, or a string of one. */
export function whole(source: Fields, field: string): number {
  const value = Number(source[field]);
  if (source[field] === null || !Number.isSafeInteger(value)) {
    throw unreadable(field, "a whole number", source[field]);
  }
  return value;
}

export function flag(source: Fields, field: string): boolean {
  return source[field] === true;
}

export function list<Item>(value: unknown, name: string, decode: (item: unknown) => Item): Item[] {
  if (!Array.isArray(value)) throw unreadable(name, "a list", value);
  return value.map(decode);
}

export function oneOf<Name extends string>(source: Fields, field: string, names: readonly Name[]): Name {
  const value = source[field];
  const name = names.find(candidate => candidate === value);
  if (name === undefined) throw unreadable(field, `one of ${names.join(", ")}`, value);
  return name;
}
