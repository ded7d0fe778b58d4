/**
 * Commands played on both machines, the fast one restored from its snapshot before each: the same events, the
 * same hash, proven invariants. A line `at 4000 clock` is one at that time, others are at that of the last.
 */
import { expect } from "vitest";
import type { Instrument } from "../../engine/instrument.ts";
import { decodeEvents, type MarketEvent } from "../../engine/market/market-event.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import type { OrderTerms } from "../../engine/market/terms.ts";
import type { Milliseconds } from "../../engine/units.ts";
import { type CommandForm, commandOf, type PlaceForm } from "./commands.ts";
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
  let machine = new MarketMachine(instrument);
  const naive = new NaiveMarket(instrument);
  let last = "";
  let time = 0;
  for (const form of forms) {
    const [, at, rest] = (typeof form === "string" && TIMED.exec(form)) || [];
    if (at !== undefined) time = Number(at);
    const read = typeof form === "string" ? readCommand(rest ?? form) : form;
    const command = commandOf(read, machine.lastNumber(0) + 1, instrument, time as Milliseconds);
    machine = MarketMachine.restore(instrument, machine.snapshot());
    const events = decodeEvents(machine.apply(command));
    expect(events).toEqual(naive.apply(command));
    machine.check();
    expect(machine.hash()).toBe(naive.hash());
    last = events.map(told).join(" ");
  }
  return { last, machine };
}

/** What the last of these forms does. */
export function play(forms: Forms, instrument: Instrument): string {
  return playOn(forms, instrument).last;
}

/** A line with terms. */
export function withTerms(text: string, terms: OrderTerms): CommandForm {
  const form = readCommand(text) as PlaceForm;
  return { ...form, terms: { ...form.terms, ...terms } };
}
