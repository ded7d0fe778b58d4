/** The uncrossing of the naive market: every price is tried, and the rules are applied one after another. */

import type { PlaceOrder } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { AccountId, Lots, Ticks } from "../../engine/units.ts";
import { displayed, isShown, type NaiveOrder } from "./naive-order.ts";

export const MATCHING: readonly Phase[] = ["continuous", "close-only"];
export const COLLECTING: readonly Phase[] = [
  "pre-open",
  "opening-auction",
  "intraday-auction",
  "volatility-auction",
  "closing-auction",
];

/** Who takes part in an uncrossing, and how much of it may trade. */
export interface Partaker {
  readonly order: NaiveOrder;
  most: number;
}

function sum(partakers: Partaker[]): number {
  return partakers.reduce((total, { most }) => total + most, 0);
}

export function naiveEquilibrium(
  partakers: Partaker[],
  reference: number,
): { ticks: Ticks; lots: Lots } | undefined {
  const limits = partakers
    .filter(({ most }) => most > 0)
    .map(({ order }) => order.ticks)
    .filter(ticks => ticks > 0);
  if (limits.length === 0 && reference > 0) limits.push(reference as Ticks);
  let best = [...new Set(limits)].map(ticks => {
    const buys = partakers.filter(
      ({ order }) => order.side === "buy" && (order.ticks === 0 || order.ticks >= ticks),
    );
    const sells = partakers.filter(({ order }) => order.side === "sell" && order.ticks <= ticks);
    return { ticks, lots: Math.min(sum(buys), sum(sells)) as Lots, surplus: sum(buys) - sum(sells) };
  });
  const volume = Math.max(0, ...best.map(({ lots }) => lots));
  best = best.filter(({ lots }) => lots === volume);
  const least = Math.min(...best.map(({ surplus }) => Math.abs(surplus)));
  best = best.filter(({ surplus }) => Math.abs(surplus) === least);
  if (volume === 0) return undefined;
  const descending = best.sort((a, b) => b.ticks - a.ticks);
  if (best.every(({ surplus }) => surplus > 0)) return descending[0];
  if (best.every(({ surplus }) => surplus < 0) || reference === 0) return descending.at(-1);
  const distance = (ticks: number) => Math.abs(ticks - reference);
  return descending.sort((a, b) => distance(a.ticks) - distance(b.ticks))[0];
}

/** Trades at one price; changes the orders' sizes and tells of it. They stand in priority order. */
export function naiveUncross(events: MarketEvent[], partakers: Partaker[], reference: number): number {
  const found = naiveEquilibrium(partakers, reference);
  if (found === undefined) return reference;
  for (let volume: number = found.lots; volume > 0; ) {
    const buyer = partakers.find(({ order, most }) => order.side === "buy" && most > 0);
    const seller = partakers.find(({ order, most }) => order.side === "sell" && most > 0);
    if (buyer === undefined || seller === undefined) throw new Error("An uncrossing trades its volume");
    const lots = Math.min(volume, buyer.most, seller.most) as Lots;
    const [buy, sell] = [buyer.order, seller.order];
    volume -= lots;
    buyer.most -= lots;
    seller.most -= lots;
    events.push({
      event: "traded",
      orderId: buy.orderId,
      account: buy.account as AccountId,
      side: "buy",
      ticks: found.ticks,
      lots,
      unseen: true,
      remaining: (buy.lots - lots) as Lots,
      makerOrderId: sell.orderId,
      makerAccount: sell.account,
      makerRemaining: (sell.lots - lots) as Lots,
    });
    for (const order of [buy, sell]) {
      const shown = order.shownLots ?? order.lots;
      order.lots = (order.lots - lots) as Lots;
      const left = Math.min(shown, order.lots) as Lots;
      if (order.shownLots !== undefined) order.shownLots = left;
      if (order.ticks !== 0 && isShown(order)) events.push(displayed(order, left, shown));
    }
  }
  return found.ticks;
}

/** Phases in which an order for an auction waits, and those in which it takes part at once. */
export const WAITING: Readonly<Record<string, readonly Phase[]>> = {
  ATO: [],
  ATC: ["continuous", "close-only", ...COLLECTING.filter(phase => phase !== "closing-auction")],
  GFA: ["continuous", "close-only"],
};
const TAKING: Readonly<Record<string, readonly Phase[]>> = {
  ATO: ["pre-open", "opening-auction"],
  ATC: ["closing-auction"],
  GFA: COLLECTING,
};

/** Whether a phase takes no such command. */
export function forbids(phase: Phase, kind: "place" | "amend" | "cancel", place?: PlaceOrder): boolean {
  const own = place && TAKING[place.timeInForce];
  if (own !== undefined) return ![...own, ...(WAITING[place?.timeInForce ?? ""] ?? [])].includes(phase);
  if (MATCHING.includes(phase)) return false;
  if (phase === "closing-price-cross" && kind === "amend") return true;
  const calls = COLLECTING.includes(phase);
  if (!calls && phase !== "closing-price-cross") return phase === "halted" || kind !== "cancel";
  if (place === undefined || place.terms?.trigger !== undefined) return false;
  const { type, timeInForce, postOnly, terms } = place;
  if (terms?.slippageTicks !== undefined || terms?.budget !== undefined) return true;
  if (terms?.minimumLots !== undefined || terms?.allOrNone || postOnly) return true;
  return timeInForce === "FOK" || (calls && type === "limit" && timeInForce === "IOC");
}
