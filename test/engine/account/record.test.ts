/** A ledger's records survive their binary form, whatever is in them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerCommand, TRADING_STATES } from "../../../engine/account/command.ts";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../../engine/account/record.ts";
import { TIMES_IN_FORCE } from "../../../engine/market/command.ts";
import { REJECTIONS } from "../../../engine/rejection.ts";
import { accountId, lots, milliseconds, money, orderId, TICKS_MAX, ticks } from "../../../engine/units.ts";

const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: "grapheme-ascii", maxLength: 255 });
const time = fc.maxSafeInteger().map(milliseconds);
const account = whole.map(accountId);
const amount = fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map(money);
const market = fc.nat({ max: 8_191 });

const request = fc.record({
  account,
  clientOrderId: text,
  market,
  side: fc.constantFrom("buy" as const, "sell" as const),
  type: fc.constantFrom("limit" as const, "market" as const),
  timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
  postOnly: fc.boolean(),
  lots: whole.map(lots),
  ticks: fc.nat({ max: TICKS_MAX }).map(ticks),
  liquidity: fc.boolean(),
  reference: whole,
});

const command: fc.Arbitrary<LedgerCommand> = fc.oneof(
  fc.record({ kind: fc.constant("owner" as const), time, epoch: whole }),
  fc.record({
    kind: fc.constant("open" as const),
    time,
    account,
    currency: text,
    leverage: fc.nat({ max: 2 ** 32 - 1 }),
    liquidity: fc.boolean(),
    deposit: amount,
  }),
  fc.record({
    kind: fc.constant("deposit" as const),
    time,
    account,
    currency: text,
    amount,
    reference: text,
  }),
  fc.record({
    kind: fc.constant("refuse" as const),
    time,
    orderId: whole.map(orderId),
    rejection: fc.constantFrom(...REJECTIONS.map(([name]) => name)),
    request,
  }),
  fc.record({ kind: fc.constant("revoke" as const), time, account, clientOrderId: text }),
  fc.record({ kind: fc.constant("listMarket" as const), time, market }),
  fc.record({
    kind: fc.constant("restrict" as const),
    time,
    account,
    state: fc.constantFrom(...TRADING_STATES),
    reason: text,
  }),
  fc.record({
    kind: fc.constant("limit" as const),
    time,
    account,
    openOrdersMaximum: whole,
    notionalMaximum: amount,
    selfTradeGroup: whole,
  }),
);

describe("ledger records", () => {
  test("decode to what was encoded", () => {
    fc.assert(
      fc.property(command, stated => {
        expect(decodeLedgerCommand(encodeLedgerCommand(stated))).toEqual(stated);
      }),
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
