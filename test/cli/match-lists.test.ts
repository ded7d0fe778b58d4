/** What `cambist match` takes of orders that depend on each other: lines in, lines out. */
import { expect, test } from "vitest";
import { MatchSession } from "../../cli/match-session.ts";
import { defineInstrument } from "../../engine/instrument.ts";

const SPECIFICATION = { symbol: "TEST", tickSize: "0.1", pipSize: "1", lotStep: "1", minimumQuantity: "1" };

const session = () => new MatchSession(defineInstrument(SPECIFICATION));

function told(text: string): object[] {
  const lines = text.split("\n").filter(line => line !== "");
  return lines.map(line => JSON.parse(line));
}

/** What the last of the lines made. */
function last(...lines: object[]): object[] {
  const market = session();
  let text = "";
  for (const line of lines) text = market.apply(JSON.stringify(line));
  market.check();
  return told(text);
}

const entry = { orderId: "e", side: "buy", type: "limit", quantity: "4", price: "10.0" };
const exit = (orderId: string, type: string, more: object) => ({
  ...{ orderId, side: "sell", type, quantity: "4", ...more },
});
const list = (contingency: string, ...legs: object[]) => ({ command: "list", contingency, legs });
const bracket = list(
  "bracket",
  entry,
  exit("p", "limit", { distancePips: "1.5" }),
  exit("l", "stop-limit", { distance: "2.0", limitOffset: "0.3" }),
);
const sold = {
  command: "place",
  ...{ orderId: "1", side: "sell", type: "limit", quantity: "3", price: "10.0" },
};

test("a bracket with distances waits for its entry, then stands at them", () => {
  expect(last(bracket)).toEqual([
    { event: "accepted", orderId: "e", side: "buy", quantity: "4", price: "10.0" },
    { event: "rested", orderId: "e", side: "buy", quantity: "4", price: "10.0" },
    { event: "accepted", orderId: "p", side: "sell", quantity: "4" },
    { event: "parked", orderId: "p", side: "sell", quantity: "4", reason: "entry" },
    { event: "accepted", orderId: "l", side: "sell", quantity: "4" },
    { event: "parked", orderId: "l", side: "sell", quantity: "4", reason: "entry" },
  ]);
  expect(last(bracket, sold)).toMatchObject([
    ...[{ event: "accepted" }, { event: "traded", quantity: "3" }],
    { event: "amended", orderId: "p", quantity: "3", price: "11.5", resting: "3" },
    { event: "triggered", orderId: "p", quantity: "3", price: "11.5" },
    { event: "rested", orderId: "p" },
    { event: "amended", orderId: "l", quantity: "3", price: "7.7", resting: "3" },
    { event: "armed", orderId: "l", quantity: "3", stopPrice: "8.0" },
  ]);
});

test("money is lost by the entry's whole size", () => {
  const loss = list("bracket", entry, exit("l", "stop", { distanceMoney: "4" }));
  // 4 for 4 lots is 1.0 a lot.
  expect(last(loss, sold).at(-1)).toMatchObject({ event: "armed", orderId: "l", stopPrice: "9.0" });
});

test("a distance is refused where it leaves no price, as far as the entry's is known", () => {
  const market = { ...entry, type: "market", price: undefined };
  const loss = exit("l", "stop", { distance: "10.0" });
  expect(last(list("bracket", entry, exit("l", "stop", { distance: "9.9" }))).at(-1)).toMatchObject({
    event: "parked",
  });
  expect(last(sold, list("bracket", market, loss))).toMatchObject([
    { event: "rejected", reason: "listInvalid" },
    { event: "rejected", reason: "distanceOutOfRange" },
  ]);
  // Nobody can tell what it will trade at.
  expect(last(list("bracket", market, loss))).not.toContainEqual(
    expect.objectContaining({ event: "rejected" }),
  );
});

test("pending orders stand among the open ones and may be cancelled", () => {
  const market = session();
  market.apply(JSON.stringify(bracket));
  const { orders } = JSON.parse([...market.orders()].join(""));
  expect(orders).toMatchObject([
    { orderId: "e", quantity: "4" },
    { orderId: "p", side: "sell", quantity: "4" },
    { orderId: "l", type: "stop-limit", trigger: "last" },
  ]);
  expect(told(market.apply('{"command":"cancel","orderId":"p"}'))).toMatchObject([{ event: "cancelled" }]);
  market.check();
});

test.each([
  [
    "one that can't be read",
    list("OCO", entry, exit("b", "limit", { price: "10.05" })),
    1,
    "priceNotMultiple",
  ],
  [
    "a price beside a distance",
    list("bracket", entry, exit("b", "limit", { price: "11", distance: "1" })),
    1,
  ],
  [
    "a stop farther away than the price",
    list("bracket", entry, exit("l", "stop", { distance: "10.0" })),
    1,
    "distanceOutOfRange",
  ],
  [
    "money that no price loses",
    list(
      "bracket",
      { ...entry, type: "stop", price: undefined, stopPrice: "10.0" },
      {
        ...exit("l", "stop", { distanceMoney: "39.7" }),
      },
    ),
    1,
    "distanceOutOfRange",
  ],
  ["an id twice", list("OCO", entry, { ...entry, price: "11.0" }), 1, "orderIdDuplicate"],
  ["exits of another size", list("OTOCO", entry, exit("b", "stop", { stopPrice: "9", quantity: "3" })), 2],
] as const)("%s refuses all", (_, line, at, reason?: string) => {
  const events = last(line);
  expect(events).toHaveLength(2);
  for (const event of events) expect(event).toMatchObject({ event: "rejected", command: "list" });
  if (at === 2) expect(events).toMatchObject([{ reason: "listInvalid" }, { reason: "listInvalid" }]);
  else expect(events).toMatchObject([{ reason: "listInvalid" }, { reason: reason ?? "priceUnexpected" }]);
});

test("a line without orders, or with what an order hasn't, is no command", () => {
  expect(() => last(list("OCO"))).toThrow("'legs' must be a list of 1 to 10 orders");
  expect(() => last(list("OCO", { ...entry, colour: "red" }))).toThrow("no such field");
  expect(() => last({ command: "list", legs: [entry] })).toThrow("'contingency' must be one of OCO");
});
