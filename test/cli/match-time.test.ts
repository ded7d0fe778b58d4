/** Orders that end by themselves or wait for an auction in `cambist match`: fields in, events out. */
import { expect, test } from "vitest";
import { LineFault } from "../../cli/match-fields.ts";
import { MatchSession } from "../../cli/match-session.ts";
import { defineInstrument } from "../../engine/instrument.ts";

const EURUSD = defineInstrument({
  symbol: "EURUSD",
  tickSize: "0.00001",
  pipSize: "0.0001",
  lotStep: "1",
  minimumQuantity: "1",
});

interface Line {
  readonly event: string;
  readonly orderId?: string;
}

function play(...lines: object[]): { events: Line[]; orders: object[] } {
  const session = new MatchSession(EURUSD);
  const text = lines.map(line => session.apply(JSON.stringify(line))).join("");
  session.check();
  const events = text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line));
  return { events, orders: JSON.parse([...session.orders()].join("")).orders };
}

const limit = { command: "place", type: "limit", side: "buy", quantity: "5", price: "1.10000" };
const same = { side: "buy", price: "1.10000", quantity: "5", totalQuantity: "5" };
const clock = (time: number) => ({ command: "clock", time });
const phase = (name: string) => ({ command: "phase", phase: name });

test("an order ends at its time, told in milliseconds or as text, and amended", () => {
  const dated = { ...limit, timeInForce: "GTD" };
  const lines = [
    { ...dated, orderId: "1", expireTime: 5_000 },
    { ...dated, orderId: "2", expireTime: "1970-01-01T01:00:06+01:00" },
    { ...dated, orderId: "3", expireTime: 5_500 },
    { command: "amend", orderId: "1", expireTime: 7_000 },
  ];
  const before = play(...lines);
  expect(before.events.at(-2)).toMatchObject({ event: "rejected", reason: "expireTimeOutOfRange" });
  expect(before.orders).toEqual([
    { orderId: "1", ...same, timeInForce: "GTD", expireTime: "1970-01-01T00:00:07Z" },
    { orderId: "2", ...same, timeInForce: "GTD", expireTime: "1970-01-01T00:00:06Z" },
  ]);
  const { events, orders } = play(...lines, clock(6_000), clock(6_999));
  expect(events.slice(before.events.length)).toEqual([
    { event: "removed", orderId: "2", side: "buy", quantity: "5", price: "1.10000", cause: "expiry" },
  ]);
  expect(orders).toMatchObject([{ orderId: "1" }]);
});

test("a DAY order ends with the day; a GTC order's end isn't shown", () => {
  const stop = {
    command: "place",
    type: "stop-limit",
    side: "sell",
    quantity: "1",
    price: "1",
    stopPrice: "1",
  };
  const lines = [
    { ...limit, orderId: "1", timeInForce: "DAY" },
    { ...limit, orderId: "2" },
    { ...stop, orderId: "3", timeInForce: "IOC" },
  ];
  const { orders } = play(...lines);
  expect(orders).toMatchObject([{ timeInForce: "DAY" }, { orderId: "2" }, { timeInForce: "IOC" }]);
  expect(orders[1]).toEqual({ orderId: "2", ...same });
  const { events } = play(...lines, { command: "endOfDay" });
  expect(events.at(-1)).toMatchObject({ event: "removed", orderId: "1", cause: "endOfDay" });
});

test("an order for an auction is parked, listed, and enters its call; the clock tells its price", () => {
  const lines = [
    { ...limit, orderId: "1", timeInForce: "at-the-close" },
    { ...limit, orderId: "2", type: "market", price: undefined, timeInForce: "good-for-auction" },
  ];
  const { events, orders } = play(...lines);
  expect(events.filter(({ event }) => event === "parked")).toEqual([
    { event: "parked", orderId: "1", side: "buy", quantity: "5", price: "1.10000", reason: "close" },
    { event: "parked", orderId: "2", side: "buy", quantity: "5", reason: "auction" },
  ]);
  const { price: _, ...unpriced } = same;
  expect(orders).toEqual([
    { orderId: "1", ...same, timeInForce: "ATC" },
    { orderId: "2", ...unpriced, timeInForce: "GFA" },
  ]);
  const seller = { ...limit, orderId: "3", side: "sell", quantity: "3" };
  const call = play(...lines, phase("closing-auction"), seller, clock(1), clock(2), phase("post-close"));
  expect(call.events.filter(({ event }) => event === "indicative")).toEqual([
    { event: "indicative", price: "1.10000", quantity: "3" },
  ]);
  expect(call.events.filter(({ event }) => event === "triggered")).toMatchObject([
    { orderId: "1" },
    { orderId: "2" },
  ]);
  expect(call.orders).toEqual([]);
});

test("when nothing would trade any more the clock says so", () => {
  const seller = { ...limit, orderId: "2", side: "sell" };
  const cancel = { command: "cancel", orderId: "2" };
  const { events } = play(
    phase("opening-auction"),
    { ...limit, orderId: "1" },
    seller,
    clock(1),
    cancel,
    clock(2),
  );
  expect(events.at(-1)).toEqual({ event: "indicative", quantity: "0" });
});

test.each([
  { command: "clock", orderId: "1" },
  { command: "endOfDay", reason: "late" },
  { ...limit, orderId: "1", timeInForce: "GTX" },
  { ...limit, orderId: "1", timeInForce: "GTD", expireTime: -1 },
  { ...limit, orderId: "1", timeInForce: "GTD", expireTime: true },
])("%j is no command", line => {
  expect(() => play(line)).toThrow(LineFault);
});
