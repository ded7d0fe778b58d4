/**
 * Payments, transfers and conversions of the account: the newest of them, and one that is being asked for. It
 * keeps its id until its outcome is known, so that it is done once however often it is sent.
 */
import { defineStore } from "pinia";
import { ref, shallowRef, watch } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import type { PaymentRequest, Transfer } from "../client/money-wire.ts";
import { placeOrder } from "../client/placement.ts";
import { readDecimal } from "../decimal.ts";
import type { Outcome } from "../order-words.ts";
import { type PaymentForm, paymentFailure, paymentOutcome } from "../payment-words.ts";
import { venue } from "../venue.ts";
import { useAccount } from "./account.ts";

const SHOWN_MAX = 30;

export const usePayments = defineStore("payments", () => {
  const account = useAccount();
  const transfers = shallowRef<readonly Transfer[]>([]);
  const loaded = ref(false);
  const failure = shallowRef<Failure>();
  const sending = ref(false);
  const outcome = shallowRef<Outcome>();
  /** Sent, and not known to be done or refused. */
  let unknown: { readonly text: string; readonly id: string } | undefined;
  let asked = 0;

  function merge(changed: readonly Transfer[]): void {
    const ids = new Set(changed.map(({ id }) => id));
    const rest = transfers.value.filter(({ id }) => !ids.has(id));
    transfers.value = [...changed, ...rest]
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .slice(0, SHOWN_MAX);
  }

  async function load(): Promise<void> {
    const id = account.account?.id;
    if (id === undefined) return;
    const number = ++asked;
    failure.value = undefined;
    try {
      const { items } = await venue.rest.transfers(id, { limit: SHOWN_MAX });
      if (number !== asked) return;
      merge(items);
      loaded.value = true;
    } catch (caught) {
      if (number === asked) failure.value = failureOf(caught);
    }
  }

  /** The same figures again, while the outcome is unknown, are the same payment. */
  function idOf(text: string): string {
    if (unknown?.text !== text) unknown = { text, id: crypto.randomUUID() };
    return unknown.id;
  }

  async function send(form: PaymentForm): Promise<boolean> {
    const current = account.account;
    const amount = readDecimal(form.amount);
    if (current === undefined || amount === undefined || sending.value) return false;
    const { kind, currency, toAccountId, toCurrency } = form;
    const body = {
      currency,
      amount,
      ...(kind === "transfers" ? { toAccountId } : {}),
      ...(kind === "conversions" ? { toCurrency } : {}),
    };
    const transferId = idOf(JSON.stringify([current.id, kind, body]));
    sending.value = true;
    outcome.value = undefined;
    try {
      const pay = (request: PaymentRequest) => venue.rest.pay(current.id, kind, request);
      const transfer = await placeOrder(pay, { transferId, ...body });
      unknown = undefined;
      outcome.value = paymentOutcome(transfer);
      if (account.account?.id === current.id) merge([transfer]);
      return true;
    } catch (caught) {
      const failed = failureOf(caught);
      if (failed.code !== "OUTCOME_UNKNOWN" && !failed.uncertain) unknown = undefined;
      outcome.value = { tone: "bad", text: paymentFailure(failed) };
      return false;
    } finally {
      sending.value = false;
    }
  }

  function forget(): void {
    outcome.value = undefined;
  }

  watch(
    () => account.moved,
    moved => {
      if (moved !== undefined && moved.transfers.length > 0) merge(moved.transfers);
    },
    { flush: "sync" },
  );
  watch(
    () => account.account?.id,
    id => {
      asked++;
      transfers.value = [];
      loaded.value = false;
      outcome.value = undefined;
      if (id !== undefined) void load();
    },
    { immediate: true },
  );

  return { transfers, loaded, failure, sending, outcome, load, send, forget };
});
