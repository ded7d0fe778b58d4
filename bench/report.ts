/** What every bench says beside its figures, and where it keeps them. */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

export interface Conditions {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Processes that wanted a core in the last minute, the bench's own included. */
  readonly load: number;
}

export function conditions(): Conditions {
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
    node: process.version,
    processor: first?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** The line about the machine in a result. */
export function statement({ date, node, processor, cores, load, commit }: Conditions): string {
  return `${date}, Node ${node}, ${processor}, ${cores} cores, load ${load}, commit ${commit}.`;
}

/** Values at these ranks (1 is the worst), nearest rank; sorts the samples. */
export function percentiles(samples: Float64Array, ranks: readonly number[]): number[] {
  samples.sort();
  return ranks.map(rank => samples[Math.max(0, Math.ceil(rank * samples.length) - 1)] ?? 0);
}

/** In the folder that npm runs a bench in, the package's own: what runs is compiled and lies elsewhere. */
const RESULTS = join(process.cwd(), "bench", "results");

async function save(file: string, text: string): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, `${new Date().toISOString().slice(0, 10)}-${file}`), text);
}

/** Writes `bench/results/<date>-<name>.json`. */
export function saveResult(name: string, result: object): Promise<void> {
  return save(`${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
}

/** Writes `bench/results/<date>-<name>.md`, and says it. */
export function sayAndSave(name: string, text: string): Promise<void> {
  process.stdout.write(text);
  return save(`${name}.md`, text);
}
