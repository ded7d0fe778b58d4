/** The types of order, by the names that people and programs give them at the doors. */

/** Each type by its name: what it is once it is on the market, and what it waits for before. */
export const ORDER_TYPES = {
  limit: { type: "limit", waits: undefined },
  market: { type: "market", waits: undefined },
  stop: { type: "market", waits: "stop" },
  "stop-limit": { type: "limit", waits: "stop" },
  "take-profit": { type: "market", waits: "takeProfit" },
  "take-profit-limit": { type: "limit", waits: "takeProfit" },
  "market-if-touched": { type: "market", waits: "takeProfit" },
  "limit-if-touched": { type: "limit", waits: "takeProfit" },
  "trailing-stop": { type: "market", waits: "stop" },
  "trailing-stop-limit": { type: "limit", waits: "stop" },
  pegged: { type: "limit", waits: undefined },
} as const;
export type OrderTypeName = keyof typeof ORDER_TYPES;

/** Whether an order's stop price follows the price. */
export function isTrailing(type: OrderTypeName): boolean {
  return type === "trailing-stop" || type === "trailing-stop-limit";
}
