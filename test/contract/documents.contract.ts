/**
 * What every implementation of Documents has to do. `make` gives a new, empty one; `reopen` closes it and
 * opens what it left, as the next process would.
 */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isOpen, type OrderState } from "../../engine/account/order/order.ts";
import { accountId, lots, milliseconds, orderId } from "../../engine/units.ts";
import type { Documents } from "../../mixins/documents/documents.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import { account, batch, filledOrder, order, START, transaction, transfer } from "./stored-documents.ts";

export interface DocumentsUnderTest {
  readonly documents: Documents;
  reopen(): Promise<Documents>;
  dispose(): Promise<void>;
}

const OWNER = "1001";
const LARGE = { id: orderId(Number.MAX_SAFE_INTEGER), clientOrderId: "large" };
const STATUSES = ["open", "partiallyFilled", "filled", "cancelled"] as const;
/** Properties run on a store that reads whole collections, so few and small. */
const RUNS = { numRuns: 15, endOnFailure: true };

export function documentsContract(implementation: string, make: () => Promise<DocumentsUnderTest>): void {
  describe(`${implementation} as Documents`, () => {
    let made: DocumentsUnderTest;
    let documents: Documents;

    beforeEach(async () => {
      made = await make();
      documents = made.documents;
    });
    afterEach(() => made.dispose());

    const save = (parts: Partial<HistoryBatch>) => documents.save(batch(parts));
    const saveOrders = (...orders: OrderState[]) => save({ orders });

    async function ids(status?: "open" | "closed"): Promise<number[]> {
      const { items } = await documents.list({ account: OWNER, status, limit: 500 });
      return items.map(({ id }) => id);
    }

    test("a new store has nothing", async () => {
      expect(await documents.orderById("1")).toBeUndefined();
      expect(await documents.orderById("no number")).toBeUndefined();
      expect(await documents.orderByClientId(OWNER, "client-1")).toBeUndefined();
      expect(await documents.list({ account: OWNER, limit: 10 })).toEqual({ items: [] });
      expect(await documents.account(OWNER)).toBeUndefined();
      expect((await documents.accountVersions([OWNER])).size).toBe(0);
      expect(await documents.money.transfer(OWNER, "t")).toBeUndefined();
      expect(await documents.money.firstSince(OWNER, 0)).toBe(1);
      expect(await documents.money.transactions({ account: OWNER, limit: 10 })).toEqual({ items: [] });
    });

    test("an order comes back as it was, to the last digit", async () => {
      const stored = [order(1), filledOrder(2), order(1, { ...LARGE, postOnly: true })];
      await saveOrders(...stored);
      for (const each of stored) expect(await documents.orderById(String(each.id))).toEqual(each);
    });

    test("of an order a newer version replaces an older one, never the other way", async () => {
      await saveOrders(order(1, { sequence: 2, status: "filled", filledLots: lots(1) }));
      await saveOrders(order(1, { sequence: 1 }));
      expect((await documents.orderById("1"))?.status).toBe("filled");
      await saveOrders(order(2, { sequence: 3, status: "cancelled" }), order(2, { sequence: 2 }));
      expect((await documents.orderById("2"))?.status).toBe("cancelled");
      expect(await ids("open")).toEqual([]);
      await saveOrders(order(2, { sequence: 4 }));
      expect(await ids("open")).toEqual([2]);
    });

    test("whatever is written how often, in whatever order, the newest is what stays", async () => {
      const version = fc.record({ id: fc.integer({ min: 1, max: 3 }), at: fc.integer({ min: 1, max: 6 }) });
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(version, { maxLength: 4 }), { maxLength: 4 }), async batches => {
          round += 10;
          const owner = accountId(5_000 + round);
          const newest = new Map<number, number>();
          for (const versions of batches) {
            const orders = versions.map(({ id, at }) => {
              newest.set(round + id, Math.max(newest.get(round + id) ?? 0, at));
              const status = STATUSES[at % STATUSES.length] ?? "open";
              return order(round + id, { account: owner, sequence: at, status });
            });
            await saveOrders(...orders);
          }
          const listed = await documents.list({ account: String(owner), limit: 10 });
          expect(new Map(listed.items.map(({ id, sequence }) => [id, sequence]))).toEqual(newest);
          const open = await documents.list({ account: String(owner), status: "open", limit: 10 });
          expect(open.items).toEqual(listed.items.filter(isOpen));
        }),
        RUNS,
      );
    });

    test("a client order id leads to one order or to 'revoked', for ever", async () => {
      await saveOrders(order(1));
      const revoked = ["gone", "client-1"].map(clientOrderId => ({ accountId: OWNER, clientOrderId }));
      await save({ revoked });
      await save({ revoked });
      documents = await made.reopen();
      expect(await documents.orderByClientId(OWNER, "client-1")).toEqual(order(1));
      expect(await documents.orderByClientId(OWNER, "gone")).toBe("revoked");
      expect(await documents.orderByClientId("1002", "client-1")).toBeUndefined();
      expect(await documents.orderById("99")).toBeUndefined();
    });

    test("pages run newest first, nothing twice, nothing left out, whatever is written between", async () => {
      await saveOrders(
        ...Array.from({ length: 25 }, (_, index) =>
          order(index + 1, { status: index % 2 === 0 ? "open" : "filled" }),
        ),
        order(500, { account: accountId(1002), clientOrderId: "other" }),
      );
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await documents.list({ account: OWNER, limit: 10, cursor });
        seen.push(...page.items.map(item => String(item.id)));
        cursor = page.nextCursor;
        await saveOrders(order(1_000 + seen.length));
      } while (cursor !== undefined);
      expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => String(25 - index)));
      expect(await ids("closed")).toHaveLength(12);
      expect(await ids("open")).toHaveLength(13 + 3);
      for (const wrong of ["500", "9999", "nonsense"]) {
        const page = async () => documents.list({ account: OWNER, limit: 1, cursor: wrong });
        await expect(page()).rejects.toMatchObject({ type: "VALIDATION_FAILED" });
      }
    });

    test("orders of one time run by id", async () => {
      const createdAt = milliseconds(START);
      await saveOrders(order(3, { createdAt }), order(1, { createdAt }), order(2, { createdAt }));
      const first = await documents.list({ account: OWNER, limit: 2 });
      expect(first).toMatchObject({ items: [{ id: 3 }, { id: 2 }], nextCursor: "2" });
      const second = await documents.list({ account: OWNER, limit: 2, cursor: "2" });
      expect(second.items).toMatchObject([{ id: 1 }]);
    });

    test("of an account a newer version replaces an older one, never the other way", async () => {
      await save({ accounts: [account(3, "3.00"), account(2, "2.00")] });
      await save({ accounts: [account(1, "1.00"), account(7, "7.00", "1003")] });
      expect(await documents.account(OWNER)).toEqual(account(3, "3.00"));
      const position = { symbol: "EURUSD", quantity: "-1", averagePrice: "1.1", cost: "-1.10" };
      const newest = { ...account(4, "12345678901234567890.12345678"), positions: [position] };
      await save({ accounts: [newest] });
      expect(await documents.account(OWNER)).toEqual(newest);
      expect(await documents.account("1002")).toBeUndefined();
      const versions = await documents.accountVersions([OWNER, "1002", "1003"]);
      expect([...versions].sort()).toEqual([
        [OWNER, 4],
        ["1003", 7],
      ]);
    });

    test("transactions page in either direction, and are written once", async () => {
      const all = Array.from({ length: 10 }, (_, index) => transaction(index + 1));
      await save({ transactions: all.slice(0, 6) });
      await save({ transactions: all });
      const { money } = documents;
      const first = await money.transactions({ account: OWNER, limit: 4 });
      const second = await money.transactions({ account: OWNER, limit: 10, cursor: first.nextCursor });
      expect([...first.items, ...second.items]).toEqual(all.toReversed());
      expect(second.nextCursor).toBeUndefined();
      const after = await money.transactions({ account: OWNER, limit: 3, since: 4 });
      expect(after.items).toEqual(all.slice(4, 7));
      const last = await money.transactions({ account: OWNER, limit: 9, since: 4, cursor: after.nextCursor });
      expect(last).toEqual({ items: all.slice(7) });
      const wrong = async () => money.transactions({ account: OWNER, limit: 4, cursor: "nonsense" });
      await expect(wrong()).rejects.toMatchObject({ type: "VALIDATION_FAILED" });
    });

    test("a statement finds its entries by time, and the balances before them", async () => {
      const [usd, eur] = [transaction(1), transaction(2, { currency: "EUR", balanceAfter: "5.5" })];
      const more = Array.from({ length: 7 }, (_, index) => transaction(index + 3));
      await save({ transactions: [usd, eur, ...more] });
      const { money } = documents;
      // Numbers 1 and 2 are booked at START, 3 to 5 one millisecond later, then 6 to 8, then 9.
      expect(await money.firstSince(OWNER, START)).toBe(1);
      expect(await money.firstSince(OWNER, START + 1)).toBe(3);
      expect(await money.firstSince(OWNER, START + 2)).toBe(6);
      expect(await money.firstSince(OWNER, START + 9)).toBe(10);
      expect(await money.between(OWNER, 3, 6, 100)).toEqual(more.slice(0, 3));
      expect(await money.between(OWNER, 3, 6, 2)).toEqual(more.slice(0, 2));
      expect([...(await money.balancesBefore(OWNER, 6))].sort()).toEqual([
        ["EUR", "5.5"],
        ["USD", "5.00"],
      ]);
      expect((await money.balancesBefore(OWNER, 1)).size).toBe(0);
    });

    test("of a transfer a newer version replaces an older one; pages run newest first", async () => {
      const at = (second: number) => new Date(START + second * 1_000).toISOString();
      const transfers = ["a", "b", "c"].map((id, second) => transfer(id, { createdAt: at(second) }));
      await save({ transfers });
      const settled = transfer("b", { createdAt: at(1), status: "settled", sequence: 5, endedBy: "me" });
      await save({ transfers: [settled, transfer("b", { createdAt: at(1), sequence: 2 })] });
      await save({ transfers: [transfer("b", { createdAt: at(1), sequence: 4 })] });
      const { money } = documents;
      expect(await money.transfer(OWNER, "b")).toEqual(settled);
      const first = await money.transfers({ account: OWNER, limit: 2 });
      expect(first).toEqual({ items: [transfers[2], settled], nextCursor: "b" });
      const second = await money.transfers({ account: OWNER, limit: 2, cursor: "b" });
      expect(second).toEqual({ items: [transfers[0]] });
      const wrong = async () => money.transfers({ account: OWNER, limit: 1, cursor: "none" });
      await expect(wrong()).rejects.toMatchObject({ type: "VALIDATION_FAILED" });
    });
  });
}
