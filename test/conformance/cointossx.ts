/**
 * CoinTossX's cases from the shared data, as lines of commands. Its files say: sides B and O; types 1 market,
 * 2 limit, 3 stop, 4 stop-limit, 5 hidden limit; an empty stop price means that the price is the stop. Its
 * trades are all of a case, those of the entry included. A moment that an order ends at has a date, the rows
 * have only times of day: all is played before any of the dates.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TimeInForce } from "../../engine/market/command.ts";
import type { AmendTerms, OrderTerms } from "../../engine/market/terms.ts";
import type { Lots, Milliseconds, Ticks } from "../../engine/units.ts";
import type { CommandForm, PlaceForm } from "../reference/commands.ts";
import { sharedFile } from "../shared-data.ts";

export type Row = Readonly<Record<string, string>>;

export interface Case {
  readonly family: string;
  readonly number: number;
  readonly description: string;
  readonly before: readonly Row[];
  readonly input: readonly Row[];
  readonly after: readonly Row[];
  readonly trades: readonly string[];
}

export const FAMILIES = [
  "uncross/limitOrder",
  "uncross/marketOrder",
  "uncross/stopOrder",
  "uncross/stopLimitOrder",
  "uncross/hiddenOrder",
  "cancelOrder",
  "replaceOrder",
  "auction",
  "filterAndUncross",
] as const;

/**
 * Rows of a file as records by its heading; none where it is absent. Names differ in upper and lower case.
 */
function readRows(folder: string, name: string): Row[] {
  const found = readdirSync(folder).find(file => file.toLowerCase() === name.toLowerCase());
  if (found === undefined) return [];
  const [heading = "", ...lines] = readFileSync(join(folder, found), "utf8").trim().split(/\r?\n/);
  const names = heading.split(",");
  return lines.map(line =>
    Object.fromEntries(line.split(",").map((value, at) => [names[at]?.trim() ?? "", value.trim()])),
  );
}

/** Orders of equal id within one file are different orders: the later ones get a letter. */
function distinct(rows: Row[]): Row[] {
  const seen = new Map<string, number>();
  return rows.map(row => {
    const id = row.OrderID ?? "";
    const times = seen.get(id) ?? 0;
    seen.set(id, times + 1);
    return times === 0 ? row : { ...row, OrderID: `${id}${"abcdef"[times - 1]}` };
  });
}

export function readCases(family: string): Case[] {
  const example = sharedFile(`matching/cointossx/${family}/Test3_Init.csv`);
  if (example === undefined) return [];
  const folder = dirname(example);
  const master = readdirSync(folder).find(file => file.endsWith("Master.csv")) ?? "";
  return readRows(folder, master).map(row => {
    const rows = (kind: string) => readRows(folder, `Test${row.TestNumber}_${kind}.csv`);
    return {
      family,
      number: Number(row.TestNumber),
      description: row.Description ?? "",
      before: distinct(rows("Init")),
      input: rows("Input"),
      after: rows("Output"),
      trades: rows("Trades").map(trade => `${trade.Quantity} @ ${trade.Price}`),
    };
  });
}

/** The stop price of a row in ticks; 0 where it has none. */
function stopOf(row: Row): number {
  if (row.Type !== "3" && row.Type !== "4") return 0;
  return Number(row.StopPrice || row.Price);
}

/** Its times in force; GTT is GTD to the second, as GTD is here. Files without the column mean GTC. */
const TIMES_IN_FORCE: Readonly<Record<string, TimeInForce>> = {
  ...{ "0": "DAY", "1": "GTC", "3": "IOC", "4": "FOK", "5": "ATO", "6": "GTD", "8": "GTD", "10": "ATC" },
};

function timeInForceOf(row: Row): TimeInForce {
  if (row.Type === "1") return "IOC";
  const { TimeInForce = "1" } = row;
  const found = TIMES_IN_FORCE[TimeInForce];
  if (found === undefined) throw new Error(`A row has a known time in force: received ${TimeInForce}`);
  return found;
}

function expireAtOf(row: Row): Milliseconds | undefined {
  if (timeInForceOf(row) !== "GTD") return undefined;
  return Date.parse(`${row.ExpireTime?.replace(" ", "T")}Z`) as Milliseconds;
}

/** How long an order lasts, in words; nothing of GTC. */
export function lasting(timeInForce: TimeInForce | undefined, expireAt: Milliseconds | undefined): string {
  if (timeInForce === undefined || timeInForce === "GTC") return "";
  return ` ${timeInForce}${expireAt === undefined ? "" : ` ${expireAt}`}`;
}

/** What a row has beyond the plain, in words: compared between the book that is and that which should be. */
export function peculiarities(row: Row): string {
  const stop = stopOf(row);
  const minimum = row.MES ? ` minimum ${row.MES}` : "";
  const ends = lasting(timeInForceOf(row), expireAtOf(row));
  return (row.Type === "5" ? " hidden" : "") + minimum + (stop === 0 ? "" : ` stop ${stop}`) + ends;
}

export function placeForm(row: Row): PlaceForm {
  const market = row.Type === "1" || row.Type === "3";
  const stopTicks = stopOf(row) as Ticks;
  const expireAt = expireAtOf(row);
  const terms: OrderTerms = {
    ...(stopTicks === 0 ? undefined : { trigger: { kind: "stop", source: "last", stopTicks } }),
    ...(row.Type === "5" ? { hidden: true } : undefined),
    ...(row.MES ? { minimumLots: Number(row.MES) as Lots } : undefined),
    ...(expireAt === undefined ? undefined : { expireAt }),
  };
  return {
    kind: "place",
    account: 1,
    side: row.Side === "B" ? "buy" : "sell",
    type: market ? "market" : "limit",
    timeInForce: timeInForceOf(row),
    postOnly: false,
    lots: Number(row.Size),
    ticks: market ? 0 : Number(row.Price),
    ...(Object.keys(terms).length === 0 ? undefined : { terms }),
  };
}

/** The row of a replace as an amend of the order with this count; `waits`: it has not been released. */
export function amendForm(row: Row, order: number, waits: boolean): CommandForm {
  const stopTicks = stopOf(row) as Ticks;
  const expireAt = expireAtOf(row);
  const terms: AmendTerms = {
    ...(waits && stopTicks !== 0 ? { stopTicks } : undefined),
    ...(row.MES ? { minimumLots: Number(row.MES) as Lots } : undefined),
    ...(expireAt === undefined ? undefined : { expireAt }),
  };
  const plain = {
    kind: "amend",
    account: 1,
    order,
    lots: Number(row.Size),
    ticks: Number(row.Price),
  } as const;
  return Object.keys(terms).length === 0 ? plain : { ...plain, terms };
}
