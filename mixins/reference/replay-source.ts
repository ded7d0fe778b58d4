/**
 * A day of real quotes, given again at any speed: at 60 a minute of the file takes a second.
 *
 * A quote's sequence is its line in the file and its time the file's own. Each is due when the scaled clock
 * reaches it; none is left out, those that are late come in bulk. The first due quote of a run anchors the
 * scaled clock, so a restart goes on where it was without a jump. At the end the last quote holds.
 */
import { basename } from "node:path";
import type { Instrument } from "../../engine/instrument.ts";
import type { ReferenceQuote, ReferenceSource } from "./reference-source.ts";
import { type Tick, TickFile, type TickPosition } from "./tick-file.ts";

export interface ReplayOptions {
  readonly file: string;
  /** Milliseconds of the file in one of the venue; Infinity gives everything at once. */
  readonly speed: number;
  /** `YYYY-MM-DD` or `YYYYMMDD`; else the one in the file's name, else today. */
  readonly date?: string | undefined;
}

interface ReplayState {
  readonly position: TickPosition;
  readonly latest?: ReferenceQuote;
}

/** Midnight UTC of the day that a replay stands for. */
export function replayDay(options: ReplayOptions, now: number): number {
  const named = /(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)/;
  const given = options.date?.replaceAll("-", "");
  const match = named.exec(given ?? basename(options.file));
  if (match === null && given === undefined) return Math.floor(now / 86_400_000) * 86_400_000;
  const midnight =
    match === null ? Number.NaN : Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00.000Z`);
  // What is no day, as 31 February, is read as one of the next month.
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(match?.[3])) {
    throw new Error(
      `Cannot replay as 'date' must be a day such as 2014-05-02: received ${given ?? options.file}`,
    );
  }
  return midnight;
}

export class ReplaySource implements ReferenceSource {
  readonly identity: string;
  readonly symbols: readonly string[];
  /** Quotes in the file. */
  readonly count: number;
  readonly #file: TickFile;
  readonly #midnight: number;
  readonly #speed: number;
  #next: Tick | undefined;
  /** Position before the tick that waits in `#next`. */
  #position: TickPosition;
  #anchor: { readonly now: number; readonly at: number } | undefined;
  #latest: ReferenceQuote | undefined;

  /** Throws where the file is malformed. `stored` is a state of the same identity. */
  constructor(
    instrument: Instrument,
    options: ReplayOptions,
    now: number,
    stored?: (identity: string) => unknown,
  ) {
    if (!(options.speed > 0)) {
      throw new RangeError(`Cannot replay as 'speed' must be more than 0: received ${options.speed}`);
    }
    this.symbols = [instrument.symbol];
    this.#speed = options.speed;
    this.#midnight = replayDay(options, now);
    this.#file = new TickFile(options.file, instrument);
    this.count = this.#file.check();
    const day = new Date(this.#midnight).toISOString().slice(0, 10);
    this.identity = `replay/${instrument.symbol}/${basename(options.file)}/${this.#file.size}/${day}`;
    const state = stored?.(this.identity) as ReplayState | undefined;
    if (state !== undefined) {
      this.#file.seek(state.position);
      this.#latest = state.latest;
    }
    this.#position = this.#file.position;
    this.#next = this.#file.next();
  }

  take(now: number, limit: number): ReferenceQuote[] {
    const quotes: ReferenceQuote[] = [];
    const [symbol = ""] = this.symbols;
    while (this.#next !== undefined && quotes.length < limit) {
      const { at, bid, ask } = this.#next;
      this.#anchor ??= { now, at };
      const due = this.#dueOf(at, this.#anchor);
      if (due > now) break;
      quotes.push({ symbol, sequence: this.#position.line, time: this.#midnight + at, bid, ask, due });
      this.#position = this.#file.position;
      this.#next = this.#file.next();
    }
    this.#latest = quotes.at(-1) ?? this.#latest;
    return quotes;
  }

  due(): number | undefined {
    if (this.#next === undefined) return undefined;
    return this.#anchor === undefined ? 0 : this.#dueOf(this.#next.at, this.#anchor);
  }

  clock(now: number): number {
    if (this.#next === undefined) return Number.POSITIVE_INFINITY;
    const reached = this.#midnight + this.#next.at;
    if (this.#anchor === undefined || this.#speed === Number.POSITIVE_INFINITY) return reached;
    const scaled = this.#midnight + this.#anchor.at + (now - this.#anchor.now) * this.#speed;
    return Math.min(scaled, reached);
  }

  latest(): readonly ReferenceQuote[] {
    return this.#latest === undefined ? [] : [this.#latest];
  }

  state(): ReplayState {
    return { position: this.#position, ...(this.#latest === undefined ? {} : { latest: this.#latest }) };
  }

  close(): void {
    this.#file.close();
  }

  #dueOf(at: number, anchor: { now: number; at: number }): number {
    return Math.max(anchor.now, anchor.now + (at - anchor.at) / this.#speed);
  }
}
