/**
 * Leases: who takes over when, and that of all nodes at most one ever stands, whatever is late, lost or
 * stopped.
 */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { JetStreamOwnership } from "../../../mixins/ownership/jetstream-ownership.ts";
import { type Claim, OwnershipTaken } from "../../../mixins/ownership/ownership.ts";
import { ownershipContract } from "../../contract/ownership.contract.ts";
import { ManualTime, type ManualTimers } from "../../manual-timers.ts";
import { type Fate, FaultyKeys } from "./faulty-keys.ts";
import { MemoryKeys } from "./memory-keys.ts";

const LEASE_MS = 1_000;
const ACTOR = "risk.0";

ownershipContract("JetStreamOwnership", async () => {
  const keys = new MemoryKeys();
  const time = new ManualTime();
  let life = 0;
  let timers = time.node();
  const next = () => new JetStreamOwnership({ keys, node: `node-${++life}`, leaseMs: LEASE_MS, timers });
  return {
    ownership: next(),
    killed: async () => {
      timers.stopped = true;
      timers = time.node();
      return next();
    },
    expired: () => time.pass(LEASE_MS),
    dispose: () => Promise.resolve(),
  };
});

describe("a lease", () => {
  let time: ManualTime;
  let keys: MemoryKeys;

  beforeEach(() => {
    time = new ManualTime();
    keys = new MemoryKeys();
  });

  function node(name: string, fate: () => Fate = () => "ok") {
    const timers = time.node();
    const faulty = new FaultyKeys(keys, timers, fate);
    return {
      timers,
      ownership: new JetStreamOwnership({ keys: faulty, node: name, leaseMs: LEASE_MS, timers }),
    };
  }

  /** Looks every 20 ms until it has the actor; when that was. */
  async function takenAt({ ownership }: ReturnType<typeof node>): Promise<number> {
    for (;;) {
      try {
        await ownership.claim(ACTOR);
        return time.now;
      } catch (error) {
        if (!(error instanceof OwnershipTaken)) throw error;
        await time.pass(20);
      }
    }
  }

  test("of a killed node is taken one lease after its last renewal was seen", async () => {
    const [first, second] = [node("a"), node("b")];
    const claim = await first.ownership.claim(ACTOR);
    await expect(second.ownership.claim(ACTOR)).rejects.toThrow(OwnershipTaken);
    await time.pass(3_300);
    first.timers.stopped = true;
    const at = await takenAt(second);
    expect(at).toBeGreaterThanOrEqual(3_250 + LEASE_MS);
    expect(at).toBeLessThanOrEqual(3_300 + LEASE_MS + 20);
    expect(claim.standing).toBe(false);
  });

  test("that was given back is taken at once", async () => {
    const [first, second] = [node("a"), node("b")];
    const claim = await first.ownership.claim(ACTOR);
    await time.pass(700);
    await claim.release();
    const next = await second.ownership.claim(ACTOR);
    expect([next.standing, next.epoch > claim.epoch]).toEqual([true, true]);
    await claim.release();
    await time.pass(3_000);
    expect(next.standing).toBe(true);
  });

  test("does not stand when its process goes on after a stop, before any timer", async () => {
    const { timers, ownership } = node("a");
    const claim = await ownership.claim(ACTOR);
    await time.pass(400);
    timers.stopped = true;
    await time.pass(LEASE_MS);
    expect(claim.standing).toBe(false);
    expect((await claim.lost).message).toContain("stood still");
  });

  test("ends at 0.8 of its length where it cannot be renewed, and says why", async () => {
    let fate: Fate = "ok";
    const claim = await node("a", () => fate).ownership.claim(ACTOR);
    await time.pass(1_010);
    fate = "lost";
    await time.pass(780);
    expect(claim.standing).toBe(true);
    await time.pass(15);
    expect(claim.standing).toBe(false);
    await expect(claim.lost).resolves.toMatchObject({ code: "LEASE_LOST", cause: new Error("lost") });
  });

  test("counts from before a renewal was sent, however late its answer is", async () => {
    const fates: Fate[] = ["ok", "ok", "slow"];
    const claim = await node("a", () => fates.shift() ?? "lost").ownership.claim(ACTOR);
    await time.pass(1_045);
    expect(claim.standing).toBe(true);
    await time.pass(10);
    expect(claim.standing).toBe(false);
  });

  test("goes on where a renewal was stored and its answer lost", async () => {
    let fate: Fate = "ok";
    const claim = await node("a", () => fate).ownership.claim(ACTOR);
    for (let round = 0; round < 4; round++) {
      fate = "answerLost";
      await time.pass(260);
      fate = "ok";
      await time.pass(600);
    }
    expect(claim.standing).toBe(true);
    fate = "answerLost";
    await time.pass(260);
    fate = "ok";
    await claim.release();
    expect(await keys.get(ACTOR)).toBeUndefined();
  });

  test("that another node has taken is lost at the next renewal", async () => {
    const first = node("a");
    const claim = await first.ownership.claim(ACTOR);
    await time.pass(10);
    const entry = await keys.get(ACTOR);
    await keys.update(ACTOR, JSON.stringify({ node: "b", renewals: 0 }), entry?.revision ?? 0);
    await time.pass(260);
    expect(claim.standing).toBe(false);
    expect((await claim.lost).message).toContain("another node has claimed it");
    await claim.release();
    expect(await keys.get(ACTOR)).toMatchObject({ value: '{"node":"b","renewals":0}' });
  });

  test("is dead to others once it stood still, not when a late read shows it as it was", async () => {
    const [first, second] = [node("a"), node("b")];
    const { epoch } = await first.ownership.claim(ACTOR);
    const seen = async () => (await second.ownership.holders()).get(ACTOR);
    for (let at = 0; at < 5; at++) {
      expect(await seen()).toEqual({ node: "a", epoch, dead: false });
      await time.pass(400);
    }
    first.timers.stopped = true;
    await seen();
    await time.pass(LEASE_MS);
    expect(await seen()).toEqual({ node: "a", epoch, dead: true });
  });
});

