/** Kinds of transactions, and fees, as a client reads them. */
import type { Order } from "./client/wire.ts";
import { groupDigits } from "./decimal.ts";

const KIND_WORDS: Readonly<Record<string, string>> = {
  deposit: "Deposit",
  withdrawal: "Withdrawal",
  transfer: "Transfer",
  trade: "Trade",
  fee: "Fee",
  rebate: "Rebate",
  swap: "Swap",
  swapFreeFee: "Fee in place of swap",
  conversion: "Conversion",
  conversionFee: "Conversion fee",
  adjustment: "Adjustment",
  protection: "Negative-balance protection",
};

/** A kind that this page does not know is shown as the venue names it. */
export function kindInWords(kind: string): string {
  return Object.hasOwn(KIND_WORDS, kind) ? (KIND_WORDS[kind] ?? kind) : kind;
}

/** "27.50 USD", a rebate with its minus; a dash where nothing is charged. */
export function feeInWords({ fee, feeCurrency }: Pick<Order, "fee" | "feeCurrency">): string {
  return fee === undefined ? "–" : `${groupDigits(fee)} ${feeCurrency ?? ""}`.trimEnd();
}
