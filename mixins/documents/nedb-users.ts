/**
 * Users, profiles and the counter of account ids, as documents of moleculer-db's NeDB adapter. NeDB appends
 * without a sync; `#sync` makes what was written durable, and is called before the ledger learns of a new
 * account, so that no account number is ever given to two users. A crash in between leaves a number unused.
 * A line that a crash has left half written goes when the files are opened. After a failed write nothing more
 * may be written, or the next line would be joined to half of that one: `onFailed` has to end the process.
 * Worst case: all users are in memory (about 1 kB each).
 */
import { randomUUID } from "node:crypto";
import { open, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import DbService, { type MemoryAdapter } from "moleculer-db";
import type { ProfileDocument } from "../../models/profile.model.ts";
import type { UserAccount, UserDocument } from "../../models/user.model.ts";
import {
  ACCOUNT_FIRST,
  ACCOUNTS_PER_USER_MAX,
  emailTaken,
  type NewUser,
  type UserDocuments,
} from "./documents.ts";

const COUNTER = "counter:account";

/** What NeDB gives beyond moleculer-db's adapter; `db` is there once it is connected. */
interface NedbAdapter extends MemoryAdapter {
  readonly db: {
    ensureIndex(index: { fieldName: string; unique: boolean; sparse: boolean }): Promise<void>;
  };
}

export class NedbUsers implements UserDocuments {
  readonly #users: NedbAdapter;
  readonly #profiles: NedbAdapter;
  readonly #files: readonly string[];
  readonly #onFailed: (error: unknown) => void;
  /** Ends with the change that is under way; who asked for it hears of its failure. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(dataDir: string, onFailed: (error: unknown) => void) {
    this.#onFailed = onFailed;
    const modes = { fileMode: 0o600, dirMode: 0o700 };
    this.#files = ["users.db", "profiles.db"].map(name => join(dataDir, "documents", name));
    const [users, profiles] = this.#files.map(filename => new DbService.MemoryAdapter({ filename, modes }));
    // The adapter's types leave `db` out.
    this.#users = users as NedbAdapter;
    this.#profiles = profiles as NedbAdapter;
  }

  async connect(): Promise<void> {
    for (const file of this.#files) await cutTornLine(file);
    await this.#users.connect();
    await this.#profiles.connect();
    await this.#users.db.ensureIndex({ fieldName: "email", unique: true, sparse: true });
    if ((await this.#users.findById(COUNTER)) === null) {
      await this.#write(() => this.#users.insert({ _id: COUNTER, value: ACCOUNT_FIRST - 1 }));
    }
  }

  async byEmail(email: string): Promise<UserDocument | undefined> {
    return ((await this.#users.findOne({ email })) as UserDocument | null) ?? undefined;
  }

  async byId(id: string): Promise<UserDocument | undefined> {
    if (id === COUNTER) return undefined;
    return ((await this.#users.findById(id)) as UserDocument | null) ?? undefined;
  }

  async profile(id: string): Promise<ProfileDocument | undefined> {
    return ((await this.#profiles.findById(id)) as ProfileDocument | null) ?? undefined;
  }

  async insert(user: NewUser, now: number): Promise<UserDocument> {
    const { email, name, passwordHash, role } = user;
    if ((await this.byEmail(email)) !== undefined) throw emailTaken();
    const createdAt = new Date(now).toISOString();
    const document: UserDocument = {
      _id: randomUUID(),
      email,
      passwordHash,
      roles: [role],
      accounts: [{ id: await this.#nextAccount(), opened: false }],
      version: 1,
      createdAt,
    };
    try {
      await this.#write(() => this.#users.insert(document));
    } catch (error) {
      if (isUniqueViolated(error)) throw emailTaken();
      throw error;
    }
    const profile: ProfileDocument = { _id: document._id, name, createdAt };
    await this.#write(() => this.#profiles.insert(profile));
    await this.#write(() => this.#sync());
    return document;
  }

  setOpened(id: string, opened: readonly number[]): Promise<void> {
    return this.#inTurn(async () => {
      const user = await this.byId(id);
      const accounts = user?.accounts.map(each =>
        opened.includes(each.id) ? { ...each, opened: true } : each,
      );
      if (accounts !== undefined) await this.#write(() => this.#users.updateById(id, { $set: { accounts } }));
    });
  }

  nameAccount(id: string, account: number, name: string): Promise<void> {
    return this.#inTurn(async () => {
      const user = await this.byId(id);
      const accounts = user?.accounts.map(each => (each.id === account ? { ...each, name } : each));
      if (accounts === undefined) return;
      await this.#write(() => this.#users.updateById(id, { $set: { accounts } }));
      await this.#write(() => this.#sync());
    });
  }

  addAccount(id: string, chosen: Pick<UserAccount, "name" | "terms">): Promise<number | undefined> {
    return this.#inTurn(async () => {
      const user = await this.byId(id);
      if (user === undefined || user.accounts.length >= ACCOUNTS_PER_USER_MAX) return undefined;
      const account: UserAccount = { ...chosen, id: await this.#nextAccount(), opened: false };
      const accounts = [...user.accounts, account];
      await this.#write(() => this.#users.updateById(id, { $set: { accounts } }));
      await this.#write(() => this.#sync());
      return account.id;
    });
  }

  /** One change of somebody's accounts at a time: each begins with what the one before has left. */
  #inTurn<Done>(work: () => Promise<Done>): Promise<Done> {
    const done = this.#turn.then(work);
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.#write(() => this.#users.updateById(id, { $set: { passwordHash }, $inc: { version: 1 } }));
  }

  async #sync(): Promise<void> {
    for (const file of this.#files) {
      const handle = await open(file, "r+");
      try {
        await handle.datasync();
      } finally {
        await handle.close();
      }
    }
  }

  async #nextAccount(): Promise<number> {
    const counter = await this.#write(() => this.#users.updateById(COUNTER, { $inc: { value: 1 } }));
    return (counter as { value: number }).value;
  }

  async #write<Written>(write: () => Promise<Written>): Promise<Written> {
    try {
      return await write();
    } catch (error) {
      if (!isUniqueViolated(error)) this.#onFailed(error);
      throw error;
    }
  }
}

/** NeDB refuses to open a small file with one bad line, and drops it from a large one without a word. */
async function cutTornLine(file: string): Promise<void> {
  try {
    const whole = (await readFile(file)).lastIndexOf("\n") + 1;
    await truncate(file, whole);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

function isUniqueViolated(error: unknown): boolean {
  return error instanceof Error && "errorType" in error && error.errorType === "uniqueViolated";
}
