/**
 * A close-by: two opposite tickets of one market closed against each other, without the market. The ledger
 * records it with the profit that it realises; the tickets change right after the market's record at which it
 * was decided. Nothing may touch them between the decision and the ledger's record, so it is all the same
 * whether a market is heard before or behind the ledger. A shard that hears the ledger first keeps it until
 * the market has come to that record.
 */
import { CLOSE_BYS_KEPT } from "../../limits.ts";
import {
  type AccountId,
  assert,
  type Lots,
  type Milliseconds,
  type Money,
  type OrderId,
} from "../../units.ts";
import type { Exposure } from "../account.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { closeTicketsBy } from "./position.ts";
import { keepRealised } from "./settlement.ts";

export interface ClosePositionsBy {
  readonly kind: "closeBy";
  readonly time: Milliseconds;
  readonly account: AccountId;
  /** The client's own name for it, ASCII: used once. */
  readonly id: string;
  readonly market: number;
  /** Newest record of the market that the shard had heard when it was decided. */
  readonly sequence: number;
  /** Orders that opened the two. */
  readonly long: OrderId;
  readonly short: OrderId;
  /** Closed of each. */
  readonly lots: Lots;
  /** What both realise, in quote money. */
  readonly profit: Money;
}

export class CloseByBook {
  /** By account and id, oldest first: the newest CLOSE_BYS_KEPT of each account. */
  readonly known = new Map<AccountId, Map<string, ClosePositionsBy>>();
  /** By market: those whose record of it has not been heard yet, in the order of these records. */
  readonly pending = new Map<number, ClosePositionsBy[]>();
  /** Overlay: those on their way to the ledger, by the position that they are of. */
  readonly underWay = new Map<Exposure, ClosePositionsBy>();

  /** It is on its way no longer. */
  recorded(command: ClosePositionsBy): void {
    for (const [exposure, each] of this.underWay) {
      if (each.account === command.account && each.id === command.id) this.underWay.delete(exposure);
    }
  }

  remember(command: ClosePositionsBy): void {
    const { account, id } = command;
    const known = this.known.get(account) ?? new Map<string, ClosePositionsBy>();
    assert(!known.has(id), "a close-by's id is used once");
    this.known.set(account, known.set(id, command));
    if (known.size <= CLOSE_BYS_KEPT) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      return;
    }
  }

  wait(command: ClosePositionsBy): void {
    const waiting = this.pending.get(command.market) ?? [];
    waiting.push(command);
    this.pending.set(
      command.market,
      waiting.sort((one, other) => one.sequence - other.sequence),
    );
  }

  /** Takes those that a market has come to. */
  takeReached(market: number, cursor: number): ClosePositionsBy[] {
    const waiting = this.pending.get(market) ?? [];
    const left = waiting.filter(({ sequence }) => sequence > cursor);
    if (left.length === 0) this.pending.delete(market);
    else this.pending.set(market, left);
    return waiting.slice(0, waiting.length - left.length);
  }
}

/** The ledger's record: its money moves at once, as every other record's does. */
export function foldCloseBy(state: ShardState, ledgerSequence: number, command: ClosePositionsBy): void {
  const { market, sequence, profit, time } = command;
  const account = state.known(command.account);
  state.closeBys.recorded(command);
  state.closeBys.remember(command);
  state.touch(account);
  if (profit !== 0n) {
    const cause = { kind: "trade", market: undefined, sequence: ledgerSequence, part: 0, time } as const;
    state.move(account, state.instrument(market).quote, profit, cause);
  }
  if (profit < 0n) account.watched().lose(time);
  if (state.cursorOf(market) >= sequence) closeTickets(state, command);
  else state.closeBys.wait(command);
}

/** A market's record was heard. */
export function closeReached(state: ShardState, market: number): void {
  if (state.closeBys.pending.size === 0) return;
  for (const command of state.closeBys.takeReached(market, state.cursorOf(market))) {
    closeTickets(state, command);
  }
}

function closeTickets(state: ShardState, command: ClosePositionsBy): void {
  const account = state.known(command.account);
  const exposure = account.exposure(state.instrument(command.market));
  const realised = closeTicketsBy(exposure, command);
  assert(realised === command.profit, "a close-by realises what was decided");
  keepRealised(account, exposure, exposure.lots, realised);
  state.touch(account);
}
