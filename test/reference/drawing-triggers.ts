/**
 * Triggers in the language of `drawing.ts`, behind an order:
 *   stop 105 · takeProfit 110 of bid · stop 95 twice · trail 5 · trail 20 permille of mark · trail 5 from 90
 *   trail 5 twice · trail 5 offset 2 (a stop-limit without a limit of its own)
 */
import type { Trail, Trigger, TriggerSource } from "../../engine/market/terms.ts";
import type { Ticks } from "../../engine/units.ts";

const STILL = /^(stop|takeProfit) (\d+)(?: of (\w+))?( twice)?$/;
const TRAILING = /^trail (\d+)( permille)?(?: from (\d+))?(?: of (\w+))?( twice)?(?: offset (\d+))?$/;

export function readTrail(distance: string | undefined, perMille: string | undefined): Trail {
  return { by: perMille === undefined ? "ticks" : "perMille", distance: Number(distance) };
}

export function readTrigger(text: string): Trigger {
  const still = STILL.exec(text);
  if (still !== null) {
    const [, kind, stop, source = "last", twice] = still;
    return {
      kind: kind as Trigger["kind"],
      source: source as TriggerSource,
      stopTicks: Number(stop) as Ticks,
      ...(twice === undefined ? undefined : { doubleTick: true }),
    };
  }
  const trailing = TRAILING.exec(text);
  if (trailing === null) throw new Error(`This is no trigger: ${text}`);
  const [, distance, perMille, from = "0", source = "last", twice, offset] = trailing;
  return {
    ...{ kind: "stop", source: source as TriggerSource, stopTicks: Number(from) as Ticks },
    trail: readTrail(distance, perMille),
    ...(twice === undefined ? undefined : { doubleTick: true }),
    ...(offset === undefined ? undefined : { limitOffset: Number(offset) as Ticks }),
  };
}
