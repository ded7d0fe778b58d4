/** A market's phases in words, and which of them are calls: orders gather, nothing trades. */

/** As the venue names them, in the order in which a day has them. */
export const PHASES = [
  "pre-open",
  "opening-auction",
  "continuous",
  "intraday-auction",
  "volatility-auction",
  "closing-auction",
  "closing-price-cross",
  "post-close",
  "paused",
  "halted",
  "cancel-only",
  "close-only",
] as const;

const CALLS: ReadonlySet<string> = new Set([
  "pre-open",
  "opening-auction",
  "intraday-auction",
  "volatility-auction",
  "closing-auction",
]);

const ABOUT: Readonly<Record<string, string>> = {
  continuous: "Orders trade at once.",
  paused: "Nothing trades. Orders can be cancelled.",
  halted: "Nothing trades, and no orders are taken.",
  "cancel-only": "Nothing trades. Orders can be cancelled.",
  "close-only": "Only orders that close a position are taken.",
  "post-close": "The day is over. Orders can be cancelled.",
  "closing-price-cross": "Orders trade at the closing price only.",
  "volatility-auction": "A price would have gone too far. Orders gather and trade at one price at its end.",
};

export function isCall(phase: string): boolean {
  return CALLS.has(phase);
}

/** "volatility-auction" as "Volatility auction". */
export function phaseInWords(phase: string): string {
  const words = phase.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function aboutPhase(phase: string): string {
  const gather = "Orders gather and trade together at one price at its end.";
  return ABOUT[phase] ?? (isCall(phase) ? gather : "");
}
