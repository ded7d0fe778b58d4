/** The one refusal that is being looked at, and what the venue recorded of it. */
import { defineStore } from "pinia";
import { ref, shallowRef } from "vue";
import type { Explanation } from "../client/explanation-wire.ts";
import { type Failure, failureOf } from "../client/failure.ts";
import type { Order } from "../client/wire.ts";
import { venue } from "../venue.ts";

export const useExplanation = defineStore("explanation", () => {
  const order = shallowRef<Order>();
  const explanation = shallowRef<Explanation>();
  const failure = shallowRef<Failure>();
  const loading = ref(false);

  /** The answer for an order that is looked at no more is dropped. */
  async function look(asked: Order): Promise<void> {
    order.value = asked;
    explanation.value = undefined;
    failure.value = undefined;
    loading.value = true;
    try {
      const found = await venue.rest.explain(asked.id);
      if (order.value === asked) explanation.value = found;
    } catch (caught) {
      if (order.value === asked) failure.value = failureOf(caught);
    } finally {
      if (order.value === asked) loading.value = false;
    }
  }

  function leave(): void {
    order.value = undefined;
  }

  return { order, explanation, failure, loading, look, leave };
});
