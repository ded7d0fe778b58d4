/** Money in, out, across and around, over real journals and documents, restarts and a crash in between. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LedgerCommand } from "../../engine/account/command.ts";
import { encodeLedgerCommand } from "../../engine/account/record.ts";
import { ByteWriter } from "../../engine/bytes.ts";
import { shardOf } from "../../engine/ids.ts";
import { type AccountId, type Milliseconds, money } from "../../engine/units.ts";
import { FileJournalStore } from "../../mixins/journal/file-journal-store.ts";
import type { BalanceView, TransactionView } from "../../models/account.model.ts";
import type { StatementView, TransferView } from "../../models/transfer.model.ts";
import payments from "../../services/payments.service.ts";
import type { Principal } from "../../services/principal.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const NEAR = 1001;
/** Of the other shard, and of the same. */
const ids = Array.from({ length: 50 }, (_, index) => NEAR + 1 + index);
const FAR = ids.find(id => shardOf(id, 2) !== shardOf(NEAR, 2)) ?? 0;
const BESIDE = ids.find(id => shardOf(id, 2) === shardOf(NEAR, 2)) ?? 0;
const OWNER: Principal = { userId: "owner", accounts: [NEAR, FAR, BESIDE], roles: ["trader"] };
const STAFF = ["anne", "bert"].map(userId => ({ userId, accounts: [], roles: ["operator" as const] }));
let folder: string;
let venue: Venue;

async function start(demo: boolean): Promise<void> {
  const services = [...TRADING, payments];
  venue = await startVenue(folder, { services, settings: { demo, liquidity: false, shards: 2 } });
}

async function restart(demo: boolean): Promise<void> {
  await venue.stop();
  await start(demo);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await start(true);
  await venue.openAccounts(NEAR, FAR, BESIDE);
  await venue.quote("EURUSD", "1.09995", "1.10005");
});

afterAll(async () => {
  await venue.stop();
  await rm(folder, { recursive: true });
});

const ask = (action: string, params: object, caller = OWNER) =>
  venue.call<TransferView>(`payments.${action}`, { id: String(NEAR), ...params }, caller);
const usd = { currency: "USD", amount: "100.00" };

async function balance(account = NEAR, currency = "USD"): Promise<BalanceView | undefined> {
  const page = await venue.call<{ items: BalanceView[] }>(
    "accounts.balances",
    { id: String(account) },
    OWNER,
  );
  return page.items.find(each => each.currency === currency);
}

describe("in a demo", () => {
  it("a deposit and a withdrawal settle by themselves, and a repeat is the same one", async () => {
    const first = await ask("deposit", { transferId: "d-1", ...usd, reference: "bank" });
    expect(first).toMatchObject({ id: "d-1", status: "settled", settledAmount: "100.00", askedBy: "owner" });
    expect(await ask("deposit", { transferId: "d-1", ...usd })).toEqual(first);
    expect(await ask("withdraw", { transferId: "w-1", ...usd, amount: "40" })).toMatchObject({
      status: "settled",
    });
    expect(await balance()).toMatchObject({ total: "100060.00", available: "100060.00" });
    const other = ask("deposit", { transferId: "d-1", ...usd, amount: "99" });
    await expect(other).rejects.toMatchObject({ type: "TRANSFER_ID_REUSED" });
  });

  it("also of two that come at once", async () => {
    const both = await Promise.all([1, 2].map(() => ask("deposit", { transferId: "d-2", ...usd })));
    expect(both[0]).toEqual(both[1]);
    expect(await balance()).toMatchObject({ total: "100160.00" });
  });

  it("between accounts of one shard, and of two", async () => {
    await ask("transfer", { transferId: "t-1", ...usd, toAccountId: String(BESIDE) });
    const far = await ask("transfer", { transferId: "t-2", ...usd, toAccountId: String(FAR) });
    expect(far).toMatchObject({ destinationId: String(FAR), legs: [{ credit: "transit" }] });
    expect(await balance(BESIDE)).toMatchObject({ total: "100100.00" });
    await expect.poll(() => balance(FAR), { timeout: 5_000 }).toMatchObject({ total: "100100.00" });
    expect(await balance()).toMatchObject({ total: "99960.00" });
  });

  it("converts at the mark, less a fee, at once", async () => {
    const converted = await ask("convert", { transferId: "c-1", ...usd, amount: "110", toCurrency: "EUR" });
    // 110 at 1.10000 are EUR 100, of which one per mille is the fee.
    expect(converted).toMatchObject({ status: "settled", rate: "0.9090909090" });
    expect(converted.legs.map(({ amount }) => amount)).toEqual(["110.00", "100.00", "0.10"]);
    expect(await balance(NEAR, "EUR")).toMatchObject({ total: "99.90" });
  });

  it.each([
    ["withdraw", { amount: "1000000" }, "TRANSFER_REJECTED"],
    ["deposit", { amount: "1000000" }, "TRANSFER_REJECTED"],
    ["withdraw", { amount: "0" }, "VALIDATION_FAILED"],
    ["deposit", { currency: "ABC" }, "VALIDATION_FAILED"],
    ["transfer", { toAccountId: String(NEAR) }, "VALIDATION_FAILED"],
    ["transfer", { toAccountId: "4711" }, "FORBIDDEN"],
    ["convert", { toCurrency: "USD" }, "VALIDATION_FAILED"],
    ["convert", { toCurrency: "GBP" }, "TRANSFER_REJECTED"],
  ])("refuses to %s with %o", async (action, params, type) => {
    const before = await balance();
    const asked = ask(action, { transferId: `no-${action}`, ...usd, ...params });
    await expect(asked).rejects.toMatchObject({ type });
    expect(await balance()).toEqual(before);
  });

  it("money of somebody else's account is not touched", async () => {
    const asked = ask("withdraw", { transferId: "x", ...usd }, principal(4711));
    await expect(asked).rejects.toMatchObject({ type: "FORBIDDEN" });
  });
});

