/** Kinds of transactions as a client knows them. */
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
