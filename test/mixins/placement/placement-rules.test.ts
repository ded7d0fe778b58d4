/** What operators say about places, as the nodes of a cluster read it. */
import { expect, it } from "vitest";
import type { Member } from "../../../mixins/placement/members.ts";
import { NO_RULES, preference, RuleStore } from "../../../mixins/placement/placement-rules.ts";
import { MemoryKeys } from "../ownership/memory-keys.ts";

const member = (node: string, ...roles: string[]): Member => ({ node, roles, weight: 100 });
const MEMBERS = [member("a", "matching"), member("b", "matching", "risk"), member("c", "matching")];

it("lists only nodes that host the role, and not those that are drained", () => {
  expect(preference("risk.0", "risk", MEMBERS, NO_RULES)).toEqual(["b"]);
  const drained = { ...NO_RULES, drained: new Set(["b"]) };
  expect(preference("risk.0", "risk", MEMBERS, drained)).toEqual([]);
  expect(preference("market.EURUSD", "matching", MEMBERS, drained).sort()).toEqual(["a", "c"]);
});

it("puts a pin first while its node is there, whatever the ranks are", () => {
  const ranked = preference("market.EURUSD", "matching", MEMBERS, NO_RULES);
  for (const { node } of MEMBERS) {
    const rules = { ...NO_RULES, pins: new Map([["market.EURUSD", node]]) };
    const others = ranked.filter(each => each !== node);
    expect(preference("market.EURUSD", "matching", MEMBERS, rules)).toEqual([node, ...others]);
    const without = MEMBERS.filter(each => each.node !== node);
    expect(preference("market.EURUSD", "matching", without, rules)).toEqual(others);
  }
});

it("tells every node what one was told", async () => {
  const keys = new MemoryKeys();
  const [one, other] = [new RuleStore(keys), new RuleStore(keys)];
  await one.pin("market.EURUSD", "a");
  await one.pin("market.GBPUSD", "b");
  await one.pin("market.GBPUSD", undefined);
  await one.drain("c", true);
  await one.weigh("a", 50);
  const told = {
    pins: new Map([["market.EURUSD", "a"]]),
    drained: new Set(["c"]),
    weights: new Map([["a", 50]]),
  };
  expect(await other.read()).toEqual(told);
  expect(one.rules).toEqual(told);
  await other.drain("c", false);
  await other.weigh("a", undefined);
  expect(await one.read()).toEqual({ ...NO_RULES, pins: told.pins });
});

it("keeps them in memory on a node that is alone", async () => {
  const store = new RuleStore(undefined);
  await store.pin("risk.0", "here");
  expect((await store.read()).pins.get("risk.0")).toBe("here");
});
