/** What every implementation of Ownership has to do. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Claim, type Ownership, OwnershipTaken } from "../../mixins/ownership/ownership.ts";

export interface OwnershipUnderTest {
  readonly ownership: Ownership;
  /** What the next process has, after this one was killed with whatever it had claimed. */
  killed(): Promise<Ownership>;
  /** Waits as long as a dead process's claims may stand. */
  expired(): Promise<void>;
  dispose(): Promise<void>;
}

const ACTOR = "market.EURUSD";

export function ownershipContract(implementation: string, make: () => Promise<OwnershipUnderTest>): void {
  describe(`${implementation} as an Ownership`, () => {
    let made: OwnershipUnderTest;
    let ownership: Ownership;

    beforeEach(async () => {
      made = await make();
      ownership = made.ownership;
    });
    afterEach(() => made.dispose());

    /** The claim of a process that has just begun. */
    async function claimAgain(next: Ownership, actor: string): Promise<Claim> {
      for (;;) {
        try {
          return await next.claim(actor);
        } catch (error) {
          if (!(error instanceof OwnershipTaken)) throw error;
          await made.expired();
        }
      }
    }

    test("an actor is claimed once, and again after its release", async () => {
      const claim = await ownership.claim(ACTOR);
      await expect(ownership.claim(ACTOR)).rejects.toThrow(OwnershipTaken);
      await ownership.claim("market.GBPUSD");
      expect([claim.actor, claim.standing]).toEqual([ACTOR, true]);
      await claim.release();
      expect(claim.standing).toBe(false);
      const next = await ownership.claim(ACTOR);
      await claim.release();
      await expect(ownership.claim(ACTOR)).rejects.toThrow(OwnershipTaken);
      expect(next.standing).toBe(true);
      expect(next.epoch).toBeGreaterThan(claim.epoch);
    });

    test("of many that claim at once one gets it", async () => {
      const claims = await Promise.allSettled(Array.from({ length: 8 }, () => ownership.claim(ACTOR)));
      expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const claim of claims) {
        if (claim.status === "rejected") expect(claim.reason).toBeInstanceOf(OwnershipTaken);
      }
    });

    test("a claim stands as long as its process goes on", async () => {
      const claim = await ownership.claim(ACTOR);
      for (let round = 0; round < 3; round++) {
        await made.expired();
        expect(claim.standing).toBe(true);
        await expect(ownership.claim(ACTOR)).rejects.toThrow(OwnershipTaken);
      }
    });

    test("epochs of an actor rise, also over processes that were killed", async () => {
      const actors = ["a", "b", "c", "d"];
      const epochs: number[][] = [];
      let next = ownership;
      for (let life = 0; life < 3; life++) {
        const claims = await Promise.all(actors.map(actor => claimAgain(next, actor)));
        epochs.push(claims.map(({ epoch }) => epoch));
        next = await made.killed();
      }
      for (const life of [1, 2]) {
        for (const [actor, epoch] of (epochs[life] ?? []).entries()) {
          expect(epoch).toBeGreaterThan(epochs[life - 1]?.[actor] ?? Number.POSITIVE_INFINITY);
        }
      }
    });

    test("what is claimed has a holder", async () => {
      const claim = await ownership.claim("risk.0");
      await ownership.claim("risk.1");
      const holders = await ownership.holders();
      expect(holders.get("risk.0")).toMatchObject({ epoch: claim.epoch, dead: false });
      expect(holders.get("risk.0")?.node).toBe(holders.get("risk.1")?.node);
      await claim.release();
      // A moment later, where what others did is heard of.
      await expect.poll(async () => [...(await ownership.holders()).keys()]).toEqual(["risk.1"]);
    });
  });
}
