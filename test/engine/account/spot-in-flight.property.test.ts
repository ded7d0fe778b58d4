/**
 * A spot market in which records are heard late: accounts place, amend, replace and quote by what they have
 * heard, while what they have traded is on its way. No balance may get below zero, whatever crosses. All
 * orders have limits, so nothing may cost more than it was counted at.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isOpen } from "../../../engine/account/order/order.ts";
import { type AccountId, type Lots, money, type Side, type Ticks } from "../../../engine/units.ts";
import { accountsOf, SHARE, USD_1, Venue } from "./venue.ts";

const SHARDS = 2;
const MIDDLE = 5_000;
const ACCOUNTS = [0, 1].flatMap(shard => accountsOf(shard, SHARDS, 2));

const step = fc.record({
  action: fc.nat({ max: 9 }),
  account: fc.nat({ max: ACCOUNTS.length - 1 }),
  sell: fc.boolean(),
  lots: fc.integer({ min: 1, max: 12 }),
  offset: fc.integer({ min: -3, max: 3 }),
  which: fc.nat({ max: 30 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function openVenue(): Venue {
  const venue = new Venue([SHARE], SHARDS);
  for (const account of ACCOUNTS) {
    venue.open(account, { deposit: 600n * USD_1 });
    const shares = { account, currency: "ACME", amount: money(12n * USD_1), reference: "shares" };
    venue.record(venue.machineOf(account).shard, { kind: "deposit", time: venue.now(), ...shares });
  }
  return venue;
}

function quote(venue: Venue, account: AccountId, { lots, offset }: Step): void {
  const { clientOrderId } = venue.request(account, SHARE.number, { lots });
  const sides: readonly Side[] = ["buy", "sell"];
  const quotes = sides.map(side => {
    const ticks = MIDDLE + offset + (side === "buy" ? -1 : 1);
    return { side, lots: lots as Lots, ticks: ticks as Ticks };
  });
  const asked = { account, market: SHARE.number, liquidity: false, reference: 0 };
  venue.sendQuotes({ ...asked, clientOrderId, postOnly: false, quotes });
}

function act(venue: Venue, step: Step): void {
  const account = ACCOUNTS[step.account] ?? (1 as AccountId);
  const machine = venue.machineOf(account);
  const side: Side = step.sell ? "sell" : "buy";
  const request = () =>
    venue.request(account, SHARE.number, { side, lots: step.lots, ticks: MIDDLE + step.offset });
  const orders = machine.openOrders(account).filter(isOpen);
  const order = orders[step.which % Math.max(1, orders.length)];
  if (step.action < 3 || (order === undefined && step.action < 6)) venue.send(request());
  else if (step.action < 5 && order !== undefined) {
    venue.sendReplace(order, request(), step.which % 4 === 0 ? "allow" : "stop");
  } else if (step.action < 6 && order !== undefined) {
    venue.sendAmend(order, step.lots, step.which % 2 === 0 ? 0 : MIDDLE + step.offset);
  } else if (step.action < 8) quote(venue, account, step);
  else for (let count = 0; count < step.which % 6; count++) venue.deliver(machine.shard, SHARE.number);
}

/** What is reserved is there; and no balance gets below zero, as heard so far. */
function checkBalances(venue: Venue): void {
  for (const account of ACCOUNTS) {
    const machine = venue.machineOf(account);
    machine.check();
    for (const { total, locked } of machine.money.balances(account)) {
      expect(total).toBeGreaterThanOrEqual(0n);
      expect(total).toBeGreaterThanOrEqual(locked);
    }
  }
}

/** Orders that others have taken the place of, over all runs. */
let replaced = 0;

test("no balance gets below zero while records are on their way", { timeout: 300_000 }, () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 120, size: "max" });
  fc.assert(
    fc.property(steps, all => {
      const venue = openVenue();
      for (const each of all) {
        act(venue, each);
        checkBalances(venue);
      }
      venue.deliverAll();
      venue.check();
      venue.checkMarkets();
      checkBalances(venue);
      const events = [...venue.journals.values()].flat().flatMap(record => record.events);
      for (const event of events) if (event.event === "removed" && event.cause === "replaced") replaced++;
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 100), seed: Number(process.env.SEED ?? 20261120) },
  );
  expect(replaced).toBeGreaterThan(100);
});