describe("transactions", () => {
  it("are numbered from 1, read from any, and add up to the balances", async () => {
    const read = (more: object = {}) =>
      venue.call<{ items: TransactionView[] }>("accounts.transactions", { id: String(NEAR), ...more }, OWNER);
    const all = (await read({ since: 0, limit: 500 })).items;
    expect(all.map(({ id }) => Number(id))).toEqual(all.map((_each, index) => index + 1));
    expect((await read({ since: 3, limit: 2 })).items.map(({ id }) => id)).toEqual(["4", "5"]);
    expect((await read({ limit: 1 })).items).toEqual(all.slice(-1));
    const last = all.filter(({ currency }) => currency === "USD").at(-1);
    expect((await balance())?.total).toBe(last?.balanceAfter);
  });

  it("make statements whose sums agree, as JSON, CSV and a page", async () => {
    const period = { from: "2020-01-01", to: "2099-01-01" };
    const statement = (more: object) =>
      venue.call<StatementView & string>("payments.statement", { id: String(NEAR), ...more }, OWNER);
    const made = await statement(period);
    expect(made.balances).toMatchObject([
      { currency: "EUR", opening: "0.00", closing: "99.90" },
      { currency: "USD", opening: "0.00", closing: "99850.00" },
    ]);
    const split = made.entries[4]?.bookedAt ?? "";
    const halves = await Promise.all([
      statement({ ...period, to: split }),
      statement({ ...period, from: split }),
    ]);
    const usdOf = ({ balances }: StatementView) => balances.find(({ currency }) => currency === "USD");
    // All may have been booked by one cut: then the first half is empty.
    expect(usdOf(halves[0])?.closing ?? "0.00").toBe(usdOf(halves[1])?.opening);
    expect([...(halves[0]?.entries ?? []), ...(halves[1]?.entries ?? [])]).toEqual(made.entries);
    const csv = await statement({ ...period, format: "csv" });
    expect(csv.trimEnd().split("\r\n")).toHaveLength(1 + 2 + made.entries.length + 2);
    expect(await statement({ ...period, format: "html" })).toContain("<td>99850.00</td>");
    await expect(statement({ day: "2026-13-45" })).rejects.toMatchObject({ type: "VALIDATION_FAILED" });
    await expect(statement({ day: "2026-11-20", month: "2026-11" })).rejects.toMatchObject({
      type: "VALIDATION_FAILED",
    });
  });
});

