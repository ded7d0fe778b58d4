/** Fee tiers and swap points as operators write them: amounts as decimal strings. */
import {
  FEE_BASES,
  type FeeGroup,
  type FeeRate,
  type FeeTier,
} from "../../engine/account/charge/fee-tier.ts";
import { POINT_DIGITS, type SwapPoints } from "../../engine/account/charge/swap.ts";
import { parseDecimal } from "../../engine/decimal.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { FEE_GROUPS_MAX } from "../../engine/limits.ts";
import { MONEY_DIGITS, type Money } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { FeeGroupView, FeeRateView, SwapSidesView } from "../../models/charge.model.ts";

export interface TierForm {
  readonly number: number;
  readonly name: string;
  readonly groups: readonly FeeGroupView[];
}

const AMOUNT = { type: "string", pattern: /^-?\d{1,9}(\.\d{1,8})?$/ } as const;
const MINIMUM = { type: "string", pattern: /^\d{1,9}(\.\d{1,8})?$/, default: "0" } as const;
const SYMBOL = { type: "string", min: 1, max: 40 } as const;
const RATE = {
  type: "object",
  strict: true,
  props: { basis: { type: "enum", values: [...FEE_BASES] }, amount: AMOUNT, minimum: MINIMUM },
} as const;

/** For a schema. */
export const TIER_FIELDS = {
  name: { type: "string", min: 1, max: 40, pattern: /^[ -~]+$/ },
  groups: {
    type: "array",
    min: 1,
    max: FEE_GROUPS_MAX,
    items: {
      type: "object",
      strict: true,
      props: {
        symbols: { type: "array", max: 1_000, items: SYMBOL, default: [] },
        maker: RATE,
        taker: RATE,
      },
    },
  },
} as const;

export const POINT_FIELDS = { long: AMOUNT, short: AMOUNT } as const;

function invalid(field: string, message: string): Fault {
  return new Fault("VALIDATION_FAILED", `Cannot set charges: ${message}`, { fields: [{ field, message }] });
}

function readRate({ basis, amount: text, minimum: least }: FeeRateView): FeeRate {
  const amount = (parseDecimal(text, MONEY_DIGITS) ?? 0n) as Money;
  const minimum = (parseDecimal(least, MONEY_DIGITS) ?? 0n) as Money;
  if (amount < 0n && minimum > 0n) throw invalid("groups", "A rebate must have no minimum");
  return { basis, amount, minimum };
}

/** Throws SYMBOL_UNKNOWN, and VALIDATION_FAILED where a market would belong to two groups. */
export function readTier(instruments: readonly Instrument[], { number, name, groups }: TierForm): FeeTier {
  const taken = new Set<number | "others">();
  const take = (market: number | "others") => {
    if (taken.has(market))
      throw invalid("groups", "A market must be in one group, and one may be of the others");
    taken.add(market);
  };
  const read = groups.map(({ symbols, maker, taker }): FeeGroup => {
    const markets = symbols.map(symbol => marketOf(instruments, symbol)).sort((one, other) => one - other);
    for (const market of markets) take(market);
    if (markets.length === 0) take("others");
    return { markets, maker: readRate(maker), taker: readRate(taker) };
  });
  return { number, name, groups: read };
}

function marketOf(instruments: readonly Instrument[], symbol: string): number {
  const instrument = instruments.find(listed => listed.symbol === symbol);
  if (instrument !== undefined) return instrument.number;
  throw new Fault("SYMBOL_UNKNOWN", `Cannot set charges as the symbol must be listed: received ${symbol}`);
}

/** Throws VALIDATION_FAILED for a market where nothing is carried over night. */
export function readPoints({ settlement, symbol }: Instrument, { long, short }: SwapSidesView): SwapPoints {
  if (settlement === "spot") throw invalid("symbol", `The market must be one on margin: received ${symbol}`);
  return { long: parseDecimal(long, POINT_DIGITS) ?? 0n, short: parseDecimal(short, POINT_DIGITS) ?? 0n };
}
