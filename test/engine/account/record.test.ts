/** A ledger's records survive their binary form, whatever is in them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../../engine/account/record.ts";
import { accountId, milliseconds } from "../../../engine/units.ts";
import { SeededRandom } from "../../../mixins/seeded-random.ts";
import { makeLedgerCommand } from "../../fuzz/ledger-maker.ts";
import { ValueMaker } from "../../fuzz/value-maker.ts";

describe("ledger records", () => {
  test("decode to what was encoded", () => {
    fc.assert(
      fc.property(fc.nat(), seed => {
        const stated = makeLedgerCommand(new ValueMaker(new SeededRandom(seed)));
        expect(decodeLedgerCommand(encodeLedgerCommand(stated))).toEqual(stated);
      }),
      { numRuns: 1_000 },
    );
  });

  test("of another layout are refused", () => {
    const bytes = encodeLedgerCommand({ kind: "listMarket", time: milliseconds(0), market: 1 });
    bytes[0] = 99;
    expect(() => decodeLedgerCommand(bytes)).toThrow("layout");
  });

  test("that end early are refused", () => {
    const bytes = encodeLedgerCommand({
      kind: "revoke",
      time: milliseconds(0),
      account: accountId(1),
      clientOrderId: "abc",
    });
    expect(() => decodeLedgerCommand(bytes.subarray(0, -1))).toThrow(RangeError);
  });
});
