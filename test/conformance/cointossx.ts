/**
 * CoinTossX's cases from the shared data, as lines of commands. Its files say: sides B and O; types 1 market,
 * 2 limit, 3 stop, 4 stop-limit, 5 hidden limit; time in force 0 DAY, 1 GTC, 3 IOC, 4 FOK, 6 GTD, 8 GTT; an
 * empty stop price means that the price is the stop. Its trades are all of a case, those of the entry
 * included.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TimeInForce } from "../../engine/market/command.ts";
import type { AmendTerms, OrderTerms } from "../../engine/market/terms.ts";
import type { Lots, Ticks } from "../../engine/units.ts";
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

/** What a row has beyond the plain, in words: compared between the book that is and that which should be. */
export function peculiarities(row: Row): string {
  const stop = stopOf(row);
  const minimum = row.MES ? ` minimum ${row.MES}` : "";
  return (row.Type === "5" ? " hidden" : "") + minimum + (stop === 0 ? "" : ` stop ${stop}`);
}

/** Which of the engine's features a case needs that are not there yet. */
export function missing({ before, input }: Case): string | undefined {
  const rows = [...before, ...input];
  if (rows.some(row => row.TimeInForce === "6" || row.TimeInForce === "8"))
    return "orders that end at a time";
  return undefined;
}

export function placeForm(row: Row): PlaceForm {
  const market = row.Type === "1" || row.Type === "3";
  const stopTicks = stopOf(row) as Ticks;
  const terms: OrderTerms = {
    ...(stopTicks === 0 ? undefined : { trigger: { kind: "stop", source: "last", stopTicks } }),
    ...(row.Type === "5" ? { hidden: true } : undefined),
    ...(row.MES ? { minimumLots: Number(row.MES) as Lots } : undefined),
  };
  const timeInForce: TimeInForce = row.Type === "1" ? "IOC" : "GTC";
  return {
    kind: "place",
    account: 1,
    side: row.Side === "B" ? "buy" : "sell",
    type: market ? "market" : "limit",
    timeInForce,
    postOnly: false,
    lots: Number(row.Size),
    ticks: market ? 0 : Number(row.Price),
    ...(Object.keys(terms).length === 0 ? undefined : { terms }),
  };
}

/** The row of a replace as an amend of the order with this count; `waits`: it has not been released. */
export function amendForm(row: Row, order: number, waits: boolean): CommandForm {
  const stopTicks = stopOf(row) as Ticks;
  const terms: AmendTerms = {
    ...(waits && stopTicks !== 0 ? { stopTicks } : undefined),
    ...(row.MES ? { minimumLots: Number(row.MES) as Lots } : undefined),
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
