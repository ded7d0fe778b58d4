/**
 * How much may be paid in and out: per calendar day (UTC) and in 30 of them, by how well the account's owner
 * is known. Amounts count in USD at the marks of the decision, and the amount that counted is recorded with
 * the transfer, so that what is used up is a sum of facts. A transfer that was given up counts no more; one
 * that was settled in part counts whole.
 */
import type { Milliseconds } from "../units.ts";

export type PaymentKind = "deposit" | "withdrawal";

/** What the limits are stated in. */
export const LIMIT_CURRENCY = "USD";
const DAY_MS = 86_400_000;
const DAYS = 30;
const USD_1 = 100_000_000n;

interface PaymentLimit {
  readonly day: bigint;
  readonly month: bigint;
}

/** By level: not known, name and address, documents, all of it proven. Higher ones are as the last. */
export const PAYMENT_LIMITS: readonly Readonly<Record<PaymentKind, PaymentLimit>>[] = [
  { deposit: limit(2_000n, 10_000n), withdrawal: limit(1_000n, 5_000n) },
  { deposit: limit(10_000n, 50_000n), withdrawal: limit(10_000n, 50_000n) },
  { deposit: limit(100_000n, 1_000_000n), withdrawal: limit(100_000n, 1_000_000n) },
  { deposit: limit(5_000_000n, 50_000_000n), withdrawal: limit(5_000_000n, 50_000_000n) },
];

function limit(day: bigint, month: bigint): PaymentLimit {
  return { day: day * USD_1, month: month * USD_1 };
}

/** The limits of a level. */
export function paymentLimit(kycLevel: number, kind: PaymentKind): PaymentLimit {
  const level = PAYMENT_LIMITS[Math.min(kycLevel, PAYMENT_LIMITS.length - 1)] ?? PAYMENT_LIMITS[0];
  return level?.[kind] ?? limit(0n, 0n);
}

/** What an account has paid in and out, by day; of the newest 30 days. */
export class Payments {
  readonly #days: Readonly<Record<PaymentKind, Map<number, bigint>>> = {
    deposit: new Map(),
    withdrawal: new Map(),
  };

  add(kind: PaymentKind, time: Milliseconds, amount: bigint): void {
    if (amount === 0n) return;
    const day = dayOf(time);
    const days = this.#days[kind];
    const sum = (days.get(day) ?? 0n) + amount;
    if (sum === 0n) days.delete(day);
    else days.set(day, sum);
    const newest = Math.max(...days.keys());
    for (const each of days.keys()) if (each <= newest - DAYS) days.delete(each);
  }

  /** Takes back what a transfer of that time has counted, as long as its day is remembered. */
  remove(kind: PaymentKind, time: Milliseconds, amount: bigint): void {
    if (this.#days[kind].has(dayOf(time))) this.add(kind, time, -amount);
  }

  /** Used up on the day of `time`, and in the 30 that end with it. */
  used(kind: PaymentKind, time: Milliseconds): PaymentLimit {
    const today = dayOf(time);
    let month = 0n;
    for (const [day, amount] of this.#days[kind]) if (day > today - DAYS) month += amount;
    return { day: this.#days[kind].get(today) ?? 0n, month };
  }

  /** By kind and day, in order. */
  entries(kind: PaymentKind): [day: number, amount: bigint][] {
    return [...this.#days[kind]].sort(([left], [right]) => left - right);
  }

  /** As `entries` told it. */
  restore(kind: PaymentKind, day: number, amount: bigint): void {
    this.#days[kind].set(day, amount);
  }
}

function dayOf(time: Milliseconds): number {
  return Math.floor(time / DAY_MS);
}
