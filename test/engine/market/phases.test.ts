/** Phases: what each takes, and how a market uncrosses when it begins to match. */
import { expect, test } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { PHASES } from "../../../engine/market/phase.ts";
import { decodeMarketRecords, encodeMarketRecord } from "../../../engine/market/record.ts";
import { type CommandForm, commandOf, PLAIN } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";

function play(...lines: string[]): { machine: MarketMachine; last: string[] } {
  const machine = new MarketMachine(PLAIN);
  const naive = new NaiveMarket(PLAIN);
  let last: string[] = [];
  for (const line of lines) {
    const command = commandOf(readCommand(line), machine.lastNumber(0) + 1);
    const events = decodeEvents(machine.apply(command));
    expect(events, line).toEqual(naive.apply(command));
    expect(machine.hash()).toBe(naive.hash());
    machine.check();
    const told = events.filter(event => event.event !== "phased");
    last = told.map(event => {
      if (event.event === "rejected") return event.rejection;
      return event.event === "traded" ? `${event.lots} @ ${event.ticks}` : event.event;
    });
  }
  return { machine, last };
}

function priceOf(...orders: string[]): string {
  const found = play("phase opening-auction", ...orders).machine.indicative();
  return found === undefined ? "none" : `${found.lots} @ ${found.ticks}`;
}

test("each phase takes what it takes", () => {
  const taken = PHASES.map(phase => {
    const before = ["buy 5 @ 10", "sell 5 @ 20", `phase ${phase}`];
    const answers = ["buy 1 @ 5", "buy 1 @ 5 IOC", "amend 1 to 4", "cancel 1"].map(
      line => play(...before, line).last[0] !== "phaseForbids",
    );
    return `${phase}: ${answers.map(answer => (answer ? "+" : "-")).join("")}`;
  });
  expect(taken).toEqual([
    "continuous: ++++",
    "pre-open: +-++",
    "opening-auction: +-++",
    "intraday-auction: +-++",
    "volatility-auction: +-++",
    "closing-auction: +-++",
    "post-close: ---+",
    "paused: ---+",
    "halted: ----",
    "cancel-only: ---+",
    "close-only: ++++",
    "closing-price-cross: ++-+",
  ]);
});

test("the price: volume, then surplus, then pressure, then the reference", () => {
  expect(priceOf("buy 5 @ 10", "sell 5 @ 11")).toBe("none");
  expect(priceOf("buy 5 @ 12", "buy 5 @ 11", "sell 8 @ 10")).toBe("8 @ 11");
  expect(priceOf("buy 9 @ 12", "buy 4 @ 10", "sell 9 @ 10")).toBe("9 @ 12");
  expect(priceOf("buy 9 @ 12", "sell 5 @ 10")).toBe("5 @ 12");
  expect(priceOf("buy 5 @ 12", "sell 9 @ 10")).toBe("5 @ 10");
  expect(priceOf("buy 5 @ 12", "sell 5 @ 10")).toBe("5 @ 10");
  const traded = ["buy 1 @ 13", "sell 1 @ 13", "phase opening-auction", "buy 5 @ 12", "sell 5 @ 10"];
  expect(play(...traded).machine.indicative()).toEqual({ ticks: 12, lots: 5 });
});

test("market orders come first and their rest expires", () => {
  const call = ["phase opening-auction", "buy 5 @ 12", "buy 7 market", "sell 10 @ 11"];
  const { last, machine } = play(...call, "phase continuous");
  expect(last).toEqual(["7 @ 12", "displayed", "3 @ 12", "displayed", "displayed"]);
  expect(machine.depth(5)).toEqual({ bids: [{ ticks: 12, lots: 2, orders: 1 }], asks: [] });
  expect(play("phase pre-open", "buy 7 market", "phase continuous").last).toEqual(["expired"]);
  expect(play(...call, "cancel 2").last).toEqual(["cancelled"]);
  expect(play(...call, "amend 2 to 3").last).toEqual(["phaseForbids"]);
});

test("a call that is halted uncrosses when the market resumes", () => {
  const lines = ["phase closing-auction", "buy 5 @ 12", "sell 5 @ 10", "phase halted"];
  expect(play(...lines).last).toEqual([]);
  expect(play(...lines, "phase continuous").last).toEqual(["5 @ 10", "displayed", "displayed"]);
  expect(play(...lines, "phase post-close").last).toEqual(["5 @ 10", "displayed", "displayed"]);
});

test("an uncrossing releases what waits for its price", () => {
  const call = ["phase opening-auction", "buy 5 @ 12", "sell 5 @ 12", "sell 2 @ 30 stop 12"];
  expect(play(...call).last).toEqual(["accepted", "armed"]);
  expect(play(...call, "phase continuous").last.slice(-2)).toEqual(["triggered", "rested"]);
});

test("record and snapshot hold the phase and the market orders of a call", () => {
  const lines = ["phase opening-auction", "buy 5 @ 12", "buy 7 market", "sell 2 market"];
  const { machine } = play(...lines);
  const writer = new ByteWriter();
  const first = new MarketMachine(PLAIN);
  for (const line of lines) {
    const command = commandOf(readCommand(line), first.lastNumber(0) + 1);
    encodeMarketRecord(writer, command, first.apply(command), first.bestBid, first.bestAsk);
  }
  const records = decodeMarketRecords(PLAIN.number, 1, lines.length, writer.copy());
  expect(records[0]?.command).toEqual({ kind: "phase", time: 1, phase: "opening-auction", reason: "test" });
  const restored = MarketMachine.restore(PLAIN, machine.snapshot());
  restored.check();
  expect([restored.hash(), restored.phase]).toEqual([machine.hash(), "opening-auction"]);
  expect([...restored.unpriced()]).toEqual([...machine.unpriced()]);
});

test("a hidden market order that a call has collected is hidden after a restart too", () => {
  const machine = new MarketMachine(PLAIN);
  machine.apply(commandOf(readCommand("phase opening-auction"), 1));
  const hidden = { ...readCommand("buy 7 market"), terms: { hidden: true as const } };
  machine.apply(commandOf(hidden as CommandForm, machine.lastNumber(0) + 1));
  const restored = MarketMachine.restore(PLAIN, machine.snapshot());
  expect([...restored.unpriced()]).toMatchObject([{ hidden: true, lots: 7 }]);
  expect(restored.hash()).toBe(machine.hash());
});
