/**
 * The order ticket: what is typed, what is wrong with it, what it would cost, and what became of it. Nothing
 * is sent while something is wrong, while an order is on its way, or while the last one's outcome is unknown.
 */
import { defineStore } from "pinia";
import { computed, ref, shallowRef, watch } from "vue";
import { fieldOfRejection, type OrderField } from "../client/rejection-words.ts";
import type { Order } from "../client/wire.ts";
import { rejectionInWords } from "../client/words.ts";
import { bracketOf } from "../market/bracket.ts";
import { checkDraft } from "../market/ticket-checks.ts";
import { termsOf } from "../market/ticket-request.ts";
import { culpritOf } from "../order-lists.ts";
import { useAccount } from "./account.ts";
import { useMarkets } from "./markets.ts";
import { orderDelivery, type Placement } from "./order-delivery.ts";
import { ticketCost } from "./ticket-cost.ts";
import { ticketDraft } from "./ticket-draft.ts";
import { ticketPreview } from "./ticket-preview.ts";

export const useTicket = defineStore("ticket", () => {
  const markets = useMarkets();
  const account = useAccount();
  const typed = ticketDraft(markets);
  const { draft, quantity, shown, kind, setType, fillPrice, step } = typed;
  const cost = ticketCost(typed);
  const { sending, retrying, outcome, unknown, deliver } = orderDelivery(markets.instrument);
  /** Complaints are shown from the first attempt to send, not while one is still typing the first time. */
  const attempted = ref(false);
  /** When it was last tried: a time that then lay ahead is not complained of while one looks on. */
  const triedAt = ref(0);
  /** What the venue said of a field; it stands until something is changed. */
  const refused = shallowRef<{ readonly field: OrderField; readonly words: string }>();

  /** The order that the venue refused, until something is changed. */
  const refusal = shallowRef<Order>();

  const complaints = computed(() =>
    markets.selected === undefined ? [] : checkDraft(markets.selected, draft, triedAt.value),
  );
  const problems = computed<ReadonlyMap<OrderField, string>>(() => {
    const found = attempted.value ? complaints.value : [];
    const words = new Map(found.map(({ field, code }) => [field, rejectionInWords(code)]));
    if (refused.value !== undefined) words.set(refused.value.field, refused.value.words);
    return words;
  });

  watch(draft, () => {
    refused.value = undefined;
    refusal.value = undefined;
  });

  /** The order as it is typed; undefined while its size cannot be read. */
  function typedOrder() {
    const size = quantity.value;
    const sized = shown.value.has("quantity");
    if (sized && size === undefined) return undefined;
    return {
      symbol: markets.symbol,
      side: draft.side,
      type: draft.type,
      ...(sized && size !== undefined ? { quantity: size } : {}),
      ...termsOf(draft),
    };
  }

  const previewed = ticketPreview(() =>
    markets.selected === undefined || complaints.value.length > 0 ? undefined : typedOrder(),
  );

  function request(): Placement | undefined {
    const current = account.account;
    const typedNow = typedOrder();
    if (current === undefined || typedNow === undefined) return undefined;
    const order = { clientOrderId: crypto.randomUUID(), accountId: current.id, ...typedNow };
    return bracketOf(draft, order, () => crypto.randomUUID()) ?? order;
  }

  /** A refusal that is about a field that is shown stands beside it too. */
  function blame(orders: readonly Order[] = []): void {
    const [culprit, leg = 0] = culpritOf(orders) ?? [];
    const code = culprit?.rejection;
    refusal.value = culprit;
    const exit = culprit?.type === "stop" ? "stopLoss" : "takeProfit";
    const field = code === undefined ? undefined : leg > 0 ? exit : fieldOfRejection(code);
    const words = code === undefined ? "" : rejectionInWords(code);
    refused.value = field !== undefined && shown.value.has(field) ? { field, words } : undefined;
  }

  async function send(): Promise<void> {
    attempted.value = true;
    triedAt.value = Date.now();
    refused.value = undefined;
    refusal.value = undefined;
    if (sending.value || unknown.value !== undefined) return;
    // What became of the last order would read as the answer to this one.
    outcome.value = undefined;
    if (complaints.value.length > 0) return;
    const order = request();
    if (order === undefined) return;
    attempted.value = false;
    blame(await deliver(order));
  }

  async function askAgain(): Promise<void> {
    if (unknown.value !== undefined && !sending.value) blame(await deliver(unknown.value));
  }

  function reset(): void {
    typed.clearPrices();
    attempted.value = false;
    if (unknown.value === undefined) outcome.value = undefined;
  }

  const state = { draft, shown, kind, cost, problems, sending, retrying, outcome, unknown, refusal };
  return { ...state, ...previewed, setType, fillPrice, step, send, askAgain, reset };
});
