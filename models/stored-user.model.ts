/** Users, their profiles, and the accounts that were given out, as MongoDB keeps them. */
import { Schema } from "mongoose";
import type { ProfileDocument } from "./profile.model.ts";
import type { AccountTerms, UserDocument } from "./user.model.ts";

/** What he has of accounts lies beside it, so that two changes never touch the same document. */
export type StoredUser = Omit<UserDocument, "accounts">;

/** A number is taken by who inserts it, so by one; and so is a place among a user's accounts. */
export interface StoredUserAccount {
  /** The account's number. */
  readonly _id: number;
  readonly userId: string;
  /** 0, 1, 2 … of the user's accounts. */
  readonly place: number;
  readonly opened: boolean;
  readonly name?: string;
  readonly terms?: AccountTerms;
}

const OPTIONS = { versionKey: false, autoIndex: false, autoCreate: false, bufferCommands: false } as const;
const TEXT = { type: String, required: true } as const;
const NUMBER = { type: Number, required: true } as const;

export const USER_SCHEMA = new Schema<StoredUser>(
  {
    _id: TEXT,
    email: TEXT,
    // Empty where nobody may sign in with one.
    passwordHash: String,
    roles: [String],
    version: NUMBER,
    createdAt: TEXT,
  },
  { ...OPTIONS, collection: "users" },
);
USER_SCHEMA.index({ email: 1 }, { unique: true });

export const PROFILE_SCHEMA = new Schema<ProfileDocument>(
  { _id: TEXT, name: TEXT, createdAt: TEXT },
  { ...OPTIONS, collection: "profiles" },
);

/** What it is opened with: a demo account's terms of today, or of a later version. */
const TERMS = new Schema<AccountTerms>({}, { _id: false, strict: false });

export const USER_ACCOUNT_SCHEMA = new Schema<StoredUserAccount>(
  {
    _id: NUMBER,
    userId: TEXT,
    place: NUMBER,
    opened: { type: Boolean, required: true },
    name: String,
    terms: TERMS,
  },
  { ...OPTIONS, collection: "userAccounts" },
);
USER_ACCOUNT_SCHEMA.index({ userId: 1, place: 1 }, { unique: true });
