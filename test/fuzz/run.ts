/**
 * `npm run fuzz -- --inputs N --seed S [--target match|records|journal]`: that many inputs for each target,
 * one after another in this process. A finding is saved in a file of the temporary folder, and how to play it
 * again is told; the exit code is then 1. `--replay FILE` does that: the file's name says target and part.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz, TARGETS } from "./fuzzing.ts";
import { Finding, TARGET_NAMES, type TargetName } from "./target.ts";

const INPUTS_A_LINE = 1_000_000;
/** An input that takes so long hangs, or would with a little more of the same. */
const INPUT_MS_MAX = 10_000;

function targetNamed(name: string): TargetName {
  const target = TARGET_NAMES.find(known => known === name);
  if (target === undefined)
    throw new Error(`Cannot fuzz as --target must be one of ${TARGET_NAMES.join(", ")}`);
  return target;
}

function save(target: TargetName, { part, bytes }: Finding): string {
  const path = join(mkdtempSync(join(tmpdir(), "cambist-fuzz-")), `${target}.${part}.bin`);
  writeFileSync(path, bytes);
  return path;
}

async function run(target: TargetName, inputs: number, seed: number): Promise<boolean> {
  const started = process.cpuUsage();
  let told = 0;
  try {
    const pace = await fuzz(target, inputs, seed, ({ inputs: done, taken, slowestMs }) => {
      if (done - told < INPUTS_A_LINE) return;
      told = done;
      const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
      const figures = `${taken} taken, slowest ${slowestMs.toFixed(1)} ms, ${memory} MiB`;
      console.info(`${target}: ${done} inputs, ${figures}`);
    });
    const { user, system } = process.cpuUsage(started);
    const rate = Math.round(pace.inputs / ((user + system) / 1e6));
    console.info(`${target}: ${pace.inputs} inputs, ${pace.taken} taken, no finding`);
    console.info(`${target}: ${rate} inputs a second of processor time`);
    console.info(`${target}: slowest ${pace.slowestMs.toFixed(1)} ms: ${pace.slowest}`);
    return pace.slowestMs <= INPUT_MS_MAX;
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    console.error(error.cause);
    console.error(`${target}: a finding in ${error.part}, seed ${seed}. Play it again:`);
    console.error(`  npm run fuzz -- --replay ${save(target, error)}`);
    return false;
  }
}

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    target: { type: "string", multiple: true, default: [...TARGET_NAMES] },
    replay: { type: "string" },
  },
});
if (values.replay === undefined) {
  const [inputs, seed] = [Number(values.inputs), Number(values.seed)];
  console.info(`seed ${seed}`);
  for (const name of values.target) {
    if (!(await run(targetNamed(name), inputs, seed))) process.exitCode = 1;
  }
} else {
  const [name = "", part = ""] = basename(values.replay).split(".");
  await TARGETS[targetNamed(name)]().replay(part, readFileSync(values.replay));
  console.info("No finding.");
}
