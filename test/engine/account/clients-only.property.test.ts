/**
 * Clients' accounts from what is kept for ever: where the records that touch no client are gone, their
 * orders, fills, money and positions are what the whole journals make them.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { OrderState } from "../../../engine/account/order/order.ts";
import type { MarketEvent } from "../../../engine/market/market-event.ts";
import type { MarketRecord } from "../../../engine/market/record.ts";
import type { AccountId } from "../../../engine/units.ts";
import { act, INSTRUMENTS, openVenue, SHARDS, step } from "./random-trading.ts";
import type { Venue } from "./venue.ts";

const isProvider = (venue: Venue, account: AccountId) => {
  const { liquidity = false } = venue.machineOf(account).account(account) ?? {};
  return liquidity;
};

/** The accounts that an event names. */
function namesOf(event: MarketEvent): AccountId[] {
  const names: AccountId[] = "account" in event ? [event.account] : [];
  if ("makerAccount" in event) names.push(event.makerAccount);
  return names;
}

/** Whether a record has to stay, as a venue's markets decide it. */
function isKept(venue: Venue, { command, events }: MarketRecord): boolean {
  if ("liquidity" in command ? !command.liquidity : command.kind === "phase") return true;
  return events.some(event => namesOf(event).some(account => !isProvider(venue, account)));
}

/** A machine of clients alone that hears what is kept, and passes over the rest in runs. */
function rebuild(venue: Venue, shard: number): { machine: AccountMachine; passed: number } {
  const machine = new AccountMachine(shard, SHARDS, INSTRUMENTS, true);
  let passed = 0;
  for (const [index, command] of (venue.ledgers[shard] ?? []).entries())
    machine.applyLedger(index + 1, command);
  for (const [market, records] of venue.journals) {
    for (const record of records) {
      if (isKept(venue, record)) {
        machine.applyMarket(record);
        continue;
      }
      passed++;
      const { sequence, bestBid, bestAsk, events } = record;
      const phased = events.findLast(event => event.event === "phased");
      const phase = phased?.event === "phased" ? phased.phase : machine.phase(market);
      const { time } = record.command;
      machine.passMarket({ market, sequence, time, phase, bestBid, bestAsk });
    }
  }
  machine.check();
  return { machine, passed };
}

/** Orders by id, without what is derived or remembered for the documents. */
function plain(orders: readonly OrderState[]) {
  const alone = orders.map(order => ({ ...order, linked: undefined, documentedSequence: 0 }));
  return alone.sort((left, right) => left.id - right.id);
}

function stateOf(machine: AccountMachine, account: AccountId) {
  const totals = machine.money.balances(account).map(({ currency, total }) => [currency, total] as const);
  return {
    totals: totals.sort(),
    positions: machine
      .positions(account)
      .map(({ market, lots, cost }) => ({ market, lots, cost }))
      .sort((left, right) => left.market - right.market),
    orders: plain(machine.openOrders(account)),
    version: machine.summary(account).sequence,
  };
}

test("clients' accounts need no record that touches no client", { timeout: 120_000 }, () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 200, size: "max" });
  let passed = 0;
  fc.assert(
    fc.property(steps, all => {
      const venue = openVenue();
      for (const each of all) act(venue, each);
      venue.deliverAll();
      for (const [shard, live] of venue.machines.entries()) {
        const { machine, ...told } = rebuild(venue, shard);
        passed += told.passed;
        for (const account of live.accounts()) {
          if (isProvider(venue, account)) continue;
          expect(stateOf(machine, account)).toEqual(stateOf(live, account));
        }
        expect(plain(machine.takeChanges().orders)).toEqual(plain(live.takeChanges().orders));
      }
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 40), seed: Number(process.env.SEED ?? 20261120) },
  );
  expect(passed).toBeGreaterThan(100);
});
