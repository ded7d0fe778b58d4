/** One page of documents of an account, and the cursor that leads to the next. */
import { Fault } from "../fault.ts";

export interface PageQuery {
  readonly account: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

export function cursorInvalid(): Fault {
  const message = "The 'cursor' must be one that a page gave";
  return new Fault("VALIDATION_FAILED", `Cannot read page: ${message}`, {
    fields: [{ field: "cursor", message }],
  });
}
