/**
 * Decides whether two tickets may be closed against each other, and holds them from the decision until the
 * ledger has recorded it. It is refused while an order of the account, open or on its way, might still change
 * one of them: the one that opened it, and any that reduces in that market, as what it fills beyond the
 * ticket that it names goes to the oldest.
 */
import type { Rejection } from "../../rejection.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import { accessOf } from "../guard/guard.ts";
import type { Holds } from "../order/holds.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { ClosePositionsBy } from "./close-by.ts";
import { intentOf } from "./intent.ts";
import { releasedBy, type Ticket } from "./position.ts";

export interface CloseByRequest {
  readonly account: AccountId;
  readonly id: string;
  /** The two tickets, in any order. */
  readonly tickets: readonly [OrderId, OrderId];
  /** Left out: as much as both have. */
  readonly lots?: Lots;
}

export class CloseByDesk {
  readonly #state: ShardState;
  readonly #holds: Holds;

  constructor(state: ShardState, holds: Holds) {
    this.#state = state;
    this.#holds = holds;
  }

  /** As the ledger has recorded it; undefined too where CLOSE_BYS_KEPT newer ones have come since. */
  find(account: AccountId, id: string): ClosePositionsBy | undefined {
    return this.#state.closeBys.known.get(account)?.get(id);
  }

  /** The market that a ticket is open in. */
  marketOf(account: AccountId, ticket: OrderId): number | undefined {
    return exposureOf(this.#state.known(account), ticket)?.instrument.number;
  }

  /** The record to append, or why not. Its id must be new. */
  decide(request: CloseByRequest, time: Milliseconds): ClosePositionsBy | Rejection {
    const state = this.#state;
    const account = state.known(request.account);
    if (state.restrictionOf(account) === "halted") return "tradingHalted";
    const access = accessOf(state.guardsOf(account));
    if (access === "noTrading" || access === "noLogin") return "accessForbidden";
    const exposure = exposureOf(account, request.tickets[0]);
    const [one, other] = request.tickets.map(id => exposure?.tickets?.get(id));
    if (exposure === undefined || one === undefined || other === undefined) return "positionUnknown";
    if (one.lots > 0 === other.lots > 0) return "positionUnknown";
    const [long, short] = one.lots > 0 ? [one, other] : [other, one];
    const most = Math.min(long.lots, -short.lots);
    const lots = (request.lots ?? most) as Lots;
    if (lots > most) return "positionWouldIncrease";
    if (this.#isBusy(account, exposure, long, short)) return "positionBusy";
    const market = exposure.instrument.number;
    const profit = -(releasedBy(long, lots) + releasedBy(short, lots)) as Money;
    const of = { kind: "closeBy", time, account: account.id, id: request.id, market } as const;
    return { ...of, sequence: state.cursorOf(market), long: long.id, short: short.id, lots, profit };
  }

  #isBusy(account: Account, exposure: Exposure, long: Ticket, short: Ticket): boolean {
    if (this.#state.closeBys.underWay.has(exposure) || this.#holds.has(exposure)) return true;
    for (const order of account.open.values()) {
      if (order.market !== exposure.instrument.number) continue;
      if (order.id === long.id || order.id === short.id || intentOf(order, true) !== "openOnly") return true;
    }
    return false;
  }

  /** It is on its way to the ledger. */
  hold(command: ClosePositionsBy): void {
    const exposure = this.#state.known(command.account).exposure(this.#state.instrument(command.market));
    this.#state.closeBys.underWay.set(exposure, command);
  }

  /** The ledger has not taken it. */
  release(command: ClosePositionsBy): void {
    this.#state.closeBys.recorded(command);
  }
}

function exposureOf(account: Account, ticket: OrderId): Exposure | undefined {
  for (const exposure of account.exposures.values()) {
    if (exposure.tickets?.has(ticket) === true) return exposure;
  }
  return undefined;
}
