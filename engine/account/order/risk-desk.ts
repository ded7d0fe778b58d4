/**
 * What a shard lets go to the markets, and what is on its way there. Each kind of command is decided, gets
 * its number for the market, and is held under it until the market's record of that number arrives. Deciding
 * changes nothing but a stand-in mark: see `marks.ts`. Between deciding and holding nothing else may be
 * decided. Commands that only take orders out are neither decided nor held.
 */
import type { OrderTerms } from "../../market/terms.ts";
import type { Rejection } from "../../rejection.ts";
import { type AccountId, assert, type Milliseconds, type Money } from "../../units.ts";
import type { OrderRequest } from "../command.ts";
import type { Notes } from "../guard/explanation.ts";
import { missing } from "../guard/guard-checks.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { Change } from "./changes.ts";
import { claimOfOrder, claimsOfList, claimsOfQuotes, isBlind, mayOnlyClose, quotedOrders } from "./claims.ts";
import { decide } from "./decision.ts";
import { quoteOrderId } from "./entering.ts";
import type { Hold, Holds } from "./holds.ts";
import { isLinked } from "./list-place.ts";
import { isOpen } from "./order.ts";
import type { AmendRequest, LegRequest, ListRequest, QuotesRequest, ReplaceRequest } from "./request.ts";
import type { Decision, Wish } from "./wish.ts";

/** What is set aside for each leg of a list. */
export type ListDecision = { readonly reserved: readonly Money[] } | Rejection;

export class RiskDesk {
  readonly #state: ShardState;
  readonly #holds: Holds;

  constructor(state: ShardState, holds: Holds) {
    this.#state = state;
    this.#holds = holds;
  }

  /** False where a client has surely never used the id: then documents need not be asked. */
  mayHaveUsed(account: AccountId, clientOrderId: string): boolean {
    return this.#state.usedIds?.mayHave(account, clientOrderId) ?? true;
  }

  /** Terms as they are sent: with the group that the account's orders are kept from trading in. */
  termsFor(account: AccountId, terms: OrderTerms | undefined): OrderTerms | undefined {
    const { selfTradeGroup: group } = this.#state.known(account).limits;
    if (group === 0) return terms;
    return { ...terms, selfTrade: { mode: terms?.selfTrade?.mode ?? "expireTaker", group } };
  }

