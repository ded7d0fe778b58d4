/**
 * A language for tests that draws the book. Commands are lines such as
 *   buy 10 @ 100 · sell 5 @ 101 IOC · buy 5 @ 99 postOnly · sell 7 market FOK · cancel 2 · amend 1 to 5 @ 98
 *   buy 10 market stop 105 · sell 5 limit trail 5 offset 2 (`drawing-triggers.ts`) · amend 3 stop 104 trail 4
 *   mark 100 · reference 101 · phase halted
 *   replace 2 by sell 5 @ 103 (stop on failure) · replaceAnyway 2 by buy 4 market
 *   cancel 2 onlyIf partlyFilled · massCancel sell by 2 (and others of `drawing-accounts.ts`)
 * where orders are named by their count, `by 2` at the end names the account (else 1), and a line after a
 * command that begins with an arrow is what it must do, one that begins with `stops` which orders then wait
 * at which stop price, 0 for none, by the time at which they were armed. The book is drawn from the highest
 * price down, each level's orders in the order of their queue:
 *   bid   | price | ask
 *         |   101 | 5 + 3
 *   10    |   100 |
 */
import { expect } from "vitest";
import { countOf } from "../../engine/ids.ts";
import { type CancelCondition, TIMES_IN_FORCE, type TimeInForce } from "../../engine/market/command.ts";
import { decodeEvents, type MarketEvent } from "../../engine/market/market-event.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { PHASES } from "../../engine/market/phase.ts";
import { type Side, type Ticks, unreachable } from "../../engine/units.ts";
import { type CommandForm, commandOf, PLAIN } from "./commands.ts";
import { readAccountCommand } from "./drawing-accounts.ts";
import { readTrail, readTrigger } from "./drawing-triggers.ts";
import { NaiveMarket } from "./naive-book.ts";

const TRIGGER = "(?: ((?:stop|takeProfit|trail) .+?))?";
const IN_FORCE = `(?: (${TIMES_IN_FORCE.join("|")}))?`;
const PLACE = new RegExp(
  `^(buy|sell) (\\d+) (?:@ (\\d+)|(market|limit))${IN_FORCE}( postOnly)?${TRIGGER}(?: by (\\d+))?$`,
);
const CHANGES = "(?: to (\\d+))?(?: @ (\\d+))?(?: stop (\\d+))?(?: trail (\\d+)( permille)?)?";
const AMEND = new RegExp(`^amend (\\d+)${CHANGES}(?: by (\\d+))?$`);
const PRICE = /^(mark|reference) (\d+)$/;
const CANCEL = /^cancel (\d+)(?: onlyIf (new|partlyFilled))?(?: by (\d+))?$/;
const REPLACE = /^replace(Anyway)? (\d+)(?: filled (\d+))? by (.*)$/;

export function readCommand(text: string): CommandForm {
  const place = PLACE.exec(text);
  if (place !== null) {
    const [, side, lots, ticks, word, timeInForce, postOnly, trigger, account = "1"] = place;
    const market = word === "market";
    return {
      kind: "place",
      account: Number(account),
      side: side as Side,
      type: market ? "market" : "limit",
      timeInForce: (timeInForce ?? (market ? "IOC" : "GTC")) as TimeInForce,
      postOnly: postOnly !== undefined,
      lots: Number(lots),
      ticks: Number(ticks ?? 0),
      ...(trigger === undefined ? undefined : { terms: { trigger: readTrigger(trigger) } }),
    };
  }
  const replace = REPLACE.exec(text);
  if (replace !== null) {
    const [, allow, order, filled, rest = ""] = replace;
    const by = readCommand(rest);
    if (by.kind !== "place") throw new Error(`This places no order: ${rest}`);
    const { kind: _, account, ...body } = by;
    return {
      kind: "replace",
      account,
      order: Number(order),
      onFailure: allow === undefined ? "stop" : "allow",
      ...(filled === undefined ? {} : { filled: Number(filled) }),
      by: body,
    };
  }
  const amend = AMEND.exec(text);
  if (amend !== null) {
    const [, order, lots = "0", ticks = "0", stop, trail, perMille, account = "1"] = amend;
    const terms = {
      ...(stop === undefined ? undefined : { stopTicks: Number(stop) as Ticks }),
      ...(trail === undefined ? undefined : { trail: readTrail(trail, perMille) }),
    };
    return {
      kind: "amend",
      account: Number(account),
      order: Number(order),
      lots: Number(lots),
      ticks: Number(ticks),
      ...(Object.keys(terms).length === 0 ? undefined : { terms }),
    };
  }
  const phase = PHASES.find(name => text === `phase ${name}`);
  if (phase !== undefined) return { kind: "phase", phase };
  const price = PRICE.exec(text);
  if (price !== null) {
    return { kind: "price", which: price[1] as "mark" | "reference", ticks: Number(price[2]) };
  }
  const ofAccount = readAccountCommand(text);
  if (ofAccount !== undefined) return ofAccount;
  if (text === "clock") return { kind: text };
  const cancel = CANCEL.exec(text);
  if (cancel === null) throw new Error(`This is no command: ${text}`);
  const form = { kind: "cancel", order: Number(cancel[1]), account: Number(cancel[3] ?? 1) } as const;
  return cancel[2] === undefined ? form : { ...form, onlyIf: cancel[2] as CancelCondition };
}

