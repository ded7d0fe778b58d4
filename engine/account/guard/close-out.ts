/**
 * Which position a close-out makes smaller next, and by how much: the one that loses most, and of equals the
 * one of the first market, by as many lots as bring the margin level back to the close-out level, and no
 * more. To close n lots at the mark leaves the equity as it is and takes their margin away, so what is looked
 * for is the smallest n with
 *
 *   equity × 1000 ≥ close-out level × (margin used − margin of all lots + margin of the lots left)
 *
 * With an equity of nothing or less that is all of them. A hedging account's tickets each stand for
 * themselves. An order of n lots has to be one that the market takes: n is at least its minimum, and what is
 * left is nothing or at least the minimum too.
 */
import { type Lots, type Milliseconds, money, type OrderId } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import { marginUsed } from "../position/margin.ts";
import type { Holding } from "../position/position.ts";
import { equityOf, profitHome, unrealisedOf } from "../position/valuation.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { type Explanation, input } from "./explanation.ts";
import type { Reduction } from "./margin-command.ts";
import { levelsOf, perMilleOf } from "./margin-levels.ts";

export interface CloseOutStep {
  /** Undefined where the account is back above its level, or has nothing left to close. */
  readonly reduction: Reduction | undefined;
  readonly explanation: Explanation;
}

/** Undefined where a mark that the valuation needs is missing or too old: then nothing is closed. */
export function nextStep(state: ShardState, account: Account, at: Milliseconds): CloseOutStep | undefined {
  const { marks } = state;
  let step: (Omit<CloseOutStep, "explanation"> & { readonly figures: Explanation["inputs"] }) | undefined;
  const { closeOut } = levelsOf(state.guardsOf(account));
  const asked = marks.askedBy(() => {
    marks.lookFrom(at);
    step = plan(state, account, closeOut);
    marks.lookFrom(undefined);
  });
  if (step === undefined) return undefined;
  const { reduction, figures } = step;
  const explanation: Explanation = {
    formula: "closeOut",
    inputs: figures,
    limit: input("closeOutPerMille", closeOut),
    marks: asked.flatMap(market => {
      const mark = marks.get(market);
      return mark === undefined ? [] : [{ market, bid: mark.bid, ask: mark.ask, sequence: mark.sequence }];
    }),
    ...(reduction === undefined ? {} : { acceptable: reduction.lots }),
  };
  return { reduction, explanation };
}

function plan(state: ShardState, account: Account, closeOut: number) {
  const { conversion, marks } = state;
  const equity = equityOf(account, conversion, marks);
  const used = marginUsed(account, conversion);
  if (equity === undefined || used === undefined) return undefined;
  const home = account.currency;
  const figures = [input("equity", equity, home), input("marginUsed", used, home)];
  if (perMilleOf(equity, used) >= closeOut) return { reduction: undefined, figures };
  const loser = largestLoser(state, account);
  if (loser === undefined) return { reduction: undefined, figures };
  const { exposure, holding, profit } = loser;
  const { instrument } = exposure;
  const size = Math.abs(holding.lots);
  const enough = (closed: number) => {
    const left = marginWithout(state, account, loser, Math.sign(holding.lots) * closed);
    return left !== undefined && equity > 0n && perMilleOf(equity, left) >= closeOut;
  };
  let [short, closed] = [0, size];
  while (closed - short > 1) {
    const middle = short + Math.floor((closed - short) / 2);
    if (enough(middle)) closed = middle;
    else short = middle;
  }
  const reduction: Reduction = {
    market: instrument.number,
    side: holding.lots > 0 ? "sell" : "buy",
    lots: orderable(instrument, closed, size),
    ...(loser.ticket === undefined ? {} : { ticket: loser.ticket }),
  };
  const lost = [input("position", holding.lots), input("profit", profit, home)];
  return { reduction, figures: [...figures, ...lost] };
}

interface Loser {
  readonly exposure: Exposure;
  readonly holding: Holding;
  readonly ticket: OrderId | undefined;
  readonly profit: bigint;
}

function largestLoser(state: ShardState, account: Account): Loser | undefined {
  const { conversion, marks } = state;
  let found: Loser | undefined;
  const weigh = (exposure: Exposure, holding: Holding, ticket: OrderId | undefined) => {
    const { instrument } = exposure;
    const profit = profitHome(account, instrument, unrealisedOf(instrument, holding, marks), conversion);
    if (holding.lots === 0 || profit === undefined) return;
    if (found === undefined || profit < found.profit) found = { exposure, holding, ticket, profit };
  };
  for (const [, exposure] of [...account.exposures].sort(([one], [other]) => one - other)) {
    if (exposure.tickets === undefined) weigh(exposure, exposure, undefined);
    else for (const ticket of exposure.tickets.values()) weigh(exposure, ticket, ticket.id);
  }
  return found;
}

/** Margin used without these lots of a position; asked of the valuation that judges it. */
function marginWithout(state: ShardState, account: Account, { exposure, holding }: Loser, closed: number) {
  const [net, own] = [exposure.lots, holding.lots];
  exposure.lots = net - closed;
  holding.lots = own - closed;
  const used = marginUsed(account, state.conversion);
  exposure.lots = net;
  holding.lots = own;
  return used;
}

function orderable(instrument: Exposure["instrument"], lots: number, size: number): Lots {
  const { minimumLots, maximumLots } = instrument;
  const least = Math.max(lots, minimumLots);
  const wanted = size - least < minimumLots ? size : least;
  return Math.min(wanted, maximumLots, size) as Lots;
}

/** The equity and the margin that an account's baseline, or an alert, is told with. */
export function baselineOf(state: ShardState, account: Account, at: Milliseconds) {
  state.marks.lookFrom(at);
  const equity = equityOf(account, state.conversion, state.marks);
  state.marks.lookFrom(undefined);
  if (equity === undefined) return undefined;
  const paid = [...(account.watch?.paid ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    account: account.id,
    equity: money(equity),
    paid: paid.map(([currency, amount]) => [currency, money(amount)] as const),
  };
}
