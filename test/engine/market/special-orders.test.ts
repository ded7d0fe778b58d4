/** Icebergs, hidden orders, minimum sizes and all-or-none: each rule as the events of a few commands. */
import { expect, test } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import { decodeEvents, type MarketEvent } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { decodeMarketRecords, encodeMarketRecord } from "../../../engine/market/record.ts";
import type { OrderTerms } from "../../../engine/market/terms.ts";
import type { Lots, OrderId } from "../../../engine/units.ts";
import { type CommandForm, commandOf, PLAIN } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";

/** A line, or a line and its terms. */
type Line = string | readonly [string, OrderTerms];

function formOf(line: Line): CommandForm {
  if (typeof line === "string") return readCommand(line);
  const form = readCommand(line[0]);
  return form.kind === "place" || form.kind === "amend" ? { ...form, terms: line[1] } : form;
}

function tell(event: MarketEvent): string {
  if (event.event === "rejected") return event.rejection;
  if (event.event === "traded") return `${event.lots} @ ${event.ticks}`;
  return "lots" in event ? `${event.event} ${event.lots}` : event.event;
}

/** Plays on both machines; what the last line did, and the depth afterwards: bids, asks. */
function play(...lines: Line[]): { last: string; depth: string; machine: MarketMachine } {
  const machine = new MarketMachine(PLAIN);
  const naive = new NaiveMarket(PLAIN);
  let last = "";
  for (const line of lines) {
    const command = commandOf(formOf(line), machine.lastNumber(0) + 1);
    const events = decodeEvents(machine.apply(command));
    expect(events).toEqual(naive.apply(command));
    expect(machine.hash()).toBe(naive.hash());
    machine.check();
    last = events.map(tell).join(", ");
  }
  const { bids, asks } = machine.depth(10);
  const drawn = [bids, asks].map(side => side.map(level => `${level.lots} @ ${level.ticks}`).join(" "));
  return { last, depth: drawn.join(" | "), machine };
}

const lots = (value: number) => value as Lots;
const hidden = { hidden: true } as const;
const allOrNone = { allOrNone: true } as const;
const minimum = (value: number) => ({ minimumLots: lots(value) });
const display = (value: number) => ({ displayLots: lots(value) });

test("an iceberg shows its part, and the next one behind the queue", () => {
  const lines: Line[] = [["sell 25 @ 100", display(10)], "sell 5 @ 100"];
  expect(play(...lines).depth).toBe(" | 15 @ 100");
  const { last, depth } = play(...lines, "buy 12 @ 100");
  expect(last).toBe("accepted 12, 10 @ 100, displayed 10, 2 @ 100");
  expect(depth).toBe(" | 13 @ 100");
  expect(play(...lines, "buy 30 market").last).toBe(
    "accepted 30, 10 @ 100, displayed 10, 5 @ 100, 10 @ 100, displayed 5, 5 @ 100, displayed 0",
  );
});

test("an iceberg gets smaller where it is not shown first", () => {
  const lines: Line[] = [["sell 25 @ 100", display(10)], "sell 5 @ 100"];
  expect(play(...lines, "amend 1 to 12").last).toBe("amended 12");
  expect(play(...lines, "amend 1 to 4").last).toBe("amended 4, displayed 4");
  expect(play(...lines, "cancel 1").last).toBe("cancelled 25, displayed 0");
  expect(play(...lines, "amend 1 @ 101").depth).toBe(" | 5 @ 100 10 @ 101");
});

test("a hidden order is in no depth and trades after those that are shown", () => {
  const { last, depth } = play(["sell 5 @ 100", hidden], "sell 5 @ 100", "buy 7 @ 100");
  expect(last).toBe("accepted 7, 5 @ 100, 2 @ 100");
  expect(depth).toBe(" | ");
  expect(play(["buy 5 @ 99", hidden]).machine.bestBid).toBe(0);
});

test("a minimum holds for each execution, is passed over and blocks nobody", () => {
  const lines: Line[] = [["sell 20 @ 100", minimum(10)], "sell 5 @ 101"];
  expect(play(...lines, "buy 9 @ 101").last).toBe("accepted 9, 5 @ 101, rested 4");
  expect(play(...lines, "buy 12 @ 101").last).toBe("accepted 12, 12 @ 100, expired 8");
  expect(play("sell 5 @ 100", "sell 12 @ 101", ["buy 20 @ 101", minimum(10)]).last).toBe(
    "accepted 20, 12 @ 101, expired 8",
  );
});

