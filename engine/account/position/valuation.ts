/**
 * What an account is worth and what it has tied up, at the marks. All amounts are exact in their own currency
 * and rounded once, against the account, when turned into its home currency; undefined says that a mark is
 * missing.
 *
 * Equity = all balances + the unrealised profit of all positions, marked by the side that would close them.
 * What they tie up is in `margin.ts`.
 */
import type { Instrument } from "../../instrument.ts";
import type { Money } from "../../units.ts";
import { type Account, type Exposure, hasPosition } from "../account.ts";
import { type Conversion, convertDown, convertUp } from "./conversion.ts";
import { type Further, marginUsed } from "./margin.ts";
import type { Marks } from "./marks.ts";
import type { Holding } from "./position.ts";
import { NO_CLAIMS, worstOf } from "./worst.ts";

export interface AccountSummary {
  readonly currency: string;
  /** All balances, in home money; undefined where one cannot be converted. */
  readonly balance: Money | undefined;
  readonly equity: Money | undefined;
  readonly marginUsed: Money | undefined;
  readonly freeMargin: Money | undefined;
  readonly leverage: number;
  /** Version of the account: goes up with each event that touches it. */
  readonly sequence: number;
}

export interface CurrencyBalance {
  readonly currency: string;
  /** Cash and what pending transfers reserve of it. */
  readonly total: Money;
  /** Tied up by transfers and spot orders; of the home currency also the margin used, as far as known. */
  readonly locked: Money;
  /** The rest, which may be below zero. */
  readonly available: Money;
}

/** A sum that is undefined as soon as one part of it is. */
function sumOf<T>(items: Iterable<T>, partOf: (item: T) => bigint | undefined): bigint | undefined {
  let sum = 0n;
  for (const item of items) {
    const value = partOf(item);
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}

/** Σ worst exposures in home money: of positions and open orders, of spot markets of the open orders. */
export function notionalUsed(account: Account, conversion: Conversion, further: Further): bigint | undefined {
  return sumOf(new Set([...account.exposures.values(), further.exposure]), exposure => {
    const { instrument } = exposure;
    const worst = worstOf(exposure, exposure === further.exposure ? further.claims : NO_CLAIMS);
    const spot = instrument.settlement === "spot";
    const lots = spot ? Math.max(worst.high, -worst.low) : worst.gross;
    if (lots === 0) return 0n;
    const rate = conversion.rate(instrument.base, account.currency);
    return rate && convertUp(BigInt(lots) * instrument.baseMoneyPerLot, rate);
  });
}

/** All cash that no transfer takes out, in home money. */
export function balanceHome(account: Account, conversion: Conversion): bigint | undefined {
  let sum = 0n;
  for (const currency of account.balances.keys()) {
    const amount = account.free(currency);
    if (amount === 0n) continue;
    const rate = conversion.rate(currency, account.currency);
    if (rate === undefined) return undefined;
    sum += convertDown(amount, rate);
  }
  return sum;
}

/** What closing a holding at the mark would win, in quote money. */
export function unrealisedOf(
  instrument: Instrument,
  { lots, cost }: Holding,
  marks: Marks,
): bigint | undefined {
  if (lots === 0) return 0n;
  const mark = marks.closing(instrument.number, lots > 0 ? "sell" : "buy");
  return mark === 0 ? undefined : BigInt(lots) * BigInt(mark) * instrument.valuePerTickLot - cost;
}

/** Of a whole position: a hedging account's long and short tickets are each marked by their own side. */
function unrealised(exposure: Exposure, marks: Marks): bigint | undefined {
  const { instrument, tickets } = exposure;
  if (tickets === undefined) return unrealisedOf(instrument, exposure, marks);
  return sumOf(tickets.values(), ticket => unrealisedOf(instrument, ticket, marks));
}

/** Profit of an instrument in home money. */
export function profitHome(
  account: Account,
  instrument: Instrument,
  profit: bigint | undefined,
  conversion: Conversion,
): bigint | undefined {
  if (profit === undefined || profit === 0n) return profit;
  const rate = conversion.rate(instrument.quote, account.currency);
  return rate === undefined ? undefined : convertDown(profit, rate);
}

export function equityOf(account: Account, conversion: Conversion, marks: Marks): bigint | undefined {
  const balance = balanceHome(account, conversion);
  return balance === undefined ? undefined : equityWith(balance, account, conversion, marks);
}

/** The same where the balance is known. */
export function equityWith(
  balance: bigint,
  account: Account,
  conversion: Conversion,
  marks: Marks,
): bigint | undefined {
  let equity = balance;
  for (const exposure of account.exposures.values()) {
    if (!hasPosition(exposure)) continue;
    const profit = profitHome(account, exposure.instrument, unrealised(exposure, marks), conversion);
    if (profit === undefined) return undefined;
    equity += profit;
  }
  return equity;
}

export function summaryOf(account: Account, conversion: Conversion, marks: Marks): AccountSummary {
  const balance = balanceHome(account, conversion);
  const equity = balance === undefined ? undefined : equityWith(balance, account, conversion, marks);
  const used = marginUsed(account, conversion);
  return {
    currency: account.currency,
    balance: balance as Money | undefined,
    equity: equity as Money | undefined,
    marginUsed: used as Money | undefined,
    freeMargin: (equity === undefined || used === undefined ? undefined : equity - used) as Money | undefined,
    leverage: account.leverage,
    sequence: account.version,
  };
}

/** What the open and held spot orders of an account tie up of a currency. */
export function spotReserved(account: Account, currency: string): bigint {
  let reserved = 0n;
  for (const exposure of account.exposures.values()) {
    const { instrument } = exposure;
    if (instrument.settlement === "margin") continue;
    if (instrument.quote === currency) {
      reserved += (exposure.openBuyValue + exposure.heldBuyValue) * instrument.valuePerTickLot;
    }
    if (instrument.base === currency) {
      reserved += BigInt(exposure.openSells + exposure.heldSells) * instrument.baseMoneyPerLot;
    }
  }
  return reserved;
}

export function balancesOf(account: Account, conversion: Conversion): CurrencyBalance[] {
  const balances: CurrencyBalance[] = [];
  for (const currency of account.balances.keys()) {
    const margin = currency === account.currency ? (marginUsed(account, conversion) ?? 0n) : 0n;
    const total = account.total(currency) as Money;
    const available = (account.free(currency) - spotReserved(account, currency) - margin) as Money;
    balances.push({ currency, total, locked: (total - available) as Money, available });
  }
  return balances.sort((left, right) => (left.currency < right.currency ? -1 : 1));
}
