/**
 * Where in its stream a record is: some places that are known, and between two of them a search by halves, as
 * messages come in the order of their records. So opening a journal reads two messages, whatever its length.
 */

/** The message `sequence` begins with `record`. */
export interface StreamPlace {
  readonly record: number;
  readonly sequence: number;
}

const PLACES_MAX = 2_048;
/** Messages between two places that are remembered while appending. */
const DISTANCE = 64;

export class StreamPlaces {
  /** Both numbers grow along the list. */
  #places: StreamPlace[] = [];

  get oldest(): StreamPlace | undefined {
    return this.#places[0];
  }

  /** A message that follows all others known. */
  append(place: StreamPlace): void {
    const newest = this.#places.at(-1);
    if (newest === undefined || place.sequence >= newest.sequence + DISTANCE) this.add(place);
  }

  add(place: StreamPlace): void {
    const at = this.#after(place.record);
    if (this.#places[at - 1]?.record === place.record) return;
    this.#places.splice(at, 0, place);
    if (this.#places.length > PLACES_MAX) this.#places = this.#places.filter((_, index) => index % 2 === 0);
  }

  /** Forgets what is before `oldest`, which is known from here on. */
  startAt(oldest: StreamPlace): void {
    this.#places = [oldest, ...this.#places.filter(({ record }) => record > oldest.record)];
  }

  /** The known message at or before the one that holds `record`. */
  before(record: number): StreamPlace | undefined {
    return this.#places[this.#after(record) - 1];
  }

  /** The nearest known message behind the one that holds `record`. */
  behind(record: number): StreamPlace | undefined {
    return this.#places[this.#after(record)];
  }

  /** Index of the first place whose record is greater. */
  #after(record: number): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle]?.record ?? 0) <= record) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
