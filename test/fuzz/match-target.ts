/**
 * `cambist match` without its pipes: sessions of lines, sound and broken, in pieces as a pipe cuts them. The
 * oracle: only `LineFault` is thrown; what did not reach the machine changed nothing; the machine's
 * invariants hold, and one restored from its snapshot goes on with the same events; every event is JSON whose
 * prices and sizes are within the instrument's steps; what was accepted is what the line asked for.
 */
import { isUtf8 } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { LINE_BYTES_MAX, LineSplitter } from "../../cli/line-splitter.ts";
import { LineFault } from "../../cli/match-fields.ts";
import { MatchSession } from "../../cli/match-session.ts";
import { parseDecimal } from "../../engine/decimal.ts";
import { defineInstrument, type Instrument } from "../../engine/instrument.ts";
import { EVENT_KINDS } from "../../engine/market/event.ts";
import { decodeEvents } from "../../engine/market/market-event.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { TICKS_MAX } from "../../engine/units.ts";
import type { SeededRandom } from "../../mixins/seeded-random.ts";
import { LineMaker } from "./line-maker.ts";
import { expectThat, Finding, onceIn, type Pace, pick, type Target } from "./target.ts";

const LINES_A_SESSION = 1_000;
const CHECKED_ONCE_IN = 48;
const FAULT_CHARACTERS_MAX = 600;
const EVENTS: ReadonlySet<unknown> = new Set<string>([...EVENT_KINDS, "phase", "price"]);
const NEW_LINE = 10;

const BANDS = { static: { perMille: 20 }, dynamic: "2", onBreach: "auction", auctionSeconds: 1 } as const;

export const INSTRUMENTS: ReadonlyMap<string, Instrument> = new Map(
  [
    { symbol: "FINE", tickSize: "0.00001", lotStep: "1", minimumQuantity: "1" },
    { symbol: "COARSE", tickSize: "0.25", lotStep: "0.01", minimumQuantity: "0.05", maximumQuantity: "1000" },
    { symbol: "PLAIN", tickSize: "1", lotStep: "1000", minimumQuantity: "1000", number: 17 },
    { symbol: "BANDS", tickSize: "1", lotStep: "1", minimumQuantity: "1", priceBands: BANDS },
  ].map(specification => [specification.symbol, defineInstrument(specification)] as const),
);

type Json = Readonly<Record<string, unknown>>;

