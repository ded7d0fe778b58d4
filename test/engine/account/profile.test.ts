/** Kinds and profiles of accounts: told by the ledger, kept by snapshots, hashed only where there are any. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import {
  type AccountKind,
  type AccountProfile,
  DEFAULT_KIND,
  DEFAULT_PROFILE,
} from "../../../engine/account/profile.ts";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../../engine/account/record.ts";
import { type AccountId, accountId } from "../../../engine/units.ts";
import { EURUSD, Venue } from "./venue.ts";

const HEDGING: AccountKind = {
  ...DEFAULT_KIND,
  positions: "hedging",
  wallet: "margin",
  parent: accountId(1),
};
const PROFILE: AccountProfile = {
  marginMode: { basis: "currency", combination: "net" },
  swapFree: true,
  group: "retail",
  kycLevel: 2,
};
const plain = accountId(1);
const hedged = accountId(2);
let venue: Venue;

beforeEach(() => {
  venue = new Venue([EURUSD], 1);
  venue.open(plain, {});
});

const machine = () => venue.machineOf(plain);
const settings = (account: AccountId, from = machine()) => {
  const { kind, profile, leverage } = from.account(account) ?? {};
  return { kind, profile, leverage };
};

describe("an account", () => {
  test("that says nothing is universal, demo and netting", () => {
    expect(settings(plain)).toEqual({ kind: DEFAULT_KIND, profile: DEFAULT_PROFILE, leverage: 30 });
  });

  test("opens with a kind and a profile, which a snapshot keeps", () => {
    venue.open(hedged, { as: HEDGING, profile: PROFILE });
    const restored = AccountMachine.restore(0, 1, [EURUSD], machine().snapshot());
    for (const from of [machine(), restored]) {
      expect(settings(hedged, from)).toEqual({ kind: HEDGING, profile: PROFILE, leverage: 30 });
      expect(settings(plain, from).kind).toBe(DEFAULT_KIND);
    }
    expect(restored.hash()).toBe(machine().hash());
  });

  test("has its profile and leverage changed by a record, and back", () => {
    const before = machine().hash();
    const signed = { by: "ops", reason: "test" };
    const change = { kind: "profile", time: venue.now(), account: plain, ...signed } as const;
    venue.record(0, { ...change, leverage: 10, ...PROFILE });
    expect(settings(plain)).toEqual({ kind: DEFAULT_KIND, profile: PROFILE, leverage: 10 });
    const changed = machine().hash();
    expect(changed).not.toBe(before);
    venue.record(0, { ...change, leverage: 30, ...DEFAULT_PROFILE });
    expect(settings(plain).profile).toBe(DEFAULT_PROFILE);
    expect(machine().hash()).not.toBe(changed);
  });
});

test("an account that was opened before there were kinds is read as the default", () => {
  const bytes = encodeLedgerCommand({
    ...{ kind: "open", time: venue.now(), account: hedged, currency: "USD", leverage: 30 },
    ...{ liquidity: false, deposit: 0n as never },
  });
  const old = bytes.slice(0, bytes.length - 16);
  old[0] = 2;
  expect(decodeLedgerCommand(old)).toEqual(decodeLedgerCommand(bytes));
  expect(decodeLedgerCommand(old)).not.toHaveProperty("as");
});
