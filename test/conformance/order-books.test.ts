/**
 * Other engines' own cases, read from the shared data: exchange-core's book scenario and CoinTossX's limit,
 * market, cancel and replace cases, as far as they use only limit and market orders.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeEvents, type MarketEvent } from "../../engine/market/event.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { type CommandForm, commandOf, idOf, PLAIN } from "../reference/commands.ts";
import { draw, readCommand } from "../reference/drawing.ts";
import { sharedFile } from "../shared-data.ts";

/** A machine that is spoken to with other people's order ids. */
class Session {
  readonly machine = new MarketMachine(PLAIN);
  readonly #counts = new Map<string, number>();
  #placed = 0;

  play(id: string, text: string): MarketEvent[] {
    const form = readCommand(text);
    if (form.kind === "place") this.#counts.set(id, ++this.#placed);
    const order = this.#counts.get(id) ?? 1_000_000;
    const named: CommandForm = form.kind === "place" ? form : { ...form, order };
    const events = decodeEvents(this.machine.apply(commandOf(named, this.machine.lastNumber(0) + 1)));
    this.machine.check();
    return events;
  }

  /** Resting orders: id, side, lots and price, in no order. */
  orders(): string[] {
    const ids = new Map([...this.#counts].map(([id, count]) => [idOf(count), id]));
    return [...this.machine.orders()]
      .map(order => `${order.side} ${ids.get(order.orderId)}: ${order.lots} @ ${order.ticks}`)
      .sort();
  }
}

function tradesOf(events: MarketEvent[]): string[] {
  return events.flatMap(event => (event.event === "traded" ? [`${event.lots} @ ${event.ticks}`] : []));
}

const feature = sharedFile("matching/exchange-core/basic.feature");

describe.skipIf(feature === undefined)("exchange-core", () => {
  test("the basic full cycle draws the same books", () => {
    const text = readFileSync(feature ?? "", "utf8").split("@CancelBidOrder");
    let drawn = 0;
    for (const scenario of text) {
      const session = new Session();
      let table: string[] = [];
      let trades: string[] = [];
      let tableIsBook = false;
      for (const line of [...scenario.split("\n").map(value => value.trim()), "end"]) {
        if (line.startsWith("|")) {
          if (tableIsBook && !line.includes("price")) table.push(line.slice(1, -1));
          continue;
        }
        if (table.length > 0) {
          const book = draw(session.machine).split("\n").slice(1);
          expect(book.map(cells)).toEqual(table.map(cells));
          drawn++;
          table = [];
        }
        tableIsBook = line.endsWith("order book is:");
        const place = /(ASK|BID) order (\d+) at (\d+)@(\d+) \(type: (\w+)/.exec(line);
        const move = /moves a price to (\d+) of the order (\d+)/.exec(line);
        const cancel = /cancels the remaining size \d+ of the order (\d+)/.exec(line);
        const matched = /is (?:partially|fully) matched\. LastPx: (\d+), LastQty: (\d+)/.exec(line);
        if (place !== null) {
          const [, side, id = "", price, size, timeInForce] = place;
          const words = `${side === "ASK" ? "sell" : "buy"} ${size} @ ${price} ${timeInForce}`;
          trades = tradesOf(session.play(id, words));
        }
        if (move !== null) trades = tradesOf(session.play(move[2] ?? "", `amend 1 @ ${move[1]}`));
        if (cancel !== null) {
          session.play(cancel[1] ?? "", "cancel 1");
          expect(session.orders()).toEqual([]);
        }
        if (matched !== null) expect(trades).toEqual([`${matched[2]} @ ${matched[1]}`]);
        if (line === "And No trade events") expect(trades).toEqual([]);
      }
    }
    expect(drawn).toBe(5);
  });
});

function cells(row: string): string[] {
  return row.split("|").map(cell => cell.trim());
}

/**
 * Rows of a file as records by its heading; none where it is absent. Names differ in upper and lower case.
 */
function readRows(folder: string, name: string): Record<string, string>[] {
  const found = readdirSync(folder).find(file => file.toLowerCase() === name.toLowerCase());
  if (found === undefined || name === "") return [];
  const [heading = "", ...lines] = readFileSync(join(folder, found), "utf8").trim().split(/\r?\n/);
  const names = heading.split(",");
  return lines.map(line =>
    Object.fromEntries(line.split(",").map((value, at) => [names[at] ?? "", value.trim()])),
  );
}

/**
 * Whether an order is one that the machine of today has: limit or market, no hidden size, no stop, no end.
 */
function isPlain(row: Record<string, string>): boolean {
  const plainTimes = ["", "0", "1", undefined];
  return (
    ["1", "2"].includes(row.Type ?? "") && !row.MES && !row.StopPrice && plainTimes.includes(row.TimeInForce)
  );
}

function wordsOf(row: Record<string, string>): string {
  const price = row.Type === "1" ? "market" : `@ ${row.Price}`;
  return `${row.Side === "B" ? "buy" : "sell"} ${row.Size} ${price}`;
}

const FAMILIES = [
  "uncross/limitOrder",
  "uncross/marketOrder",
  "uncross/hiddenOrder",
  "cancelOrder",
  "replaceOrder",
];
const masters = FAMILIES.flatMap(family => {
  const example = sharedFile(`matching/cointossx/${family}/Test3_Input.csv`);
  if (example === undefined) return [];
  const folder = dirname(example);
  const master = readdirSync(folder).find(file => file.endsWith("Master.csv"));
  return master === undefined ? [] : [{ family, folder, master }];
});

const cases = masters.flatMap(({ family, folder, master }) =>
  readRows(folder, master).flatMap(row => {
    const number = row.TestNumber ?? "";
    const files = ["Init", "Input", "Output"].map(kind => readRows(folder, `Test${number}_${kind}.csv`));
    const [before = [], input = [], after = []] = files;
    if (![...before, ...input, ...after].every(isPlain)) return [];
    const trades = readRows(folder, `Test${number}_Trades.csv`).map(
      trade => `${trade.Quantity} @ ${trade.Price}`,
    );
    return [{ name: `${family} ${number}: ${row.Description}`, family, before, input, after, trades }];
  }),
);

describe.skipIf(masters.length === 0)("CoinTossX", () => {
  test.each(cases)("$name", ({ family, before, input, after, trades }) => {
    const session = new Session();
    for (const row of before) session.play(row.OrderID ?? "", wordsOf(row));
    const events = input.flatMap(row => {
      const id = row.OrderID ?? "";
      if (family === "cancelOrder") return session.play(id, "cancel 1");
      if (family === "replaceOrder") return session.play(id, `amend 1 to ${row.Size} @ ${row.Price}`);
      return session.play(id, wordsOf(row));
    });
    expect(tradesOf(events)).toEqual(trades);
    const expected = after.map(row => {
      const side = row.Side === "B" ? "buy" : "sell";
      return `${side} ${row.OrderID}: ${row.Size} @ ${row.Price}`;
    });
    expect(session.orders()).toEqual(expected.sort());
  });

  test("no family is passed over", () => {
    expect(cases.length).toBeGreaterThanOrEqual(12);
    expect(existsSync(masters[0]?.folder ?? "")).toBe(true);
    expect(new Set(cases.map(row => basename(row.family))).size).toBeGreaterThanOrEqual(4);
  });
});
