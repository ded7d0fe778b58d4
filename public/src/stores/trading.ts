/** What is done to orders that are there already: amend, cancel, cancel all, close a position. */
import { defineStore } from "pinia";
import { reactive } from "vue";
import { failureOf } from "../client/failure.ts";
import { placeOrder } from "../client/placement.ts";
import type { Order, OrderChange, Position } from "../client/wire.ts";
import { failureInWords, rejectionInWords } from "../client/words.ts";
import { outcomeOf } from "../order-words.ts";
import { venue } from "../venue.ts";
import { isOpen, useAccount } from "./account.ts";
import { useMarkets } from "./markets.ts";
import { useNotices } from "./notices.ts";

/** Cancellations in flight at a time. */
const CANCELS_MAX = 4;

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

  /** Whether the order now is as asked. */
  async function amend(order: Order, change: OrderChange): Promise<boolean> {
    const after = await during(order.id, () => venue.rest.amend(order.id, change));
    if (after === undefined) return false;
    if (after.rejection !== undefined) {
      notices.tell("bad", `Not changed: ${rejectionInWords(after.rejection)}`);
      return false;
    }
    notices.tell("plain", `Order ${order.id} changed.`);
    return true;
  }

  async function cancel(order: Order): Promise<boolean> {
    const done = await during(order.id, async () => {
      await venue.rest.cancel(order.id);
      return true;
    });
    return done === true;
  }

  async function cancelAll(orders: readonly Order[]): Promise<void> {
    const waiting = orders.filter(isOpen);
    const total = waiting.length;
    let cancelled = 0;
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (await cancel(next)) cancelled++;
      }
    };
    await Promise.all(Array.from({ length: CANCELS_MAX }, work));
    notices.tell(cancelled === total ? "plain" : "bad", `Cancelled ${cancelled} of ${total} orders.`);
  }

  async function close(position: Position): Promise<void> {
    const current = account.account;
    if (current === undefined) return;
    const short = position.quantity.startsWith("-");
    await during(position.symbol, async () => {
      const order = await placeOrder(request => venue.rest.place(request), {
        clientOrderId: crypto.randomUUID(),
        accountId: current.id,
        symbol: position.symbol,
        side: short ? "buy" : "sell",
        type: "market",
        quantity: short ? position.quantity.slice(1) : position.quantity,
        timeInForce: "IOC",
      });
      const outcome = outcomeOf(order, markets.instrument(position.symbol));
      notices.tell(outcome.tone, outcome.text);
    });
  }

  return { busy, amend, cancel, cancelAll, close };
});
