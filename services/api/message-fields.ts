/** Fields of a socket's message, which may hold anything. */
import { Fault } from "../../mixins/fault.ts";

const TEXT_CHARACTERS_MAX = 4_096;

function readable(asked: unknown, name: string): string | undefined {
  if (typeof asked !== "object" || asked === null) return undefined;
  const value: unknown = Object.entries(asked).find(([key]) => key === name)?.[1];
  return typeof value === "string" && value.length <= TEXT_CHARACTERS_MAX ? value : undefined;
}

/** The room that was asked for, as far as it can be read. */
export function named(asked: unknown): { room?: string } {
  const room = readable(asked, "room");
  return room === undefined ? {} : { room };
}

export function textOf(asked: unknown, name: string): string {
  const value = readable(asked, name);
  if (value === undefined) {
    const message = `The '${name}' field must be a string`;
    throw new Fault("VALIDATION_FAILED", `Cannot read message: ${message}`, {
      fields: [{ field: name, message }],
    });
  }
  return value;
}
