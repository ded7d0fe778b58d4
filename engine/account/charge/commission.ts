/**
 * What an order's trades would be charged, told before it is sent: in the role that they are expected in. One
 * that trades at once or not at all is a taker, one that rests a maker; one that may do both is charged the
 * dearer role. It is counted at its limit, where a sell may meet a higher bid at that, and without a limit at
 * the mark or the stop price, whichever is higher. What a decision asks for is counted more strictly
 * (`fee-check.ts`).
 */
import type { Instrument } from "../../instrument.ts";
import type { Account } from "../account.ts";
import type { OrderRequest } from "../command.ts";
import type { Claim } from "../order/claims.ts";
import { convertUp } from "../position/conversion.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { type FeeRole, feeOf, groupOf } from "./fee-tier.ts";

const EITHER: readonly FeeRole[] = ["maker", "taker"];

/** In which roles an order may trade; `bid` and `ask`: 0 where there is none. */
export function expectedRoles(
  { side, type, timeInForce, postOnly, ticks, terms }: OrderRequest,
  { bid, ask }: { readonly bid: number; readonly ask: number },
): readonly FeeRole[] {
  if (postOnly || terms?.slide === true) return ["maker"];
  if (type === "market" || timeInForce === "IOC" || timeInForce === "FOK") return ["taker"];
  if (terms?.trigger !== undefined || terms?.peg !== undefined) return EITHER;
  const crosses = side === "buy" ? ask !== 0 && ticks >= ask : bid !== 0 && ticks <= bid;
  return crosses ? EITHER : ["maker"];
}

/** Home money, negative for a rebate; 0 where trades are free; undefined where a mark is missing. */
export function commissionOf(
  state: ShardState,
  account: Account,
  instrument: Instrument,
  request: OrderRequest,
  claim: Claim,
): bigint | undefined {
  const tier = state.charges.tier(account.charges.tier);
  const group = tier && groupOf(tier, instrument.number);
  if (group === undefined) return 0n;
  const market = instrument.number;
  const quoted = state.marks.get(market) ?? { bid: 0, ask: 0 };
  const value = worthOf(state, instrument, request, claim.lots);
  if (value === 0n) return undefined;
  const traded = { lots: claim.lots, value };
  let dearest: bigint | undefined;
  for (const role of expectedRoles(request, quoted)) {
    const fee = feeOf(group[role], instrument, traded);
    if (dearest === undefined || fee > dearest) dearest = fee;
  }
  const rate = state.conversion.rate(instrument.quote, account.currency);
  return rate && dearest !== undefined ? convertUp(dearest, rate) : undefined;
}

/** Ticks × lots; 0 where there is no price. */
function worthOf(
  state: ShardState,
  { number, valuePerTickLot }: Instrument,
  { side, ticks, terms }: OrderRequest,
  lots: number,
): bigint {
  if (terms?.budget !== undefined) return terms.budget / valuePerTickLot;
  const mark = state.marks.closing(number, side);
  const price = side === "buy" && ticks !== 0 ? ticks : Math.max(ticks, mark, terms?.trigger?.stopTicks ?? 0);
  return BigInt(price) * BigInt(lots);
}
