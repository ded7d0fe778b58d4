/**
 * What kind of account it is, given once when it opens, and its profile, which a record may change. Only
 * decisions read the profile; the folds of markets read nothing of it but the position mode, which is fixed
 * for ever, so that equal facts make equal accounts in whatever order they are heard.
 */
import type { AccountId, Milliseconds } from "../units.ts";

/** What an account may trade: spot instruments, margin instruments, or both. The index is stored. */
export const WALLETS = ["universal", "margin", "spot"] as const;
export type Wallet = (typeof WALLETS)[number];

/** Accounts of one never share money with those of the other. */
export const ENVIRONMENTS = ["demo", "live"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** One net position a market, or a ticket for each order that opens one. */
export const POSITION_MODES = ["netting", "hedging"] as const;
export type PositionMode = (typeof POSITION_MODES)[number];

/** Where long and short meet: within a market, or in each currency that markets share. */
export const MARGIN_BASES = ["symbol", "currency"] as const;
/** What long and short together take: the sum of both, the larger of the two, or their difference. */
export const MARGIN_COMBINATIONS = ["sum", "max", "net"] as const;

export interface MarginMode {
  readonly basis: (typeof MARGIN_BASES)[number];
  readonly combination: (typeof MARGIN_COMBINATIONS)[number];
}

export interface AccountKind {
  readonly wallet: Wallet;
  readonly environment: Environment;
  readonly positions: PositionMode;
  /** The account that it is a sub-account of; 0 for none. */
  readonly parent: AccountId;
}

export interface AccountProfile {
  readonly marginMode: MarginMode;
  /** Pays a fee in place of swaps. */
  readonly swapFree: boolean;
  /** Name of the group whose limits and prices hold for it; empty for none. ASCII. */
  readonly group: string;
  /** How well its owner is known: 0 for not at all. */
  readonly kycLevel: number;
}

/** Replaces an account's leverage and profile whole. */
export interface ChangeProfile extends AccountProfile {
  readonly kind: "profile";
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly leverage: number;
  /** Who decided it, and why; ASCII. */
  readonly by: string;
  readonly reason: string;
}

/** Of what an account is, beyond its opening. */
export type ProfileCommand = ChangeProfile;

/** Of accounts that name no kind. */
export const DEFAULT_KIND: AccountKind = {
  wallet: "universal",
  environment: "demo",
  positions: "netting",
  parent: 0 as AccountId,
};

export const DEFAULT_PROFILE: AccountProfile = {
  marginMode: { basis: "symbol", combination: "max" },
  swapFree: false,
  group: "",
  kycLevel: 0,
};

/** The same kind, which is the default's own object where it is equal to it. */
export function kindOrDefault(kind: AccountKind): AccountKind {
  const { wallet, environment, positions, parent } = kind;
  const isDefault = wallet === "universal" && environment === "demo" && positions === "netting";
  return isDefault && parent === 0 ? DEFAULT_KIND : { wallet, environment, positions, parent };
}

/** The same for a profile; what else its object holds is left out. */
export function profileOrDefault({ marginMode, swapFree, group, kycLevel }: AccountProfile): AccountProfile {
  const { basis, combination } = marginMode;
  const isDefault = basis === "symbol" && combination === "max" && !swapFree && group === "";
  if (isDefault && kycLevel === 0) return DEFAULT_PROFILE;
  return { marginMode: { basis, combination }, swapFree, group, kycLevel };
}
