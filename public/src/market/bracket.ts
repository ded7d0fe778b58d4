/**
 * An entry with exits: what is asked for of a draft that has a take profit, a stop loss or both. The exits
 * are of the other side and of the entry's quantity; the venue gives each its price when the entry trades.
 */
import type { LegRequest, ListRequest } from "../client/list-wire.ts";
import type { OrderRequest } from "../client/wire.ts";
import { readDecimal } from "../decimal.ts";
import { type Draft, shownFields } from "./order-draft.ts";

const EXITS = [
  ["takeProfit", "limit"],
  ["stopLoss", "stop"],
] as const;
const DISTANCES = { pips: "distancePips", money: "distanceMoney" } as const;

/** Undefined where the draft has no exit; `nextId` names each. */
export function bracketOf(draft: Draft, order: OrderRequest, nextId: () => string): ListRequest | undefined {
  const shown = shownFields(draft);
  const { accountId, symbol, ...entry } = order;
  const exits = EXITS.flatMap(([field, type]): LegRequest[] => {
    const distance = shown.has(field) ? readDecimal(draft[field]) : undefined;
    if (distance === undefined || entry.quantity === undefined) return [];
    const side = entry.side === "buy" ? "sell" : "buy";
    const exit = {
      clientOrderId: nextId(),
      side,
      type,
      quantity: entry.quantity,
      timeInForce: "GTC",
    } as const;
    return [{ ...exit, [DISTANCES[draft.exitBy]]: distance }];
  });
  return exits.length === 0
    ? undefined
    : { accountId, symbol, contingency: "bracket", legs: [entry, ...exits] };
}
