/**
 * The simulation misses the protocol's rules: those that it misses within a few seeds are taken out here, one
 * at a time; `npm run sim:removals` takes out all of them, and some need many seeds.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { REMOVALS } from "../../sim/removals/all-removals.ts";
import { projectRoot, RemovedCopy, textsWithout } from "../../sim/removals/removed-copy.ts";

const SEEDS_MAX = 25;

async function caught(removal: ConstructorParameters<typeof RemovedCopy>[1]): Promise<string | undefined> {
  const copy = new RemovedCopy(projectRoot(), removal);
  try {
    const argv = [copy.program, "--from", "1", "--seeds", String(SEEDS_MAX)];
    const { stdout } = await promisify(execFile)(process.execPath, argv);
    const { checker }: { checker?: string } = JSON.parse(stdout);
    return checker;
  } finally {
    copy.remove();
  }
}

test.each(REMOVALS.filter(({ quick }) => quick === true))("$name", async removal => {
  expect(await caught(removal)).toBeDefined();
});

test("each rule is where it is looked for", () => {
  for (const removal of REMOVALS) expect(textsWithout(projectRoot(), removal).size).toBeGreaterThan(0);
  expect(REMOVALS.length).toBeGreaterThanOrEqual(14);
});
