/** What a command may be charged, for the check before it goes: a fee lowers the equity that margin needs. */

import type { Case } from "../order/wish.ts";
import { convertUp } from "../position/conversion.ts";
import { groupOf, worstFee } from "./fee-tier.ts";

/**
 * The most in home money, what is bought counted at its worst price and what is sold at the ask. 0 where
 * trades are free; undefined where the quote currency can't be converted.
 */
export function feeAsked({ state, account, instrument, wish }: Case): bigint | undefined {
  const tier = state.charges.tier(account.charges.tier);
  const group = tier && groupOf(tier, instrument.number);
  if (group === undefined) return 0n;
  const ask = BigInt(state.marks.closing(instrument.number, "buy"));
  let fee = 0n;
  for (const { side, lots, buyValue } of wish.claims) {
    const value = side === "buy" ? buyValue : BigInt(lots) * ask;
    fee += worstFee(group, instrument, { lots, value });
  }
  if (fee === 0n) return 0n;
  const rate = state.conversion.rate(instrument.quote, account.currency);
  return rate && convertUp(fee, rate);
}
