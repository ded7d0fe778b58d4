/**
 * Another engine's own cases, read from the shared data: exchange-core's book scenario. Its risk scenarios
 * are played in `exchange-core-risk.test.ts`.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeEvents, type MarketEvent } from "../../engine/market/market-event.ts";
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
    const named: CommandForm = "order" in form ? { ...form, order } : form;
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
