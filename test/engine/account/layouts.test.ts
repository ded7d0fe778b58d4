/** What was written before orders had terms and markets had phases is still read, and proves itself. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { decodeOrder, encodeOrder } from "../../../engine/account/order/order-record.ts";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../../engine/account/record.ts";
import { ByteWriter } from "../../../engine/bytes.ts";
import { EURUSD, SHARE } from "./venue.ts";

const stored: { hash: string; snapshot: string; order: string; refusal: string } = JSON.parse(
  readFileSync(new URL("./layout-1.json", import.meta.url), "utf8"),
);

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

describe("layout 1", () => {
  test("of a shard's snapshot restores to its hash, and goes on as the layout of now", () => {
    const machine = AccountMachine.restore(0, 1, [EURUSD, SHARE], bytesOf(stored.snapshot));
    machine.check();
    expect(machine.hash()).toBe(stored.hash);
    const again = AccountMachine.restore(0, 1, [EURUSD, SHARE], machine.snapshot());
    again.check();
    expect(again.hash()).toBe(stored.hash);
    expect(again.takeChanges()).toEqual(machine.takeChanges());
  });

  test("of a document is read as an order without terms", () => {
    const order = decodeOrder(bytesOf(stored.order));
    expect(order).toMatchObject({ clientOrderId: "c3", lots: 2, ticks: 109_000, status: "open" });
    expect(decodeOrder(encodeOrder(new ByteWriter(), order))).toEqual(order);
  });

  test("of a refusal in a ledger likewise", () => {
    const command = decodeLedgerCommand(bytesOf(stored.refusal));
    expect(command).toMatchObject({ kind: "refuse", request: { clientOrderId: "c4", lots: 900 } });
    expect(decodeLedgerCommand(encodeLedgerCommand(command))).toEqual(command);
  });

  test.each([0, 99])("and a layout that never was is refused: %i", layout => {
    const bytes = bytesOf(stored.snapshot);
    bytes[0] = layout;
    expect(() => AccountMachine.restore(0, 1, [EURUSD, SHARE], bytes)).toThrow("known layout");
    expect(() => decodeOrder(Uint8Array.of(layout))).toThrow("known layout");
  });
});
