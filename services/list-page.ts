/**
 * One page of a list that is short enough to be made whole, such as instruments or an account's positions:
 * in the list's own order, the cursor being the key of the last item on the page before.
 */
import { Fault } from "../mixins/fault.ts";

export const PAGE_PARAMS = {
  limit: { type: "number", integer: true, min: 1, max: 500, default: 100 },
  cursor: { type: "string", min: 1, max: 64, optional: true },
} as const;

export interface PageParams {
  readonly limit: number;
  readonly cursor?: string;
}

export interface ListPage<Item> {
  readonly items: Item[];
  readonly nextCursor?: string;
}

/** Throws VALIDATION_FAILED where no item has the cursor's key. */
export function pageOfList<Item>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, cursor }: PageParams,
): ListPage<Item> {
  const before = cursor === undefined ? -1 : list.findIndex(item => keyOf(item) === cursor);
  if (cursor !== undefined && before < 0) {
    const message = "The 'cursor' must be one that a page gave";
    throw new Fault("VALIDATION_FAILED", `Cannot read page: ${message}`, {
      fields: [{ field: "cursor", message }],
    });
  }
  const items = list.slice(before + 1, before + 1 + limit);
  const last = items.at(-1);
  const more = before + 1 + limit < list.length;
  return more && last !== undefined ? { items, nextCursor: keyOf(last) } : { items };
}
