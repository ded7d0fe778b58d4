/** Sessions in LMDB: the contract, and that the expired are forgotten. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemTimers } from "../../../mixins/clock.ts";
import { LmdbSessions } from "../../../mixins/sessions/lmdb-sessions.ts";
import { sessionsContract } from "../../contract/sessions.contract.ts";

const KEPT_MS = 1_000_000;

async function make(repeatedMs: number) {
  const folder = await mkdtemp(join(tmpdir(), "cambist-sessions-"));
  const clock = { time: 1_000, now: () => clock.time };
  const fail = (error: unknown) => {
    throw error;
  };
  const open = () => new LmdbSessions(folder, clock, systemTimers, { keptMs: KEPT_MS, repeatedMs }, fail);
  let sessions = open();
  const reopened = async () => {
    await sessions.close();
    sessions = open();
    return sessions;
  };
  const dispose = async () => {
    await sessions.close();
    await rm(folder, { recursive: true });
  };
  return { sessions, clock, other: reopened, dispose };
}

sessionsContract("LmdbSessions", make);

test("what has expired is forgotten at the next start", async () => {
  const { sessions, clock, other, dispose } = await make(0);
  await sessions.end("old");
  clock.time += KEPT_MS / 2;
  await sessions.end("young");
  clock.time += KEPT_MS / 2 + 1;
  const again = await other();
  await expect.poll(() => again.use("old", 1)).toMatchObject({ outcome: "renewed" });
  expect(await again.use("young", 1)).toEqual({ outcome: "ended" });
  await dispose();
});
