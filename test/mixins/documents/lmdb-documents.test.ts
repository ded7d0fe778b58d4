/** Order documents: versions, client ids, pages, and what a killed process leaves. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OrderState } from "../../../engine/account/order/order.ts";
import { accountId, lots, milliseconds, orderId, ticks } from "../../../engine/units.ts";
import { LmdbDocuments } from "../../../mixins/documents/lmdb-documents.ts";
import type { TransactionView } from "../../../models/account.model.ts";

let directory: string;
let documents: LmdbDocuments;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "cambist-documents-"));
  documents = await LmdbDocuments.open(directory);
});

afterEach(async () => {
  await documents.close();
  await rm(directory, { recursive: true, force: true });
});

function order(id: number, changes: Partial<OrderState> = {}): OrderState {
  const time = milliseconds(1_700_000_000_000 + id);
  return {
    id: orderId(id),
    clientOrderId: `client-${id}`,
    account: accountId(1001),
    market: 1,
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    postOnly: false,
    liquidity: false,
    lots: lots(1),
    ticks: ticks(110_500),
    filledLots: lots(0),
    filledValue: 0n,
    status: "open",
    fills: [],
    sequence: 1,
    createdAt: time,
    updatedAt: time,
    requestedLots: lots(1),
    requestedTicks: ticks(110_500),
    ...changes,
  };
}

function transaction(sequence: number): TransactionView {
  return {
    id: String(sequence),
    accountId: "1001",
    kind: "deposit",
    currency: "USD",
    amount: "1.00",
    balanceAfter: `${sequence}.00`,
    sequence,
    time: new Date(1_700_000_000_000 + Math.floor(sequence / 3)).toISOString(),
    bookedAt: new Date(1_700_000_000_000 + Math.floor(sequence / 3)).toISOString(),
  };
}

const save = (...orders: OrderState[]) =>
  documents.save({ orders, transactions: [], transfers: [], accounts: [], revoked: [] });

describe("orders", () => {
  test("a newer version replaces an older one, never the other way", async () => {
    await save(order(1, { sequence: 2, status: "filled", filledLots: lots(1) }));
    await save(order(1, { sequence: 1 }));
    expect(documents.orderById("1")?.status).toBe("filled");
    await save(order(2, { sequence: 3, status: "cancelled" }), order(2, { sequence: 2 }));
    expect(documents.orderById("2")?.status).toBe("cancelled");
    expect(documents.list({ account: "1001", status: "open", limit: 10 }).items).toEqual([]);
  });

  test("are found by client order id, also after a new start", async () => {
    await save(order(1));
    await documents.save({
      orders: [],
      transactions: [],
      transfers: [],
      accounts: [],
      revoked: [
        { accountId: "1001", clientOrderId: "gone" },
        { accountId: "1001", clientOrderId: "client-1" },
      ],
    });
    await documents.close();
    documents = await LmdbDocuments.open(directory);
    expect(documents.orderByClientId("1001", "client-1")).toEqual(order(1));
    expect(documents.orderByClientId("1001", "gone")).toBe("revoked");
    expect(documents.orderByClientId("1002", "client-1")).toBeUndefined();
    expect(documents.orderById("99")).toBeUndefined();
  });

  test("pages run newest first without repeating or leaving out, whatever is written between", async () => {
    await save(
      ...Array.from({ length: 25 }, (_, index) =>
        order(index + 1, { status: index % 2 === 0 ? "open" : "filled" }),
      ),
    );
    await save(order(500, { account: accountId(1002), clientOrderId: "other" }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = documents.list({ account: "1001", limit: 10, cursor });
      seen.push(...page.items.map(item => String(item.id)));
      cursor = page.nextCursor;
      await save(order(1_000 + seen.length));
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => String(25 - index)));
    expect(documents.list({ account: "1001", status: "closed", limit: 100 }).items).toHaveLength(12);
    expect(documents.list({ account: "1001", status: "open", limit: 100 }).items).toHaveLength(13 + 3);
    expect(() => documents.list({ account: "1001", limit: 1, cursor: "500" })).toThrow(/cursor/);
  });

  test("with one time run by id", async () => {
    const createdAt = milliseconds(1_700_000_000_000);
    await save(order(3, { createdAt }), order(1, { createdAt }), order(2, { createdAt }));
    const first = documents.list({ account: "1001", limit: 2 });
    expect(first).toMatchObject({ items: [{ id: 3 }, { id: 2 }], nextCursor: "2" });
    expect(documents.list({ account: "1001", limit: 2, cursor: "2" }).items).toMatchObject([{ id: 1 }]);
  });
});

test("a newer version of an account's document replaces an older one, never the other way", async () => {
  const account = (version: number, total: string) => ({
    ...{ accountId: "1001", version, positions: [] },
    balances: [{ currency: "USD", total }],
  });
  const put = (...accounts: ReturnType<typeof account>[]) =>
    documents.save({ orders: [], transactions: [], transfers: [], accounts, revoked: [] });
  await put(account(3, "3.00"), account(2, "2.00"));
  await put(account(1, "1.00"));
  expect(documents.account("1001")).toEqual(account(3, "3.00"));
  await put(account(4, "4.00"));
  expect(documents.account("1001")?.version).toBe(4);
  expect(documents.account("1002")).toBeUndefined();
});

test("transactions page newest first and are written once", async () => {
  const all = Array.from({ length: 10 }, (_, index) => transaction(index + 1));
  await documents.save({ orders: [], transactions: all, transfers: [], accounts: [], revoked: [] });
  await documents.save({ orders: [], transactions: all, transfers: [], accounts: [], revoked: [] });
  const first = documents.money.transactions({ account: "1001", limit: 4 });
  const second = documents.money.transactions({ account: "1001", limit: 10, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(item => item.sequence)).toEqual([
    10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
  ]);
  expect(second.nextCursor).toBeUndefined();
  expect(() => documents.money.transactions({ account: "1001", limit: 4, cursor: "nonsense" })).toThrow(
    /cursor/,
  );
});

test("a batch is whole or absent after kill -9", async () => {
  await documents.close();
  const child = fork(fileURLToPath(new URL("./saving-process.ts", import.meta.url)), [directory], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let saved = 0;
  child.on("message", message => {
    saved = Number(message);
    if (saved === 20) child.kill("SIGKILL");
  });
  await once(child, "exit");
  documents = await LmdbDocuments.open(directory);
  expect(saved).toBeGreaterThanOrEqual(20);
  const { length } = documents.list({ account: "1001", limit: 100_000 }).items;
  expect(length).toBeGreaterThanOrEqual(saved * 50);
  expect(length % 50).toBe(0);
});
