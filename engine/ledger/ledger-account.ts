/**
 * The accounts that money stands on. A client's account has two parts: `cash`, and `reserved` for what a
 * pending transfer takes out of it. Each shard has accounts of its own, which are the other side of all that
 * happens to its clients. An amount above zero is owned by the account's holder, one below is owed. Per shard
 * and currency all of them sum to zero.
 */
import type { AccountId } from "../units.ts";

/**
 *   issuer      demo money that accounts were opened with
 *   clearing    what fills have moved: over all shards, with what open positions have cost, zero
 *   fees        commissions and other charges, less rebates
 *   swaps       what positions held overnight have paid and earned
 *   house       the venue's own money: adjustments, and losses beyond an account's money
 *   conversion  the other side of money changed into another currency
 *   suspense    money that nobody has been found to own
 *   external    banks: negative by what has come in and not gone out
 *   transit     on its way between shards: over all shards what is debited and not yet credited
 *
 * The index is stored: new ones come last.
 */
export const SHARD_ACCOUNTS = [
  "issuer",
  "clearing",
  "fees",
  "swaps",
  "house",
  "conversion",
  "suspense",
  "external",
  "transit",
] as const;
export type ShardAccount = (typeof SHARD_ACCOUNTS)[number];

export type ClientPart = "cash" | "reserved";

export interface ClientAccount {
  readonly account: AccountId;
  readonly part: ClientPart;
}

export type LedgerAccount = ShardAccount | ClientAccount;