function tell(event: MarketEvent): string {
  if (event.event === "restricted") return `restricted ${event.frozen}`;
  if (event.event === "phased") return `phased ${event.phase}`;
  if (event.event === "indicative") return `indicative ${event.lots} @ ${event.ticks}`;
  const order = countOf(event.orderId);
  switch (event.event) {
    case "accepted":
    case "rested":
    case "cancelled":
    case "expired":
    case "armed":
    case "triggered":
    case "displayed":
    case "removed":
    case "parked":
    case "prevented":
      return `${event.event} ${event.lots}`;
    case "rejected":
      return `rejected ${event.rejection}`;
    case "traded":
      return `traded ${event.lots} @ ${event.ticks} with ${countOf(event.makerOrderId)}`;
    case "amended":
      return `amended ${order} from ${event.oldLots} @ ${event.oldTicks} to ${event.lots} @ ${event.ticks}`;
    default:
      return unreachable(event);
  }
}

export function draw(machine: MarketMachine): string {
  const rows = new Map<number, { bid: string[]; ask: string[] }>();
  for (const order of machine.orders()) {
    const row = rows.get(order.ticks) ?? { bid: [], ask: [] };
    rows.set(order.ticks, row);
    (order.side === "buy" ? row.bid : row.ask).push(String(order.lots));
  }
  const lines = [...rows]
    .sort(([a], [b]) => b - a)
    .map(([ticks, row]) => `${row.bid.join(" + ")} | ${ticks} | ${row.ask.join(" + ")}`);
  return ["bid | price | ask", ...lines].join("\n");
}

/** Lines without the spaces that only make a drawing straight. */
function plain(text: string): string[] {
  return text
    .split("\n")
    .map(line => line.trim().replace(/\s+/g, " "))
    .filter(line => line !== "");
}

/** Lines of commands: one that ends with a comma goes on in the next. */
function commandsOf(text: string): string[] {
  return plain(text.replace(/,\s*\n\s*/g, ", "));
}

/** Plays commands, on the naive market and restored ones too; checks the arrows and the book drawn last. */
export function scenario(text: string, book: string): MarketMachine {
  const machine = new MarketMachine(PLAIN);
  const naive = new NaiveMarket(PLAIN);
  let last = "";
  for (const line of commandsOf(text)) {
    if (line.startsWith("→")) {
      expect(last).toBe(line.slice(1).trim());
      continue;
    }
    if (line.startsWith("stops")) {
      const stops = [...machine.armed()].map(
        order => `${countOf(order.orderId)} at ${order.trigger.stopTicks}`,
      );
      expect(stops.join(", "), line).toBe(line.slice(5).trim());
      continue;
    }
    const command = commandOf(readCommand(line), machine.lastNumber(0) + 1);
    const restored = MarketMachine.restore(PLAIN, machine.snapshot());
    const events = decodeEvents(machine.apply(command));
    expect(events, line).toEqual(naive.apply(command));
    machine.check();
    expect(decodeEvents(restored.apply(command)), `${line}, after a restart`).toEqual(events);
    last = events.map(tell).join(", ");
  }
  expect(machine.hash()).toBe(naive.hash());
  expect(plain(draw(machine)).map(normal)).toEqual(plain(book).map(normal));
  return machine;
}

function normal(line: string): string {
  return line
    .split("|")
    .map(cell => cell.trim())
    .join("|");
}
