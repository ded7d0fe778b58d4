/**
 * The money that moved on the account, newest first, page by page. Looked up when it is shown; what moves
 * then comes by the account's room. What arrives for an account that is looked at no more is dropped.
 */
import { defineStore } from "pinia";
import { ref, shallowRef, watch } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import type { Transaction } from "../client/money-wire.ts";
import { venue } from "../venue.ts";
import { useAccount } from "./account.ts";

const PAGE = 50;

export const useTransactions = defineStore("transactions", () => {
  const account = useAccount();
  const items = shallowRef<readonly Transaction[]>([]);
  const nextCursor = ref<string>();
  const loading = ref(false);
  const loaded = ref(false);
  const failure = shallowRef<Failure>();
  let asked = 0;

  async function load(cursor?: string): Promise<void> {
    const id = account.account?.id;
    if (id === undefined) return;
    const number = ++asked;
    loading.value = true;
    try {
      const page = await venue.rest.transactions(id, { limit: PAGE, ...(cursor ? { cursor } : {}) });
      if (number !== asked) return;
      items.value = cursor === undefined ? page.items : [...items.value, ...page.items];
      nextCursor.value = page.nextCursor;
      failure.value = undefined;
      loaded.value = true;
    } catch (caught) {
      if (number === asked) failure.value = failureOf(caught);
    } finally {
      if (number === asked) loading.value = false;
    }
  }

  /** Further back; the pages so far stay. */
  async function more(): Promise<void> {
    if (nextCursor.value !== undefined && !loading.value) await load(nextCursor.value);
  }

  // At once, so that of two messages none is passed over; ids grow by one.
  watch(
    () => account.moved,
    moved => {
      const newest = Number(items.value[0]?.id ?? 0);
      const further = (moved?.transactions ?? []).filter(({ id }) => Number(id) > newest);
      if (loaded.value && further.length > 0) items.value = [...further.toReversed(), ...items.value];
    },
    { flush: "sync" },
  );
  watch(
    () => account.account?.id,
    () => {
      asked++;
      items.value = [];
      nextCursor.value = undefined;
      loading.value = false;
      loaded.value = false;
      failure.value = undefined;
    },
  );

  return { items, nextCursor, loading, loaded, failure, load, more };
});
