/**
 * What every implementation of Sessions has to do. `make` gives a new, empty one in which the newest use may
 * be repeated for `repeatedMs`.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Sessions } from "../../mixins/sessions/sessions.ts";

export interface SessionsUnderTest {
  readonly sessions: Sessions;
  /** Another node's view of the same. */
  other(): Promise<Sessions>;
  dispose(): Promise<void>;
}

const LONG = 60_000;
/** Below any time that passes between two calls. */
const NEVER = -1;

const renewed = (next: number) => ({ outcome: "renewed", next });

export function sessionsContract(
  implementation: string,
  make: (repeatedMs: number) => Promise<SessionsUnderTest>,
): void {
  describe(`${implementation} as Sessions`, () => {
    let made: SessionsUnderTest;
    let sessions: Sessions;

    const open = async (repeatedMs: number) => {
      made = await make(repeatedMs);
      sessions = made.sessions;
    };
    beforeEach(() => open(LONG));
    afterEach(() => made.dispose());

    test("each token gives the next", async () => {
      for (let number = 1; number <= 5; number++) {
        expect(await sessions.use("a", number)).toEqual(renewed(number + 1));
      }
      expect(await sessions.use("b", 1)).toEqual(renewed(2));
    });

    test("the newest use may be repeated for a while, with the same answer", async () => {
      expect(await sessions.use("a", 1)).toEqual(renewed(2));
      expect(await sessions.use("a", 1)).toEqual(renewed(2));
      expect(await sessions.use("a", 2)).toEqual(renewed(3));
      expect(await sessions.use("a", 2)).toEqual(renewed(3));
    });

    test("and not for longer", async () => {
      await made.dispose();
      await open(NEVER);
      expect(await sessions.use("a", 1)).toEqual(renewed(2));
      expect(await sessions.use("a", 1)).toEqual({ outcome: "reused" });
      expect(await sessions.use("a", 2)).toEqual({ outcome: "ended" });
    });

    test("an older token ends the session and no other", async () => {
      for (const number of [1, 2, 3]) await sessions.use("a", number);
      await sessions.use("b", 1);
      expect(await sessions.use("a", 2)).toEqual({ outcome: "reused" });
      for (const number of [1, 2, 3, 4, 5]) {
        expect(await sessions.use("a", number)).toEqual({ outcome: "ended" });
      }
      expect(await sessions.use("b", 2)).toEqual(renewed(3));
    });

    test("of two who use one token at once, and go on, one is found out", async () => {
      const both = await Promise.all([sessions.use("a", 1), sessions.use("a", 1)]);
      expect(both).toEqual([renewed(2), renewed(2)]);
      expect(await sessions.use("a", 2)).toEqual(renewed(3));
      expect(await sessions.use("a", 3)).toEqual(renewed(4));
      expect(await sessions.use("a", 2)).toEqual({ outcome: "reused" });
      expect(await sessions.use("a", 4)).toEqual({ outcome: "ended" });
    });

    test("an ended session stays ended, whether it was ever renewed or not", async () => {
      await sessions.use("a", 1);
      for (const session of ["a", "b"]) {
        await sessions.end(session);
        await sessions.end(session);
        for (const number of [1, 2, 3]) {
          expect(await sessions.use(session, number)).toEqual({ outcome: "ended" });
        }
      }
    });

    test("a token that is ahead counts by its signature, and those before it are known then", async () => {
      expect(await sessions.use("a", 7)).toEqual(renewed(8));
      expect(await sessions.use("a", 6)).toEqual({ outcome: "reused" });
    });

    test("what one node has heard another knows", async () => {
      await sessions.use("a", 1);
      await sessions.use("a", 2);
      await sessions.end("b");
      const other = await made.other();
      expect(await other.use("a", 1)).toEqual({ outcome: "reused" });
      expect(await other.use("b", 1)).toEqual({ outcome: "ended" });
    });
  });
}
