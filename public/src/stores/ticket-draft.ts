/**
 * The ticket as it is being typed. Prices are offered from the market of now; an offer that nobody touched is
 * made anew when side or type change, what was typed stays.
 */
import { computed, reactive, watch } from "vue";
import type { OrderType, Side } from "../client/wire.ts";
import { readDecimal } from "../decimal.ts";
import { likelyPart, stepPrice, stepQuantity } from "../market/instrument.ts";
import { newDraft, shownFields, withType } from "../market/order-draft.ts";
import { ORDER_KINDS, triggersUpwards } from "../market/order-kinds.ts";
import type { useMarkets } from "./markets.ts";

const HOUR_MS = 3_600_000;

/** To a minute, as the browser's field for a time has it. */
function localTime(time: number): string {
  const zoneMs = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - zoneMs).toISOString().slice(0, 16);
}

/** How far from the price of now a stop is offered first. */
const STOP_PIPS = 20;

export type TicketDraft = ReturnType<typeof ticketDraft>;

export function ticketDraft(markets: ReturnType<typeof useMarkets>) {
  const draft = reactive(newDraft());
  const quantity = computed(() => readDecimal(draft.quantity));
  const shown = computed(() => shownFields(draft));
  const kind = computed(() => ORDER_KINDS[draft.type]);
  const offered = { price: "", stopPrice: "" };

  function bestPrice(side: Side): string | undefined {
    return side === "buy" ? markets.ticker?.ask : markets.ticker?.bid;
  }

  /** A little beyond the price of now, on the side where the order waits. */
  function likelyStop(): string {
    const from = bestPrice(draft.side);
    const instrument = markets.selected;
    if (from === undefined || instrument === undefined) return "";
    const pips = triggersUpwards(kind.value.waits, draft.side) ? STOP_PIPS : -STOP_PIPS;
    const ticks = (BigInt(pips) * instrument.pipUnits) / instrument.tickUnits;
    return stepPrice(instrument, from, Number(ticks)) ?? "";
  }

  /** A limit is offered beyond its trigger's price, else at the best price of its own side. */
  function likelyLimit(): string {
    const ownSide = bestPrice(draft.side === "buy" ? "sell" : "buy") ?? "";
    return shown.value.has("stopPrice") ? (readDecimal(draft.stopPrice) ?? ownSide) : ownSide;
  }

  function offer(field: "price" | "stopPrice", likely: () => string): void {
    if (!shown.value.has(field) || (draft[field] !== "" && draft[field] !== offered[field])) return;
    offered[field] = likely();
    draft[field] = offered[field];
  }

  function offerPrices(): void {
    offer("stopPrice", likelyStop);
    offer("price", likelyLimit);
  }

  function setType(type: OrderType): void {
    withType(draft, type);
    offerPrices();
  }

  /** From the ladder or the tape: this price, as a limit where no type that takes one is chosen. */
  function fillPrice(price: string): void {
    if (!shown.value.has("price") && !shown.value.has("stopPrice")) setType("limit");
    if (shown.value.has("price")) draft.price = price;
    else draft.stopPrice = price;
  }

  function step(field: "price" | "stopPrice" | "quantity", steps: number): void {
    const instrument = markets.selected;
    if (instrument === undefined) return;
    if (field === "quantity") draft.quantity = stepQuantity(instrument, quantity.value ?? "0", steps);
    else {
      const from = readDecimal(draft[field]) ?? bestPrice(draft.side);
      const moved = from === undefined ? undefined : stepPrice(instrument, from, steps);
      if (moved !== undefined) draft[field] = moved;
    }
  }

  /** Another market: prices of the last one, and sums of its money, mean nothing here. */
  function clearPrices(): void {
    draft.price = "";
    draft.stopPrice = "";
    if (draft.exitBy === "money") Object.assign(draft, { takeProfit: "", stopLoss: "" });
    offerPrices();
  }

  watch(() => [draft.side, draft.limitBy], offerPrices);
  watch(
    () => draft.timeInForce,
    timeInForce => {
      if (timeInForce === "GTD" && draft.expireTime === "")
        draft.expireTime = localTime(Date.now() + HOUR_MS);
    },
  );
  watch(
    () => draft.showing,
    showing => {
      if (showing !== "part" || draft.displayQuantity !== "" || markets.selected === undefined) return;
      draft.displayQuantity = likelyPart(markets.selected, quantity.value ?? "0");
    },
  );

  return { draft, quantity, shown, kind, bestPrice, setType, fillPrice, step, clearPrices };
}
