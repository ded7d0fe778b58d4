/**
 * What the ticket's order would do if it were sent now, by the venue's own decision: asked a moment after the
 * last key, and again now and then as prices move. The last answer stands until the next one, unless the
 * order became another; an answer that comes late is dropped.
 */
import { onScopeDispose, ref, shallowRef, watch } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import type { Preview, PreviewRequest } from "../client/preview-wire.ts";
import { venue } from "../venue.ts";
import { useAccount } from "./account.ts";

const PAUSE_MS = 300;
const AGAIN_MS = 5_000;

/** `asked`: undefined where there is nothing to ask about yet. */
export function ticketPreview(asked: () => PreviewRequest | undefined) {
  const account = useAccount();
  const preview = shallowRef<Preview>();
  const failure = shallowRef<Failure>();
  const loading = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let count = 0;

  function schedule(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), afterMs);
  }

  async function ask(): Promise<void> {
    const id = account.account?.id;
    const request = asked();
    const number = ++count;
    if (id === undefined || request === undefined) return;
    try {
      const found = document.hidden ? preview.value : await venue.rest.preview(id, request);
      if (number !== count) return;
      preview.value = found;
      failure.value = undefined;
    } catch (caught) {
      if (number !== count) return;
      failure.value = failureOf(caught);
      preview.value = undefined;
    }
    loading.value = false;
    schedule(AGAIN_MS);
  }

  /** What the answer rests on beside prices. */
  function facts(): unknown[] {
    const money = account.balances.map(({ currency, total }) => [currency, total]);
    const held = account.positions.map(({ symbol, quantity }) => [symbol, quantity]);
    return [account.account?.id, money, held, account.openOrders.length];
  }

  // Sizes and money of another market, or of another account, mean nothing here.
  watch(
    () => [account.account?.id, asked()?.symbol].join(),
    () => {
      preview.value = undefined;
    },
  );
  // As a text: what is typed and comes to the same order asks nothing anew.
  watch(
    () => JSON.stringify([asked(), facts()]),
    () => {
      count++;
      clearTimeout(timer);
      failure.value = undefined;
      loading.value = account.account !== undefined && asked() !== undefined;
      if (loading.value) schedule(PAUSE_MS);
      else preview.value = undefined;
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));

  return { preview, previewFailure: failure, previewing: loading };
}
