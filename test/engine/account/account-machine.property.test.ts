/**
 * Random trading over 2 shards × 3 markets, heard in random interleavings. After everything is heard: the
 * same hash whatever the interleaving, as after a replay, as after restoring a snapshot taken midway; money
 * and positions sum to zero over the shards, what documents say adds up to what accounts have, and shards and
 * markets agree on each open order. PROPERTY_RUNS asks for more runs, SEED for others.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { Transaction } from "../../../engine/ledger/transaction.ts";
import { cutLog } from "./random-money.ts";
import { act, INSTRUMENTS, openVenue, roadOf, SHARDS, step } from "./random-trading.ts";
import type { Venue } from "./venue.ts";

/** A new machine that hears the same ledger, and the markets in turns of these sizes. */
function replay(
  venue: Venue,
  shard: number,
  turns: readonly number[],
  from?: AccountMachine,
): AccountMachine {
  const machine = from ?? new AccountMachine(shard, SHARDS, INSTRUMENTS);
  for (const [index, command] of (venue.ledgers[shard] ?? []).entries())
    machine.applyLedger(index + 1, command);
  for (let turn = 0; ; turn++) {
    const behind = [...venue.journals].filter(([number, { length }]) => machine.cursor(number) < length);
    const [number = 0, journal] = behind[(turns[turn % turns.length] ?? 0) % behind.length] ?? [];
    const record = journal?.[machine.cursor(number)];
    if (record === undefined) return machine;
    machine.applyMarket(record);
  }
}

describe("a shard is a fold of its facts", () => {
  test("in any interleaving of markets, live, replayed or restored", { timeout: 300_000 }, () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 250, size: "max" });
    const turns = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 17 });
    fc.assert(
      fc.property(steps, turns, fc.nat({ max: 249 }), (all, order, middle) => {
        const venue = openVenue();
        let midway = venue.machines.map(machine => machine.snapshot());
        for (const [index, each] of all.entries()) {
          act(venue, each);
          checkBooks(venue);
          if (index % 20 === 0) for (const machine of venue.machines) machine.check();
          if (index === middle) midway = venue.machines.map(machine => machine.snapshot());
        }
        roadOf(venue).finish();
        venue.deliverAll();
        venue.check();
        checkTransit(venue);
        venue.checkMarkets();
        count(venue);
        checkShares(venue);
        for (const [shard, live] of venue.machines.entries()) {
          expect(live.holdCount).toBe(0);
          cutLog(venue, live);
          const transactions = checkDocuments(live);
          const replayed = replay(venue, shard, order);
          replayed.check();
          expect(replayed.hash()).toBe(live.hash());
          expect(replayed.takeChanges().transactions).toEqual(transactions);
          expect(replayed.money.clearing()).toEqual(live.money.clearing());
          const bytes = midway[shard] ?? live.snapshot();
          const restored = replay(
            venue,
            shard,
            order,
            AccountMachine.restore(shard, SHARDS, INSTRUMENTS, bytes),
          );
          restored.check();
          expect(restored.hash()).toBe(live.hash());
          for (const machine of [live, replayed, restored]) checkUsedIds(venue, machine);
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 150), seed: Number(process.env.SEED ?? 20261120) },
    );
  });
});

/** After every command the books of each shard sum to zero, whatever else is on its way. */
function checkBooks({ machines }: Venue): void {
  for (const machine of machines) {
    for (const [currency, sum] of machine.money.totals()) expect(sum, currency).toBe(0n);
  }
}

/** No client order id that was ever used, by whatever command, is said to be new. */
function checkUsedIds(venue: Venue, machine: AccountMachine): void {
  const commands = [...venue.journals.values()].flat().map(({ command }) => command);
  for (const command of [...commands, ...(venue.ledgers[machine.shard] ?? [])]) {
    const asked = "request" in command ? command.request : command;
    if (!("account" in asked) || !("clientOrderId" in asked) || command.kind === "massQuote") continue;
    const settings = machine.account(asked.account);
    if (settings === undefined || settings.liquidity) continue;
    expect(machine.desk.mayHaveUsed(asked.account, asked.clientOrderId)).toBe(true);
    add("used id");
  }
}

