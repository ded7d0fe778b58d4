/**
 * Reads a file of ticks, `milliseconds since midnight UTC,bid,ask` a line, in pieces of 256 KB, so any size
 * fits.
 *
 * The last line needs no line end. A line that is malformed, or goes back in time, is refused with its
 * number: `check` reads the whole file for that before anything starts.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type Instrument, parsePrice } from "../../engine/instrument.ts";
import type { Ticks } from "../../engine/units.ts";

export interface Tick {
  /** Milliseconds since midnight. */
  readonly at: number;
  readonly bid: Ticks;
  readonly ask: Ticks;
}

const PIECE = 256 * 1024;
const DAY = 86_400_000;
const LINE = /^(\d{1,8}),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/;

/** Where a reader stands: the next line's number (from 1), its offset in bytes, the newest tick's time. */
export interface TickPosition {
  readonly line: number;
  readonly offset: number;
  readonly at: number;
}

export class TickFile {
  readonly path: string;
  readonly size: number;
  readonly #instrument: Instrument;
  readonly #descriptor: number;
  readonly #piece = Buffer.allocUnsafe(PIECE);
  #held = Buffer.alloc(0);
  #heldAt = 0;
  #position: TickPosition = { line: 1, offset: 0, at: 0 };

  constructor(path: string, instrument: Instrument) {
    this.path = path;
    this.#instrument = instrument;
    try {
      this.#descriptor = openSync(path, "r");
    } catch (error) {
      throw new Error(`Cannot replay as 'file' must be readable: received ${path}`, { cause: error });
    }
    this.size = fstatSync(this.#descriptor).size;
  }

  get position(): TickPosition {
    return this.#position;
  }

  seek(position: TickPosition): void {
    this.#position = position;
    this.#held = Buffer.alloc(0);
    this.#heldAt = position.offset;
  }

  /** The next tick, or undefined at the end. */
  next(): Tick | undefined {
    const { line, offset } = this.#position;
    const text = this.#line(offset);
    if (text === undefined) return undefined;
    const tick = this.#parse(text.text, line);
    this.#position = { line: line + 1, offset: text.end, at: tick.at };
    return tick;
  }

  /**
   * Reads all of it once and goes back to the start: how many ticks. Throws at the first line that is wrong.
   */
  check(): number {
    this.seek({ line: 1, offset: 0, at: 0 });
    let count = 0;
    while (this.next() !== undefined) count++;
    if (count === 0)
      throw new Error(`Cannot replay ${this.path} as it must hold at least one tick: received none`);
    this.seek({ line: 1, offset: 0, at: 0 });
    return count;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The line at `offset`, without its end. */
  #line(offset: number): { text: string; end: number } | undefined {
    for (;;) {
      const from = offset - this.#heldAt;
      const end = this.#held.indexOf(0x0a, from);
      if (end >= 0) return { text: this.#text(from, end), end: this.#heldAt + end + 1 };
      const read = readSync(this.#descriptor, this.#piece, 0, PIECE, this.#heldAt + this.#held.length);
      if (read === 0) {
        if (from >= this.#held.length) return undefined;
        return { text: this.#text(from, this.#held.length), end: this.#heldAt + this.#held.length };
      }
      const rest = this.#held.subarray(from);
      if (rest.length > PIECE)
        throw this.#wrong(this.#position.line, "be shorter than 256 KB", "a longer one");
      this.#held = Buffer.concat([rest, this.#piece.subarray(0, read)]);
      this.#heldAt = offset;
    }
  }

  #text(from: number, end: number): string {
    return this.#held.toString("latin1", from, end).trimEnd();
  }

  #parse(text: string, line: number): Tick {
    const [, milliseconds, bidText = "", askText = ""] = LINE.exec(text) ?? [];
    if (milliseconds === undefined) throw this.#wrong(line, "be 'milliseconds,bid,ask'", text);
    const at = Number(milliseconds);
    if (at >= DAY) throw this.#wrong(line, "name a moment of one day", text);
    if (at < this.#position.at) throw this.#wrong(line, "not go back in time", text);
    const bid = parsePrice(this.#instrument, bidText);
    const ask = parsePrice(this.#instrument, askText);
    if (typeof bid === "string" || typeof ask === "string") {
      throw this.#wrong(line, `quote multiples of ${this.#instrument.tickSize}`, text);
    }
    if (bid > ask) throw this.#wrong(line, "not bid more than it asks", text);
    return { at, bid, ask };
  }

  #wrong(line: number, rule: string, received: string): Error {
    const shown = received.slice(0, 80);
    return new Error(`Cannot replay ${this.path} as line ${line} must ${rule}: received ${shown}`);
  }
}
