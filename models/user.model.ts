/**
 * Who may sign in. The e-mail address is kept normalised (trimmed, lower case, NFKC) and is unique; the
 * password is kept as its bcrypt hash only. `version` stands in every refresh token: raising it ends all of
 * them.
 */
export type Role = "trader" | "liquidity" | "operator";

export interface UserAccount {
  readonly id: number;
  /** Whether the ledger has confirmed the opening; asked again at the next sign-in where not. */
  readonly opened: boolean;
  /** What its owner calls it. */
  readonly name?: string;
  /** What it is opened with, where the owner has chosen; else the terms of the venue. */
  readonly terms?: AccountTerms;
}

/** What an account is opened with; the deposit is a decimal string of its currency. */
export interface AccountTerms {
  readonly currency: string;
  readonly leverage: number;
  readonly deposit: string;
}

export interface UserDocument {
  readonly _id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly accounts: readonly UserAccount[];
  readonly version: number;
  readonly createdAt: string;
}
