#!/usr/bin/env node
/**
 * `npm run sim -- --seed N [--ticks M] [--lines L]`: one run, told in a line, behind the last lines of its
 * trace where they are asked for.
 */
import { parseArgs } from "node:util";
import { run } from "./world.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    ticks: { type: "string", default: "60000" },
    lines: { type: "string", default: "0" },
  },
});

const began = performance.now();
const result = await run({
  seed: Number(values.seed),
  ticks: Number(values.ticks),
  lines: Number(values.lines),
});
const { seed, virtualMs, events, commands, records, faults, hash, violation, lines } = result;
for (const line of lines) console.log(line);
const seconds = (performance.now() - began) / 1_000;
console.log(
  `seed ${seed}: ${(virtualMs / 1_000).toFixed(1)} s in ${seconds.toFixed(2)} s, ${events} events, ` +
    `${commands} commands, ${records} records, ${faults} faults, hash ${hash}` +
    (violation === undefined ? "" : `\n${violation.message}`),
);
process.exitCode = violation === undefined ? 0 : 1;
