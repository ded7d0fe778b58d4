/**
 * Sends one order, or one entry with its exits, after the other. An order keeps its clientOrderId until its
 * outcome is known; while that is unknown the very same order can be asked for again, and no other is taken,
 * so that nothing is placed twice.
 */
import { ref, shallowRef } from "vue";
import { failureOf } from "../client/failure.ts";
import type { ListRequest } from "../client/list-wire.ts";
import { placeOrder } from "../client/placement.ts";
import type { Order, OrderRequest } from "../client/wire.ts";
import { failureInWords } from "../client/words.ts";
import type { Instrument } from "../market/instrument.ts";
import { bracketOutcomeOf } from "../order-lists.ts";
import type { Outcome } from "../order-words.ts";
import { venue } from "../venue.ts";

export type Placement = OrderRequest | ListRequest;

async function place(body: Placement): Promise<readonly Order[]> {
  return "legs" in body ? venue.rest.placeList(body) : [await venue.rest.place(body)];
}

export function orderDelivery(instrument: (symbol: string) => Instrument | undefined) {
  const sending = ref(false);
  const retrying = ref(false);
  const outcome = shallowRef<Outcome>();
  const unknown = shallowRef<Placement>();

  /** The order, or each of the list, as the venue took or refused it; undefined where that is not known. */
  async function deliver(order: Placement): Promise<readonly Order[] | undefined> {
    sending.value = true;
    outcome.value = undefined;
    try {
      const settled = await placeOrder(place, order, () => {
        retrying.value = true;
      });
      unknown.value = undefined;
      outcome.value = bracketOutcomeOf(settled, instrument(order.symbol));
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
