/** What is done to orders that are there already: amend, cancel, cancel all, close a position. */
import { defineStore } from "pinia";
import { reactive } from "vue";
import type { Position } from "../client/account-wire.ts";
import { failureOf } from "../client/failure.ts";
import { placeOrder } from "../client/placement.ts";
import { fieldOfRejection, type OrderField } from "../client/rejection-words.ts";
import type { CancelScope, CloseRequest } from "../client/rest.ts";
import type { Order, OrderChange } from "../client/wire.ts";
import { failureInWords, rejectionInWords, rejectionOf } from "../client/words.ts";
import { keyOf, sizeOf } from "../market/position.ts";
import { outcomeOf } from "../order-words.ts";
import { venue } from "../venue.ts";
import { isOpen, useAccount } from "./account.ts";
import { useMarkets } from "./markets.ts";
import { useNotices } from "./notices.ts";

/** Stands for all orders among those that are being worked on. */
const ALL = "all orders";
/** The venue puts the name of each position behind it. */
const REQUEST_ID_MAX = 18;
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

  /** A part of it, or the whole; whether the venue took the order that does it. */
  async function close(position: Position, quantity = sizeOf(position)): Promise<boolean> {
    const current = account.account;
    if (current === undefined) return false;
    const { symbol, id } = position;
    const asked = { clientOrderId: crypto.randomUUID(), symbol, quantity };
    const order = await during(keyOf(position), () =>
      placeOrder(
        (request: CloseRequest) => venue.rest.closePosition(current.id, request),
        id === undefined ? asked : { ...asked, position: id },
      ),
    );
    if (order === undefined) return false;
    const outcome = outcomeOf(order, markets.instrument(symbol));
    notices.tell(outcome.tone, outcome.text);
    return order.status !== "rejected";
  }

  /** Each as far as its market has somebody to trade with. */
  async function closeAll(): Promise<void> {
    const current = account.account;
    if (current === undefined) return;
    await during(ALL_POSITIONS, async () => {
      const send = (requestId: string) => venue.rest.closeAll(current.id, requestId);
      const orders = await placeOrder(send, crypto.randomUUID().slice(0, REQUEST_ID_MAX));
      const closed = orders.filter(({ status }) => status === "filled").length;
      const tone = closed === orders.length ? "good" : "bad";
      notices.tell(tone, `Closed ${closed} of ${orders.length} positions.`);
    });
  }

  return { busy, amend, cancel, cancelAll, close, closeAll };
});
