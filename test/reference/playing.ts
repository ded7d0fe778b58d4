/**
 * Commands played on both machines, each also on one restored from the fast one's snapshot: the same events,
 * the same hashes, proven invariants. A line `at 4000 clock` is one at that time, others are at that of the
 * last.
 */
import { expect } from "vitest";
import type { Instrument } from "../../engine/instrument.ts";
import type { Contingency } from "../../engine/market/command.ts";
import { decodeEvents, type MarketEvent } from "../../engine/market/market-event.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import type { OrderTerms } from "../../engine/market/terms.ts";
import type { Milliseconds } from "../../engine/units.ts";
import {
  type CommandForm,
  commandOf,
  type LegForm,
  type ListForm,
  PLAIN,
  type PlaceForm,
} from "./commands.ts";
import { readCommand } from "./drawing.ts";
import { NaiveMarket } from "./naive-book.ts";

export type Forms = readonly (string | CommandForm)[];

const TIMED = /^at (\d+) (.*)$/;

function told(event: MarketEvent): string {
  if (event.event === "rejected") return event.rejection;
  if (event.event === "phased") return event.ticks === 0 ? event.phase : `${event.phase} @${event.ticks}`;
  return "lots" in event ? `${event.event} ${event.lots}@${event.ticks}` : event.event;
}

/** Plays forms; what the last one did, and the market after it. */
export function playOn(forms: Forms, instrument: Instrument): { last: string; machine: MarketMachine } {
  const machine = new MarketMachine(instrument);
  const naive = new NaiveMarket(instrument);
  let last = "";
  let time = 0;
  for (const form of forms) {
    const [, at, rest] = (typeof form === "string" && TIMED.exec(form)) || [];
    if (at !== undefined) time = Number(at);
    const read = typeof form === "string" ? readCommand(rest ?? form) : form;
    const command = commandOf(read, machine.lastNumber(0) + 1, instrument, time as Milliseconds);
    const restored = MarketMachine.restore(instrument, machine.snapshot());
    const events = decodeEvents(machine.apply(command));
    expect(events).toEqual(naive.apply(command));
    expect(decodeEvents(restored.apply(command)), "after a restart").toEqual(events);
    for (const one of [machine, restored]) {
      one.check();
      expect(one.hash()).toBe(naive.hash());
    }
    last = events.map(told).join(" ");
  }
  return { last, machine };
}

/** What the last of these forms does. */
export function play(forms: Forms, instrument = PLAIN): string {
  return playOn(forms, instrument).last;
}

/** A line with terms. */
export function withTerms(text: string, terms: OrderTerms): CommandForm {
  const form = readCommand(text) as PlaceForm;
  return { ...form, terms: { ...form.terms, ...terms } };
}

/** An order of a list. */
export function leg(line: string): LegForm {
  const form = readCommand(line);
  if (form.kind !== "place") throw new Error(`This is no order: ${line}`);
  const { kind: _, account: __, ...body } = form;
  return body;
}

/** A list of account 1. */
export function list(contingency: Contingency, ...lines: string[]): ListForm {
  return { kind: "list", account: 1, contingency, legs: lines.map(leg) };
}