  /** `at`: now; `notes` hears why not; `forced`: it closes its account out. */
  decideOrder(request: OrderRequest, at?: Milliseconds, notes?: Notes, forced?: true | undefined): Decision {
    const { account, market, liquidity, ticks } = request;
    if (liquidity && ticks > 0) this.#state.marks.standIn(market, ticks);
    this.#lookFrom(liquidity, at);
    const claims = [claimOfOrder(this.#state, market, request)];
    const blind = isBlind(this.#state, market, request);
    const wish = { market, claims, orders: 1, blind, manner: undefined, forced, at };
    return this.#decide(account, wish, request.terms?.budget !== undefined, notes);
  }

  holdOrder(number: number, request: OrderRequest): void {
    const { account, market, clientOrderId } = request;
    const claims = [claimOfOrder(this.#state, market, request)];
    this.#hold(market, number, account, { claims }, [clientOrderId]);
  }

  decideAmend(asked: AmendRequest, at?: Milliseconds, notes?: Notes): Decision {
    const { order, lots, ticks, terms } = asked;
    const shrinks = lots !== 0 && lots <= order.lots && ticks === 0 && terms === undefined;
    this.#lookFrom(order.liquidity, at);
    const claims = this.#holds.claimsOf(order, { kind: "amend", lots, ticks, terms });
    const manner = shrinks ? ("shrinks" as const) : undefined;
    const wish = { market: order.market, claims, orders: 0, blind: false, manner, at };
    return this.#decide(order.account, wish, false, notes);
  }

  /** An order that has closed meanwhile claims nothing: the market will refuse. */
  holdAmend(number: number, { order, lots, ticks, terms }: AmendRequest): void {
    if (!isOpen(order)) return;
    const change: Change = { kind: "amend", lots, ticks, terms };
    this.#hold(order.market, number, order.account, { claims: [], changes: { order, change } });
  }

  decideReplace(asked: ReplaceRequest, at?: Milliseconds, notes?: Notes): Decision {
    const { order, onFailure, request } = asked;
    const { account, market } = request;
    assert(order.account === account && order.market === market, "an order is replaced in place");
    this.#lookFrom(request.liquidity, at);
    const change = this.#replacementOf(asked);
    const claims =
      change === undefined
        ? [claimOfOrder(this.#state, market, request)]
        : this.#holds.claimsOf(order, change);
    const blind = isBlind(this.#state, market, request);
    const wish = { market, claims, orders: onFailure === "stop" ? 0 : 1, blind, at };
    const decision = this.#decide(account, wish, request.terms?.budget !== undefined, notes);
    if (typeof decision === "string") return decision;
    // The market's record tells what the new order is counted at, so all of it is stated.
    return { reserved: this.#statedOf(market, request) ?? decision.reserved };
  }

  holdReplace(number: number, asked: ReplaceRequest): void {
    const { order, request } = asked;
    const { account, market, clientOrderId } = request;
    const change = this.#replacementOf(asked);
    const claimed =
      change === undefined
        ? { claims: [claimOfOrder(this.#state, market, request)] }
        : { claims: [], changes: { order, change } };
    this.#hold(market, number, account, claimed, [clientOrderId]);
  }

  /**
   * A replace that counts with what else changes the old order; undefined where all of the new one counts:
   * the old one may stay, or counts as one with others and sets nothing free.
   */
  #replacementOf({ order, onFailure, request }: ReplaceRequest): Change | undefined {
    if (onFailure === "allow" || (order.list !== undefined && isLinked(order.list))) return undefined;
    const claim = claimOfOrder(this.#state, request.market, request);
    return { kind: "replace", claim, filledLots: order.filledLots };
  }

  decideList(request: ListRequest, at?: Milliseconds, notes?: Notes): ListDecision {
    const { account, market, legs, liquidity } = request;
    for (const { ticks } of legs) if (liquidity && ticks > 0) this.#state.marks.standIn(market, ticks);
    this.#lookFrom(liquidity, at);
    const blind = legs.some(leg => isBlind(this.#state, market, leg) && leg.distance === undefined);
    const wish = { market, claims: claimsOfList(this.#state, request), orders: legs.length, blind, at };
    const manner = mayOnlyClose(request) ? undefined : ("opens" as const);
    const budget = legs.some(leg => leg.terms?.budget !== undefined);
    const decision = this.#decide(account, { ...wish, manner }, budget, notes);
    if (typeof decision === "string") return decision;
    const stated = legs.map((leg, index) => {
      const margin = index === 0 ? decision.reserved : (0n as Money);
      return this.#statedOf(market, leg) ?? margin;
    });
    return { reserved: stated };
  }

  holdList(number: number, request: ListRequest): void {
    const { account, market, legs } = request;
    const names = legs.map(({ clientOrderId }) => clientOrderId);
    this.#hold(market, number, account, { claims: claimsOfList(this.#state, request) }, names);
  }

  decideQuotes(request: QuotesRequest, at?: Milliseconds): Decision {
    const { account: id, market, quotes, liquidity } = request;
    const account = this.#state.known(id);
    for (const { ticks } of quotes) if (liquidity && ticks > 0) this.#state.marks.standIn(market, ticks);
    this.#lookFrom(liquidity, at);
    const orders = quotes.length - [...quotedOrders(account, market)].length;
    const claims = claimsOfQuotes(this.#state, account, request);
    return this.#decide(id, { market, claims, orders, blind: false, at }, false);
  }

  holdQuotes(number: number, request: QuotesRequest): void {
    const { account, market, quotes, clientOrderId } = request;
    const names = quotes.map((_quote, level) => quoteOrderId(clientOrderId, level));
    const claims = claimsOfQuotes(this.#state, this.#state.known(account), request);
    this.#hold(market, number, account, { claims }, names);
  }

  /** Who makes the prices may do so however old the last ones are. */
  #lookFrom(liquidity: boolean, at: Milliseconds | undefined): void {
    this.#state.marks.lookFrom(liquidity ? undefined : at);
  }

  /** `budget`: a sum of money is to be spent, whose size nobody can tell without a mark. */
  #decide(id: AccountId, wish: Wish, budget: boolean, notes?: Notes): Decision {
    const state = this.#state;
    const decision =
      wish.blind && budget ? missing(state, notes) : decide(state, state.known(id), wish, notes);
    state.marks.lookFrom(undefined);
    return decision;
  }

  /** What a spot order needs by itself; undefined on margin, where one sum stands for a whole command. */
  #statedOf(market: number, asked: LegRequest): Money | undefined {
    const { settlement, valuePerTickLot, baseMoneyPerLot } = this.#state.instrument(market);
    if (settlement === "margin") return undefined;
    const { side, lots, buyValue } = claimOfOrder(this.#state, market, asked);
    return (side === "buy" ? buyValue * valuePerTickLot : BigInt(lots) * baseMoneyPerLot) as Money;
  }

  #hold(
    market: number,
    number: number,
    id: AccountId,
    claimed: Pick<Hold, "claims" | "changes">,
    clientOrderIds: readonly string[] = [],
  ): void {
    const account = this.#state.known(id);
    for (const name of clientOrderIds) assert(!account.ids.has(name), "a client order id is used once");
    const exposure = account.exposure(this.#state.instrument(market));
    const { claims, changes } = claimed;
    this.#holds.add(market, number, { account, exposure, claims, clientOrderIds, changes });
  }
}
