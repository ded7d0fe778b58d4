/**
 * The European Central Bank's daily reference rates, units of a currency for a euro, from the zip file in the
 * shared data: its one member, a table of dates (newest first) by currencies, `N/A` where there was none.
 */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { parseDate } from "../engine/calendar/civil-date.ts";
import type { Days } from "../engine/units.ts";

const MEMBER = 0x04034b50;
const DEFLATED = 8;

function onlyMember(zip: Buffer): string {
  if (zip.readUInt32LE(0) !== MEMBER || zip.readUInt16LE(8) !== DEFLATED) {
    throw new Error("Cannot read the rates as the file must be a zip of one deflated member");
  }
  const data = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return inflateRawSync(zip.subarray(data)).toString("utf8");
}

export interface EcbDay {
  readonly day: Days;
  /** Decimal strings by currency. */
  readonly rates: ReadonlyMap<string, string>;
}

/** Oldest first. */
export function readEcbRates(file: string): EcbDay[] {
  const [heading = "", ...lines] = onlyMember(readFileSync(file)).split("\n");
  const currencies = heading.split(",").slice(1);
  const days: EcbDay[] = [];
  for (const line of lines) {
    const [date = "", ...values] = line.split(",");
    const day = parseDate(date);
    if (day === undefined) continue;
    const known = currencies.flatMap((currency, index): [string, string][] => {
      const value = values[index]?.trim() ?? "";
      return /^\d/.test(value) ? [[currency.trim(), value]] : [];
    });
    days.push({ day, rates: new Map(known) });
  }
  return days.reverse();
}
