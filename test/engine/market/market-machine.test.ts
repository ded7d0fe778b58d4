/**
 * The machine's interface: ids, best prices, depth, hash, snapshots, and depth that folds from events alone.
 */
import { describe, expect, test } from "vitest";
import { defineInstrument } from "../../../engine/instrument.ts";
import { decodeEvents, type MarketEvent } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { commandOf, idOf, PLAIN } from "../../reference/commands.ts";
import { readCommand, scenario } from "../../reference/drawing.ts";

function play(machine: MarketMachine, ...lines: string[]): MarketEvent[][] {
  return lines.map(line => {
    const number = machine.lastNumber(0) + 1;
    return decodeEvents(machine.apply(commandOf(readCommand(line), number, machine.instrument)));
  });
}

test("every place takes an id, a refused one too", () => {
  const machine = new MarketMachine(PLAIN);
  const events = play(machine, "buy 1 @ 5", "buy 0 @ 5", "buy 1 @ 5").flat();
  expect(events.map(event => "orderId" in event && event.orderId)).toEqual([
    idOf(1),
    idOf(1),
    idOf(2),
    idOf(3),
    idOf(3),
  ]);
  expect(machine.sequence).toBe(3);
});

test("tells best prices, depth and orders", () => {
  const machine = new MarketMachine(PLAIN);
  expect([machine.bestBid, machine.bestAsk]).toEqual([0, 0]);
  play(machine, "buy 1 @ 5", "buy 2 @ 5 by 2", "buy 4 @ 4", "sell 8 @ 9");
  expect([machine.bestBid, machine.bestAsk]).toEqual([5, 9]);
  expect(machine.depth(1)).toEqual({
    bids: [{ ticks: 5, lots: 3, orders: 2 }],
    asks: [{ ticks: 9, lots: 8, orders: 1 }],
  });
  expect(machine.depth(0)).toEqual({ bids: [], asks: [] });
  expect([...machine.orders()].map(order => order.orderId)).toEqual([idOf(1), idOf(2), idOf(3), idOf(4)]);
  expect(machine.order(idOf(2))).toEqual({
    orderId: idOf(2),
    account: 2,
    side: "buy",
    ticks: 5,
    lots: 2,
    totalLots: 2,
    postOnly: false,
  });
  expect(machine.order(idOf(9))).toBeUndefined();
});

test("an id of another market is unknown here", () => {
  const machine = new MarketMachine(PLAIN);
  const other = { ...PLAIN, number: 6 };
  play(machine, "buy 1 @ 5");
  expect(machine.order(idOf(1, other))).toBeUndefined();
});

test("the instrument's sizes are kept, by place and amend", () => {
  const instrument = defineInstrument({
    symbol: "TEST",
    tickSize: "1",
    lotStep: "10",
    minimumQuantity: "20",
    maximumQuantity: "50",
  });
  const machine = new MarketMachine(instrument);
  const events = play(
    machine,
    "buy 1 @ 5",
    "buy 6 @ 5",
    "buy 5 @ 5",
    "amend 3 to 1",
    "amend 3 to 6",
    "amend 3 to 2",
  );
  const told = events.map(([event]) => (event?.event === "rejected" ? event.rejection : event?.event));
  expect(told).toEqual([
    "quantityBelowMinimum",
    "quantityAboveMaximum",
    "accepted",
    "quantityBelowMinimum",
    "quantityAboveMaximum",
    "amended",
  ]);
});

describe("a full book", () => {
  const limits = { orders: 3, levels: 2 };

  test("refuses what could not rest, and takes again when there is room", () => {
    const machine = new MarketMachine(PLAIN, limits);
    const last = (line: string) => {
      const event = play(machine, line)[0]?.at(-1);
      machine.check();
      return event?.event === "rejected" ? event.rejection : event?.event;
    };
    expect(last("buy 1 @ 5")).toBe("rested");
    expect(last("buy 1 @ 6")).toBe("rested");
    expect(last("buy 1 @ 7")).toBe("bookFull");
    expect(last("amend 1 @ 7")).toBe("bookFull");
    expect(last("sell 1 @ 9")).toBe("rested");
    expect(last("buy 1 @ 6")).toBe("bookFull");
    expect(last("buy 1 @ 9")).toBe("bookFull");
    expect(last("buy 1 @ 9 IOC")).toBe("traded");
    expect(last("buy 1 @ 6")).toBe("rested");
  });

  test("a side never holds more lots than an integer counts", () => {
    const machine = new MarketMachine(PLAIN);
    const most = Number.MAX_SAFE_INTEGER;
    const events = play(
      machine,
      `buy ${most} @ 5`,
      "buy 1 @ 4",
      "amend 1 to 5",
      "buy 1 @ 4",
      `sell ${most} @ 4`,
    );
    expect(events.map(list => list.at(-1)?.event)).toEqual([
      "rested",
      "rejected",
      "amended",
      "rested",
      "rested",
    ]);
    machine.check();
  });
});

