/**
 * Netted positions, without rounding. A fill that adds to a position adds its value to the cost. One that
 * reduces it releases cost × closed ÷ total, toward zero (the whole cost when it becomes flat: nothing is
 * ever left behind), and realises its value less that. One that turns it over does both. Whatever the
 * truncation, cash − cost changes by exactly the fill's value, so both sides of a trade always sum to zero.
 */
import { assert } from "../units.ts";
import type { Exposure } from "./account.ts";

/** Settles `lots` (positive: bought) at `ticks`; returns the realised profit in quote money. */
export function settlePosition(exposure: Exposure, lots: number, ticks: number): bigint {
  const price = BigInt(ticks) * exposure.instrument.valuePerTickLot;
  const before = exposure.lots;
  const closes = before !== 0 && before > 0 !== lots > 0;
  const closed = closes ? Math.sign(lots) * Math.min(Math.abs(lots), Math.abs(before)) : 0;
  const opened = lots - closed;
  let realised = 0n;
  if (closed !== 0) {
    const flat = before + closed === 0;
    const released = flat
      ? exposure.cost
      : (exposure.cost * BigInt(Math.abs(closed))) / BigInt(Math.abs(before));
    realised = -BigInt(closed) * price - released;
    exposure.cost -= released;
  }
  exposure.cost += BigInt(opened) * price;
  exposure.lots = before + lots;
  assert(Number.isSafeInteger(exposure.lots), "a position is a safe integer of lot steps");
  return realised;
}
