/** Cursors of several nodes: what holds a journal, and what no longer does. */
import { beforeEach, expect, test } from "vitest";
import { SharedCursors } from "../../../mixins/runtime/shared-cursors.ts";
import { ManualTime } from "../../manual-timers.ts";
import { type Fate, FaultyKeys } from "../ownership/faulty-keys.ts";
import { MemoryKeys } from "../ownership/memory-keys.ts";

const JOURNAL = "market.EURUSD";
let time: ManualTime;
let keys: MemoryKeys;
let failures: unknown[];

beforeEach(() => {
  time = new ManualTime();
  keys = new MemoryKeys();
  failures = [];
});

function node(fate: () => Fate = () => "ok"): SharedCursors {
  const timers = time.node();
  return new SharedCursors({
    keys: new FaultyKeys(keys, timers, fate),
    timers,
    expected: ["risk.0", "risk.1"],
    onFailed: error => failures.push(error),
  });
}

test("the floor is where the slowest is, whichever nodes they speak on", async () => {
  const [first, second, owner] = [node(), node(), node()];
  first.set("risk.0", JOURNAL, 500);
  await time.pass(1_100);
  expect(await owner.floor(JOURNAL)).toBe(0);
  second.set("risk.1", JOURNAL, 300);
  second.set("risk.1", "market.GBPUSD", 9);
  await time.pass(2_100);
  expect(await owner.floor(JOURNAL)).toBe(300);
  second.set("market-data-of-a-gateway", JOURNAL, 200);
  second.set("risk.1", JOURNAL, 400);
  await time.pass(2_100);
  expect(await owner.floor(JOURNAL)).toBe(200);
});

test("a gateway that is silent is forgotten, a shard never", async () => {
  const [gateway, shard, owner] = [node(), node(), node()];
  gateway.set("market-data", JOURNAL, 200);
  for (const name of ["risk.0", "risk.1"]) shard.set(name, JOURNAL, 400);
  await time.pass(2_100, 100);
  expect(await owner.floor(JOURNAL)).toBe(200);
  await time.pass(590_000, 10_000);
  expect(await owner.floor(JOURNAL)).toBe(200);
  gateway.set("market-data", JOURNAL, 250);
  await time.pass(590_000, 10_000);
  expect(await owner.floor(JOURNAL)).toBe(250);
  await time.pass(700_000, 10_000);
  expect(await owner.floor(JOURNAL)).toBe(400);
  expect((await keys.list()).map(({ key }) => key)).toEqual(["risk.0", "risk.1"]);
});

test("what is set often is written once a second, and all of it at the end", async () => {
  const cursors = node();
  for (let sequence = 1; sequence <= 500; sequence++) {
    cursors.set("risk.0", JOURNAL, sequence);
    await time.pass(5);
  }
  const written = await keys.get("risk.0");
  expect(written?.revision).toBe(2);
  await cursors.close();
  expect((await keys.get("risk.0"))?.value).toBe(`{"${JOURNAL}":500}`);
});

test("where nobody answers nothing may go, and it is written later", async () => {
  let fate: Fate = "ok";
  const [cursors, owner] = [node(() => fate), node(() => fate)];
  for (const name of ["risk.0", "risk.1"]) cursors.set(name, JOURNAL, 7);
  fate = "lost";
  await time.pass(1_500);
  const floor = owner.floor(JOURNAL);
  await time.pass(100);
  expect([await floor, failures]).toEqual([0, [new Error("lost"), new Error("lost")]]);
  fate = "ok";
  cursors.set("risk.0", JOURNAL, 8);
  await time.pass(2_500);
  expect(await owner.floor(JOURNAL)).toBe(7);
});
