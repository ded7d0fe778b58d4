/** Deadlines against a plain list, under random sets, clears and takes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Deadlines } from "../../../engine/market/deadlines.ts";

test("what is due comes in the order of time, equal ones by key", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), key: fc.nat(40), time: fc.nat(100) }),
    fc.record({ kind: fc.constant("clear" as const), key: fc.nat(40), time: fc.constant(0) }),
    fc.record({ kind: fc.constant("take" as const), key: fc.constant(0), time: fc.nat(100) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: "max" }), steps => {
      const deadlines = new Deadlines();
      const plain = new Map<number, number>();
      for (const { kind, key, time } of steps) {
        if (kind === "set") {
          deadlines.set(key, time);
          plain.set(key, time);
        } else if (kind === "clear") {
          deadlines.clear(key);
          plain.delete(key);
        } else {
          const due = [...plain].filter(([, at]) => at <= time);
          const [first] = due.sort(([k1, t1], [k2, t2]) => t1 - t2 || k1 - k2)[0] ?? [];
          expect(deadlines.takeDue(time)).toBe(first);
          if (first !== undefined) plain.delete(first);
        }
        deadlines.check();
        expect(deadlines.entries()).toEqual([...plain].sort(([one], [other]) => one - other));
      }
    }),
  );
});