describe("outside a demo, over restarts", () => {
  beforeAll(() => restart(false));

  it("a withdrawal is reserved until an operator settles it", async () => {
    const before = await balance();
    expect(await ask("withdraw", { transferId: "w-2", ...usd })).toMatchObject({ status: "pending" });
    expect(await balance()).toMatchObject({ total: before?.total, locked: "100.00" });
    await restart(false);
    expect(await balance()).toMatchObject({ total: before?.total, locked: "100.00" });
    const settled = await ask("settle", { transferId: "w-2", amount: "60" }, STAFF[0]);
    expect(settled).toMatchObject({ status: "settled", settledAmount: "60.00", endedBy: "anne" });
    expect(await balance()).toMatchObject({ locked: "0.00" });
    await expect(ask("giveUp", { transferId: "w-2" }, STAFF[0])).rejects.toMatchObject({
      type: "TRANSFER_NOT_PENDING",
    });
    await expect(ask("settle", { transferId: "none" }, STAFF[0])).rejects.toMatchObject({
      type: "TRANSFER_UNKNOWN",
    });
  });

  it("an id of before is remembered on disk", async () => {
    expect(await ask("deposit", { transferId: "d-1", ...usd })).toMatchObject({ status: "settled" });
    expect((await ask("get", { transferId: "d-1" })).reference).toBe("bank");
  });

  it("an adjustment takes two", async () => {
    const asked = { transferId: "a-1", currency: "USD", amount: "-10", reference: "goodwill taken back" };
    expect(await ask("adjust", asked, STAFF[0])).toMatchObject({ status: "pending", askedBy: "anne" });
    await expect(ask("settle", { transferId: "a-1" }, STAFF[0])).rejects.toMatchObject({ type: "FORBIDDEN" });
    const before = Number((await balance())?.total);
    expect(await ask("settle", { transferId: "a-1" }, STAFF[1])).toMatchObject({ endedBy: "bert" });
    expect(Number((await balance())?.total)).toBe(before - 10);
    const { items } = await venue.call<{ items: TransferView[] }>(
      "payments.listOf",
      { id: String(NEAR), limit: 2 },
      STAFF[0],
    );
    expect(items.map(({ id }) => id)).toEqual(["a-1", "w-2"]);
  });

  /** Appends what a shard had recorded when it was killed. */
  async function leave(command: LedgerCommand): Promise<void> {
    const store = new FileJournalStore(folder);
    const ledger = await store.open(`ledger.${shardOf(NEAR, 2)}`);
    const writer = new ByteWriter();
    const begun = writer.beginLength();
    for (const byte of encodeLedgerCommand(command)) writer.u8(byte);
    writer.endLength(begun);
    await ledger.append(ledger.last, 1, writer.copy(), true);
    await store.close();
  }

  const account = NEAR as AccountId;
  const none = { counted: money(0n), destination: 0 as AccountId, rate: "", reference: "", by: "" };
  const recorded = { kind: "transfer", time: Date.now() as Milliseconds, account, ...none } as const;
  const five = { debit: account, currency: "USD", amount: money(5_00000000n) } as const;

  it("what a crash left between debit and credit is credited at the next start, once", async () => {
    const before = await balance(FAR);
    await venue.stop();
    const legs = [{ ...five, kind: "transfer", credit: "transit" }] as const;
    const [destination, timeoutAt] = [FAR as AccountId, 0 as Milliseconds];
    await leave({ ...recorded, id: "torn", legs, timeoutAt, destination });
    await start(false);
    const expected = (Number(before?.total) + 5).toFixed(2);
    await expect.poll(() => balance(FAR), { timeout: 5_000 }).toMatchObject({ total: expected });
    await restart(false);
    expect(await balance(FAR)).toMatchObject({ total: expected });
  });

  it("what nobody ends is given up when its time is up, and its money is free again", async () => {
    const before = await balance();
    await venue.stop();
    const legs = [{ ...five, kind: "withdrawal", credit: "external" }] as const;
    await leave({ ...recorded, id: "late", legs, timeoutAt: 1 as Milliseconds });
    await start(false);
    const state = () => ask("get", { transferId: "late" });
    await expect.poll(state, { timeout: 5_000 }).toMatchObject({ status: "timedOut" });
    expect(await balance()).toEqual(before);
  });
});
