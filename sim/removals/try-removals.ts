#!/usr/bin/env node
/**
 * `npm run sim:removals -- [--seeds N] [--from S] [--only WORDS]`: takes the rules out one at a time, and
 * says what showed it after how many seeds. Fails where nothing did, or something did with all rules in.
 */
import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { REMOVALS } from "./all-removals.ts";
import type { Removal } from "./removal.ts";
import { projectRoot, RemovedCopy } from "./removed-copy.ts";

interface Caught {
  readonly seed?: number;
  readonly checker?: string;
  readonly message?: string;
  readonly after?: number;
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    only: { type: "string", default: "" },
  },
});

const root = projectRoot();
const NOTHING: Pick<Removal, "name" | "edits"> = { name: "nothing", edits: [] };

async function attempt(removal: Pick<Removal, "name" | "edits">): Promise<Caught> {
  const copy = new RemovedCopy(root, removal);
  try {
    const argv = [copy.program, "--from", values.from, "--seeds", values.seeds];
    const { stdout } = await promisify(execFile)(process.execPath, argv);
    return JSON.parse(stdout) as Caught;
  } finally {
    copy.remove();
  }
}

for (const removal of [NOTHING, ...REMOVALS]) {
  if (!removal.name.includes(values.only)) continue;
  const { seed, checker, message = "", after } = await attempt(removal);
  const isRight = (seed === undefined) === (removal === NOTHING);
  if (!isRight) process.exitCode = 1;
  const [words = ""] = message.split("\n");
  console.log(
    `| ${removal.name} | ${checker ?? "-"} | ${after ?? "-"} | ${seed ?? "-"} | ${words.slice(0, 120)} |`,
  );
}
