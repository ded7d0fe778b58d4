/** Sets of postings are balanced or refused, and what they move is told. */
import { describe, expect, test } from "vitest";
import { foldLedgerRecord } from "../../../engine/account/ledger-fold.ts";
import { hashShard, readShard, writeShard } from "../../../engine/account/shard/shard-snapshot.ts";
import { ShardState } from "../../../engine/account/shard/shard-state.ts";
import { type ClientAccount, SHARD_ACCOUNTS } from "../../../engine/ledger/ledger-account.ts";
import { isBalanced, type Posting, payment } from "../../../engine/ledger/posting.ts";
import { type Cause, COUNTERPARTS, TRANSACTION_KINDS } from "../../../engine/ledger/transaction.ts";
import { accountId, milliseconds, money } from "../../../engine/units.ts";

const OWNER = accountId(1);
const cash: ClientAccount = { account: OWNER, part: "cash" };
const reserved: ClientAccount = { account: OWNER, part: "reserved" };
const time = milliseconds(7);

function opened(): ShardState {
  const state = new ShardState(0, 1, []);
  const account = { account: OWNER, currency: "USD", leverage: 1, liquidity: false };
  foldLedgerRecord(state, 1, { kind: "open", time, ...account, deposit: money(100n) });
  return state;
}

function because(kind: Cause["kind"], part = 0): Cause {
  return { kind, market: undefined, sequence: 2, part, time };
}

function balances(state: ShardState) {
  const account = state.known(OWNER);
  return [account.balance("USD"), account.reserved("USD"), account.total("USD")];
}

describe("a set of postings", () => {
  test("is balanced where each currency is", () => {
    expect(isBalanced([])).toBe(true);
    expect(isBalanced(payment("house", cash, "USD", 5n))).toBe(true);
    const crossed: Posting[] = [
      { to: "house", currency: "USD", amount: money(5n) },
      { to: cash, currency: "EUR", amount: money(-5n) },
    ];
    expect(isBalanced(crossed)).toBe(false);
    expect(() => opened().post(crossed, because("adjustment"))).toThrow("sum to zero");
  });

  test("moves money between accounts, and is one transaction an account and currency", () => {
    const state = opened();
    state.post(payment(cash, reserved, "USD", 30n), because("withdrawal"));
    expect(balances(state)).toEqual([70n, 30n, 100n]);
    state.post(payment(reserved, "external", "USD", 30n), because("withdrawal"));
    expect(balances(state)).toEqual([70n, 0n, 70n]);
    expect(state.known(OWNER).purse?.reserved.size).toBe(0);
    expect(state.books.balance("external", "USD")).toBe(30n);
    expect(state.log.movements().map(({ kind, amount }) => [kind, amount])).toEqual([
      ["deposit", 100n],
      ["withdrawal", -30n],
    ]);
    foldLedgerRecord(state, 2, { kind: "cut", time, cursors: [] });
    const { transactions } = state.outbox.take();
    expect(transactions.map(({ id, balanceAfter }) => [id, balanceAfter])).toEqual([
      [1, 100n],
      [2, 70n],
    ]);
  });
});

test.each(TRANSACTION_KINDS)("a move by '%s' has its other side in the shard's books", kind => {
  const state = opened();
  const before = state.books.balance(COUNTERPARTS[kind], "USD");
  state.move(state.known(OWNER), "USD", -40n, because(kind));
  expect(state.known(OWNER).balance("USD")).toBe(60n);
  expect(state.books.balance(COUNTERPARTS[kind], "USD")).toBe(before + 40n);
});

describe("books in a snapshot", () => {
  test("come back, and the hash knows each of them but clearing, which follows from the others", () => {
    const hashes = new Set<string>();
    for (const account of SHARD_ACCOUNTS) {
      const state = opened();
      state.post(payment("suspense", "issuer", "USD", 1n), because("adjustment"));
      state.post(payment(cash, account, "USD", 40n), because("adjustment"));
      const restored = new ShardState(0, 1, []);
      readShard(restored, writeShard(state));
      expect(restored.books.sums()).toEqual(state.books.sums());
      expect(restored.books.balance(account, "USD")).toBe(state.books.balance(account, "USD"));
      expect(hashShard(restored)).toBe(hashShard(state));
      hashes.add(hashShard(state));
    }
    expect(hashes.size).toBe(SHARD_ACCOUNTS.length);
  });
});
