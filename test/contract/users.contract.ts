/** What every implementation of UserDocuments has to do. `make` gives a new, empty one that is connected. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  ACCOUNT_FIRST,
  ACCOUNTS_PER_USER_MAX,
  type UserDocuments,
} from "../../mixins/documents/documents.ts";

export interface UsersUnderTest {
  readonly users: UserDocuments;
  /** The same as another process sees it: of one node the next, of a cluster another node now. */
  other(): Promise<UserDocuments>;
  dispose(): Promise<void>;
}

const NOW = Date.parse("2026-01-01T00:00:00.000Z");
const TERMS = { currency: "EUR", leverage: 30, deposit: "0" };

export function usersContract(implementation: string, make: () => Promise<UsersUnderTest>): void {
  describe(`${implementation} as UserDocuments`, () => {
    let made: UsersUnderTest;
    let users: UserDocuments;

    beforeEach(async () => {
      made = await make();
      users = made.users;
    });
    afterEach(() => made.dispose());

    const insert = (name: string, by: UserDocuments = users) =>
      by.insert({ email: `${name}@example.org`, name, passwordHash: "hash", role: "trader" }, NOW);

    test("a user is found by address and by id, with a profile", async () => {
      const ada = await insert("ada");
      expect(ada).toMatchObject({
        email: "ada@example.org",
        passwordHash: "hash",
        roles: ["trader"],
        accounts: [{ id: ACCOUNT_FIRST, opened: false }],
        version: 1,
        createdAt: "2026-01-01T00:00:00.000Z",
      });
      const other = await made.other();
      expect(await other.byEmail("ada@example.org")).toEqual(ada);
      expect(await other.byId(ada._id)).toEqual(ada);
      expect(await other.profile(ada._id)).toEqual({ _id: ada._id, name: "ada", createdAt: ada.createdAt });
      expect(await other.byEmail("eve@example.org")).toBeUndefined();
      expect(await other.byId("nobody")).toBeUndefined();
      expect(await other.profile("nobody")).toBeUndefined();
    });

    test("an address is one user's, also where many register with it at once", async () => {
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => insert("ada")));
      const made = outcomes.flatMap(each => (each.status === "fulfilled" ? [each.value] : []));
      expect(made).toHaveLength(1);
      for (const each of outcomes) {
        if (each.status === "rejected") expect(each.reason).toMatchObject({ type: "EMAIL_TAKEN" });
      }
      expect(await users.byEmail("ada@example.org")).toEqual(made[0]);
      await expect(insert("ada")).rejects.toMatchObject({ type: "EMAIL_TAKEN" });
    });

    test("no account number is given out twice, also where many register at once", async () => {
      const names = Array.from({ length: 10 }, (_, index) => `user-${index}`);
      const all = await Promise.all(names.map(name => insert(name)));
      const further = await Promise.all(all.map(({ _id }) => users.addAccount(_id, { terms: TERMS })));
      const numbers = [...all.flatMap(({ accounts }) => accounts.map(({ id }) => id)), ...further];
      expect(new Set(numbers).size).toBe(20);
      expect(Math.min(...numbers.map(Number))).toBe(ACCOUNT_FIRST);
    });

    test("a user's accounts are added, named and opened, and no change is lost", async () => {
      const { _id, accounts } = await insert("ada");
      const [first] = accounts.map(({ id }) => id);
      const second = await users.addAccount(_id, { terms: TERMS, name: "savings" });
      const third = await users.addAccount(_id, { terms: TERMS });
      if (first === undefined || second === undefined || third === undefined) throw new Error("No number");
      await Promise.all([users.setOpened(_id, [first, second]), users.nameAccount(_id, third, "third")]);
      expect((await (await made.other()).byId(_id))?.accounts).toEqual([
        { id: first, opened: true },
        { id: second, opened: true, name: "savings", terms: TERMS },
        { id: third, opened: false, name: "third", terms: TERMS },
      ]);
    });

    test("a user has as many accounts as he may", async () => {
      const { _id } = await insert("ada");
      const added: (number | undefined)[] = [];
      for (let more = 0; more < ACCOUNTS_PER_USER_MAX; more++) {
        added.push(await users.addAccount(_id, { terms: TERMS }));
      }
      expect(added.filter(id => id !== undefined)).toHaveLength(ACCOUNTS_PER_USER_MAX - 1);
      expect((await users.byId(_id))?.accounts).toHaveLength(ACCOUNTS_PER_USER_MAX);
      expect(await users.addAccount("nobody", { terms: TERMS })).toBeUndefined();
    });

    test("another password ends all refresh tokens", async () => {
      const { _id } = await insert("ada");
      await users.setPassword(_id, "other");
      expect(await users.byId(_id)).toMatchObject({ passwordHash: "other", version: 2 });
    });
  });
}
