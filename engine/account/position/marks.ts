/**
 * The newest best prices of every market. A side that is empty keeps its last price, so a mark never goes
 * away once it was there. How old a side may be is a market's setting, and now is what the caller says: while
 * somebody looks from a moment, a side that is too old is replaced by the other one, and where both are too
 * old there is no price. Nobody looks from a moment while facts are folded.
 *
 * A market that was never quoted has no mark, but a liquidity provider's first order there may stand in with
 * its own limit price: else no first order could ever be margined. Stand-ins are no facts: they are in no
 * hash and no snapshot, and the first real price ends them.
 */
import { assert, type Milliseconds, type Ticks } from "../../units.ts";

export interface Mark {
  /** 0 where that side was never quoted. */
  readonly bid: Ticks;
  readonly ask: Ticks;
  /** Of the market's record that last moved it. */
  readonly sequence: number;
  /** Time of the market's record that last had this side; 0 where that is not known. */
  readonly bidAt: number;
  readonly askAt: number;
}

interface ChangingMark extends Mark {
  bid: Ticks;
  ask: Ticks;
  sequence: number;
  bidAt: number;
  askAt: number;
}

/** A mark that was asked for and is too old. */
export interface StaleMark {
  readonly market: number;
  readonly now: number;
  readonly confirmedAt: number;
  readonly ageMaximum: number;
}

export class Marks {
  readonly #marks = new Map<number, ChangingMark>();
  readonly #standIns = new Map<number, Ticks>();
  /** Milliseconds that a side may be old, by market; no limit where there is none. */
  readonly #ages = new Map<number, number>();
  /** Markets whose mark has moved since `takeMoved`. */
  #moved = new Set<number>();
  /** The moment that somebody looks from; 0 for none. */
  #now = 0;
  #foundStale: StaleMark | undefined;
  /** Markets that were asked for, while somebody wants to know. */
  #asked: Set<number> | undefined;

  /** Takes a record's best prices; 0 leaves that side as it was. */
  update(market: number, bid: Ticks, ask: Ticks, sequence: number, time: number): void {
    const mark = this.#marks.get(market);
    if (mark === undefined) {
      if (bid === 0 && ask === 0) return;
      this.#marks.set(market, { bid, ask, sequence, bidAt: bid && time, askAt: ask && time });
      this.#standIns.delete(market);
      this.#moved.add(market);
      return;
    }
    if (bid !== 0) mark.bidAt = time;
    if (ask !== 0) mark.askAt = time;
    if ((bid === 0 || bid === mark.bid) && (ask === 0 || ask === mark.ask)) return;
    if (bid !== 0) mark.bid = bid;
    if (ask !== 0) mark.ask = ask;
    mark.sequence = sequence;
    this.#moved.add(market);
  }

  /** Markets whose mark has moved since the last call. */
  takeMoved(): ReadonlySet<number> {
    const moved = this.#moved;
    this.#moved = new Set();
    return moved;
  }

  /** A mark as a snapshot tells it. */
  restore(market: number, mark: Mark): void {
    assert(mark.bid !== 0 || mark.ask !== 0, "a mark has a price");
    this.#marks.set(market, { ...mark });
  }

  /** When a mark's sides were last there, as a snapshot tells it. */
  confirm(market: number, bidAt: number, askAt: number): void {
    const mark = this.#marks.get(market);
    assert(mark !== undefined && (bidAt !== 0 || askAt !== 0), "a mark that was confirmed is there");
    mark.bidAt = bidAt;
    mark.askAt = askAt;
  }

  /** How old a side of a market may be; 0 for as old as it gets. */
  limitAge(market: number, ageMaximum: Milliseconds): void {
    if (ageMaximum === 0) this.#ages.delete(market);
    else this.#ages.set(market, ageMaximum);
  }

  /** Until the next call everybody looks from this moment; without one the age of a mark doesn't count. */
  lookFrom(now: Milliseconds | undefined): void {
    this.#now = now ?? 0;
    this.#foundStale = undefined;
  }

  /** The last mark, since somebody began to look, that was too old. */
  get foundStale(): StaleMark | undefined {
    return this.#foundStale;
  }

  /** The markets whose marks `look` asks for. */
  askedBy(look: () => void): number[] {
    const asked = new Set<number>();
    this.#asked = asked;
    look();
    this.#asked = undefined;
    return [...asked].sort((one, other) => one - other);
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

  /** Bid + ask: twice the middle; where one side is not there, twice the other. 0 for no mark. */
  twiceMiddle(market: number): number {
    this.#asked?.add(market);
    const mark = this.#marks.get(market);
    if (mark === undefined) return 2 * (this.#standIns.get(market) ?? 0);
    const bid = this.#young(market, mark.bid, mark.bidAt);
    const ask = this.#young(market, mark.ask, mark.askAt);
    return (bid === 0 ? ask : bid) + (ask === 0 ? bid : ask);
  }

  /** What selling (bid) or buying (ask) would meet, the other side's price if that is not there; 0: none. */
  closing(market: number, side: "buy" | "sell"): number {
    this.#asked?.add(market);
    const mark = this.#marks.get(market);
    if (mark === undefined) return this.#standIns.get(market) ?? 0;
    const bid = this.#young(market, mark.bid, mark.bidAt);
    const ask = this.#young(market, mark.ask, mark.askAt);
    const [near, far] = side === "sell" ? [bid, ask] : [ask, bid];
    return near === 0 ? far : near;
  }

  /** The same from what has been heard alone: no stand-in and no age counts. */
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

  /** 0 for a side that is older than the moment that somebody looks from lets it be. */
  #young(market: number, price: number, confirmedAt: number): number {
    if (this.#now === 0 || price === 0) return price;
    const ageMaximum = this.#ages.get(market);
    if (ageMaximum === undefined || this.#now - confirmedAt <= ageMaximum) return price;
    this.#foundStale = { market, now: this.#now, confirmedAt, ageMaximum };
    return 0;
  }
}
