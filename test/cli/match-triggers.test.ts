/** Trailing stops, double ticks and the mark in `cambist match`: fields in, events and open orders out. */
import { expect, test } from "vitest";
import { MatchSession } from "../../cli/match-session.ts";
import { defineInstrument } from "../../engine/instrument.ts";

const EURUSD = defineInstrument({
  symbol: "EURUSD",
  tickSize: "0.00001",
  pipSize: "0.0001",
  lotStep: "1",
  minimumQuantity: "1",
});

function play(...lines: object[]): { events: object[]; orders: object[] } {
  const session = new MatchSession(EURUSD);
  const text = lines.map(line => session.apply(JSON.stringify(line))).join("");
  session.check();
  const events = text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line));
  return { events, orders: JSON.parse([...session.orders()].join("")).orders };
}

const trailing = { command: "place", type: "trailing-stop", side: "sell", quantity: "1", trigger: "mark" };
const mark = (price: string) => ({ command: "price", price });

test("a trailing stop follows the mark and is told with its stop price of now", () => {
  const { events, orders } = play(
    { ...trailing, orderId: "1", trailPips: "10" },
    mark("1.10000"),
    { ...trailing, orderId: "2", trailPerMille: "5", doubleTick: true },
    mark("1.20000"),
  );
  expect(events).toEqual([
    { event: "accepted", orderId: "1", side: "sell", quantity: "1" },
    { event: "armed", orderId: "1", side: "sell", quantity: "1" },
    { event: "price", which: "mark", price: "1.10000" },
    { event: "accepted", orderId: "2", side: "sell", quantity: "1" },
    { event: "armed", orderId: "2", side: "sell", quantity: "1", stopPrice: "1.09450" },
    { event: "price", which: "mark", price: "1.20000" },
  ]);
  const same = { side: "sell", quantity: "1", totalQuantity: "1", type: "trailing-stop", trigger: "mark" };
  expect(orders).toEqual([
    { ...same, orderId: "1", stopPrice: "1.19900", trailDistance: "0.00100" },
    { ...same, orderId: "2", stopPrice: "1.19400", doubleTick: true, trailPerMille: "5" },
  ]);
});

test("a trailing stop-limit enters with its offset", () => {
  const limit = { ...trailing, type: "trailing-stop-limit", limitOffset: "0.00010" };
  const { events } = play(
    mark("1.1"),
    { ...limit, orderId: "1", trailDistance: "0.01000" },
    { command: "amend", orderId: "1", trailDistance: "0.00500" },
    mark("1.095"),
  );
  expect(events.slice(3)).toEqual([
    { event: "amended", orderId: "1", side: "sell", quantity: "1", resting: "1" },
    { event: "armed", orderId: "1", side: "sell", quantity: "1", stopPrice: "1.09500" },
    { event: "price", which: "mark", price: "1.09500" },
    { event: "triggered", orderId: "1", side: "sell", quantity: "1", price: "1.09490" },
    { event: "rested", orderId: "1", side: "sell", quantity: "1", price: "1.09490" },
  ]);
});

test("a price is told back, taken away by 0, and refused where it is none", () => {
  expect(
    play({ ...mark("1.1"), which: "reference" }, mark("0"), mark("1.000001"), mark("-1")).events,
  ).toEqual([
    { event: "price", which: "reference", price: "1.10000" },
    { event: "price", which: "mark" },
    { event: "rejected", command: "price", reason: "priceNotMultiple" },
    { event: "rejected", command: "price", reason: "priceOutOfRange" },
  ]);
});
