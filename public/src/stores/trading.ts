/** What is done to orders that are there already: amend, cancel, cancel all, close a position. */
import { defineStore } from "pinia";
import { reactive } from "vue";
import { failureOf } from "../client/failure.ts";
import { placeOrder } from "../client/placement.ts";
import { fieldOfRejection, type OrderField } from "../client/rejection-words.ts";
import type { CancelScope } from "../client/rest.ts";
import type { Order, OrderChange, OrderRequest, Position } from "../client/wire.ts";
import { failureInWords, rejectionInWords, rejectionOf } from "../client/words.ts";
import { closingSide, keyOf, sizeOf } from "../market/position.ts";
import { outcomeOf } from "../order-words.ts";
import { venue } from "../venue.ts";
import { isOpen, useAccount } from "./account.ts";
import { useMarkets } from "./markets.ts";
import { useNotices } from "./notices.ts";

/** Stands for all orders among those that are being worked on. */
const ALL = "all orders";
export const ALL_POSITIONS = "all positions";

export interface AmendProblem {
  readonly words: string;
  /** The field that it is about, where it is about one. */
  readonly field?: OrderField | undefined;
}

function problemOf(rejection: string): AmendProblem {
  return { words: rejectionInWords(rejection), field: fieldOfRejection(rejection) };
}

export const useTrading = defineStore("trading", () => {
  const account = useAccount();
  const markets = useMarkets();
  const notices = useNotices();
  /** Ids of orders, and symbols of positions, that are being worked on. */
  const busy = reactive(new Set<string>());

  async function during<Result>(key: string, act: () => Promise<Result>): Promise<Result | undefined> {
    if (busy.has(key)) return undefined;
    busy.add(key);
    try {
      return await act();
    } catch (caught) {
      notices.tell("bad", failureInWords(failureOf(caught)));
      return undefined;
    } finally {
      busy.delete(key);
    }
  }

  /** What is wrong with it, where the venue did not change the order; undefined once it is as asked. */
  async function amend(order: Order, change: OrderChange): Promise<AmendProblem | undefined> {
    if (busy.has(order.id)) return { words: "" };
    busy.add(order.id);
    try {
      const { rejection } = await venue.rest.amend(order.id, change);
      if (rejection !== undefined) return problemOf(rejection);
      notices.tell("plain", `Order ${order.id} changed.`);
      return undefined;
    } catch (caught) {
      const failure = failureOf(caught);
      const rejection = rejectionOf(failure);
      return rejection === undefined ? { words: failureInWords(failure) } : problemOf(rejection);
    } finally {
      busy.delete(order.id);
    }
  }

  async function cancel(order: Order): Promise<boolean> {
    const done = await during(order.id, async () => {
      await venue.rest.cancel(order.id);
      return true;
    });
    return done === true;
  }

  /** One command for each market; what became of the orders also comes by the account's room. */
  async function cancelAll(scope: Omit<CancelScope, "accountId">): Promise<boolean> {
    const current = account.account;
    if (current === undefined) return false;
    const orders = await during(ALL, () => venue.rest.cancelAll({ accountId: current.id, ...scope }));
    if (orders === undefined) return false;
    const count = orders.filter(order => !isOpen(order)).length;
    notices.tell("plain", `Cancelled ${count} ${count === 1 ? "order" : "orders"}.`);
    return true;
  }

  async function closeAtMarket(accountId: string, position: Position, quantity: string): Promise<Order> {
    return placeOrder((request: OrderRequest) => venue.rest.place(request), {
      clientOrderId: crypto.randomUUID(),
      accountId,
      symbol: position.symbol,
      side: closingSide(position),
      type: "market",
      quantity,
      timeInForce: "IOC",
    });
  }

  /** A part of it, or the whole; whether the venue took the order that does it. */
  async function close(position: Position, quantity = sizeOf(position)): Promise<boolean> {
    const current = account.account;
    if (current === undefined) return false;
    const order = await during(keyOf(position), () => closeAtMarket(current.id, position, quantity));
    if (order === undefined) return false;
    const outcome = outcomeOf(order, markets.instrument(position.symbol));
    notices.tell(outcome.tone, outcome.text);
    return order.status !== "rejected";
  }

  /** One after the other, each as far as its market has somebody to trade with. */
  async function closeAll(): Promise<void> {
    const current = account.account;
    const positions = account.positions;
    if (current === undefined) return;
    await during(ALL_POSITIONS, async () => {
      let closed = 0;
      for (const position of positions) {
        const work = () => closeAtMarket(current.id, position, sizeOf(position));
        const order = await during(keyOf(position), work);
        if (order?.status === "filled") closed++;
      }
      const tone = closed === positions.length ? "good" : "bad";
      notices.tell(tone, `Closed ${closed} of ${positions.length} positions.`);
    });
  }

  return { busy, amend, cancel, cancelAll, close, closeAll };
});
