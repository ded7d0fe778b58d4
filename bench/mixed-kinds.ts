/**
 * The mix of the mixed workload, in per mille: a type of order more is a line more in `KINDS`, and as much
 * less in another's. What a kind leaves out is that of a GTC limit order of 1 … 100 lots.
 */
import type { AmendOrder, PlaceOrder } from "../engine/market/command.ts";
import type { OrderTerms } from "../engine/market/terms.ts";
import type { Lots, Ticks } from "../engine/units.ts";

/** Where the market is, and chance. */
export interface Draw {
  readonly middle: number;
  readonly sign: 1 | -1;
  /** A whole number from 0, less than `below`. */
  random(below: number): number;
  /** A limit on the own side of the middle, `nearest` ticks from it or more, mostly little more. */
  passive(nearest: number): Ticks;
  /** A limit or stop `ticks` beyond the middle: a buyer's above it. */
  beyond(ticks: number): Ticks;
}

type Place = Partial<Omit<PlaceOrder, "kind">>;
type Amend = Partial<Omit<AmendOrder, "kind" | "orderId">>;

export interface Kind {
  readonly name: string;
  readonly perMille: number;
  readonly place?: (draw: Draw) => Place;
  readonly amend?: (draw: Draw) => Amend;
}

function waits(kind: "stop" | "takeProfit", at: Ticks, source: "last" | "bid" | "ask" | "mid" = "last") {
  return { trigger: { kind, source, stopTicks: at } };
}

function resting(draw: Draw, terms: OrderTerms): Place {
  return { ticks: draw.passive(1), lots: (10 + draw.random(91)) as Lots, terms };
}

const market = { type: "market", timeInForce: "IOC", ticks: 0 as Ticks } as const;

export const LIMIT: Kind = { name: "limit", perMille: 320, place: draw => ({ ticks: draw.passive(-1) }) };
export const CANCEL: Kind = { name: "cancel", perMille: 350 };

export const KINDS: readonly Kind[] = [
  LIMIT,
  { name: "post-only", perMille: 30, place: draw => ({ ticks: draw.passive(0), postOnly: true }) },
  { name: "market", perMille: 40, place: () => market },
  { name: "IOC", perMille: 40, place: draw => ({ ticks: draw.beyond(20), timeInForce: "IOC" }) },
  { name: "FOK", perMille: 20, place: draw => ({ ticks: draw.beyond(20), timeInForce: "FOK" }) },
  {
    name: "stop",
    perMille: 20,
    place: draw => ({ ...market, terms: waits("stop", draw.beyond(10 + draw.random(90))) }),
  },
  {
    name: "stop-limit",
    perMille: 15,
    place: draw => {
      const stop = draw.beyond(10 + draw.random(90));
      return { ticks: stop, terms: waits("stop", stop, draw.sign > 0 ? "ask" : "bid") };
    },
  },
  {
    name: "take-profit",
    perMille: 10,
    place: draw => ({ ...market, terms: waits("takeProfit", draw.passive(10), "mid") }),
  },
  {
    name: "take-profit-limit",
    perMille: 5,
    place: draw => {
      const ticks = draw.passive(10);
      return { ticks, terms: waits("takeProfit", ticks) };
    },
  },
  { name: "iceberg", perMille: 30, place: draw => resting(draw, { displayLots: 5 as Lots }) },
  { name: "hidden", perMille: 20, place: draw => resting(draw, { hidden: true }) },
  {
    name: "hidden with a minimum",
    perMille: 10,
    place: draw => resting(draw, { hidden: true, minimumLots: (1 + draw.random(10)) as Lots }),
  },
  {
    name: "minimum",
    perMille: 15,
    place: draw => resting(draw, { minimumLots: (1 + draw.random(10)) as Lots }),
  },
  { name: "all-or-none", perMille: 15, place: draw => resting(draw, { allOrNone: true }) },
  { name: "amend to a smaller size", perMille: 30, amend: draw => ({ lots: (1 + draw.random(20)) as Lots }) },
  { name: "amend to another price", perMille: 30, amend: draw => ({ ticks: draw.passive(0) }) },
  CANCEL,
];
