/** A venue that charges: a client's fees by its tier, and rollovers by the clock, missed ones too. */
import { rm } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { LedgerCommand } from "../../../engine/account/command.ts";
import { formatDate } from "../../../engine/calendar/civil-date.ts";
import { tradeDateAt } from "../../../engine/calendar/rollover.ts";
import { accountId, milliseconds, money } from "../../../engine/units.ts";
import { systemTimers } from "../../../mixins/clock.ts";
import { chargeSettings, FEE_SCHEDULE } from "../../../services/fee-schedule.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { ChargeKeeper } from "../../../services/risk/charge-keeper.ts";
import type { RiskShard } from "../../../services/risk/risk-shard.ts";
import { RolloverClock } from "../../../services/risk/rollover-clock.ts";
import { principal, startVenue, temporaryFolder } from "../../venue.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A shard without journals, at a time of its own. */
class Ledger {
  readonly machine = new AccountMachine(0, 1, INSTRUMENTS);
  readonly records: LedgerCommand[] = [];
  readonly timers = systemTimers;
  now = milliseconds(0);

  record(command: LedgerCommand): Promise<number> {
    this.records.push(command);
    this.machine.applyLedger(this.records.length, command);
    return Promise.resolve(this.records.length);
  }
}

const DEMO = chargeSettings("demo", INSTRUMENTS);

function clockOf(ledger: Ledger, settings = DEMO): RolloverClock {
  const shard = ledger as unknown as RiskShard;
  return new RolloverClock(shard, settings, error => {
    throw error;
  });
}

function keeperOf(ledger: Ledger, settings = DEMO): ChargeKeeper {
  return new ChargeKeeper(ledger as unknown as RiskShard, settings);
}

async function define(ledger: Ledger): Promise<void> {
  for (const tier of DEMO.tiers) await keeperOf(ledger).define(tier);
}

test("a shard begins at the last 17:00 in New York, and catches up after days away, each once", async () => {
  const ledger = new Ledger();
  // Tuesday 3 November 2026, 16:59 in New York, which is then five hours behind.
  ledger.now = milliseconds(Date.UTC(2026, 10, 3, 21, 59));
  const first = clockOf(ledger);
  await define(ledger);
  await first.start();
  await first.stop();
  const days = () =>
    ledger.records.flatMap(record => (record.kind === "rollover" ? [formatDate(record.day)] : []));
  expect(days()).toEqual(["2026-11-02"]);
  expect(ledger.machine.charges.tiers()).toHaveLength(FEE_SCHEDULE.length);
  ledger.now = milliseconds(Date.UTC(2026, 10, 3, 22, 0));
  await first.tick();
  expect(days()).toEqual(["2026-11-02", "2026-11-03"]);
  // Back on Monday after the close.
  ledger.now = milliseconds(Date.UTC(2026, 10, 9, 23, 0));
  const second = clockOf(ledger);
  await define(ledger);
  await second.start();
  await second.tick();
  await second.stop();
  expect(days().slice(2)).toEqual(["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09"]);
  expect(ledger.records.filter(({ kind }) => kind === "feeTier")).toHaveLength(FEE_SCHEDULE.length);
});

/** The third account is a provider's. */
async function open(ledger: Ledger, account: number): Promise<void> {
  await ledger.record({
    ...{ kind: "open", time: ledger.now, account: accountId(account), currency: "USD", leverage: 30 },
    ...{ liquidity: account === 3, deposit: money(0n) },
  });
}

const FREE = chargeSettings("none", INSTRUMENTS);

test("a shard that nothing charges records nothing, until points or a tier are set", async () => {
  const ledger = new Ledger();
  ledger.now = milliseconds(Date.UTC(2026, 10, 3, 21, 59));
  const clock = clockOf(ledger, FREE);
  await clock.start();
  expect(ledger.records).toEqual([]);
  await keeperOf(ledger, FREE).setPoints(1, { long: -65_000_000n, short: 20_000_000n });
  await clock.tick();
  ledger.now = milliseconds(Date.UTC(2026, 10, 3, 22, 0));
  await clock.tick();
  await clock.stop();
  expect(ledger.records.map(record => (record.kind === "rollover" ? formatDate(record.day) : ""))).toEqual([
    "",
    "2026-11-02",
    "2026-11-03",
  ]);
});

test("a client of before gets its tier when charges begin, an operator's choice stays", async () => {
  const ledger = new Ledger();
  ledger.now = milliseconds(Date.UTC(2026, 10, 3, 21, 59));
  for (const account of [1, 2, 3]) await open(ledger, account);
  await define(ledger);
  await keeperOf(ledger).assign(accountId(2), 4);
  const tiers = () => [1, 2, 3].map(account => ledger.machine.charges.tierOf(accountId(account)));
  const start = async (settings: typeof DEMO) => {
    const clock = clockOf(ledger, settings);
    await clock.start();
    await clock.stop();
  };
  await start(DEMO);
  expect(tiers()).toEqual([1, 4, undefined]);
  const { length } = ledger.records;
  await start(DEMO);
  expect(ledger.records).toHaveLength(length);
  await start(FREE);
  expect(tiers()).toEqual([undefined, 4, undefined]);
  await keeperOf(ledger).assign(accountId(2), undefined);
  expect(tiers()).toEqual([undefined, 1, undefined]);
});

test("a tier that an operator gives while a rollover is on its way stays", async () => {
  const ledger = new Ledger();
  ledger.now = milliseconds(Date.UTC(2026, 10, 3, 21, 59));
  await open(ledger, 1);
  await define(ledger);
  const { charges } = ledger.machine;
  const planned = charges.planRollover(tradeDateAt(ledger.now), ledger.now, DEMO);
  expect(planned).toMatchObject([{ volumes: [{ account: 1, tier: 1 }] }]);
  await keeperOf(ledger).assign(accountId(1), 3);
  for (const record of planned) await ledger.record(record);
  expect([charges.tierOf(accountId(1)), charges.isPinned(accountId(1))]).toEqual([3, true]);
});

test("the first of two definitions of a number holds, and the same again is nothing new", async () => {
  const ledger = new Ledger();
  const keeper = keeperOf(ledger);
  const [tier] = DEMO.tiers;
  if (tier === undefined) throw new Error("The demo has tiers");
  const told = await Promise.allSettled([
    keeper.define(tier),
    keeper.define({ ...tier, name: "another" }),
    keeper.define({ ...tier, groups: [] }),
    keeper.define({ ...tier }),
  ]);
  expect(told.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(told[1]).toMatchObject({ reason: { type: "FEE_TIER_REUSED" } });
  expect(ledger.records).toHaveLength(1);
});

test("clients of a venue that charges pay by their tier, its providers don't", {
  timeout: 60_000,
}, async () => {
  const folder = await temporaryFolder();
  folders.push(folder);
  const venue = await startVenue(folder, { settings: { charges: "demo", shards: 1 } });
  await venue.openAccounts(1);
  await venue.quote("EURUSD", "1.09990", "1.10000");
  const order = { clientOrderId: "buys", symbol: "EURUSD", side: "buy", type: "limit", price: "1.10000" };
  await venue.call("orders.place", { ...order, quantity: "1000000" }, principal(1));
  const balances = (account: number) =>
    venue.call<object>("accounts.balances", { id: String(account) }, principal(account));
  // 1,100,000 USD at 25 a million.
  expect(await balances(1)).toMatchObject({ items: [{ currency: "USD", total: "99972.50" }] });
  expect(await balances(900)).toMatchObject({ items: [{ currency: "USD", total: "1000000000.00" }] });
  await venue.stop();
});
