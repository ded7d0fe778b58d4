/** Orders for an auction only, trading at the closing price, and what a call tells of its price. */
import { expect, test } from "vitest";
import { decodeEvents, type MarketEvent } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { PHASES } from "../../../engine/market/phase.ts";
import { type CommandForm, commandOf, PLAIN } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";

function tell(event: MarketEvent): string {
  if (event.event === "rejected") return event.rejection;
  if (event.event === "traded" || event.event === "indicative")
    return `${event.event} ${event.lots} @ ${event.ticks}`;
  if (event.event === "removed") return `removed ${event.lots} ${event.cause}`;
  if (event.event === "parked") return `parked ${event.lots} ${event.reason}`;
  return "lots" in event ? `${event.event} ${event.lots}` : event.event;
}

/** Plays on both machines; what the last line did, without the change of phase. */
function play(...lines: string[]): { last: string; machine: MarketMachine } {
  const machine = new MarketMachine(PLAIN);
  const naive = new NaiveMarket(PLAIN);
  let last = "";
  for (const line of lines) {
    const form: CommandForm = line === "clock" || line === "endOfDay" ? { kind: line } : readCommand(line);
    const command = commandOf(form, machine.lastNumber(0) + 1);
    const events = decodeEvents(machine.apply(command));
    expect(events, line).toEqual(naive.apply(command));
    expect(machine.hash()).toBe(naive.hash());
    machine.check();
    const restored = MarketMachine.restore(PLAIN, machine.snapshot());
    expect(restored.hash()).toBe(machine.hash());
    const told = events.filter(({ event }) => event !== "phased" && event !== "displayed");
    last = told.map(tell).join(", ");
  }
  return { last, machine };
}

test("each phase takes the auction's orders, parks them or refuses them", () => {
  const table = PHASES.map(phase => {
    const answers = ["ATO", "ATC", "GFA"].map(time => {
      const { last } = play(`phase ${phase}`, `buy 5 @ 10 ${time}`);
      return last === "phaseForbids" ? "no" : last.includes("parked") ? "parked" : "in";
    });
    return `${phase}: ${answers.join(" ")}`;
  });
  expect(table).toEqual([
    "continuous: no parked parked",
    "pre-open: in parked in",
    "opening-auction: in parked in",
    "intraday-auction: no parked in",
    "volatility-auction: no parked in",
    "closing-auction: no in in",
    "post-close: no no no",
    "paused: no no no",
    "halted: no no no",
    "cancel-only: no no no",
    "close-only: no parked parked",
    "closing-price-cross: no no no",
  ]);
});

test("an order at the open takes part in the opening, and its rest goes", () => {
  const call = [
    "phase pre-open",
    "buy 5 @ 12 ATO",
    "buy 4 market ATO",
    "sell 6 @ 10",
    "phase opening-auction",
  ];
  expect(play(...call, "phase continuous").last).toBe("traded 4 @ 12, traded 2 @ 12, removed 3 auctionEnd");
  expect(play("phase pre-open", "buy 4 market ATO", "phase continuous").last).toBe("removed 4 auctionEnd");
});

test("orders at the close and for any auction wait for theirs", () => {
  const day = ["buy 5 @ 12 ATC", "buy 3 @ 12 GFA", "buy 2 market ATC", "sell 4 @ 13"];
  const noon = [...day, "phase intraday-auction"];
  expect(play(...noon).last).toBe("triggered 3, rested 3");
  expect(play(...noon, "phase continuous").last).toBe("removed 3 auctionEnd");
  const close = [...noon, "phase continuous", "phase closing-auction"];
  expect(play(...close).last).toBe("triggered 5, rested 5, triggered 2, rested 2");
  expect(play(...close, "phase post-close").last).toBe("traded 2 @ 13, removed 5 auctionEnd");
  expect(play(...noon, "phase continuous", "endOfDay").last).toBe("removed 5 endOfDay, removed 2 endOfDay");
});

test("what is parked is amended and cancelled as others are", () => {
  const lines = ["buy 5 @ 12 ATC", "buy 5 @ 12 ATC", "buy 5 market ATC"];
  const close = (line: string) => play(...lines, line, "phase closing-auction").last;
  expect(play(...lines, "amend 1 to 4").last).toBe("amended 4");
  expect(close("amend 1 to 4")).toMatch(/^triggered 4/);
  expect(close("amend 1 @ 13")).toMatch(/^triggered 5, rested 5, triggered 5, rested 5, triggered 5/);
  expect(
    play(...lines, "amend 1 @ 13")
      .machine.parked()
      [Symbol.iterator]()
      .next().value?.orderId,
  ).not.toBe([...play(...lines).machine.parked()][0]?.orderId);
  expect(play(...lines, "amend 3 @ 12").last).toBe("priceUnexpected");
  expect(play(...lines, "cancel 2").last).toBe("cancelled 5");
  expect(play(...lines, "massCancel").last).toBe(
    "removed 5 massCancel, removed 5 massCancel, removed 5 massCancel",
  );
});

test("at the closing price the book's priority holds and nothing else trades", () => {
  const cross = ["phase closing-auction", "buy 5 @ 12", "sell 5 @ 12", "phase closing-price-cross"];
  const lines = [...cross, "sell 3 @ 11", "sell 3 @ 10", "sell 3 @ 13"];
  expect(play(...lines, "buy 5 @ 14").last).toBe("accepted 5, traded 3 @ 12, traded 2 @ 12");
  expect(play(...lines, "buy 8 @ 14").last).toBe("accepted 8, traded 3 @ 12, traded 3 @ 12, rested 2");
  expect(play(...lines, "buy 8 market").last).toBe("accepted 8, traded 3 @ 12, traded 3 @ 12, expired 2");
  expect(play(...lines, "buy 8 @ 12 IOC").last).toBe("accepted 8, traded 3 @ 12, traded 3 @ 12, expired 2");
  expect(play(...lines, "buy 8 @ 11").last).toBe("accepted 8, rested 8");
  expect(play(...lines, "buy 8 @ 14", "phase post-close").last).toBe("");
  expect(play(...lines, "amend 3 @ 12").last).toBe("phaseForbids");
  expect(play("phase closing-price-cross", "buy 5 @ 9", "sell 5 @ 9").last).toBe("accepted 5, rested 5");
});

test("a call tells its price when the time is told and it has changed", () => {
  const call = ["phase opening-auction", "buy 5 @ 12", "clock", "sell 3 @ 12", "clock"];
  expect(play(...call.slice(0, 3)).last).toBe("");
  expect(play(...call).last).toBe("indicative 3 @ 12");
  expect(play(...call, "clock").last).toBe("");
  expect(play(...call, "cancel 2", "clock").last).toBe("indicative 0 @ 0");
  expect(play(...call, "phase continuous", "clock").last).toBe("");
});
