/**
 * What an account has of transfers: money that pending ones reserve, the transfers themselves (pending ones,
 * and ended ones until they are stored), and what it has paid in and out lately. Most accounts have none of
 * it, so it is made when it is first needed. `held…` is the overlay: debits on their way to the ledger, no
 * fact, in no hash and no snapshot.
 */
import { Payments } from "../../ledger/payment-limits.ts";
import type { TransferState } from "../../ledger/transfer.ts";

export class Purse {
  /** By currency; none is zero. */
  readonly reserved = new Map<string, bigint>();
  readonly held = new Map<string, bigint>();
  readonly transfers = new Map<string, TransferState>();
  readonly payments = new Payments();

  get pending(): number {
    let pending = 0;
    for (const { status } of this.transfers.values()) if (status === "pending") pending++;
    return pending;
  }

  reserve(currency: string, amount: bigint): void {
    addTo(this.reserved, currency, amount);
  }

  hold(currency: string, amount: bigint): void {
    addTo(this.held, currency, amount);
  }
}

function addTo(amounts: Map<string, bigint>, currency: string, amount: bigint): void {
  const sum = (amounts.get(currency) ?? 0n) + amount;
  if (sum === 0n) amounts.delete(currency);
  else amounts.set(currency, sum);
}
