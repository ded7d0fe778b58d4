/**
 * Sends one order after the other. An order keeps its clientOrderId until its outcome is known; while that is
 * unknown the very same order can be asked for again, and no other is taken, so that nothing is placed twice.
 */
import { ref, shallowRef } from "vue";
import { failureOf } from "../client/failure.ts";
import { placeOrder } from "../client/placement.ts";
import type { Order, OrderRequest } from "../client/wire.ts";
import { failureInWords } from "../client/words.ts";
import type { Instrument } from "../market/instrument.ts";
import { type Outcome, outcomeOf } from "../order-words.ts";
import { venue } from "../venue.ts";

export function orderDelivery(instrument: (symbol: string) => Instrument | undefined) {
  const sending = ref(false);
  const retrying = ref(false);
  const outcome = shallowRef<Outcome>();
  const unknown = shallowRef<OrderRequest>();

  /** The order as the venue took or refused it; undefined where that is not known. */
  async function deliver(order: OrderRequest): Promise<Order | undefined> {
    sending.value = true;
    outcome.value = undefined;
    try {
      const settled = await placeOrder(
        body => venue.rest.place(body),
        order,
        () => {
          retrying.value = true;
        },
      );
      unknown.value = undefined;
      outcome.value = outcomeOf(settled, instrument(settled.symbol));
      return settled;
    } catch (caught) {
      const failure = failureOf(caught);
      unknown.value = failure.code === "OUTCOME_UNKNOWN" || failure.uncertain ? order : undefined;
      outcome.value = { tone: "bad", text: failureInWords(failure) };
      return undefined;
    } finally {
      sending.value = false;
      retrying.value = false;
    }
  }

  return { sending, retrying, outcome, unknown, deliver };
}
