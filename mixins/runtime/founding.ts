/**
 * What a venue was founded with and every journal of it rests on: the number of risk shards, and of each
 * instrument what replay depends on. It lies beside the journals, is written before the first of them, and is
 * compared at every node's start: with other numbers the same journals would tell of other prices, sizes and
 * accounts. Instruments may be added. What only new orders are checked against (the position limit) may
 * change.
 */
import { formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { FoundingFile, type FoundingStore } from "./founding-store.ts";
import { SettingInvalid } from "./setting.ts";

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

/** Writes or compares; throws SettingInvalid where the venue was founded with something else. */
export async function confirmFounding(
  store: FoundingStore,
  shards: number,
  instruments: readonly Instrument[],
): Promise<void> {
  const now: Founding = {
    shards,
    instruments: Object.fromEntries(instruments.map(listed => [listed.symbol, termsOf(listed)])),
  };
  const text = `${JSON.stringify(now, undefined, 1)}\n`;
  for (;;) {
    const stored = await store.read();
    if (stored?.text === text) return;
    if (stored !== undefined) compare(read(stored.text, store), now, store);
    if (await store.write(text, stored)) return;
  }
}

export interface Founded {
  readonly shards: number;
  /** Those of `listed` that the folder was founded with, or that were added since. */
  readonly instruments: readonly Instrument[];
}

/** What a folder was founded with; changes nothing. Throws SettingInvalid where `listed` is of another. */
export async function loadFounding(folder: string, listed: readonly Instrument[]): Promise<Founded> {
  const store = new FoundingFile(folder);
  const stored = await store.read();
  if (stored === undefined) {
    throw new SettingInvalid(`Cannot open data folder as ${store.place} must be there: received ${folder}`);
  }
  const founded = read(stored.text, store);
  const instruments = listed.filter(({ symbol }) => founded.instruments[symbol] !== undefined);
  const terms = Object.fromEntries(instruments.map(each => [each.symbol, termsOf(each)]));
  compare(founded, { shards: founded.shards, instruments: terms }, store);
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

function read(text: string, { place }: FoundingStore): Founding {
  try {
    // Written by this module only; what is compared below is text.
    return JSON.parse(text) as Founding;
  } catch (error) {
    throw new SettingInvalid(`Cannot start as ${place} must be JSON`, { cause: error });
  }
}

function compare(founded: Founding, now: Founding, { remedy }: FoundingStore): void {
  const differs = (field: string, must: string, received: string) =>
    new SettingInvalid(
      `Cannot start as '${field}' must stay ${must}, as this venue was founded: received ${received}. ` +
        `Set it back, or ${remedy}`,
    );
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
