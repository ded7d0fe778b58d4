/**
 * `cambist match`: newline-delimited JSON commands on standard input, events on standard output; the engine
 * alone.
 *
 * A chunk of input is processed whole, its output written at once, and the next chunk is read only after the
 * output has drained: memory is bounded by the book and the order ids, not by the input. A line that is no
 * command goes to standard error with its number, the rest is processed, and the exit code is 2.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { parseArgs } from "node:util";
import { defineInstrument, type Instrument, type InstrumentSpecification } from "../engine/instrument.ts";
import { LineSplitter } from "./line-splitter.ts";
import { LineFault } from "./match-fields.ts";
import { MatchSession } from "./match-session.ts";

const USAGE = `Usage: cambist match [--instrument file.json] [--orders] [--book] < commands > events

Reads newline-delimited JSON commands and writes their events, one a line. Every type, field and rule:
docs/MATCH.md.
  {"command":"place","orderId":"7","accountId":"a","side":"buy","type":"limit","quantity":"100",
   "price":"1.10500","timeInForce":"GTC","postOnly":false,"time":0}
  {"command":"place","orderId":"8","side":"sell","type":"stop","quantity":"100","stopPrice":"1.09"}
  {"command":"amend","orderId":"7","quantity":"50","price":"1.10500"}
  {"command":"cancel","orderId":"7"}

  --instrument file  {"symbol":"TEST","tickSize":"1","lotStep":"1","minimumQuantity":"1"};
                     without it TEST with tick size 0.00001 and lot step 1
  --orders           at the end, the open orders: in priority order, then those that wait
  --book             at the end, after the orders, depth and the state's hash
  --help             this text

Exit code 0; 2 where a line, an option or the instrument's file could not be read.
`;

const DEFAULT_INSTRUMENT: InstrumentSpecification = {
  symbol: "TEST",
  tickSize: "0.00001",
  lotStep: "1",
  minimumQuantity: "1",
  pipSize: "0.0001",
};
const TEXT_FIELDS = [
  "symbol",
  "tickSize",
  "lotStep",
  "minimumQuantity",
  "maximumQuantity",
  "pipSize",
  "base",
  "quote",
  "positionLimit",
  "minimumNotional",
  "maximumNotional",
  "executionRange",
] as const;
const REQUIRED_FIELDS = 4;
/** Market numbers, of which order ids are made. */
const NUMBER_MAX = 8_191;
/** Written before the first line by some editors; no part of the text. */
const BYTE_ORDER_MARK = /^\uFEFF/;
/** Characters of output that are put together before they are written. */
const WRITE_CHARACTERS = 65_536;

interface Options {
  readonly instrument: Instrument;
  readonly orders: boolean;
  readonly book: boolean;
}

/** Throws with what is wrong, the file named. */
function readInstrument(path: string): Instrument {
  try {
    return instrumentOf(JSON.parse(readFileSync(path, "utf8").replace(BYTE_ORDER_MARK, "")));
  } catch (cause) {
    throw new TypeError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function instrumentOf(value: unknown): Instrument {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("Cannot read instrument as the file must hold a JSON object");
  }
  const fields = value as Record<string, unknown>;
  for (const [index, name] of TEXT_FIELDS.entries()) {
    const field = fields[name];
    if (typeof field === "string" ? field.length > 0 : field === undefined && index >= REQUIRED_FIELDS)
      continue;
    const received = JSON.stringify(field) ?? "nothing";
    throw new TypeError(`Cannot read instrument as '${name}' must be a string: received ${received}`);
  }
  const { settlement } = fields;
  if (settlement !== undefined && settlement !== "margin" && settlement !== "spot") {
    throw new TypeError("Cannot read instrument as 'settlement' must be margin or spot");
  }
  const { number } = fields;
  const isNumber = typeof number === "number" && Number.isInteger(number);
  if (number !== undefined && !(isNumber && number >= 0 && number <= NUMBER_MAX)) {
    throw new TypeError(`Cannot read instrument as 'number' must be a whole number from 0 to ${NUMBER_MAX}`);
  }
  return defineInstrument(fields as unknown as InstrumentSpecification);
}

/** Options from the command line; undefined where it asks for help. Throws with what is wrong. */
function readOptions(parameters: string[]): Options | undefined {
  const { values } = parseArgs({
    args: parameters,
    options: {
      instrument: { type: "string" },
      orders: { type: "boolean", default: false },
      book: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    strict: true,
    allowPositionals: false,
  });
  if (values.help) return undefined;
  const instrument =
    values.instrument === undefined
      ? defineInstrument(DEFAULT_INSTRUMENT)
      : readInstrument(values.instrument);
  return { instrument, orders: values.orders, book: values.book };
}

/** Text for one stream, written in large pieces and only as fast as it drains. */
class Outlet {
  readonly #stream: Writable;
  #text = "";
  #failure: Error | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", (error: Error) => {
      this.#failure ??= error;
    });
  }

  add(text: string): void {
    this.#text += text;
  }

  get full(): boolean {
    return this.#text.length >= WRITE_CHARACTERS;
  }

  /** Writes what was added; resolves when the stream can take more. */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (this.#failure !== undefined) throw this.#failure;
    if (text !== "" && !this.#stream.write(text)) await once(this.#stream, "drain");
  }
}

async function run(options: Options, input: Readable, events: Outlet, faults: Outlet): Promise<number> {
  const session = new MatchSession(options.instrument);
  let exitCode = 0;
  const splitter = new LineSplitter((line, text, reason) => {
    let fault = reason;
    if (text !== undefined) {
      if (text.trim() === "") return;
      try {
        events.add(session.apply(line === 1 ? text.replace(BYTE_ORDER_MARK, "") : text));
        return;
      } catch (error) {
        if (!(error instanceof LineFault)) throw error;
        fault = error.message;
      }
    }
    faults.add(`line ${line}: ${fault}\n`);
    exitCode = 2;
  });
  for await (const chunk of input) {
    splitter.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    await events.flush();
    await faults.flush();
  }
  splitter.end();
  if (options.orders) {
    for (const piece of session.orders()) {
      events.add(piece);
      if (events.full) await events.flush();
    }
  }
  if (options.book) events.add(session.book());
  await events.flush();
  await faults.flush();
  return exitCode;
}

/** Runs the command; resolves with its exit code. */
export async function match(
  parameters: string[],
  input: Readable,
  output: Writable,
  errors: Writable,
): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(parameters);
  } catch (error) {
    errors.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  if (options === undefined) {
    output.write(USAGE);
    return 0;
  }
  try {
    return await run(options, input, new Outlet(output), new Outlet(errors));
  } catch (error) {
    // The reader of our output has gone, as `head` does: there is nobody left to tell.
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return 0;
    throw error;
  }
}
