/**
 * What orders that wait cost: 100,000 of all kinds (stop prices that stay and that trail, double ticks, each
 * of the five sources) while prices move 100,000 times, by the mark and by trades; and the same moves in a
 * market where nobody waits. A move that releases nothing and one that releases something count alike. Then
 * what a call's indicative price costs while 100,000 orders wait for it at twenty prices: what the levels
 * cost, not what the orders do.
 */
import type { MarketCommand } from "../engine/market/command.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import { TRIGGER_SOURCES, type Trail, type Trigger } from "../engine/market/terms.ts";
import type { AccountId, Lots, Milliseconds, Money, Side, Ticks } from "../engine/units.ts";
import { instrument } from "./instrument.ts";
import { conditions, percentiles, saveResult, statement } from "./report.ts";

const ARMED = 100_000;
const MOVES = 100_000;
const MIDDLE = 100_000;
const SEED = 20140502;

let state = SEED;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 8) % below;
}

let number = 0;
function place(side: Side, ticks: number, lots: number, trigger?: Trigger): MarketCommand {
  const common = { time: 0 as Milliseconds, shard: 0, number: ++number, account: 1 as AccountId };
  const order = { side, type: "limit", timeInForce: trigger ? "IOC" : "GTC", postOnly: false } as const;
  const sizes = { lots: lots as Lots, ticks: ticks as Ticks, reserved: 0n as Money, clientOrderId: "" };
  const shared = { ...common, ...order, ...sizes, liquidity: false, reference: 0 };
  return trigger === undefined
    ? { kind: "place", ...shared }
    : { kind: "place", ...shared, terms: { trigger } };
}

/** Orders whose stop prices lie up to 20,000 ticks away: most of them stay armed. */
function waiting(): MarketCommand {
  const side = random(2) === 0 ? "buy" : "sell";
  const away = 50 + random(20_000);
  const source = TRIGGER_SOURCES[random(TRIGGER_SOURCES.length)] ?? "last";
  const twice = random(4) === 0 ? ({ doubleTick: true } as const) : undefined;
  const limit = side === "buy" ? 1 : 2 * MIDDLE;
  const perMille: Trail = { by: "perMille", distance: 1 + random(200) };
  const trail: Trail = random(2) === 0 ? { by: "ticks", distance: away } : perMille;
  const trails = random(2) === 0;
  const stopTicks = (side === "buy" ? MIDDLE + away : MIDDLE - away) as Ticks;
  const trigger: Trigger = trails
    ? { kind: "stop", source, stopTicks: 0 as Ticks, trail, ...twice }
    : { kind: "stop", source, stopTicks, ...twice };
  return place(side, limit, 1, trigger);
}

/** A mark, then an order that rests and one that trades with it: three commands a move. */
function moves(): MarketCommand[] {
  const commands: MarketCommand[] = [];
  let price = MIDDLE;
  for (let move = 0; move < MOVES; move++) {
    price += random(11) - 5;
    commands.push({ kind: "price", time: 0 as Milliseconds, which: "mark", ticks: price as Ticks });
    commands.push(place("sell", price, 1), place("buy", price, 1));
  }
  return commands;
}

function play(armed: number) {
  state = SEED;
  number = 0;
  const machine = new MarketMachine(instrument);
  for (const command of [place("sell", MIDDLE, 1), place("buy", MIDDLE, 1)]) machine.apply(command);
  machine.apply({ kind: "price", time: 0 as Milliseconds, which: "mark", ticks: MIDDLE as Ticks });
  const orders = Array.from({ length: armed }, waiting);
  const start = performance.now();
  for (const order of orders) machine.apply(order);
  const arming = performance.now() - start;
  const commands = moves();
  const samples = new Float64Array(commands.length);
  const begin = performance.now();
  for (const [at, command] of commands.entries()) {
    const before = performance.now();
    machine.apply(command);
    samples[at] = (performance.now() - before) * 1_000;
  }
  const seconds = (performance.now() - begin) / 1_000;
  const [p50, p99, p999, worst] = percentiles(samples, [0.5, 0.99, 0.999, 1]);
  const left = [...machine.armed()].length;
  return {
    armed,
    left,
    armingMs: arming,
    seconds,
    aSecond: commands.length / seconds,
    p50,
    p99,
    p999,
    worst,
  };
}

/** Microseconds that the indicative price of a call takes, the mean of many. */
function indicative(orders: number): number {
  state = SEED;
  number = 0;
  const machine = new MarketMachine(instrument);
  const time = 0 as Milliseconds;
  machine.apply({ kind: "phase", time, phase: "opening-auction", reason: "bench" });
  for (let order = 0; order < orders; order++) {
    machine.apply(place(order % 2 === 0 ? "buy" : "sell", MIDDLE + random(20), 5));
  }
  const looks = 10_000;
  const start = performance.now();
  for (let look = 0; look < looks; look++) machine.indicative();
  return ((performance.now() - start) * 1_000) / looks;
}

play(1_000);
const results = [play(0), play(ARMED)];
const where = conditions();
console.info(statement(where));
console.table(results);
const calls = [1_000, ARMED].map(orders => ({ orders, indicative: indicative(orders) }));
console.table(calls);
await saveResult("triggers", { ...where, unit: "microseconds a command", results, calls });