/** A session under watch. */
class Watched {
  readonly #instrument: Instrument;
  readonly #session: MatchSession;
  readonly #splitter: LineSplitter;
  #machine: MarketMachine | undefined;
  /** Restored at the last proof, and told every command since. */
  #restored: MarketMachine | undefined;
  #commands = 0;
  /** What the lines that are pushed next must be handed over as; undefined for one that can't be read. */
  #expected: (string | undefined)[] = [];
  #thorough = false;
  #taken = false;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
    this.#session = new MatchSession(instrument, (command, events, machine) => {
      this.#machine = machine;
      this.#commands++;
      if (this.#restored === undefined) return;
      const again = decodeEvents(this.#restored.apply(command));
      expectThat(isDeepStrictEqual(again, decodeEvents(events)), "a restored machine does the same");
    });
    this.#splitter = new LineSplitter((_line, text, reason) => {
      expectThat(this.#expected.length > 0, "a line is handed over once");
      expectThat(this.#expected.shift() === text, "a line is handed over as it is");
      expectThat((text === undefined) === (reason !== ""), "what can't be read has a reason");
      if (text !== undefined && text.trim() !== "") this.#apply(text);
    });
  }

  /** Pushes bytes that end with a line's end; whether one was taken. `thorough`: with O(state) proofs. */
  push(bytes: Buffer, cuts: readonly number[], thorough: boolean): boolean {
    this.#thorough = thorough;
    this.#taken = false;
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(NEW_LINE, start);
      const line = bytes.subarray(start, end);
      this.#expected.push(line.length <= LINE_BYTES_MAX && isUtf8(line) ? line.toString() : undefined);
      start = end + 1;
    }
    let from = 0;
    for (const cut of cuts) {
      this.#splitter.push(bytes.subarray(from, cut));
      from = Math.max(from, cut);
    }
    this.#splitter.push(bytes.subarray(from));
    expectThat(this.#expected.length === 0, "every line is handed over");
    if (thorough) this.#prove();
    return this.#taken;
  }

  finish(): void {
    this.#prove();
    JSON.parse([...this.#session.orders()].join(""));
    JSON.parse(this.#session.book());
  }

  /** In time and memory of the whole state. */
  #prove(): void {
    this.#session.check();
    const machine = this.#machine;
    if (machine === undefined) return;
    const hash = machine.hash();
    expectThat((this.#restored?.hash() ?? hash) === hash, "a restored machine comes to the same");
    this.#restored = MarketMachine.restore(this.#instrument, machine.snapshot());
    expectThat(this.#restored.hash() === hash, "a snapshot makes an equal machine");
  }

  #apply(text: string): void {
    const before = this.#thorough ? this.#session.hash() : "";
    const commands = this.#commands;
    try {
      this.#checkOutput(text, this.#session.apply(text), this.#commands - commands);
      this.#taken = true;
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      expectThat(error.message.length <= FAULT_CHARACTERS_MAX, "a fault is told briefly");
      expectThat(commands === this.#commands, "a line that is no command does not reach the machine");
    }
    if (this.#thorough && commands === this.#commands) {
      expectThat(this.#session.hash() === before, "what does not reach the machine changes nothing");
    }
  }

  #checkOutput(text: string, output: string, commands: number): void {
    expectThat(output.endsWith("\n") || output === "", "events are whole lines");
    expectThat(commands <= 1, "a line is at most one command");
    const events = output
      .split("\n")
      .slice(0, -1)
      .map(line => JSON.parse(line) as Json);
    for (const event of events) {
      expectThat(EVENTS.has(event.event), "an event is of a known kind");
      for (const name in event) this.#checkNumber(event, name);
    }
    expectThat(
      commands === 1 || events.every(event => event.event === "rejected"),
      "only a refusal is no command",
    );
    const [first] = events;
    if (first?.event === "accepted") this.#checkAccepted(JSON.parse(text) as Json, first);
  }

  #checkNumber(event: Json, name: string): void {
    const value = event[name];
    if (typeof value !== "string") return;
    const { priceDigits, tickUnits, quantityDigits, lotUnits } = this.#instrument;
    if (/price$/i.test(name)) {
      const units = parseDecimal(value, priceDigits) ?? -1n;
      expectThat(units > 0n && units % tickUnits === 0n, `a price is whole ticks: ${value}`);
      expectThat(units / tickUnits <= BigInt(TICKS_MAX), `a price is in range: ${value}`);
    } else if (/quantity$|^resting$|^displayed$/i.test(name)) {
      const units = parseDecimal(value, quantityDigits) ?? -1n;
      const least = event.event === "accepted" || event.event === "traded" ? 1n : 0n;
      expectThat(units >= least && units % lotUnits === 0n, `a size is whole lots: ${value}`);
      expectThat(units / lotUnits <= BigInt(Number.MAX_SAFE_INTEGER), `a size is in range: ${value}`);
    }
  }

  /** A plain order is accepted as it was asked; what is more than plain may change price or size. */
  #checkAccepted(asked: Json, accepted: Json): void {
    if (asked.command !== "place") return;
    expectThat(accepted.orderId === asked.orderId, "the order that was asked for is accepted");
    expectThat(accepted.side === asked.side, "an order is accepted on its side");
    const { priceDigits, quantityDigits } = this.#instrument;
    const same = (name: string, digits: number) =>
      parseDecimal(String(accepted[name]), digits) === parseDecimal(String(asked[name]), digits);
    if (asked.quantity !== undefined)
      expectThat(same("quantity", quantityDigits), "a size is accepted as asked");
    if (asked.type !== "limit" || asked.postOnly === "slide") return;
    expectThat(same("price", priceDigits), "a price is accepted as asked");
  }
}

export class MatchTarget implements Target {
  play(random: SeededRandom, pace: Pace): void {
    const [part, instrument] = pick(random, [...INSTRUMENTS]);
    const maker = new LineMaker(random, instrument);
    const watched = new Watched(instrument);
    const lines: Buffer[] = [];
    try {
      for (let count = 0; count < LINES_A_SESSION; count++) {
        const line = Buffer.concat([maker.next(), Buffer.from("\n")]);
        lines.push(line);
        const cuts = onceIn(random, 4) ? [random.integer() % line.length] : [];
        const thorough = onceIn(random, CHECKED_ONCE_IN);
        pace.begin();
        const taken = watched.push(line, cuts, thorough);
        pace.end(taken, () => `${line.length} bytes: ${line.toString("latin1", 0, 120)}`);
      }
      watched.finish();
    } catch (error) {
      throw new Finding(part, Buffer.concat(lines), error);
    }
  }

  /** Line by line, with every proof after each. */
  replay(part: string, bytes: Uint8Array): void {
    const instrument = INSTRUMENTS.get(part);
    expectThat(instrument !== undefined, `an instrument is one of ${[...INSTRUMENTS.keys()].join(", ")}`);
    const watched = new Watched(instrument);
    const all = Buffer.from(bytes);
    for (let start = 0; start < all.length; ) {
      const end = all.indexOf(NEW_LINE, start) + 1;
      watched.push(all.subarray(start, end), [], true);
      start = end;
    }
    watched.finish();
  }
}
