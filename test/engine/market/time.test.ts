/** Orders that end by themselves: with the day or at a time, and what the time does in a market. */
import { expect, test } from "vitest";
import { decodeEvents, type MarketEvent } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { AmendTerms, OrderTerms } from "../../../engine/market/terms.ts";
import type { Lots, Milliseconds } from "../../../engine/units.ts";
import { type CommandForm, commandOf, idOf, PLAIN } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";

type Line = string | readonly [string, OrderTerms & AmendTerms];

function tell(event: MarketEvent): string {
  if (event.event === "rejected") return event.rejection;
  if (event.event === "traded") return `${event.lots} @ ${event.ticks}`;
  if (event.event === "removed") return `removed ${event.lots} ${event.cause}`;
  return "lots" in event ? `${event.event} ${event.lots}` : event.event;
}

/** Plays lines on both machines, each at a time of its own, and tells what each line did. */
class Market {
  machine = new MarketMachine(PLAIN);
  readonly #naive = new NaiveMarket(PLAIN);

  at(time: number, line: Line): string {
    const text = typeof line === "string" ? line : line[0];
    const plain: CommandForm = text === "clock" || text === "endOfDay" ? { kind: text } : readCommand(text);
    const form = typeof line === "string" || !("lots" in plain) ? plain : { ...plain, terms: line[1] };
    const number = this.machine.lastNumber(0) + 1;
    const command = commandOf(form, number, PLAIN, time as Milliseconds);
    const events = decodeEvents(this.machine.apply(command));
    expect(events, text).toEqual(this.#naive.apply(command));
    expect(this.machine.hash()).toBe(this.#naive.hash());
    this.machine.check();
    const restored = MarketMachine.restore(PLAIN, this.machine.snapshot());
    expect([restored.hash(), restored.nextDue >= this.machine.nextDue]).toEqual([this.machine.hash(), true]);
    return events.map(tell).join(", ");
  }
}

const until = (seconds: number) => ({ expireAt: (seconds * 1_000) as Milliseconds });

test("a GTD order ends in the first command whose time has come, before that command", () => {
  const market = new Market();
  market.at(0, ["sell 5 @ 100 GTD", until(10)]);
  expect(market.machine.expiry(idOf(1))).toEqual({ orderId: idOf(1), timeInForce: "GTD", ...until(10) });
  expect(market.machine.nextDue).toBe(10_000);
  expect(market.at(9_999, "buy 1 @ 100")).toBe("accepted 1, 1 @ 100");
  expect(market.at(10_000, "buy 1 @ 100")).toBe("removed 4 expiry, accepted 1, rested 1");
  expect(market.machine.nextDue).toBe(Number.POSITIVE_INFINITY);
});

test("what is due ends moment by moment, and each moment has all its consequences", () => {
  const market = new Market();
  market.at(0, ["sell 5 @ 100 GTD", until(1)]);
  market.at(0, ["sell 5 @ 102 GTD", until(2)]);
  market.at(0, "sell 5 @ 103");
  market.at(0, "buy 3 market stop 102 of ask");
  expect(market.at(5_000, "clock")).toBe("removed 5 expiry, triggered 3, 3 @ 102, removed 2 expiry");
});

test("an amend changes the time alone, and the order keeps its place", () => {
  const market = new Market();
  market.at(0, ["sell 5 @ 100 GTD", until(2)]);
  market.at(0, "sell 5 @ 100");
  expect(market.at(0, ["amend 1", until(4)])).toBe("amended 5");
  expect(market.at(3_000, "buy 1 @ 100")).toBe("accepted 1, 1 @ 100");
  expect(market.machine.order(idOf(1))?.lots).toBe(4);
  expect(market.at(3_000, ["amend 1 to 3", until(5)])).toBe("amended 2");
  expect(market.at(4_000, ["amend 1", until(4)])).toBe("expireTimeOutOfRange");
  expect(market.at(4_000, ["amend 2", until(9)])).toBe("expireTimeUnexpected");
  expect(market.at(5_000, "clock")).toBe("removed 2 expiry");
});

test("times that cannot be are refused", () => {
  const market = new Market();
  expect(market.at(1_000, "buy 5 @ 9 GTD")).toBe("expireTimeMissing");
  expect(market.at(1_000, ["buy 5 @ 9", until(9)])).toBe("expireTimeUnexpected");
  expect(market.at(1_000, ["buy 5 @ 9 GTD", until(1)])).toBe("expireTimeOutOfRange");
  expect(market.at(1_000, ["buy 5 @ 9 GTD", until(1.5)])).toBe("expireTimeOutOfRange");
  expect(market.at(1_000, "buy 5 market DAY")).toBe("timeInForceNotAllowed");
  expect(market.at(1_000, ["buy 5 market GTD", until(9)])).toBe("timeInForceNotAllowed");
  expect(market.at(1_000, "buy 5 @ 9 DAY postOnly")).toBe("accepted 5, rested 5");
});

test("the day ends by itself in post-close, else by command; whatever the order waits for", () => {
  const orders: Line[] = [
    "buy 5 @ 90 DAY",
    "buy 4 market DAY stop 120",
    ["sell 9 @ 110 DAY", { displayLots: 3 as Lots }],
    "buy 1 @ 80",
  ];
  const ended = "removed 5 endOfDay, removed 4 endOfDay, removed 9 endOfDay, displayed 0";
  for (const end of ["endOfDay", "phase post-close"]) {
    const market = new Market();
    for (const order of orders) market.at(0, order);
    expect(market.at(0, end).replace("phased, ", "")).toBe(ended);
    expect([...market.machine.orders()]).toMatchObject([{ lots: 1 }]);
    expect(market.at(0, "endOfDay")).toBe("");
  }
});

test("what has ended in another way is forgotten", () => {
  const market = new Market();
  const { machine } = market;
  const terms = until(10) as OrderTerms;
  for (let count = 0; count < 3_000; count++) {
    const text = count % 2 === 0 ? "sell 1 @ 100 GTD" : "buy 1 @ 100";
    const form = { ...readCommand(text), ...(count % 2 === 0 ? { terms } : undefined) } as CommandForm;
    machine.apply(commandOf(form, count + 1, PLAIN, 0 as Milliseconds));
  }
  expect(machine.orders()[Symbol.iterator]().next().done).toBe(true);
  expect(decodeEvents(machine.apply({ kind: "clock", time: 20_000 as Milliseconds }))).toEqual([]);
  expect(machine.nextDue).toBe(Number.POSITIVE_INFINITY);
});

test("the records of a shard and of an owner say no time to the market", () => {
  const market = new Market();
  market.at(0, ["sell 5 @ 100 GTD", until(10)]);
  const time = 20_000 as Milliseconds;
  expect(market.machine.apply({ kind: "owner", time, epoch: 2 }).length).toBe(0);
  expect(decodeEvents(market.machine.apply({ kind: "clock", time })).map(tell)).toEqual(["removed 5 expiry"]);
});
