/** A venue that charges: a client's fees by its tier, and rollovers by the clock, missed ones too. */
import { rm } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { LedgerCommand } from "../../../engine/account/command.ts";
import { formatDate } from "../../../engine/calendar/civil-date.ts";
import { milliseconds } from "../../../engine/units.ts";
import { chargeSettings, FEE_SCHEDULE } from "../../../services/fee-schedule.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
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
  now = milliseconds(0);

  record(command: LedgerCommand): Promise<number> {
    this.records.push(command);
    this.machine.applyLedger(this.records.length, command);
    return Promise.resolve(this.records.length);
  }
}

function clockOf(ledger: Ledger): RolloverClock {
  const shard = ledger as unknown as RiskShard;
  return new RolloverClock(shard, chargeSettings("demo", INSTRUMENTS), error => {
    throw error;
  });
}

test("a shard begins at the last 17:00 in New York, and catches up after days away, each once", async () => {
  const ledger = new Ledger();
  // Tuesday 3 November 2026, 16:59 in New York, which is then five hours behind.
  ledger.now = milliseconds(Date.UTC(2026, 10, 3, 21, 59));
  const first = clockOf(ledger);
  await first.start(FEE_SCHEDULE);
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
  await second.start(FEE_SCHEDULE);
  await second.tick();
  await second.stop();
  expect(days().slice(2)).toEqual(["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09"]);
  expect(ledger.records.filter(({ kind }) => kind === "feeTier")).toHaveLength(FEE_SCHEDULE.length);
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
