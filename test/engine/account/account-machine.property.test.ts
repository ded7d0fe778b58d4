/**
 * Random trading over 2 shards × 3 markets, heard in random interleavings. After everything is heard: the
 * same hash whatever the interleaving, as after a replay, as after restoring a snapshot taken midway; money
 * and positions sum to zero over the shards, and what documents say adds up to what accounts have.
 * All types of order and all phases take part. PROPERTY_RUNS asks for more runs, SEED for others.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { isOpen, type OrderState } from "../../../engine/account/order.ts";
import type { Phase } from "../../../engine/market/phase.ts";
import { type AccountId, type Lots, money, type Ticks } from "../../../engine/units.ts";
import { type Asking, accountsOf, EURJPY, EURUSD, SHARE, USD_1, USDJPY, Venue } from "./venue.ts";

const SHARDS = 2;
const INSTRUMENTS = [SHARE, EURUSD, USDJPY, EURJPY];
const MIDDLES = new Map([
  [EURUSD.number, 110_000],
  [USDJPY.number, 150_000],
  [EURJPY.number, 165_000],
  [SHARE.number, 5_000],
]);
const MARKET_ORDER = { type: "market", timeInForce: "IOC", ticks: 0 } as const;
/** Four accounts a shard: a liquidity provider, and clients in USD, EUR and JPY. */
const ACCOUNTS = [0, 1].flatMap(shard => accountsOf(shard, SHARDS, 4));

const step = fc.record({
  action: fc.nat({ max: 20 }),
  account: fc.nat({ max: ACCOUNTS.length - 1 }),
  market: fc.nat({ max: INSTRUMENTS.length - 1 }),
  sell: fc.boolean(),
  lots: fc.integer({ min: 1, max: 40 }),
  offset: fc.integer({ min: -6, max: 6 }),
  flavour: fc.nat({ max: 12 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const stop = (kind: "stop" | "takeProfit", stopTicks: number): Partial<Asking> => ({
  terms: { trigger: { kind, source: "last", stopTicks: stopTicks as Ticks } },
});

/** What an order is beyond a limit order of some lots at some price. */
const KINDS: readonly ((size: number, price: number) => Partial<Asking>)[] = [
  () => ({}),
  () => ({ timeInForce: "IOC" }),
  () => ({ timeInForce: "FOK" }),
  () => ({ postOnly: true }),
  () => ({}),
  () => MARKET_ORDER,
  size => ({ terms: { displayLots: Math.ceil(size / 4) as Lots } }),
  () => ({ terms: { hidden: true } }),
  size => ({ terms: { minimumLots: Math.ceil(size / 3) as Lots } }),
  () => ({ terms: { allOrNone: true } }),
  (_size, price) => stop("stop", price),
  (_size, price) => ({ ...MARKET_ORDER, ...stop("takeProfit", price) }),
  (_size, price) => ({ ...MARKET_ORDER, timeInForce: "GTC", ...stop("stop", price) }),
];

/** Mostly back to trading, so that what a call has collected meets. */
const PHASES_TRIED: readonly Phase[] = [
  ...(["continuous", "continuous", "opening-auction", "intraday-auction", "close-only"] as const),
  ...(["continuous", "continuous", "cancel-only", "halted", "post-close"] as const),
];

function openVenue(): Venue {
  const venue = new Venue(INSTRUMENTS, SHARDS);
  for (const [index, account] of ACCOUNTS.entries()) {
    const liquidity = index % 4 === 0;
    const currency = ["USD", "USD", "EUR", "JPY"][index % 4] ?? "USD";
    const deposit = (liquidity ? 100_000_000n : currency === "JPY" ? 300_000n : 2_500n) * USD_1;
    venue.open(account, { currency, liquidity, leverage: liquidity ? 500 : 30, deposit });
    const shares = { account, currency: "ACME", amount: money(100n * USD_1), reference: "shares" };
    venue.record(venue.machineOf(account).shard, { kind: "deposit", time: venue.now(), ...shares });
  }
  const [maker = 1 as AccountId] = ACCOUNTS;
  for (const instrument of INSTRUMENTS) {
    const middle = MIDDLES.get(instrument.number) ?? 0;
    venue.place(maker, instrument, { side: "buy", lots: 20, ticks: middle - 1 });
    venue.place(maker, instrument, { side: "sell", lots: 20, ticks: middle + 1 });
  }
  return venue;
}

/** An open order of the account's, if its shard has heard of one. */
function someOrder(venue: Venue, account: AccountId, offset: number): OrderState | undefined {
  const orders = venue.machineOf(account).openOrders(account);
  return orders[Math.abs(offset) % Math.max(1, orders.length)];
}

function act(
  venue: Venue,
  { action, account: index, market: place, sell, lots, offset, flavour }: Step,
): void {
  const account = ACCOUNTS[index] ?? (1 as AccountId);
  const instrument = INSTRUMENTS[place] ?? EURUSD;
  const price = (MIDDLES.get(instrument.number) ?? 0) + offset;
  if (action < 10) {
    const side = sell ? "sell" : "buy";
    const asked = { side, lots, ticks: price, ...KINDS[flavour]?.(lots, price) };
    venue.send(venue.request(account, instrument.number, asked as { lots: number }));
  } else if (action < 14) {
    const order = someOrder(venue, account, offset);
    if (order === undefined) return;
    const limit = flavour === 1 || order.ticks === 0 ? 0 : order.ticks + offset;
    const stopTicks = order.awaits === undefined ? undefined : (price as Ticks);
    const terms = flavour % 3 === 0 && stopTicks !== undefined ? { stopTicks } : undefined;
    venue.sendAmend(order, flavour === 0 ? 0 : lots, limit, terms);
  } else if (action < 16) {
    const order = someOrder(venue, account, offset);
    if (order !== undefined && isOpen(order)) venue.sendCancel(order);
  } else if (action === 20) {
    venue.sendPhase(instrument, PHASES_TRIED[(flavour + offset + 6) % PHASES_TRIED.length] ?? "continuous");
  } else {
    for (let count = 0; count < lots; count++) venue.deliver(index % SHARDS, instrument.number);
  }
}

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
          if (index % 20 === 0) for (const machine of venue.machines) machine.check();
          if (index === middle) midway = venue.machines.map(machine => machine.snapshot());
        }
        venue.deliverAll();
        venue.check();
        venue.checkMarkets();
        count(venue);
        for (const [shard, live] of venue.machines.entries()) {
          expect(live.holdCount).toBe(0);
          checkDocuments(live);
          const replayed = replay(venue, shard, order);
          replayed.check();
          expect(replayed.hash()).toBe(live.hash());
          expect(JSON.stringify(replayed.totals(), bigints)).toBe(JSON.stringify(live.totals(), bigints));
          const bytes = midway[shard] ?? live.snapshot();
          const restored = replay(
            venue,
            shard,
            order,
            AccountMachine.restore(shard, SHARDS, INSTRUMENTS, bytes),
          );
          restored.check();
          expect(restored.hash()).toBe(live.hash());
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 150), seed: Number(process.env.SEED ?? 20261120) },
    );
  });
});