/** What was debited in one shard was credited in the other, once. */
function checkTransit({ machines }: Venue): void {
  const transit = new Map<string, bigint>();
  for (const machine of machines) {
    for (const [currency, { transit: sum }] of machine.money.clearing()) {
      transit.set(currency, (transit.get(currency) ?? 0n) + sum);
    }
  }
  for (const [currency, sum] of transit) expect(sum, currency).toBe(0n);
}

/** Nobody has sold shares that weren't there: what sells is covered, once, whatever it is a part of. */
function checkShares({ machines }: Venue): void {
  for (const machine of machines) {
    for (const account of machine.accounts()) {
      const shares = machine.money.balances(account).find(({ currency }) => currency === "ACME");
      expect(shares?.total ?? 0n).toBeGreaterThanOrEqual(0n);
    }
  }
}

/** How often something was told: events, trades of uncrossings, refusals of shards. */
const told = new Map<string, number>();

function add(what: string): void {
  told.set(what, (told.get(what) ?? 0) + 1);
}

function count(venue: Venue): void {
  for (const { command, events } of [...venue.journals.values()].flat()) {
    for (const told of events) {
      const { event } = told;
      add(told.event === "removed" ? told.cause : event);
      if (told.event === "parked") add(told.reason);
      if (told.event === "parked" && told.reason === "entry" && told.lots === 0) add("waits for more");
      if (command.kind === "phase" && event === "traded") add("uncrossed");
    }
  }
  for (const entry of venue.ledgers.flat()) add(entry.kind === "refuse" ? entry.rejection : entry.kind);
}

test("and everything happened often", () => {
  expect(told.get("used id")).toBeGreaterThan(1_000);
  const events = ["armed", "triggered", "displayed", "traded", "expired", "cancelled", "amended", "rejected"];
  events.push(
    "prevented",
    "massCancel",
    "replaced",
    "selfTrade",
    "expiry",
    "endOfDay",
    "auctionEnd",
    "parked",
    "cancelAllAfter",
    "protection",
  );
  events.push("contingency", "entry", "waits for more", "reference");
  events.push("closeBy", "cut", "transfer", "settle", "void", "timeOut", "credit");
  const refusals = ["balanceInsufficient", "marginInsufficient", "positionWouldIncrease", "tradingHalted"];
  for (const what of [...events, "uncrossed", "hedged", ...refusals]) {
    expect(told.get(what) ?? 0, what).toBeGreaterThan(2);
  }
});

/**
 * What documents say is what the accounts have: balances are sums of transactions, positions sums of fills.
 */
function checkDocuments(machine: AccountMachine): readonly Transaction[] {
  const { orders, transactions } = machine.takeChanges();
  for (const account of machine.accounts()) {
    if (machine.account(account)?.liquidity !== false) continue;
    const own = transactions.filter(each => each.account === account);
    expect(own.map(({ id }) => id)).toEqual(own.map((_each, index) => index + 1));
    for (const { currency, total } of machine.money.balances(account)) {
      const moved = transactions.filter(each => each.account === account && each.currency === currency);
      expect(moved.reduce((sum, { amount }) => sum + amount, 0n)).toBe(total);
      expect(moved.at(-1)?.balanceAfter ?? 0n).toBe(total);
    }
    for (const { number, settlement } of INSTRUMENTS) {
      if (settlement === "spot") continue;
      const filled = orders
        .filter(order => order.account === account && order.market === number)
        .reduce((sum, { side, filledLots }) => sum + (side === "buy" ? filledLots : -filledLots), 0);
      const positions = machine.positions(account).filter(({ market }) => market === number);
      expect(positions.reduce((sum, { lots }) => sum + lots, 0)).toBe(filled);
      if (positions.some(one => positions.some(other => one.lots > 0 && other.lots < 0))) add("hedged");
    }
  }
  return transactions;
}
