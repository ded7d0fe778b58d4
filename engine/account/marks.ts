/**
 * The newest best prices of every market. A side that is empty keeps its last price, so a mark never goes
 * away once it was there; how old it may be is a rule of its own. A market that was never quoted has no mark,
 * but a liquidity provider's first order there may stand in with its own limit price: else no first order
 * could ever be margined. Stand-ins are no facts: they are in no hash and no snapshot, and the first real
 * price ends them.
 */
import { assert, type Ticks } from "../units.ts";

export interface Mark {
  /** 0 where that side was never quoted. */
  readonly bid: Ticks;
  readonly ask: Ticks;
  /** Of the market's record that last moved it. */
  readonly sequence: number;
}

interface ChangingMark extends Mark {
  bid: Ticks;
  ask: Ticks;
  sequence: number;
}

export class Marks {
  readonly #marks = new Map<number, ChangingMark>();
  readonly #standIns = new Map<number, Ticks>();

  /** Takes a record's best prices; 0 leaves that side as it was. */
  update(market: number, bid: Ticks, ask: Ticks, sequence: number): void {
    const mark = this.#marks.get(market);
    if (mark === undefined) {
      if (bid === 0 && ask === 0) return;
      this.#marks.set(market, { bid, ask, sequence });
      this.#standIns.delete(market);
      return;
    }
    if ((bid === 0 || bid === mark.bid) && (ask === 0 || ask === mark.ask)) return;
    if (bid !== 0) mark.bid = bid;
    if (ask !== 0) mark.ask = ask;
    mark.sequence = sequence;
  }

  /** Lets a liquidity order's own limit be the mark of a market that was never quoted. */
  standIn(market: number, price: Ticks): void {
    assert(price > 0, "a stand-in is a price");
    if (!this.#marks.has(market)) this.#standIns.set(market, price);
  }

  dropStandIns(): void {
    this.#standIns.clear();
  }

  get(market: number): Mark | undefined {
    return this.#marks.get(market);
  }

  /** Bid + ask: twice the middle; where one side was never quoted, twice the other. 0 for no mark. */
  twiceMiddle(market: number): number {
    const mark = this.#marks.get(market);
    if (mark === undefined) return 2 * (this.#standIns.get(market) ?? 0);
    return (mark.bid === 0 ? mark.ask : mark.bid) + (mark.ask === 0 ? mark.bid : mark.ask);
  }

  /**
   * The price that selling (bid) or buying (ask) would meet, the other side's if that was never quoted; 0:
   * none.
   */
  closing(market: number, side: "buy" | "sell"): number {
    if (!this.#marks.has(market)) return this.#standIns.get(market) ?? 0;
    return this.settled(market, side);
  }

  /** The same from what has been heard alone: no stand-in counts. */
  settled(market: number, side: "buy" | "sell"): number {
    const mark = this.#marks.get(market);
    if (mark === undefined) return 0;
    const [near, far] = side === "sell" ? [mark.bid, mark.ask] : [mark.ask, mark.bid];
    return near === 0 ? far : near;
  }

  /** Real marks by market number. */
  entries(): [number, Mark][] {
    return [...this.#marks].sort(([left], [right]) => left - right);
  }
}
