/** The phases of a market's day; what is done with orders in each is said in `phases.ts`. */

/** In the order of their numbers in journals: a new one is added at the end. */
export const PHASES = [
  "continuous",
  "pre-open",
  "opening-auction",
  "intraday-auction",
  "volatility-auction",
  "closing-auction",
  "post-close",
  "paused",
  "halted",
  "cancel-only",
  "close-only",
  "closing-price-cross",
] as const;
export type Phase = (typeof PHASES)[number];