/** How often something was told: events, trades of uncrossings, refusals of shards. */
const told = new Map<string, number>();

function count(venue: Venue): void {
  const add = (what: string) => told.set(what, (told.get(what) ?? 0) + 1);
  for (const { command, events } of [...venue.journals.values()].flat()) {
    for (const { event } of events) {
      add(event);
      if (command.kind === "phase" && event === "traded") add("uncrossed");
    }
  }
  for (const entry of venue.ledgers.flat()) if (entry.kind === "refuse") add(entry.rejection);
}

test("and everything happened often", () => {
  const events = ["armed", "triggered", "displayed", "traded", "expired", "cancelled", "amended", "rejected"];
  const refusals = ["balanceInsufficient", "marginInsufficient", "positionWouldIncrease"];
  for (const what of [...events, "uncrossed", ...refusals]) {
    expect(told.get(what) ?? 0, what).toBeGreaterThan(5);
  }
});

/**
 * What documents say is what the accounts have: balances are sums of transactions, positions sums of fills.
 */
function checkDocuments(machine: AccountMachine): void {
  const { orders, transactions } = machine.takeChanges();
  expect(new Set(transactions.map(({ id }) => id)).size).toBe(transactions.length);
  for (const account of machine.accounts()) {
    if (machine.account(account)?.liquidity !== false) continue;
    for (const { currency, total } of machine.balances(account)) {
      const moved = transactions.filter(each => each.account === account && each.currency === currency);
      expect(moved.reduce((sum, { amount }) => sum + amount, 0n)).toBe(total);
      expect(moved.at(-1)?.balanceAfter ?? 0n).toBe(total);
    }
    for (const { number, settlement } of INSTRUMENTS) {
      if (settlement === "spot") continue;
      const filled = orders
        .filter(order => order.account === account && order.market === number)
        .reduce((sum, { side, filledLots }) => sum + (side === "buy" ? filledLots : -filledLots), 0);
      const position = machine.positions(account).find(({ market }) => market === number);
      expect(position?.lots ?? 0).toBe(filled);
    }
  }
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
