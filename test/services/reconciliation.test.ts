/** A running venue compared with its journals: equal while it trades; each kind of difference, an alert. */
import { rm } from "node:fs/promises";
import { open } from "lmdb";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { OrderState } from "../../engine/account/order/order.ts";
import { shardOf } from "../../engine/ids.ts";
import { accountId, type Ticks } from "../../engine/units.ts";
import { DATABASES_MAX, documentDatabases } from "../../mixins/documents/document-databases.ts";
import type { AlertView } from "../../models/alert.model.ts";
import type { ReconciliationView } from "../../models/reconciliation.model.ts";
import alerts from "../../services/alerts.service.ts";
import reconciliation from "../../services/reconciliation.service.ts";
import { CLIENTS, place } from "../traded-venue.ts";
import { startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

let folder: string;
let venue: Venue;

beforeEach(async () => {
  folder = await temporaryFolder();
  venue = await startVenue(folder, { services: [...TRADING, alerts, reconciliation] });
  await venue.openAccounts(...CLIENTS);
  await venue.quote("EURUSD", "1.00000", "1.10000");
  return () => rm(folder, { recursive: true, force: true });
});

afterEach(() => venue.stop());

/** A thread from sources takes seconds to load on a busy machine: the answer may come as late as it likes. */
const run = (whole = false) =>
  venue.broker.call<ReconciliationView, object>("reconciliation.run", { whole }, { timeout: 0 });
const alertsOf = async () => (await venue.call<{ items: AlertView[] }>("alerts.list")).items;

async function trade(): Promise<void> {
  for (const account of CLIENTS) {
    await place(venue, account, { side: "buy", type: "market", quantity: "5000" });
    await place(venue, account, { side: "buy", type: "limit", price: "0.90000" });
  }
}

/** The living shard's own order, as a fault of the program would reach it. */
function openOrder(account: number): OrderState & { ticks: Ticks } {
  const name = `risk.${shardOf(accountId(account), 2)}`;
  const service = venue.broker.getLocalService(name) as unknown as {
    parts: { shard: { machine: { openOrders(id: number): (OrderState & { ticks: Ticks })[] } } };
  };
  const [order] = service.parts.shard.machine.openOrders(account);
  if (order === undefined) throw new Error("Invariant: the account has an open order");
  return order;
}

it("is equal, by what happened lately and from the first record on, while orders come", async () => {
  await trade();
  await run();
  const trading = Promise.all(Array.from({ length: 10 }, trade));
  const lately = await run();
  const whole = await run(true);
  await trading;
  expect(lately).toMatchObject({ equal: true, whole: false, differences: [], notes: [] });
  expect(whole).toMatchObject({ equal: true, whole: true, differences: [], notes: [] });
  expect(whole.counts.orders).toBeGreaterThan(3);
  expect(await venue.call("reconciliation.last")).toEqual(whole);
  expect(await alertsOf()).toEqual([]);
}, 60_000);

it("raises an alert once where a living shard is not what its journals make", async () => {
  await trade();
  await run();
  openOrder(1001).ticks = 88_888 as Ticks;
  await trade();
  const told = await run();
  expect(told.equal).toBe(false);
  expect(told.differences).toMatchObject([
    { kind: "snapshotDiffers", subject: `risk.${shardOf(1001 as never, 2)}` },
  ]);
  await run();
  expect(await alertsOf()).toMatchObject([
    {
      kind: "reconciliationFailed",
      subject: told.differences[0]?.subject,
      details: { difference: "snapshotDiffers" },
    },
  ]);
}, 60_000);

it("raises an alert where a document is not what was recorded", async () => {
  await trade();
  await run();
  const root = open({ path: `${folder}/documents/orders`, maxDbs: DATABASES_MAX, noSubdir: false });
  const { accounts } = documentDatabases(root);
  const stored = accounts.get(1001);
  if (stored !== undefined) await accounts.put(1001, { ...stored, balances: [] });
  const { differences } = await run(true);
  expect(differences).toMatchObject([{ kind: "documentDiffers", subject: "account 1001" }]);
  expect(await alertsOf()).toHaveLength(1);
}, 60_000);
