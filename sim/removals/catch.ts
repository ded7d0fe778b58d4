#!/usr/bin/env node
/** Runs seeds until one fails; says in a line of JSON which, what saw it, and after how many. */
import { parseArgs } from "node:util";
import { run } from "../world.ts";

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    ticks: { type: "string", default: "15000" },
  },
});

const from = Number(values.from);
let caught: object = {};
for (let seed = from; seed < from + Number(values.seeds); seed++) {
  const { violation } = await run({ seed, ticks: Number(values.ticks), pauseMs: 800 });
  if (violation === undefined) continue;
  const { checker, message } = violation;
  caught = { seed, checker, message, after: seed - from + 1 };
  break;
}
console.log(JSON.stringify(caught));
