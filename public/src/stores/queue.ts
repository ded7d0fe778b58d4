/** Every order of the market that is looked at, followed only while somebody looks at them. */
import { defineStore } from "pinia";
import { ref, shallowRef } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import { decodeOrdersMessage, type OrdersMessage } from "../client/market-wire.ts";
import { onFrame } from "../frame.ts";
import type { Instrument } from "../market/instrument.ts";
import { OrderQueue, type QueueView } from "../market/order-queue.ts";
import { venue } from "../venue.ts";

const ROWS_MAX = 50;
const EMPTY: QueueView = { bids: [], asks: [] };

export const useQueue = defineStore("queue", () => {
  const orders = shallowRef<QueueView>(EMPTY);
  const loading = ref(true);
  const stale = ref(true);
  const failure = shallowRef<Failure>();
  let folded: OrderQueue | undefined;
  let leave: () => void = () => {};

  const frame = onFrame(() => {
    orders.value = folded?.view(ROWS_MAX) ?? EMPTY;
    loading.value = folded === undefined;
  });

  function stop(): void {
    leave();
    leave = () => {};
    frame.cancel();
    folded = undefined;
    orders.value = EMPTY;
    failure.value = undefined;
    loading.value = true;
  }

  function follow({ symbol, priceDigits }: Instrument): void {
    stop();
    const queue = new OrderQueue(priceDigits);
    const taking = (act: (message: OrdersMessage) => void) => (message: OrdersMessage) => {
      act(message);
      folded = queue;
      failure.value = undefined;
      frame.ask();
    };
    leave = venue.rooms.follow(`orders:${symbol}`, {
      decode: decodeOrdersMessage,
      snapshot: taking(message => queue.replace(message)),
      update: taking(message => queue.change(message)),
      stale: value => {
        stale.value = value;
      },
      failed: caught => {
        failure.value = failureOf(caught);
      },
    });
  }

  return { orders, loading, stale, failure, follow, stop };
});
