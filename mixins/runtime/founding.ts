/**
 * What a data folder was founded with and every journal in it rests on: the number of risk shards, and of
 * each instrument what replay depends on. It lies in `founding.json`, is written before the first journal,
 * and is compared at every start: with other numbers the same journals would tell of other prices, sizes and
 * accounts. Instruments may be added. What only new orders are checked against (the position limit) may
 * change.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { placeFile } from "../journal/durable-file.ts";
import { SettingInvalid } from "./setting.ts";

const FILE = "founding.json";
const FIELDS = [
  "number",
  "base",
  "quote",
  "settlement",
  "tickSize",
  "lotStep",
  "minimumQuantity",
  "maximumQuantity",
] as const;

type Terms = Readonly<Record<(typeof FIELDS)[number], string>>;

interface Founding {
  readonly shards: number;
  /** By symbol. */
  readonly instruments: Readonly<Record<string, Terms>>;
}

/** Writes or compares; throws SettingInvalid where the folder was founded with something else. */
export async function confirmFounding(
  folder: string,
  shards: number,
  instruments: readonly Instrument[],
): Promise<void> {
  const now: Founding = {
    shards,
    instruments: Object.fromEntries(instruments.map(listed => [listed.symbol, termsOf(listed)])),
  };
  const path = join(folder, FILE);
  const text = `${JSON.stringify(now, undefined, 1)}\n`;
  const stored = await storedText(path);
  if (stored === text) return;
  if (stored !== undefined) compare(read(stored, path), now);
  await placeFile(path, [Buffer.from(text)]);
}

export interface Founded {
  readonly shards: number;
  /** Those of `listed` that the folder was founded with, or that were added since. */
  readonly instruments: readonly Instrument[];
}

/** What a folder was founded with; changes nothing. Throws SettingInvalid where `listed` is of another. */
export async function loadFounding(folder: string, listed: readonly Instrument[]): Promise<Founded> {
  const path = join(folder, FILE);
  const stored = await storedText(path);
  if (stored === undefined) {
    throw new SettingInvalid(`Cannot open data folder as ${path} must be there: received ${folder}`);
  }
  const founded = read(stored, path);
  const instruments = listed.filter(({ symbol }) => founded.instruments[symbol] !== undefined);
  const terms = Object.fromEntries(instruments.map(each => [each.symbol, termsOf(each)]));
  compare(founded, { shards: founded.shards, instruments: terms });
  return { shards: founded.shards, instruments };
}

function termsOf(instrument: Instrument): Terms {
  const { number, base, quote, settlement, tickSize, lotStep, minimumLots, maximumLots } = instrument;
  return {
    number: String(number),
    base,
    quote,
    settlement,
    tickSize,
    lotStep,
    minimumQuantity: formatQuantity(instrument, minimumLots),
    maximumQuantity: formatQuantity(instrument, maximumLots),
  };
}

async function storedText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function read(text: string, path: string): Founding {
  try {
    // Written by this module only; what is compared below is text.
    return JSON.parse(text) as Founding;
  } catch (error) {
    throw new SettingInvalid(`Cannot start as ${path} must be JSON`, { cause: error });
  }
}

function compare(founded: Founding, now: Founding): void {
  if (founded.shards !== now.shards) {
    throw differs("RISK_SHARDS", String(founded.shards), String(now.shards));
  }
  for (const [symbol, terms] of Object.entries(founded.instruments)) {
    const listed = now.instruments[symbol];
    if (listed === undefined) throw differs("instruments", `to list ${symbol}`, "a list without it");
    for (const field of FIELDS) {
      if (listed[field] !== terms[field]) throw differs(`${field} of ${symbol}`, terms[field], listed[field]);
    }
  }
}

function differs(field: string, founded: string, received: string): SettingInvalid {
  return new SettingInvalid(
    `Cannot start as '${field}' must stay ${founded}, as this data folder was founded: ` +
      `received ${received}. Set it back, or set DATA_DIR to a new folder`,
  );
}
