/**
 * Users, profiles and account numbers in MongoDB, for identity on several nodes at once. An address is one
 * user's as it is unique; an account number, and a place among a user's accounts, is taken by who inserts it.
 * So nothing is read, changed and written back, and no two nodes can undo each other's change.
 */
import { randomUUID } from "node:crypto";
import type { Model } from "mongoose";
import { assert } from "../../engine/units.ts";
import type { ProfileDocument } from "../../models/profile.model.ts";
import {
  PROFILE_SCHEMA,
  type StoredUser,
  type StoredUserAccount,
  USER_ACCOUNT_SCHEMA,
  USER_SCHEMA,
} from "../../models/stored-user.model.ts";
import type { UserAccount, UserDocument } from "../../models/user.model.ts";
import { Fault } from "../fault.ts";
import {
  ACCOUNT_FIRST,
  ACCOUNTS_PER_USER_MAX,
  emailTaken,
  type NewUser,
  type UserDocuments,
} from "./documents.ts";
import type { Database, MongoConnection } from "./mongo-connection.ts";
import { insertOne } from "./mongo-write.ts";

/** Tries to take a number, where each time somebody else takes it first. */
const TRIES_MAX = 100;

export class MongoUsers implements UserDocuments {
  readonly #connection: MongoConnection;
  readonly #users: Model<StoredUser>;
  readonly #profiles: Model<ProfileDocument>;
  readonly #accounts: Model<StoredUserAccount>;

  constructor(connection: MongoConnection) {
    this.#connection = connection;
    this.#users = connection.model("User", USER_SCHEMA);
    this.#profiles = connection.model("Profile", PROFILE_SCHEMA);
    this.#accounts = connection.model("UserAccount", USER_ACCOUNT_SCHEMA);
  }

  async connect(): Promise<void> {
    this.#connection.open();
  }

  async byEmail(email: string): Promise<UserDocument | undefined> {
    return this.#connection.use(async () => this.#whole(await this.#users.findOne({ email }).lean()));
  }

  async byId(id: string): Promise<UserDocument | undefined> {
    return this.#connection.use(async () => this.#whole(await this.#users.findById(id).lean()));
  }

  async profile(id: string): Promise<ProfileDocument | undefined> {
    return (await this.#connection.use(() => this.#profiles.findById(id).lean())) ?? undefined;
  }

  async insert({ email, name, passwordHash, role }: NewUser, now: number): Promise<UserDocument> {
    const createdAt = new Date(now).toISOString();
    const user: StoredUser = {
      ...{ _id: randomUUID(), email, passwordHash, roles: [role] },
      ...{ version: 1, createdAt },
    };
    const { _id } = user;
    return this.#connection.use(async database => {
      if ((await this.#users.exists({ email })) !== null) throw emailTaken();
      // First what a user needs: one who is there is there whole.
      const id = await this.#takeNumber(database, _id, {});
      await insertOne(database.collection<ProfileDocument>("profiles"), { _id, name, createdAt });
      assert(id !== undefined, "a new user has a place for an account");
      const isFirst = await insertOne(database.collection<StoredUser>("users"), user);
      if (isFirst) return { ...user, accounts: [{ id, opened: false }] };
      await this.#profiles.deleteOne({ _id });
      throw emailTaken();
    });
  }

  async setOpened(id: string, opened: readonly number[]): Promise<void> {
    await this.#connection.use(() =>
      this.#accounts.updateMany({ _id: { $in: [...opened] }, userId: id }, { $set: { opened: true } }),
    );
  }

  async nameAccount(id: string, account: number, name: string): Promise<void> {
    await this.#connection.use(() =>
      this.#accounts.updateOne({ _id: account, userId: id }, { $set: { name } }),
    );
  }

  async addAccount(id: string, chosen: Pick<UserAccount, "name" | "terms">): Promise<number | undefined> {
    return this.#connection.use(async database => {
      if ((await this.#users.exists({ _id: id })) === null) return undefined;
      return this.#takeNumber(database, id, chosen);
    });
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.#connection.use(() =>
      this.#users.updateOne({ _id: id }, { $set: { passwordHash }, $inc: { version: 1 } }),
    );
  }

  async #whole(user: StoredUser | null): Promise<UserDocument | undefined> {
    if (user === null) return undefined;
    const stored = await this.#accounts.find({ userId: user._id }).sort({ place: 1 }).lean();
    const accounts = stored.map(({ _id: id, userId: _his, place: _known, ...account }) => ({
      id,
      ...account,
    }));
    return { ...user, accounts };
  }

  /** The next number that nobody has, at the user's next place; undefined where he has no more places. */
  async #takeNumber(
    database: Database,
    userId: string,
    chosen: Pick<UserAccount, "name" | "terms">,
  ): Promise<number | undefined> {
    const accounts = database.collection<StoredUserAccount>("userAccounts");
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const place = await this.#accounts.countDocuments({ userId });
      if (place >= ACCOUNTS_PER_USER_MAX) return undefined;
      const [newest] = await this.#accounts.find({}, { _id: 1 }).sort({ _id: -1 }).limit(1).lean();
      const _id = newest === undefined ? ACCOUNT_FIRST : newest._id + 1;
      if (await insertOne(accounts, { ...chosen, _id, userId, place, opened: false })) return _id;
    }
    throw new Fault("NOT_READY", "Cannot give out an account number as others take them too: try again");
  }
}
