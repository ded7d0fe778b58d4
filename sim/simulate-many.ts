#!/usr/bin/env node
/**
 * `npm run sim:many -- --hours H [--from N] [--ticks M]`: fresh seeds, one after another, until the time is
 * up or one fails; then how to see that one again.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { run } from "./world.ts";

const SEEDS = 2 ** 31;

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "1" },
    from: { type: "string", default: String(randomInt(SEEDS)) },
    ticks: { type: "string", default: "60000" },
  },
});

const ticks = Number(values.ticks);
const began = performance.now();
const lastsMs = Number(values.hours) * 3_600_000;
let [seed, runs, virtualMs, commands] = [Number(values.from), 0, 0, 0];
while (process.exitCode === undefined && performance.now() - began < lastsMs) {
  const result = await run({ seed, ticks });
  runs++;
  virtualMs += result.virtualMs;
  commands += result.commands;
  if (result.violation !== undefined) {
    console.log(
      `${result.violation.message}\nAgain: npm run sim -- --seed ${seed} --ticks ${ticks} --lines 200`,
    );
    process.exitCode = 1;
  }
  seed = (seed + 1) % SEEDS;
}
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage();
const busy = (user + system) / 1_000_000;
const times = (spent: number) => (virtualMs / 1_000 / spent).toFixed(0);
console.log(
  `${runs} seeds, ${(virtualMs / 3_600_000).toFixed(2)} h in ${(seconds / 3_600).toFixed(3)} h, ` +
    `${times(seconds)} times real time (${times(busy)} times the processor's), ${commands} commands`,
);
