/** What became of an order, as one sentence for a trader. */

import type { Order } from "./client/wire.ts";
import { rejectionInWords } from "./client/words.ts";
import { formatDecimal, groupDigits, parseDecimal, roundDecimal, signOf } from "./decimal.ts";
import { type Instrument, readableQuantity } from "./market/instrument.ts";
import { awaitsInWords, pegInWords } from "./order-terms.ts";

/** An average may have more places than the market's ticks. */
function priceOf(instrument: Instrument | undefined, price: string): string {
  return instrument === undefined ? price : (roundDecimal(price, instrument.priceDigits) ?? price);
}

function past(order: Order): string {
  return order.side === "buy" ? "Bought" : "Sold";
}

/** "Bought 10,000 EURUSD at 1.10503." */
export function fillInWords(order: Order, instrument: Instrument | undefined): string {
  const size = readableQuantity(instrument, order.filledQuantity);
  const whole = order.status === "filled" ? "" : ` of ${readableQuantity(instrument, order.quantity)}`;
  const at = order.averagePrice === undefined ? "" : ` at ${priceOf(instrument, order.averagePrice)}`;
  return `${past(order)} ${size}${whole} ${order.symbol}${at}.`;
}

export interface Outcome {
  readonly tone: "good" | "plain" | "bad";
  readonly text: string;
}

export function outcomeOf(order: Order, instrument: Instrument | undefined): Outcome {
  const filled = /[1-9]/.test(order.filledQuantity);
  const side = order.side === "buy" ? "Buy" : "Sell";
  const asked = `${side} ${readableQuantity(instrument, order.quantity)} ${order.symbol}`;
  switch (order.status) {
    case "rejected":
      return { tone: "bad", text: `Refused: ${rejectionInWords(order.rejection ?? "unknown")}` };
    case "filled":
      return { tone: "good", text: fillInWords(order, instrument) };
    case "partiallyFilled":
      return { tone: "good", text: `${fillInWords(order, instrument)} The rest waits in the book.` };
    case "open": {
      const waits = awaitsInWords(order) ?? pegInWords(order);
      return waits === undefined
        ? { tone: "good", text: `${asked} at ${order.price ?? "market"} is in the book.` }
        : { tone: "good", text: `${asked} is placed. ${waits}.` };
    }
    case "expired":
    case "cancelled":
      if (filled)
        return { tone: "plain", text: `${fillInWords(order, instrument)} The rest was not available.` };
      return order.status === "expired"
        ? { tone: "plain", text: `${asked} found no counterparty at this price and expired.` }
        : { tone: "plain", text: `${asked} was cancelled.` };
    default:
      return order.status satisfies never;
  }
}

/** "rejected" and the like, for a table. */
export const STATUS_WORDS: Readonly<Record<Order["status"], string>> = {
  open: "Open",
  partiallyFilled: "Part filled",
  filled: "Filled",
  cancelled: "Cancelled",
  expired: "Expired",
  rejected: "Refused",
};

const REMOVAL_WORDS: Readonly<Record<string, string>> = {
  expiry: "its time ran out",
  endOfDay: "the trading day ended",
  auctionEnd: "the auction ended",
  selfTrade: "it would have traded with your own order",
  protection: "market-maker protection stopped it",
  contingency: "a linked order traded or ended",
  massCancel: "cancelled together with others",
  cancelAllAfter: "the time for all orders ran out",
  replaced: "another order took its place",
  noReference: "there was no price to follow",
};

/** How it ended and why, for a table: "Cancelled: its time ran out". */
export function endInWords({ status, rejection, removal }: Order): string {
  const why =
    rejection !== undefined
      ? rejectionInWords(rejection)
      : removal === undefined
        ? undefined
        : (REMOVAL_WORDS[removal] ?? removal);
  return why === undefined ? STATUS_WORDS[status] : `${STATUS_WORDS[status]}: ${why}`;
}

/** Money with two places and groups: "−1,234.50". */
export function readableMoney(text: string): string {
  const units = parseDecimal(text, 8);
  if (units === undefined) return text;
  const cents = units < 0n ? -((-units + 500_000n) / 1_000_000n) : (units + 500_000n) / 1_000_000n;
  return groupDigits(formatDecimal(cents, 2));
}

/** With a plus where it is one: "+12.30". */
export function signedMoney(text: string): string {
  return `${signOf(text) > 0 ? "+" : ""}${readableMoney(text)}`;
}