describe("hash and snapshot", () => {
  const lines = ["buy 5 @ 100", "buy 3 @ 100 postOnly", "sell 4 @ 102 by 2", "sell 2 @ 100", "buy 1 @ 1"];

  test("equal histories hash equal; any difference shows", () => {
    const hashes = [
      lines,
      lines,
      [...lines, "cancel 99"],
      lines.slice(1),
      [lines[1] ?? "", lines[0] ?? ""],
    ].map(list => {
      const machine = new MarketMachine(PLAIN);
      play(machine, ...list);
      return machine.hash();
    });
    expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(4);
  });

  test("a restored machine goes on as the first would", () => {
    const machine = new MarketMachine(PLAIN);
    play(machine, ...lines);
    const restored = MarketMachine.restore(PLAIN, machine.snapshot());
    restored.check();
    expect(restored.hash()).toBe(machine.hash());
    expect(restored.snapshot()).toEqual(machine.snapshot());
    const next = ["amend 2 @ 102", "buy 9 @ 103", "cancel 1", "sell 50 market"];
    expect(play(restored, ...next)).toEqual(play(machine, ...next));
    expect(restored.hash()).toBe(machine.hash());
  });

  test("bytes of another layout, another market or with a tail are refused", () => {
    const machine = new MarketMachine(PLAIN);
    const bytes = machine.snapshot();
    const layout = bytes.slice();
    layout[0] = 99;
    expect(() => MarketMachine.restore(PLAIN, layout)).toThrow("known layout");
    const other = { ...PLAIN, number: 6 };
    expect(() => MarketMachine.restore(other, bytes)).toThrow("of this market");
    expect(() => MarketMachine.restore(PLAIN, new Uint8Array([...bytes, 0]))).toThrow(
      "ends with its last field",
    );
  });
});

/** Depth of both sides from events alone: the rule that followers of a journal rely on. */
function fold(events: MarketEvent[]): string[] {
  const depth = new Map<string, { lots: number; orders: number }>();
  const change = (side: string, ticks: number, lots: number, orders: number) => {
    const level = depth.get(`${side} ${ticks}`) ?? { lots: 0, orders: 0 };
    depth.set(`${side} ${ticks}`, { lots: level.lots + lots, orders: level.orders + orders });
  };
  for (const event of events) {
    if (!("side" in event)) continue;
    const { side } = event;
    if (event.event === "rested") change(side, event.ticks, event.lots, 1);
    else if (event.event === "cancelled") change(side, event.ticks, -event.lots, -1);
    else if (event.event === "traded") {
      const maker = side === "buy" ? "sell" : "buy";
      change(maker, event.ticks, -event.lots, event.makerRemaining === 0 ? -1 : 0);
    } else if (event.event === "amended") {
      change(side, event.oldTicks, -event.oldLots, -1);
      if (event.lots > 0) change(side, event.ticks, event.lots, 1);
    }
  }
  return [...depth]
    .filter(([, level]) => level.orders !== 0)
    .map(([key, level]) => `${key}: ${level.lots} in ${level.orders}`);
}

test("depth folds from events alone, amends that trade included", () => {
  const machine = new MarketMachine(PLAIN);
  const lines = [
    "sell 5 @ 101",
    "sell 5 @ 102",
    "buy 8 @ 99",
    "buy 3 @ 99",
    "amend 3 @ 101",
    "amend 4 to 2",
    "amend 4 to 4 @ 98",
    "sell 4 @ 98",
    "amend 2 to 9 @ 98",
    "buy 1 market",
  ];
  const folded = fold(play(machine, ...lines).flat());
  const { bids, asks } = machine.depth(100);
  const drawn = [
    ...bids.map(level => `buy ${level.ticks}: ${level.lots} in ${level.orders}`),
    ...asks.map(level => `sell ${level.ticks}: ${level.lots} in ${level.orders}`),
  ];
  expect(folded.sort()).toEqual(drawn.sort());
});

test("the log grows with the trades of one command", () => {
  const sells = Array.from({ length: 300 }, (_, index) => `sell 1 @ ${index + 1}`).join("\n");
  scenario(`${sells}\nbuy 299 @ 400`, "bid | price | ask\n | 300 | 1");
});
