/** Which orders a cancellation of many would take: those of a market, of a side, or all. */
import type { Order, Side } from "../client/wire.ts";

export interface Scope {
  readonly symbol?: string;
  readonly side?: Side;
}

export function ordersIn(orders: readonly Order[], scope: Scope): readonly Order[] {
  return orders.filter(
    order =>
      (scope.symbol === undefined || order.symbol === scope.symbol) &&
      (scope.side === undefined || order.side === scope.side),
  );
}
