/**
 * How far an instrument lets prices go: the range of one order's executions, and bands around a price. What a
 * file says of them, checked, as ticks and per mille; an instrument has a part of its own of them, or none.
 */
export type BandWidthText = string | { readonly perMille: number };

export interface PriceBandsSpecification {
  /** Around the reference price. */
  readonly static?: BandWidthText;
  /** Around the last trade's price. */
  readonly dynamic?: BandWidthText;
  /** What an order that would trade beyond a band leads to: its refusal, or a volatility auction. */
  readonly onBreach: "reject" | "auction";
  /** How long that auction lasts. */
  readonly auctionSeconds?: number;
}

export interface PriceLimitsSpecification {
  /** How far from the first price that it meets one order may trade. */
  readonly executionRange?: string;
  readonly priceBands?: PriceBandsSpecification;
}

/** A distance from a price: in ticks, or in thousandths of that price, rounded down to ticks. */
export interface BandWidth {
  readonly by: "ticks" | "perMille";
  readonly distance: number;
}

export interface PriceBands {
  readonly static?: BandWidth;
  readonly dynamic?: BandWidth;
  /** Where a breach starts a volatility auction: how long it lasts. */
  readonly auctionMs?: number;
}

export interface PriceLimits {
  readonly rangeTicks?: number;
  readonly bands?: PriceBands;
}

const PER_MILLE_MAX = 999;
const AUCTION_SECONDS_MAX = 86_400;
const BAND_FIELDS = ["static", "dynamic", "onBreach", "auctionSeconds"];

function refuse(name: string, must: string, received: unknown): never {
  throw new RangeError(
    `Cannot list instrument as '${name}' must be ${must}: received ${JSON.stringify(received) ?? "nothing"}`,
  );
}

/** `ticksOf`: a difference of prices as ticks, undefined where it is none. */
export function priceLimits(
  { executionRange, priceBands }: PriceLimitsSpecification,
  ticksOf: (text: string) => number | undefined,
): { readonly priceLimits: PriceLimits } | undefined {
  if (executionRange === undefined && priceBands === undefined) return undefined;
  const distanceOf = (name: string, value: unknown): number => {
    const ticks = typeof value === "string" ? ticksOf(value) : undefined;
    return ticks !== undefined && ticks > 0 ? ticks : refuse(name, "a positive multiple of the tick", value);
  };
  const range =
    executionRange === undefined ? undefined : { rangeTicks: distanceOf("executionRange", executionRange) };
  if (priceBands === undefined) return { priceLimits: { ...range } };
  const isObject = typeof priceBands === "object" && priceBands !== null;
  if (!isObject || Object.keys(priceBands).some(name => !BAND_FIELDS.includes(name))) {
    return refuse("priceBands", "an object of static, dynamic, onBreach and auctionSeconds", priceBands);
  }
  const auction = auctionOf(priceBands);
  const widthOf = (side: "static" | "dynamic"): PriceBands | undefined => {
    const value: unknown = priceBands[side];
    if (value === undefined) return undefined;
    const name = `priceBands.${side}`;
    if (typeof value !== "object" || value === null) {
      return { [side]: { by: "ticks", distance: distanceOf(name, value) } };
    }
    const { perMille, ...others } = value as { perMille?: unknown };
    const isWhole = typeof perMille === "number" && Number.isInteger(perMille);
    if (!isWhole || perMille < 1 || perMille > PER_MILLE_MAX || Object.keys(others).length !== 0) {
      return refuse(name, `a difference of prices or a perMille from 1 to ${PER_MILLE_MAX}`, value);
    }
    return { [side]: { by: "perMille", distance: perMille } };
  };
  const bands = { ...widthOf("static"), ...widthOf("dynamic") };
  if (Object.keys(bands).length === 0) return refuse("priceBands", "static, dynamic or both", priceBands);
  return { priceLimits: { ...range, bands: { ...bands, ...auction } } };
}

/** How long the auction lasts that a breach starts; undefined where it starts none. */
function auctionOf({ onBreach, auctionSeconds }: PriceBandsSpecification): PriceBands | undefined {
  const name = "priceBands.auctionSeconds";
  if (onBreach === "reject") {
    return auctionSeconds === undefined ? undefined : refuse(name, "left out", auctionSeconds);
  }
  if (onBreach !== "auction") return refuse("priceBands.onBreach", "reject or auction", onBreach);
  const isWhole = Number.isInteger(auctionSeconds) && typeof auctionSeconds === "number";
  if (!isWhole || auctionSeconds < 1 || auctionSeconds > AUCTION_SECONDS_MAX) {
    return refuse(name, `a whole number from 1 to ${AUCTION_SECONDS_MAX}`, auctionSeconds);
  }
  return { auctionMs: auctionSeconds * 1_000 };
}

/** How far from a price, in ticks. */
export function ticksWide({ by, distance }: BandWidth, price: number): number {
  return by === "ticks" ? distance : Math.floor((price * distance) / 1_000);
}
