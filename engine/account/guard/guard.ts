/**
 * Limits and access rights beyond those of every account: of one account, of a group of accounts, of all
 * clients of the venue. Each that there is has to be kept, so the strictest holds. 0 is no limit.
 *
 * A liquidity provider is bound by its own guard alone. Nobody is kept from closing a position by any limit
 * here but an access right.
 */
import type { AccountId, Lots, Milliseconds, Money } from "../../units.ts";

/** What the owner of an account may do with it, from most to least; the index is stored. */
export const ACCESS_RIGHTS = ["full", "closeOnly", "noTrading", "noLogin"] as const;
export type AccessRight = (typeof ACCESS_RIGHTS)[number];

export interface PositionMaximum {
  readonly market: number;
  readonly lots: Lots;
}

/** Money is in the home currency of the account that is bound, whichever that is. */
export interface Guard {
  readonly access: AccessRight;
  readonly openOrdersMaximum: number;
  /** New orders from one 17:00 in New York to the next. */
  readonly dailyOrdersMaximum: number;
  /** Σ of the markets' worst exposures. */
  readonly notionalMaximum: Money;
  /** The same over equity. */
  readonly leverageMaximum: number;
  /** What may be lost from one 17:00 in New York to the next. */
  readonly dailyLossMaximum: Money;
  /** The same in per mille of the equity that the day began with and what was paid in since. */
  readonly dailyLossPerMille: number;
  /** After a trade that closed at a loss nothing is opened for so long. */
  readonly coolDownMs: number;
  /** After so many stop-outs within the window nothing is opened for the pause that follows the last. */
  readonly stopOutsMaximum: number;
  readonly stopWindowMs: number;
  readonly stopPauseMs: number;
  /** Equity over margin used, in per mille, below which the account is told, and below which it is closed. */
  readonly marginCallPerMille: number;
  readonly closeOutPerMille: number;
  /** By market number. */
  readonly positionMaximums: readonly PositionMaximum[];
}

export const NO_GUARD: Guard = {
  access: "full",
  openOrdersMaximum: 0,
  dailyOrdersMaximum: 0,
  notionalMaximum: 0n as Money,
  leverageMaximum: 0,
  dailyLossMaximum: 0n as Money,
  dailyLossPerMille: 0,
  coolDownMs: 0,
  stopOutsMaximum: 0,
  stopWindowMs: 0,
  stopPauseMs: 0,
  marginCallPerMille: 0,
  closeOutPerMille: 0,
  positionMaximums: [],
};

/** Whom a guard binds; the index is stored. */
export const GUARD_SCOPES = ["venue", "group", "account"] as const;
export type GuardScope = (typeof GUARD_SCOPES)[number];

/** Puts a guard in place of the one before, with effect from its record on. */
export interface SetGuard {
  readonly kind: "guard";
  readonly time: Milliseconds;
  readonly scope: GuardScope;
  /** 0 where it is not an account's. */
  readonly account: AccountId;
  /** Name of the group; empty where it is not a group's. */
  readonly group: string;
  readonly guard: Guard;
  /** Who decided it, and why: at most 255 ASCII characters each. */
  readonly by: string;
  readonly reason: string;
}

/** The equity that an account begins a day with, in its home currency. */
export interface Baseline {
  readonly account: AccountId;
  readonly equity: Money;
  /** What had been paid into the account, ever, when it had that equity; by currency. */
  readonly paid: readonly (readonly [currency: string, amount: Money])[];
}

/** A day has begun: 17:00 in New York. */
export interface RecordBaselines {
  readonly kind: "baselines";
  readonly time: Milliseconds;
  /** The trading day that begins, as days since 1970. */
  readonly day: number;
  readonly baselines: readonly Baseline[];
  /** Whether no more of this day follow. */
  readonly last: boolean;
}

/** Of guards, and of what they look at. */
export type GuardCommand = SetGuard | RecordBaselines;

/** The least of the limits that there are; 0 where there is none. */
export function least(guards: readonly Guard[], limitOf: (guard: Guard) => number, own = 0): number {
  let found = own;
  for (const guard of guards) {
    const limit = limitOf(guard);
    if (limit !== 0 && (found === 0 || limit < found)) found = limit;
  }
  return found;
}

export function leastMoney(guards: readonly Guard[], limitOf: (guard: Guard) => Money, own = 0n): bigint {
  let found: bigint = own;
  for (const guard of guards) {
    const limit = limitOf(guard);
    if (limit !== 0n && (found === 0n || limit < found)) found = limit;
  }
  return found;
}

/** The strictest right of all. */
export function accessOf(guards: readonly Guard[]): AccessRight {
  let strictest = 0;
  for (const { access } of guards) strictest = Math.max(strictest, ACCESS_RIGHTS.indexOf(access));
  return ACCESS_RIGHTS[strictest] ?? "full";
}

/** Largest position in a market, the instrument's own limit included. */
export function positionMaximum(guards: readonly Guard[], market: number, own: Lots): number {
  let found: number = own;
  for (const { positionMaximums } of guards) {
    for (const maximum of positionMaximums) {
      if (maximum.market === market && maximum.lots < found) found = maximum.lots;
    }
  }
  return found;
}
