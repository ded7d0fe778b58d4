/**
 * The fee of one fill: what the fee of its order and role grows by. See `fee-tier.ts`.
 *
 * On margin it is paid in the quote currency. In a spot market it is paid from what the fill brings, so that
 * no fee can ever overdraw a balance or has to be set aside: a seller pays in the quote, a buyer in the base,
 * at the fill's own price (rounded up once more), and neither more than it receives.
 */
import type { Instrument } from "../../instrument.ts";
import type { MarketRecord } from "../../market/record.ts";
import type { Lots, Money, Side, Ticks } from "../../units.ts";
import type { Account } from "../account.ts";
import type { Order } from "../order/order.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { type FeeRole, feeOf, groupOf, type Traded } from "./fee-tier.ts";

/** What an order remembers of its fees. */
export interface OrderFees {
  /** The tier that it entered with. */
  readonly tier: number;
  /** Of what has filled, what it has traded as maker: lots, and ticks × lots. */
  makerLots: number;
  makerValue: bigint;
  /** So far, in the currency that its fees are paid in; negative: rebates. */
  paid: bigint;
}

export function feesOf(tier: number): OrderFees {
  return { tier, makerLots: 0, makerValue: 0n, paid: 0n };
}

export interface FeeFill {
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly role: FeeRole;
  /** Names this side of the trade within the record. */
  readonly part: number;
}

/** The currency that an order's fees are paid in. */
export function feeCurrency({ settlement, base, quote }: Instrument, side: Side): string {
  return settlement === "spot" && side === "buy" ? base : quote;
}

/** Charges an order whose sums count the fill already; undefined where its trades are free. */
export function chargeFill(
  state: ShardState,
  { market, sequence, command, events }: MarketRecord,
  account: Account,
  order: Order,
  fill: FeeFill,
): Money | undefined {
  const { fees } = order;
  if (fees === undefined) return undefined;
  const tier = state.charges.tier(fees.tier);
  const group = tier && groupOf(tier, market);
  const after = tradedAfter(order, fees, fill);
  if (group === undefined) return 0n as Money;
  const instrument = state.instrument(market);
  const before = {
    lots: after.lots - fill.lots,
    value: after.value - BigInt(fill.ticks) * BigInt(fill.lots),
  };
  const rate = group[fill.role];
  const growth = feeOf(rate, instrument, after) - feeOf(rate, instrument, before);
  const paid = payable(instrument, order.side, fill, growth);
  fees.paid += paid;
  state.move(account, feeCurrency(instrument, order.side), -paid, {
    kind: paid > 0n ? "fee" : "rebate",
    ...{ market, sequence, time: command.time, orderId: order.id },
    // Beyond the parts of the record's trades, so that those keep their numbers.
    part: 4 * events.length + fill.part,
  });
  return paid as Money;
}

/** All that the order has traded in the fill's role, the fill included. */
function tradedAfter(order: Order, fees: OrderFees, { ticks, lots, role }: FeeFill): Traded {
  if (role === "taker") {
    return { lots: order.filledLots - fees.makerLots, value: order.filledValue - fees.makerValue };
  }
  fees.makerLots += lots;
  fees.makerValue += BigInt(ticks) * BigInt(lots);
  return { lots: fees.makerLots, value: fees.makerValue };
}

/** A fee in quote money as what the fill has to pay. */
function payable(instrument: Instrument, side: Side, { ticks, lots }: FeeFill, fee: bigint): bigint {
  if (instrument.settlement === "margin") return fee;
  const price = BigInt(ticks) * instrument.valuePerTickLot;
  if (side === "sell") return smaller(fee, price * BigInt(lots));
  const inBase = fee * instrument.baseMoneyPerLot;
  const rounded = inBase / price + (inBase > 0n && inBase % price !== 0n ? 1n : 0n);
  return smaller(rounded, BigInt(lots) * instrument.baseMoneyPerLot);
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
