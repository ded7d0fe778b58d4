/**
 * How an account's margin level, equity over margin used, is judged. Below the call level a margin call
 * begins; it extends with each further tenth that is lost and ends only some way above the level at which it
 * began, so that a price that goes to and fro is told once. Below the close-out level positions are closed.
 * Of an account's, its group's and the venue's levels the highest holds.
 */
import type { Account } from "../account.ts";
import type { Guard } from "./guard.ts";
import { type CallEvent, PER_MILLE_MAX } from "./margin-command.ts";

/** In per mille, where no guard says otherwise. */
export const CALL_PER_MILLE = 1_000;
export const CLOSE_OUT_PER_MILLE = 500;
/** How far above the call level a call ends, and how far a level has to fall to extend one. */
export const HYSTERESIS_PER_MILLE = 50;
export const EXTENDS_PER_MILLE = 100;

export interface Levels {
  readonly call: number;
  readonly closeOut: number;
}

export function levelsOf(guards: readonly Guard[]): Levels {
  let [call, closeOut] = [0, 0];
  for (const { marginCallPerMille, closeOutPerMille } of guards) {
    call = Math.max(call, marginCallPerMille);
    closeOut = Math.max(closeOut, closeOutPerMille);
  }
  return { call: call || CALL_PER_MILLE, closeOut: closeOut || CLOSE_OUT_PER_MILLE };
}

/** Rounded down; an account that uses no margin has the highest level there is. */
export function perMilleOf(equity: bigint, marginUsed: bigint): number {
  if (marginUsed === 0n) return PER_MILLE_MAX;
  if (equity <= 0n) return 0;
  const perMille = (equity * 1_000n) / marginUsed;
  return perMille > BigInt(PER_MILLE_MAX) ? PER_MILLE_MAX : Number(perMille);
}

/** Levels from `low` to below `high` tell nothing new of the account. */
export function quietLevels({ watch }: Account, { call, closeOut }: Levels) {
  const called = watch?.calledPerMille;
  if (called === undefined) return { low: Math.max(call, closeOut), high: Number.POSITIVE_INFINITY };
  const low = Math.max(closeOut, called - EXTENDS_PER_MILLE + 1);
  return { low, high: call + HYSTERESIS_PER_MILLE };
}

/** What a level tells of a margin call; undefined where it tells nothing new. */
export function callEventOf({ watch }: Account, { call }: Levels, perMille: number): CallEvent | undefined {
  const called = watch?.calledPerMille;
  if (called === undefined) return perMille < call ? "enter" : undefined;
  if (perMille >= call + HYSTERESIS_PER_MILLE) return "leave";
  return perMille <= called - EXTENDS_PER_MILLE ? "extend" : undefined;
}
