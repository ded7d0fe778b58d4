/**
 * The mixes of the mixed workload, in per mille: a type of order more is a line more in `KINDS`, and as much
 * less in another's. What a kind leaves out is that of a GTC limit order of 1 … 100 lots.
 *
 * Of the venue's mix 94 in 100 commands are what most of a venue's traffic is: limit, post-only, market, IOC
 * and FOK orders, amends, cancels; each other type has at most a per cent. The even mix has
 * more of those than a venue will see: a third of all commands.
 */
import type { AmendOrder, PlaceOrder } from "../engine/market/command.ts";
import { type OrderTerms, PEG_REFERENCES, SELF_TRADE_MODES } from "../engine/market/terms.ts";
import type { Lots, Milliseconds, Money, Ticks } from "../engine/units.ts";
import { instrument } from "./instrument.ts";

/** Where the market is, and chance. */
export interface Draw {
  readonly middle: number;
  readonly sign: 1 | -1;
  readonly time: number;
  /** A whole number from 0, less than `below`. */
  random(below: number): number;
  /** A limit on the own side of the middle, `nearest` ticks from it or more, mostly little more. */
  passive(nearest: number): Ticks;
  /** A limit or stop `ticks` beyond the middle: a buyer's above it. */
  beyond(ticks: number): Ticks;
}

export type Place = Partial<Omit<PlaceOrder, "kind">>;
type Amend = Partial<Omit<AmendOrder, "kind" | "orderId">>;

export const MIXES = ["venue", "even"] as const;
export type Mix = (typeof MIXES)[number];

export interface Kind {
  readonly name: string;
  /** In the venue's mix, and in the even one. */
  readonly perMille: readonly [number, number];
  readonly place?: (draw: Draw) => Place;
  readonly amend?: (draw: Draw) => Amend;
  /** What takes the place of an open order. */
  readonly replace?: (draw: Draw) => Place;
  readonly massCancel?: true;
}

const GTD_SECONDS_MAX = 60;

function waits(kind: "stop" | "takeProfit", at: Ticks, source: "last" | "bid" | "ask" | "mid" = "last") {
  return { trigger: { kind, source, stopTicks: at } };
}

function resting(draw: Draw, terms: OrderTerms): Place {
  return { ticks: draw.passive(1), lots: (10 + draw.random(91)) as Lots, terms };
}

function trails(draw: Draw, rest: { limitOffset?: Ticks } = {}): OrderTerms {
  const trail = { by: "ticks", distance: 10 + draw.random(90) } as const;
  return { trigger: { kind: "stop", source: "last", stopTicks: 0 as Ticks, trail, ...rest } };
}

const market = { type: "market", timeInForce: "IOC", ticks: 0 as Ticks } as const;

export const LIMIT: Kind = {
  name: "limit",
  perMille: [370, 297],
  place: draw => ({ ticks: draw.passive(-1) }),
};
export const CANCEL: Kind = { name: "cancel", perMille: [410, 300] };

export const KINDS: readonly Kind[] = [
  LIMIT,
  { name: "post-only", perMille: [40, 30], place: draw => ({ ticks: draw.passive(0), postOnly: true }) },
  { name: "market", perMille: [20, 40], place: () => market },
  { name: "IOC", perMille: [30, 30], place: draw => ({ ticks: draw.beyond(20), timeInForce: "IOC" }) },
  { name: "FOK", perMille: [5, 15], place: draw => ({ ticks: draw.beyond(20), timeInForce: "FOK" }) },
  {
    name: "stop",
    perMille: [8, 15],
    place: draw => ({ ...market, terms: waits("stop", draw.beyond(10 + draw.random(90))) }),
  },
  {
    name: "stop-limit",
    perMille: [4, 12],
    place: draw => {
      const stop = draw.beyond(10 + draw.random(90));
      return { ticks: stop, terms: waits("stop", stop, draw.sign > 0 ? "ask" : "bid") };
    },
  },
  {
    name: "take-profit",
    perMille: [5, 8],
    place: draw => ({ ...market, terms: waits("takeProfit", draw.passive(10), "mid") }),
  },
  {
    name: "take-profit-limit",
    perMille: [3, 5],
    place: draw => {
      const ticks = draw.passive(10);
      return { ticks, terms: waits("takeProfit", ticks) };
    },
  },
  { name: "trailing stop", perMille: [3, 10], place: draw => ({ ...market, terms: trails(draw) }) },
  {
    name: "trailing stop-limit",
    perMille: [1, 5],
    place: draw => ({ ticks: 0 as Ticks, terms: trails(draw, { limitOffset: 5 as Ticks }) }),
  },
  { name: "DAY", perMille: [5, 25], place: draw => ({ ticks: draw.passive(0), timeInForce: "DAY" }) },
  {
    name: "GTD",
    perMille: [5, 25],
    place: draw => {
      const seconds = Math.floor(draw.time / 1_000) + 1 + draw.random(GTD_SECONDS_MAX);
      const expireAt = (seconds * 1_000) as Milliseconds;
      return { ticks: draw.passive(0), timeInForce: "GTD", terms: { expireAt } };
    },
  },
  {
    name: "self-trade prevention",
    perMille: [4, 15],
    place: draw => {
      const mode = SELF_TRADE_MODES[draw.random(SELF_TRADE_MODES.length)] ?? "expireTaker";
      return { ticks: draw.passive(-1), terms: { selfTrade: { mode } } };
    },
  },
  { name: "slippage", perMille: [3, 8], place: () => ({ ...market, terms: { slippageTicks: 20 as Ticks } }) },
  {
    name: "budget",
    perMille: [1, 7],
    place: draw => {
      const lots = 1 + draw.random(100);
      const budget = (instrument.valuePerTickLot * BigInt(draw.middle * lots)) as Money;
      return { ...market, lots: 0 as Lots, terms: { budget } };
    },
  },
  {
    name: "slide",
    perMille: [2, 10],
    place: draw => ({ ticks: draw.passive(-3), postOnly: true, terms: { slide: true } }),
  },
  { name: "iceberg", perMille: [4, 25], place: draw => resting(draw, { displayLots: 5 as Lots }) },
  { name: "hidden", perMille: [2, 18], place: draw => resting(draw, { hidden: true }) },
  {
    name: "hidden with a minimum",
    perMille: [1, 8],
    place: draw => resting(draw, { hidden: true, minimumLots: (1 + draw.random(10)) as Lots }),
  },
  {
    name: "minimum",
    perMille: [1, 12],
    place: draw => resting(draw, { minimumLots: (1 + draw.random(10)) as Lots }),
  },
  { name: "all-or-none", perMille: [1, 12], place: draw => resting(draw, { allOrNone: true }) },
  {
    name: "amend to a smaller size",
    perMille: [25, 25],
    amend: draw => ({ lots: (1 + draw.random(20)) as Lots }),
  },
  { name: "amend to another price", perMille: [35, 25], amend: draw => ({ ticks: draw.passive(0) }) },
  {
    name: "pegged",
    perMille: [1, 3],
    place: draw => {
      const to = PEG_REFERENCES[draw.random(PEG_REFERENCES.length)] ?? "own";
      return { ticks: 0 as Ticks, terms: { peg: { to, offset: -draw.sign * draw.random(10) } } };
    },
  },
  { name: "replace", perMille: [10, 14], replace: draw => ({ ticks: draw.passive(0) }) },
  { name: "mass cancel", perMille: [1, 1], massCancel: true },
  CANCEL,
];
