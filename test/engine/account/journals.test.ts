/** What a shard takes from journals, in which order, and what it refuses to hear. */

import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { LedgerCommand } from "../../../engine/account/command.ts";
import { DEFAULT_KIND, DEFAULT_PROFILE } from "../../../engine/account/profile.ts";
import { countOf, originOf } from "../../../engine/ids.ts";
import { type AccountId, assert, milliseconds, money } from "../../../engine/units.ts";
import { accountsOf, EURUSD, USD_1, USDJPY, Venue } from "./venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId, unopened = 4 as AccountId] = accountsOf(0, 2, 3);
const [foreign = 3 as AccountId] = accountsOf(1, 2, 1);
const time = milliseconds(0);
let venue: Venue;
let machine: AccountMachine;

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY], 2);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 100_000n * USD_1 });
  venue.place(maker, EURUSD, { side: "sell", lots: 10, ticks: 110_010 });
  machine = venue.machineOf(trader);
});

describe("cursors", () => {
  test("a record that was heard before is passed over, one too far ahead breaks the shard", () => {
    venue.place(trader, EURUSD, { lots: 5, ticks: 110_010 });
    const [first] = venue.journals.get(EURUSD.number) ?? [];
    assert(first !== undefined, "the market has a journal");
    const hash = machine.hash();
    expect(machine.applyMarket(first)).toBeUndefined();
    expect(machine.hash()).toBe(hash);
    expect(machine.cursor(EURUSD.number)).toBe(2);
    expect(() => machine.applyMarket({ ...first, sequence: 4 })).toThrow("without a gap");
  });

  test("likewise the ledger's", () => {
    const hash = machine.hash();
    machine.applyLedger(1, { kind: "owner", time, epoch: 99 });
    expect([machine.hash(), machine.epoch]).toEqual([hash, 1]);
    const next = machine.ledgerSequence + 1;
    expect(() => machine.applyLedger(next + 1, { kind: "owner", time, epoch: 99 })).toThrow("without a gap");
    machine.applyLedger(next, { kind: "owner", time, epoch: 99 });
    expect([machine.ledgerSequence, machine.epoch]).toEqual([next, 99]);
  });

  test("a market is listed, and a shard knows its settings after a restore", () => {
    expect([...machine.marketsListed]).toEqual([EURUSD.number, USDJPY.number]);
    const restored = AccountMachine.restore(machine.shard, 2, venue.instruments, machine.snapshot());
    expect([...restored.marketsListed]).toEqual([EURUSD.number, USDJPY.number]);
    expect(restored.account(trader)).toEqual({
      account: trader,
      currency: "USD",
      leverage: 30,
      liquidity: false,
      kind: DEFAULT_KIND,
      profile: DEFAULT_PROFILE,
      limits: { openOrdersMaximum: 0, notionalMaximum: 0n, selfTradeGroup: 0 },
      restriction: "active",
    });
    expect(restored.mark(EURUSD.number)).toMatchObject({ bid: 0, ask: 110_010, sequence: 1 });
    expect(restored.summary(trader)).toEqual(machine.summary(trader));
  });
});

describe("a ledger may not hold", () => {
  const open = {
    kind: "open",
    time,
    currency: "USD",
    leverage: 30,
    liquidity: false,
    deposit: money(0n),
  } as const;

  test.each<[string, LedgerCommand, string]>([
    ["an account twice", { ...open, account: trader }, "opens once"],
    ["another shard's account", { ...open, account: foreign }, "its own shard"],
    ["the issuer's account", { ...open, account: 0 as AccountId }, "the issuer's"],
    ["a leverage below 1", { ...open, account: unopened, leverage: 0 }, "leverage"],
    [
      "a deposit of nothing",
      { kind: "deposit", time, account: trader, currency: "USD", amount: money(0n), reference: "" },
      "positive",
    ],
    ["an epoch that goes down", { kind: "owner", time, epoch: 1 }, "only goes up"],
    ["an unknown market", { kind: "listMarket", time, market: 99 }, "known instrument"],
  ])("%s", (_name, command, rule) => {
    const next = machine.ledgerSequence + 1;
    expect(() => machine.applyLedger(next, command)).toThrow(new RegExp(`^Invariant: .*${rule}`));
  });
});

describe("holds are an overlay", () => {
  test("in no hash and no snapshot, and gone with the record of their number", () => {
    const hash = machine.hash();
    const bytes = machine.snapshot();
    venue.send(venue.request(trader, EURUSD.number, { lots: 5, ticks: 110_010 }));
    expect(machine.hash()).toBe(hash);
    expect(machine.snapshot()).toEqual(bytes);
    expect(machine.summary(trader).marginUsed).toBeGreaterThan(0n);
    const answer = venue.deliverAll();
    expect(answer).toMatchObject({ market: EURUSD.number, number: 2, kind: "place", account: trader });
    expect(machine.holdCount).toBe(0);
    venue.check();
  });

  test("a refusal at the shard has an id of the shard, and its request stays refused", () => {
    const order = venue.place(trader, EURUSD, { lots: 90_000, ticks: 110_010 });
    expect(order).toMatchObject({ status: "rejected", rejection: "marginInsufficient", fills: [] });
    const restored = AccountMachine.restore(machine.shard, 2, venue.instruments, machine.snapshot());
    const ids = [restored.takeRefusalId(), restored.takeRefusalId(), machine.takeRefusalId()];
    expect(ids.map(id => [countOf(id), originOf(id)])).toEqual(
      [2, 3, 2].map(count => [count, originOf(order.id)]),
    );
    expect(restored.outcome(trader, order.clientOrderId)).toEqual(order);
  });
});
