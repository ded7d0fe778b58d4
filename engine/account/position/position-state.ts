/**
 * Positions as their account sees them: a netting account's one a market, a hedging account's tickets each by
 * itself. A profit is what closing at the mark of the side that would close wins; pips are that of one unit.
 */
import { formatDecimal } from "../../decimal.ts";
import type { Instrument } from "../../instrument.ts";
import type { Milliseconds, Money, OrderId } from "../../units.ts";
import type { Account } from "../account.ts";
import type { Conversion } from "./conversion.ts";
import type { Marks } from "./marks.ts";
import type { Holding } from "./position.ts";
import { profitHome, unrealisedOf } from "./valuation.ts";

const PIP_DIGITS = 1;

export interface PositionState {
  readonly market: number;
  /** Of a hedging account: the order that opened it, by which it is closed, and when it did. */
  readonly ticket?: OrderId;
  readonly openedAt?: Milliseconds;
  /** Short is negative. */
  readonly lots: number;
  readonly cost: Money;
  /** Cost over size, half away from zero to one place more than the price has. */
  readonly averagePrice: string;
  readonly unrealisedProfit: Money | undefined;
  readonly unrealisedProfitHome: Money | undefined;
  /** Unrealised, with one decimal place, half away from zero. */
  readonly pips: string | undefined;
  /** By what has been closed of it, in quote money. */
  readonly realisedProfit: Money;
}

/** n ÷ d to the nearest whole, half away from zero; d is positive. */
function nearest(n: bigint, d: bigint): bigint {
  const half = n < 0n ? -d : d;
  return (2n * n + half) / (2n * d);
}

export function averagePrice(instrument: Instrument, { lots, cost }: Holding): string {
  // Cost and lots have the same sign; ticks × tickUnits is the price, ten times that has one more place.
  const [size, paid] = lots < 0 ? [-lots, -cost] : [lots, cost];
  const numerator = paid * instrument.tickUnits * 10n;
  return formatDecimal(
    nearest(numerator, BigInt(size) * instrument.valuePerTickLot),
    instrument.priceDigits + 1,
  );
}

function pipsOf(instrument: Instrument, lots: number, profit: bigint | undefined): string | undefined {
  if (profit === undefined) return undefined;
  const pip = BigInt(Math.abs(lots)) * instrument.valuePerTickLot * BigInt(instrument.ticksPerPip);
  return formatDecimal(nearest(profit * 10n ** BigInt(PIP_DIGITS), pip), PIP_DIGITS);
}

/** Open positions by market number, tickets of one market oldest first. */
export function positionsOf(account: Account, conversion: Conversion, marks: Marks): PositionState[] {
  const stateOf = (
    instrument: Instrument,
    holding: Holding & { readonly realised: bigint },
  ): PositionState => {
    const profit = unrealisedOf(instrument, holding, marks);
    return {
      market: instrument.number,
      lots: holding.lots,
      cost: holding.cost as Money,
      averagePrice: averagePrice(instrument, holding),
      unrealisedProfit: profit as Money | undefined,
      unrealisedProfitHome: profitHome(account, instrument, profit, conversion) as Money | undefined,
      pips: pipsOf(instrument, holding.lots, profit),
      realisedProfit: holding.realised as Money,
    };
  };
  const positions: PositionState[] = [];
  for (const [, exposure] of [...account.exposures].sort(([left], [right]) => left - right)) {
    const { instrument, tickets } = exposure;
    if (tickets === undefined && exposure.lots !== 0) positions.push(stateOf(instrument, exposure));
    for (const ticket of tickets?.values() ?? []) {
      const { id, openedAt } = ticket;
      positions.push({ ...stateOf(instrument, ticket), ticket: id, openedAt });
    }
  }
  return positions;
}
