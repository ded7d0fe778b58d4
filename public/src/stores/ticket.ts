/**
 * The order ticket. An order gets its clientOrderId when it is first sent and keeps it until its outcome is
 * known; while that is unknown the ticket offers to ask again with the very same order, so that nothing can
 * be placed twice.
 */
import { defineStore } from "pinia";
import { computed, reactive, ref, shallowRef } from "vue";
import { failureOf } from "../client/failure.ts";
import { placeOrder } from "../client/placement.ts";
import type { OrderRequest, OrderType, Side, TimeInForce } from "../client/wire.ts";
import { failureInWords } from "../client/words.ts";
import { formatDecimal, readDecimal } from "../decimal.ts";
import { estimate } from "../market/estimate.ts";
import { stepPrice, stepQuantity } from "../market/instrument.ts";
import { checkDraft } from "../market/ticket-checks.ts";
import { MONEY_DIGITS, marginOf, quoteValueOf } from "../market/valuation.ts";
import { type Outcome, outcomeOf } from "../order-words.ts";
import { venue } from "../venue.ts";
import { useAccount } from "./account.ts";
import { useBook } from "./book.ts";
import { useMarkets } from "./markets.ts";

export const useTicket = defineStore("ticket", () => {
  const markets = useMarkets();
  const book = useBook();
  const account = useAccount();
  const draft = reactive({
    side: "buy" as Side,
    type: "market" as OrderType,
    quantity: "10000",
    price: "",
    timeInForce: "IOC" as TimeInForce,
    postOnly: false,
  });
  const sending = ref(false);
  const retrying = ref(false);
  const outcome = shallowRef<Outcome>();
  const unknown = shallowRef<OrderRequest>();
  /** Complaints are shown from the first attempt to send, not while one is still typing the first time. */
  const attempted = ref(false);

  const complaints = computed(() =>
    markets.selected === undefined ? [] : checkDraft(markets.selected, draft),
  );
  const quantity = computed(() => readDecimal(draft.quantity));

  const cost = computed(() => {
    const instrument = markets.selected;
    const size = quantity.value;
    if (instrument === undefined || size === undefined) return undefined;
    const levels = draft.side === "buy" ? book.depth.asks : book.depth.bids;
    const walked = draft.type === "market" ? estimate(instrument, levels, size) : undefined;
    const price = draft.type === "market" ? walked?.price : readDecimal(draft.price);
    const value = price === undefined ? undefined : quoteValueOf(instrument, size, price);
    const current = account.account;
    const margin =
      current && marginOf(instrument, size, current.leverage, current.currency, markets.tickerOf);
    return {
      price,
      complete: walked?.complete ?? true,
      value: value === undefined ? undefined : formatDecimal(value, MONEY_DIGITS),
      margin: margin === undefined ? undefined : formatDecimal(margin, MONEY_DIGITS),
    };
  });

  function bestPrice(side: Side): string | undefined {
    return side === "buy" ? markets.ticker?.ask : markets.ticker?.bid;
  }

  function setType(type: OrderType): void {
    draft.type = type;
    draft.timeInForce = type === "market" ? "IOC" : "GTC";
    if (type === "market") draft.postOnly = false;
    else if (draft.price === "") draft.price = bestPrice(draft.side === "buy" ? "sell" : "buy") ?? "";
  }

  function setTimeInForce(timeInForce: TimeInForce): void {
    draft.timeInForce = timeInForce;
    if (timeInForce !== "GTC") draft.postOnly = false;
  }

  /** From the ladder or the tape: a limit order at this price. */
  function fillPrice(price: string): void {
    if (draft.type !== "limit") setType("limit");
    draft.price = price;
  }

  function step(field: "price" | "quantity", steps: number): void {
    const instrument = markets.selected;
    if (instrument === undefined) return;
    if (field === "quantity") draft.quantity = stepQuantity(instrument, quantity.value ?? "0", steps);
    else {
      const from = readDecimal(draft.price) ?? bestPrice(draft.side);
      const moved = from === undefined ? undefined : stepPrice(instrument, from, steps);
      if (moved !== undefined) draft.price = moved;
    }
  }

  function request(): OrderRequest | undefined {
    const current = account.account;
    const size = quantity.value;
    if (current === undefined || size === undefined) return undefined;
    const price = draft.type === "limit" ? readDecimal(draft.price) : undefined;
    return {
      clientOrderId: crypto.randomUUID(),
      accountId: current.id,
      symbol: markets.symbol,
      side: draft.side,
      type: draft.type,
      quantity: size,
      timeInForce: draft.timeInForce,
      ...(price === undefined ? {} : { price }),
      ...(draft.postOnly ? { postOnly: true } : {}),
    };
  }

  async function deliver(order: OrderRequest): Promise<void> {
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
      outcome.value = outcomeOf(settled, markets.instrument(settled.symbol));
    } catch (caught) {
      const failure = failureOf(caught);
      unknown.value = failure.code === "OUTCOME_UNKNOWN" || failure.uncertain ? order : undefined;
      outcome.value = { tone: "bad", text: failureInWords(failure) };
    } finally {
      sending.value = false;
      retrying.value = false;
    }
  }

  async function send(): Promise<void> {
    attempted.value = true;
    if (sending.value || unknown.value !== undefined) return;
    // What became of the last order would read as the answer to this one.
    outcome.value = undefined;
    if (complaints.value.length > 0) return;
    const order = request();
    if (order === undefined) return;
    attempted.value = false;
    await deliver(order);
  }

  async function askAgain(): Promise<void> {
    if (unknown.value !== undefined && !sending.value) await deliver(unknown.value);
  }

  /** Another market: prices of the last one mean nothing here. */
  function reset(): void {
    draft.price = "";
    if (draft.type === "limit") setType("limit");
    attempted.value = false;
    if (unknown.value === undefined) outcome.value = undefined;
  }

  return {
    draft,
    complaints,
    cost,
    sending,
    retrying,
    outcome,
    unknown,
    attempted,
    setType,
    setTimeInForce,
    fillPrice,
    step,
    send,
    askAgain,
    reset,
  };
});
