/** Actors among nodes that come, go and die: each has one owner, soon, and none moves that need not. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { NO_RULES } from "../../../mixins/placement/placement-rules.ts";
import { LEASE_MS, PlacingCluster } from "./placing-nodes.ts";

async function clusterOf(nodes: readonly string[], actors = 24, movesMax = 4): Promise<PlacingCluster> {
  const cluster = new PlacingCluster(actors, movesMax);
  for (const name of nodes) cluster.join(name);
  await cluster.time.pass(2_000);
  return cluster;
}

function expectAllOwned(cluster: PlacingCluster): void {
  const [anyone] = [...cluster.nodes.values()].filter(node => node.isAlive);
  for (const actor of cluster.actors) expect(cluster.owner(actor)).toBe(anyone?.placer.preference(actor)[0]);
}

it("gives each actor to the node that should have it, and leaves it there", async () => {
  const cluster = await clusterOf(["a", "b", "c"]);
  expectAllOwned(cluster);
  const owned = cluster.owned();
  await cluster.time.pass(5_000);
  expect(cluster.owned()).toEqual(owned);
  expect([cluster.outageMs, cluster.troubles]).toEqual([0, []]);
});

it("takes the actors of a node that was killed within a lease and a look, before it is noticed", async () => {
  const cluster = await clusterOf(["a", "b", "c"]);
  const before = cluster.owned();
  cluster.nodes.get("b")?.kill();
  await cluster.time.pass(LEASE_MS + 300);
  const after = cluster.owned();
  expect([...after.values()].flat().sort()).toEqual([...cluster.actors].sort());
  for (const node of ["a", "c"])
    expect(after.get(node)).toEqual(expect.arrayContaining(before.get(node) ?? []));
  expect(cluster.outageMs).toBeLessThanOrEqual(LEASE_MS + 300);
  cluster.forget("b");
  await cluster.time.pass(3_000);
  expect(cluster.owned()).toEqual(after);
});

it("hands a node that joins its own actors, a few at a time, each away for a moment", async () => {
  const cluster = await clusterOf(["a", "b"], 60, 3);
  const before = cluster.owned();
  cluster.join("c");
  await cluster.time.pass(5_000);
  expectAllOwned(cluster);
  for (const node of ["a", "b"])
    expect(before.get(node)).toEqual(expect.arrayContaining(cluster.owned().get(node) ?? []));
  expect(cluster.awayMax).toBeLessThanOrEqual(3);
  expect(cluster.outageMs).toBeLessThan(100);
});

it("follows pins, drains and weights", async () => {
  const cluster = await clusterOf(["a", "b"]);
  const [actor = ""] = cluster.owned().get("a") ?? [];
  cluster.rules = { ...NO_RULES, pins: new Map([[actor, "b"]]) };
  await cluster.time.pass(1_000);
  expect(cluster.owner(actor)).toBe("b");
  cluster.rules = { ...cluster.rules, drained: new Set(["b"]) };
  await cluster.time.pass(3_000);
  expect(cluster.owned().get("b")).toBeUndefined();
  cluster.rules = { ...NO_RULES, weights: new Map([["a", 1]]) };
  await cluster.time.pass(3_000);
  expect(cluster.owned().get("b")?.length).toBeGreaterThan(20);
  expect(cluster.troubles).toEqual([]);
});

it("moves no actor that is in the middle of something, until it has ended", async () => {
  const cluster = await clusterOf(["a", "b"]);
  const [actor = ""] = cluster.owned().get("a") ?? [];
  cluster.busy.add(actor);
  cluster.rules = { ...NO_RULES, pins: new Map([[actor, "b"]]) };
  await cluster.time.pass(5_000);
  expect(cluster.owner(actor)).toBe("a");
  cluster.busy.delete(actor);
  await cluster.time.pass(500);
  expect(cluster.owner(actor)).toBe("b");
});

it("hands over everything when a node leaves, also what is in the middle of something", async () => {
  const cluster = await clusterOf(["a", "b", "c"], 30);
  for (const actor of cluster.actors.slice(0, 10)) cluster.busy.add(actor);
  const leaving = cluster.nodes.get("a");
  const left = leaving?.placer.leave();
  await cluster.time.pass(3_000);
  await left;
  expect(cluster.owned().get("a")).toBeUndefined();
  expect([...cluster.owned().values()].flat()).toHaveLength(30);
  expect(cluster.outageMs).toBeLessThan(100);
});

it("ends what it has in order when it leaves, also where it can ask nobody", async () => {
  const cluster = await clusterOf(["a", "b"]);
  const leaving = cluster.nodes.get("a");
  const owned = cluster.owned().get("a") ?? [];
  cluster.leases.isAway = true;
  const left = leaving?.placer.leave();
  await cluster.time.pass(3_000);
  await left;
  expect(leaving?.serving.size).toBe(0);
  cluster.leases.isAway = false;
  cluster.forget("a");
  await cluster.time.pass(3_000);
  expect(cluster.owned().get("b")).toEqual(expect.arrayContaining(owned));
});

it("lets the next node have an actor that the first cannot open", async () => {
  const cluster = new PlacingCluster(12);
  const [a, b] = [cluster.join("a"), cluster.join("b")];
  for (const actor of cluster.actors) a.broken.add(actor);
  await cluster.time.pass(3_000);
  expect(cluster.owned().get("b")).toHaveLength(12);
  expect(a.serving.size).toBe(0);
  a.broken.clear();
  await cluster.time.pass(40_000);
  expectAllOwned(cluster);
  expect(b.serving.size).toBeGreaterThan(0);
});

it("has one owner for each actor in the end, whatever came before", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("kill" as const), node: fc.nat(3) }),
    fc.record({
      kind: fc.constant("stop" as const),
      node: fc.nat(3),
      ms: fc.integer({ min: 100, max: 4_000 }),
    }),
    fc.record({ kind: fc.constant("leave" as const), node: fc.nat(3) }),
    fc.record({ kind: fc.constant("join" as const), node: fc.nat(3) }),
    fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 5, max: 3_000 }) }),
  );
  const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async steps => {
    const cluster = await clusterOf(["n0", "n1", "n2"], 8);
    for (const each of steps) {
      const name = "node" in each ? `n${each.node}` : "";
      const node = cluster.nodes.get(name);
      if (each.kind === "pass") await cluster.time.pass(each.ms, 20);
      else if (each.kind === "join" && node === undefined) cluster.join(name);
      else if (each.kind === "kill") {
        node?.kill();
        cluster.forget(name);
      } else if (each.kind === "stop" && node !== undefined) {
        node.pause();
        await cluster.time.pass(each.ms, 20);
        await node.goOn();
      } else if (each.kind === "leave" && node !== undefined) {
        const left = node.placer.leave();
        await cluster.time.pass(3_000, 20);
        await left;
        node.kill();
        cluster.forget(name);
      }
    }
    cluster.join("last");
    await cluster.time.pass(45_000, 20);
    expectAllOwned(cluster);
  });
  await fc.assert(property, { numRuns: 20, seed: 11, endOnFailure: true });
});
