/**
 * Depth by price, folded from a market's events: for each side a map from ticks to what rests there and how
 * many orders. It never sees an order again that has gone: events carry all that it needs.
 *
 * `amended` takes the old rest away and puts the new one in; where the new price trades it puts nothing in,
 * and what is left comes as `rested` after the trades. Sorting is left to whoever asks for depth: O(levels
 * log levels) there.
 */

import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { DepthLevel } from "../../engine/market/market-machine.ts";
import { assert, type Lots, type Side, type Ticks, unreachable } from "../../engine/units.ts";

export interface Level {
  lots: number;
  orders: number;
}

/** Ticks, lots, orders of each level, back to back: what a checkpoint holds. */
export type PackedLevels = readonly number[];

export class LevelBook {
  readonly #bids = new Map<number, Level>();
  readonly #asks = new Map<number, Level>();
  /** Told of every level that changes. */
  onChange: (side: Side, ticks: number) => void = () => undefined;

  fold(event: MarketEvent): void {
    if (event.event === "restricted" || event.event === "phased" || event.event === "indicative") return;
    if (event.unseen) return;
    switch (event.event) {
      case "accepted":
      case "armed":
      case "triggered":
      case "rejected":
      case "expired":
      case "parked":
      case "prevented":
        return;
      case "rested":
        this.#add(event.side, event.ticks, event.lots, 1);
        return;
      case "displayed": {
        const orders = Number(event.lots > 0) - Number(event.oldLots > 0);
        this.#add(event.side, event.ticks, event.lots - event.oldLots, orders);
        return;
      }
      case "cancelled":
      case "removed":
        this.#add(event.side, event.ticks, -event.lots, -1);
        return;
      case "traded":
        this.#add(
          event.side === "buy" ? "sell" : "buy",
          event.ticks,
          -event.lots,
          event.makerRemaining === 0 ? -1 : 0,
        );
        return;
      case "amended":
        this.#add(event.side, event.oldTicks, -event.oldLots, -1);
        if (event.lots > 0) this.#add(event.side, event.ticks, event.lots, 1);
        return;
      default:
        unreachable(event);
    }
  }

  level(side: Side, ticks: number): Level | undefined {
    return this.#side(side).get(ticks);
  }

  /** Best first, at most `levelsMax`. */
  depth(side: Side, levelsMax = Number.POSITIVE_INFINITY): DepthLevel[] {
    const sign = side === "buy" ? -1 : 1;
    const levels = [...this.#side(side)].sort(([one], [other]) => sign * (one - other));
    return levels.slice(0, levelsMax).map(([ticks, level]) => ({
      ticks: ticks as Ticks,
      lots: level.lots as Lots,
      orders: level.orders,
    }));
  }

  pack(side: Side): PackedLevels {
    return [...this.#side(side)].flatMap(([ticks, { lots, orders }]) => [ticks, lots, orders]);
  }

  /** Replaces a side by a packed one. */
  unpack(side: Side, packed: PackedLevels): void {
    const levels = this.#side(side);
    levels.clear();
    for (let at = 0; at + 2 < packed.length; at += 3) {
      levels.set(packed[at] ?? 0, { lots: packed[at + 1] ?? 0, orders: packed[at + 2] ?? 0 });
    }
  }

  #side(side: Side): Map<number, Level> {
    return side === "buy" ? this.#bids : this.#asks;
  }

  #add(side: Side, ticks: number, lots: number, orders: number): void {
    const levels = this.#side(side);
    const level = levels.get(ticks) ?? { lots: 0, orders: 0 };
    level.lots += lots;
    level.orders += orders;
    assert(level.lots >= 0 && level.orders >= 0, "a level holds no less than nothing");
    assert((level.lots === 0) === (level.orders === 0), "a level has orders as long as it has lots");
    if (level.orders === 0) levels.delete(ticks);
    else levels.set(ticks, level);
    this.onChange(side, ticks);
  }
}
