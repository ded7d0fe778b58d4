/** What a ticket's order would cost by the prices that are shown: an estimate, never what is settled by. */
import { computed } from "vue";
import { formatDecimal, readDecimal } from "../decimal.ts";
import { estimate } from "../market/estimate.ts";
import { MONEY_DIGITS, marginOf, quoteValueOf } from "../market/valuation.ts";
import { useAccount } from "./account.ts";
import { useBook } from "./book.ts";
import { useMarkets } from "./markets.ts";
import type { TicketDraft } from "./ticket-draft.ts";

export function ticketCost({ draft, quantity, shown, bestPrice }: TicketDraft) {
  const markets = useMarkets();
  const book = useBook();
  const account = useAccount();

  /** Its limit, or the price that releases it, or that of now. */
  function expectedPrice(): string | undefined {
    if (shown.value.has("price")) return readDecimal(draft.price);
    return shown.value.has("stopPrice") ? readDecimal(draft.stopPrice) : bestPrice(draft.side);
  }

  return computed(() => {
    const instrument = markets.selected;
    const size = quantity.value;
    if (instrument !== undefined && shown.value.has("budget")) {
      return {
        price: bestPrice(draft.side),
        complete: true,
        value: readDecimal(draft.budget),
        margin: undefined,
      };
    }
    if (instrument === undefined || size === undefined) return undefined;
    const levels = draft.side === "buy" ? book.depth.asks : book.depth.bids;
    const walked = draft.type === "market" ? estimate(instrument, levels, size) : undefined;
    const price = draft.type === "market" ? walked?.price : expectedPrice();
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
}
