/**
 * Accounts, balances, positions and transactions as the API shows them: money and sizes as decimal strings.
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { PositionState } from "../../engine/account/position/position-state.ts";
import type { CurrencyBalance } from "../../engine/account/position/valuation.ts";
import { DEFAULT_KIND, DEFAULT_PROFILE } from "../../engine/account/profile.ts";
import { formatDecimal } from "../../engine/decimal.ts";
import { formatQuantity, type Instrument } from "../../engine/instrument.ts";
import type { Transaction } from "../../engine/ledger/transaction.ts";
import { type AccountId, lots, type Milliseconds, type Money } from "../../engine/units.ts";
import type {
  AccountDocument,
  AccountView,
  BalanceView,
  PositionView,
  TransactionView,
} from "../../models/account.model.ts";
import { formatMoney } from "./money-text.ts";
import { timeText } from "./order-view.ts";

/** Where a mark is missing the amount counts as zero: nothing of that currency has ever had a price here. */
export function viewAccount(machine: AccountMachine, account: AccountId, at: Milliseconds): AccountView {
  const summary = machine.summary(account);
  const dayProfit = machine.guardian.dayProfit(account, at);
  const { levels, state } = machine.guardian.standingOf(account);
  const { kind = DEFAULT_KIND, profile = DEFAULT_PROFILE } = machine.account(account) ?? {};
  const { wallet, environment, positions, parent } = kind;
  const { marginMode, swapFree, kycLevel } = profile;
  const shown = (amount: Money | undefined) => formatMoney(amount ?? (0n as Money));
  return {
    id: String(account),
    currency: summary.currency,
    balance: shown(summary.balance),
    equity: shown(summary.equity),
    marginUsed: shown(summary.marginUsed),
    freeMargin: shown(summary.freeMargin),
    ...(dayProfit === undefined ? {} : { dayProfit: formatMoney(dayProfit) }),
    leverage: summary.leverage,
    marginCallLevel: formatPerMille(levels.call),
    closeOutLevel: formatPerMille(levels.closeOut),
    marginState: state,
    wallet,
    environment,
    positionMode: positions,
    marginBasis: marginMode.basis,
    marginCombination: marginMode.combination,
    swapFree,
    kycLevel,
    ...(parent === 0 ? {} : { parentId: String(parent) }),
    sequence: summary.sequence,
  };
}

/** Per cent with one place: 1000 is "100.0". */
export function formatPerMille(perMille: number): string {
  return formatDecimal(BigInt(perMille), 1);
}

export function viewBalance(balance: CurrencyBalance): BalanceView {
  return {
    currency: balance.currency,
    total: formatMoney(balance.total),
    locked: formatMoney(balance.locked),
    available: formatMoney(balance.available),
  };
}

export function viewPosition(instrument: Instrument, position: PositionState): PositionView {
  const { unrealisedProfitHome: profit, unrealisedProfit, pips, realisedProfit, ticket, openedAt } = position;
  return {
    symbol: instrument.symbol,
    quantity: formatQuantity(instrument, lots(position.lots)),
    averagePrice: position.averagePrice,
    ...(profit === undefined ? {} : { unrealisedProfit: formatMoney(profit) }),
    ...(unrealisedProfit === undefined ? {} : { unrealisedProfitQuote: formatMoney(unrealisedProfit) }),
    ...(pips === undefined ? {} : { pips }),
    realisedProfit: formatMoney(realisedProfit),
    ...(ticket === undefined ? {} : { id: String(ticket) }),
    ...(openedAt === undefined ? {} : { openedAt: timeText(openedAt) }),
  };
}

export function viewTransaction(transaction: Transaction): TransactionView {
  const { orderId } = transaction;
  return {
    id: String(transaction.id),
    accountId: String(transaction.account),
    kind: transaction.kind,
    currency: transaction.currency,
    amount: formatMoney(transaction.amount),
    balanceAfter: formatMoney(transaction.balanceAfter),
    ...(orderId === undefined ? {} : { orderId: String(orderId) }),
    sequence: transaction.sequence,
    time: timeText(transaction.time),
    bookedAt: timeText(transaction.bookedAt),
  };
}

/** Of facts alone: no mark has a part in it, so that equal facts make equal documents. */
export function viewAccountDocument(
  machine: AccountMachine,
  instruments: readonly Instrument[],
  account: AccountId,
): AccountDocument {
  const balances = machine.money.balances(account).map(({ currency, total }) => ({
    currency,
    total: formatMoney(total),
  }));
  const held = machine.positions(account).sort((left, right) => left.market - right.market);
  const positions = held.flatMap(({ market, lots: size, cost, averagePrice }) => {
    const instrument = instruments.find(({ number }) => number === market);
    if (instrument === undefined) return [];
    const { symbol } = instrument;
    return [
      { symbol, quantity: formatQuantity(instrument, lots(size)), averagePrice, cost: formatMoney(cost) },
    ];
  });
  return {
    accountId: String(account),
    version: machine.summary(account).sequence,
    balances: balances.sort((left, right) => (left.currency < right.currency ? -1 : 1)),
    positions,
  };
}
