/**
 * What orders pay for their trades, by other code than the shards': an order keeps the tier of the command
 * that brought it in; of what it has traded as taker, and of what as maker, each is charged once, rounded up;
 * a fill pays what that grows by. In a spot market it is taken from what the fill brings.
 */
import type { FeeRate, FeeTier } from "../account/charge/fee-tier.ts";
import type { Instrument } from "../instrument.ts";
import type { MarketRecord } from "../market/record.ts";
import type { Lots, OrderId, Side, Ticks } from "../units.ts";

const MILLION = 1_000_000n;
/** Money units of one of a currency. */
const ONE = 100_000_000n;
const STANDARD_LOT = 100_000n;

interface Sums {
  lots: bigint;
  /** In quote money. */
  value: bigint;
}

interface Charged {
  readonly tier: FeeTier;
  /** A leg of a list may be given more after all that it had has traded. */
  readonly inList: boolean;
  readonly taker: Sums;
  readonly maker: Sums;
}

export interface PlainFill {
  readonly orderId: OrderId;
  readonly side: Side;
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly role: "taker" | "maker";
  /** What the order has left. */
  readonly remaining: Lots;
}

const ENDS: ReadonlySet<string> = new Set(["cancelled", "expired", "removed"]);

export class PlainFees {
  /** Orders that pay fees and may trade yet. */
  readonly #orders = new Map<OrderId, Charged>();

  /** `tier`: the one that the record's command names, where it names one. Before its fills are asked for. */
  enter({ command, events }: MarketRecord, tier: FeeTier | undefined): void {
    if (tier === undefined) return;
    const inList = command.kind === "list";
    for (const event of events) {
      if (event.event !== "accepted") continue;
      const none = () => ({ lots: 0n, value: 0n });
      this.#orders.set(event.orderId, { tier, inList, taker: none(), maker: none() });
    }
  }

  /** Orders that the record has ended pay no more. */
  leave({ events }: MarketRecord): void {
    for (const event of events) {
      if (ENDS.has(event.event) && "orderId" in event) this.#orders.delete(event.orderId);
    }
  }

  /** In quote money on margin and where something is sold, else in base money; negative: a rebate. */
  of(instrument: Instrument, { orderId, side, ticks, lots, role, remaining }: PlainFill): bigint {
    const order = this.#orders.get(orderId);
    const { groups = [] } = order?.tier ?? {};
    const group =
      groups.find(({ markets }) => markets.includes(instrument.number)) ??
      groups.findLast(({ markets }) => markets.length === 0);
    if (order === undefined || group === undefined) return 0n;
    const sums = order[role];
    const before = feeOn(group[role], instrument, sums);
    const size = BigInt(lots);
    const value = size * BigInt(ticks) * instrument.valuePerTickLot;
    sums.lots += size;
    sums.value += value;
    const fee = feeOn(group[role], instrument, sums) - before;
    if (remaining === 0 && !order.inList) this.#orders.delete(orderId);
    if (instrument.settlement === "margin") return fee;
    if (side === "sell") return least(fee, value);
    return least(up(fee * size * instrument.baseMoneyPerLot, value), size * instrument.baseMoneyPerLot);
  }
}

function feeOn({ basis, amount, minimum }: FeeRate, instrument: Instrument, { lots, value }: Sums): bigint {
  if (lots === 0n) return 0n;
  const size = lots * instrument.baseMoneyPerLot;
  const fees = {
    perMillion: () => up(value * amount, MILLION * ONE),
    perCent: () => up(value * amount, 100n * ONE),
    perLot: () => up(size * amount, STANDARD_LOT * ONE),
    fixed: () => amount,
  };
  const fee = fees[basis]();
  return minimum > 0n && minimum > fee ? minimum : fee;
}

/** The quotient, rounded toward plus infinity. */
function up(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return quotient * divisor < dividend ? quotient + 1n : quotient;
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