test("all-or-none takes all or rests, and makes only whole", () => {
  const lines: Line[] = ["sell 5 @ 100", "sell 5 @ 101", ["buy 11 @ 101", allOrNone]];
  const { last, depth } = play(...lines);
  expect(last).toBe("accepted 11, rested 11");
  expect(depth).toBe(" | 5 @ 100 5 @ 101");
  expect(play(...lines, "sell 10 @ 101 IOC").last).toBe("accepted 10, expired 10");
  expect(play(...lines, "sell 11 @ 101").last).toBe("accepted 11, 11 @ 101");
  expect(play(...lines, "amend 3 to 10").last).toBe("amended 0, 5 @ 100, 5 @ 101");
});

test("FOK and post-only look at what conditions allow", () => {
  const lines: Line[] = [["sell 10 @ 100", minimum(10)]];
  expect(play(...lines, "buy 9 @ 100 postOnly").last).toBe("accepted 9, rested 9");
  expect(play(...lines, "buy 10 @ 100 postOnly").last).toBe("postOnlyWouldTrade");
  expect(play(...lines, "buy 9 @ 100 FOK").last).toBe("accepted 9, expired 9");
  expect(play(["sell 25 @ 100", display(10)], "buy 25 @ 100 FOK").last).toContain("5 @ 100, displayed 0");
});

test("terms that cannot be are refused", () => {
  const told = (line: string, terms: OrderTerms) => play([line, terms]).last;
  expect(told("buy 5 @ 9", display(6))).toBe("displayQuantityOutOfRange");
  expect(told("buy 5000 @ 9", display(4))).toBe("displayQuantityOutOfRange");
  expect(told("buy 5 @ 9 IOC", display(2))).toBe("displayQuantityNotAllowed");
  expect(told("buy 5 @ 9", { ...display(2), ...hidden })).toBe("displayQuantityNotAllowed");
  expect(told("buy 5 @ 9", minimum(6))).toBe("minimumQuantityOutOfRange");
  expect(told("buy 5 @ 9", minimum(0))).toBe("minimumQuantityOutOfRange");
  expect(play("buy 5 @ 9", ["amend 1", minimum(2)]).last).toBe("minimumQuantityNotAllowed");
  expect(play(["buy 5 @ 9", minimum(2)], ["amend 1", minimum(6)]).last).toBe("minimumQuantityOutOfRange");
});

test("record and snapshot hold them", () => {
  const lines: Line[] = [
    ["sell 25 @ 100", display(10)],
    ["buy 9 @ 90", { ...hidden, ...minimum(3) }],
    ["buy 9 @ 91", allOrNone],
    "buy 4 @ 100",
    ["amend 2", minimum(4)],
  ];
  const { machine } = play(...lines);
  const writer = new ByteWriter();
  const first = new MarketMachine(PLAIN);
  for (const [index, line] of lines.entries()) {
    const command = commandOf(formOf(line), index + 1);
    encodeMarketRecord(writer, command, first.apply(command), first.bestBid, first.bestAsk);
  }
  const again = new MarketMachine(PLAIN);
  for (const record of decodeMarketRecords(PLAIN.number, 1, lines.length, writer.copy())) {
    expect(decodeEvents(again.apply(record.command))).toEqual(record.events);
  }
  const restored = MarketMachine.restore(PLAIN, machine.snapshot());
  restored.check();
  expect([again.hash(), restored.hash()]).toEqual([machine.hash(), machine.hash()]);
  expect([...restored.orders()]).toEqual([...machine.orders()]);
});

test("what an order is to do to its owner's position is no business of the market's", () => {
  const intents = [undefined, "openOnly", "reduceOnly", "reduceFirst"] as const;
  const position = 7 as OrderId;
  const [plain, ...others] = intents.map(intent => {
    const terms = intent === undefined ? {} : { intent, position };
    const lines: Line[] = [
      ["sell 5 @ 100", terms],
      ["sell 4 @ 101", terms],
      ["buy 7 @ 101", terms],
    ];
    const { last, depth } = play(...lines);
    return { last, depth };
  });
  expect(plain).toEqual({ last: "accepted 7, 5 @ 100, 2 @ 101", depth: " | 2 @ 101" });
  for (const other of others) expect(other).toEqual(plain);
});