/** What happens to a node from `at` on, for `ms`. */
const TROUBLES = fc.array(
  fc.record({
    kind: fc.constantFrom("stopped", "cut off", "cut off", "releases"),
    node: fc.nat(2),
    at: fc.nat(12_000),
    ms: fc.constantFrom(25, 500, 1_500, 2_500),
  }),
  { minLength: 5, maxLength: 20, size: "max" },
);
const FATE = fc.constantFrom<Fate>(
  "ok",
  "ok",
  "ok",
  "ok",
  "ok",
  "ok",
  "ok",
  "slow",
  "lost",
  "answerLost",
  "late",
);

/** Wants the actor whenever it hasn't got it; what it holds at any time. */
function wanting(ownership: JetStreamOwnership, timers: ManualTimers): () => Claim | undefined {
  let claim: Claim | undefined;
  let asking = false;
  timers.every(50, () => {
    if (asking || claim?.standing) return;
    asking = true;
    const asked = ownership.claim(ACTOR).then(
      given => {
        claim = given;
      },
      (error: unknown) => expect(error).toBeInstanceOf(Error),
    );
    void asked.then(() => {
      asking = false;
    });
  });
  return () => claim;
}

test("of three nodes at most one stands, whatever is slow, lost or stopped", async () => {
  await fc.assert(
    fc.asyncProperty(TROUBLES, fc.infiniteStream(FATE), async (troubles, fates) => {
      const time = new ManualTime();
      const keys = new MemoryKeys();
      const has = (kind: string, node: number) =>
        troubles.some(each => {
          const begun = each.at <= time.now && time.now < each.at + each.ms;
          return begun && each.kind === kind && each.node === node;
        });
      const nodes = [0, 1, 2].map(at => {
        const timers = time.node();
        const fate = () => (has("cut off", at) ? "lost" : fates.next().value);
        const faulty = new FaultyKeys(keys, timers, fate);
        const ownership = new JetStreamOwnership({ keys: faulty, node: `${at}`, leaseMs: LEASE_MS, timers });
        return { timers, held: wanting(ownership, timers) };
      });
      while (time.now < 15_000) {
        await time.pass(25, 25);
        // Nobody asks a process that stands still, so it learns nothing until it goes on.
        const standing = nodes.filter(({ timers, held }) => !timers.stopped && held()?.standing);
        expect(standing.length).toBeLessThanOrEqual(1);
        for (const [at, { timers, held }] of nodes.entries()) {
          timers.stopped = has("stopped", at);
          // What could not be given back is dead after a while.
          const told = (error: unknown) => expect(error).toBeInstanceOf(Error);
          if (!timers.stopped && has("releases", at)) void held()?.release().catch(told);
        }
      }
      // Once nothing stands still any more somebody has it again and again.
      expect(nodes.some(({ held }) => held() !== undefined)).toBe(true);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
