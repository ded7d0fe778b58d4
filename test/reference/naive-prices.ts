/** What the naive market says of prices and sizes that follow from its book, and of what orders are worth. */
import type { Instrument } from "../../engine/instrument.ts";
import type { PlaceOrder } from "../../engine/market/command.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Lots, Side, Ticks } from "../../engine/units.ts";
import { isShown, type NaiveOrder, TICKS_MAX } from "./naive-order.ts";

/** What is wrong with the terms that give an order its price or its size. */
export function brokenPrice({ type, timeInForce, postOnly, lots, terms }: PlaceOrder): Rejection[] {
  const broken: Rejection[] = [];
  const { peg, displayLots } = terms ?? {};
  if (peg !== undefined) {
    if (type === "market" || terms?.slide || terms?.trigger || displayLots !== undefined) {
      broken.push("pegNotAllowed");
    }
    if (Math.abs(peg.offset) > TICKS_MAX) broken.push("pegOutOfRange");
    if (!["GTC", "DAY", "GTD"].includes(timeInForce)) broken.push("timeInForceNotAllowed");
    if (postOnly) broken.push("postOnlyNotAllowed");
  }
  const { slippageTicks, budget, slide, trigger, minimumLots, allOrNone } = terms ?? {};
  if (slippageTicks !== undefined) {
    if (type === "limit" || ["ATO", "ATC", "GFA"].includes(timeInForce)) broken.push("slippageNotAllowed");
    if (slippageTicks < 0 || slippageTicks > TICKS_MAX) broken.push("slippageOutOfRange");
  }
  if (budget !== undefined) {
    const possible = type === "market" && lots === 0 && trigger === undefined;
    if (!possible || minimumLots !== undefined || allOrNone) broken.push("budgetNotAllowed");
    if (budget <= 0) broken.push("budgetTooSmall");
    if (timeInForce !== "IOC") broken.push("timeInForceNotAllowed");
  }
  if (slide && !postOnly) broken.push("postOnlyNotAllowed");
  return broken;
}

export function bestShown(resting: NaiveOrder[], side: Side): number | undefined {
  return resting.find(order => order.side === side && isShown(order))?.ticks;
}

/** The limit of an order that may slip so far; undefined where nothing is shown on the other side. */
export function slipped(resting: NaiveOrder[], side: Side, slippage: number): Ticks | undefined {
  const best = bestShown(resting, side === "buy" ? "sell" : "buy");
  if (best === undefined) return undefined;
  const limit = side === "buy" ? best + slippage : best - slippage;
  return Math.max(1, Math.min(TICKS_MAX, limit)) as Ticks;
}

/** The limits that an order may slide to, its own first, then one after the other less ready to trade. */
export function slides(resting: NaiveOrder[], { side, ticks }: RestingOrder): Ticks[] {
  const others = resting.filter(order => order.side !== side);
  const beside = others.map(order => (side === "buy" ? order.ticks - 1 : order.ticks + 1));
  const worse = beside.filter(price => (side === "buy" ? price < ticks : price > ticks));
  worse.sort((a, b) => (side === "buy" ? b - a : a - b));
  return [ticks, ...worse.filter(price => price >= 1 && price <= TICKS_MAX)] as Ticks[];
}

/** What is wrong with an order's worth; `price` is undefined where nobody knows one. */
export function brokenNotional(
  { notional, valuePerTickLot }: Instrument,
  price: number | undefined,
  lots: number,
): Rejection[] {
  if (notional === undefined || price === undefined) return [];
  const value = BigInt(price) * BigInt(lots) * valuePerTickLot;
  if (notional.minimum !== undefined && value < notional.minimum) return ["notionalBelowMinimum"];
  return notional.maximum !== undefined && value > notional.maximum ? ["notionalAboveMaximum"] : [];
}

/** Money on its way along the book. */
export class Purse {
  left: bigint;
  readonly #side: Side;
  readonly #valuePerTickLot: bigint;

  constructor(side: Side, left: bigint, valuePerTickLot: bigint) {
    this.#side = side;
    this.left = left;
    this.#valuePerTickLot = valuePerTickLot;
  }

  /** How many lots at a price a buyer can pay, or a seller must give until nothing is missing. */
  lotsAt(ticks: number): Lots {
    if (this.left <= 0n) return 0 as Lots;
    const price = BigInt(ticks) * this.#valuePerTickLot;
    const whole = this.left / price;
    return Number(this.#side === "sell" && whole * price < this.left ? whole + 1n : whole) as Lots;
  }

  take(ticks: number, lots: number): void {
    this.left -= BigInt(ticks) * BigInt(lots) * this.#valuePerTickLot;
  }
}
