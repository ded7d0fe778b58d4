/**
 * One account: cash and reserved money per currency, and per market its position, its open orders' sums and
 * what is held for commands on their way. `held…` is the overlay: no fact, in no hash, in no snapshot. The
 * sums over open orders are derived from the orders, kept current by each change, and compared by `check`.
 */
import type { Instrument } from "../instrument.ts";
import { LIQUIDITY_IDS_MAX } from "../limits.ts";
import type { AccountId, Money, OrderId, Side } from "../units.ts";
import { AccountCharges } from "./charge/charge-book.ts";
import type { AccountLimits, TradingState } from "./command.ts";
import type { Guard } from "./guard/guard.ts";
import { Watch } from "./guard/watch.ts";
import { Purse } from "./money/purse.ts";
import type { Order } from "./order/order.ts";
import type { Reducing } from "./position/intent.ts";
import type { Tickets } from "./position/position.ts";
import { type AccountKind, type AccountProfile, DEFAULT_KIND, DEFAULT_PROFILE } from "./profile.ts";

/** What an account has at stake in one market. Lots are plain numbers here: sums of `Lots`. */
export interface Exposure {
  readonly instrument: Instrument;
  /** Net position, short is negative; 0 for a spot instrument, whose assets are balances. */
  lots: number;
  /** What the position cost, in quote money, of the sign of `lots`. */
  cost: bigint;
  openBuys: number;
  openSells: number;
  /** Σ limit ticks × remaining lots of the open buys. */
  openBuyValue: bigint;
  heldBuys: number;
  heldSells: number;
  heldBuyValue: bigint;
  /** Of a hedging account's margin position: what `lots` and `cost` are the sums of. */
  readonly tickets: Tickets | undefined;
  /** Lots of orders that reduce; undefined until there is one. */
  reducing: Reducing | undefined;
  /** By the position as it is, since it was last flat, in quote money. For views: in no hash. */
  realised: bigint;
}

export const NO_LIMITS: AccountLimits = {
  openOrdersMaximum: 0,
  notionalMaximum: 0n as Money,
  selfTradeGroup: 0,
};

const NO_MARKETS: ReadonlySet<number> = new Set();
const NO_IDS: ReadonlySet<string> = new Set();

/** What a client order id leads to: "closed" only for a liquidity provider's. */
export type IdEntry = Order | "revoked" | "closed";

/** Most accounts have nothing of much of this, so that is made when it is first needed. */
export class Account {
  readonly id: AccountId;
  readonly currency: string;
  leverage: number;
  readonly liquidity: boolean;
  /** Set once, where the account opens. */
  kind: AccountKind = DEFAULT_KIND;
  profile: AccountProfile = DEFAULT_PROFILE;
  /** The kill switch's state for this account; its shard's may be stricter. */
  restriction: TradingState = "active";
  limits: AccountLimits = NO_LIMITS;
  /** Its own; its group's and the venue's come on top. */
  guard: Guard | undefined;
  /** What guards look at; undefined as long as there is nothing of it. */
  watch: Watch | undefined;
  /** Its fee tier, and what it trades that charges depend on. */
  readonly charges = new AccountCharges();
  #frozen: Set<number> | undefined;
  /** Events that have touched this account. */
  version = 0;
  /** Cash, by currency. */
  readonly balances = new Map<string, bigint>();
  /** Transactions of this account that have a number: the newest one. */
  transactions = 0;
  /** Σ movements without a number, by currency; undefined where there are none. */
  unlogged: Map<string, bigint> | undefined;
  /** Undefined where there has never been a transfer. */
  purse: Purse | undefined;
  /** Profit realised on margin, ever, by currency. For views: in no hash. Undefined for none. */
  realised: Map<string, bigint> | undefined;
  readonly exposures = new Map<number, Exposure>();
  readonly open = new Map<OrderId, Order>();
  readonly ids = new Map<string, IdEntry>();
  #pastIds: Set<string> | undefined;
  #heldOrders: Set<string> | undefined;

  constructor(id: AccountId, currency: string, leverage: number, liquidity: boolean) {
    this.id = id;
    this.currency = currency;
    this.leverage = leverage;
    this.liquidity = liquidity;
  }

  /** Markets in which its protection has taken its orders out and takes no new ones. */
  get frozen(): ReadonlySet<number> {
    return this.#frozen ?? NO_MARKETS;
  }

  freeze(market: number, frozen: boolean): void {
    if (!frozen) {
      this.#frozen?.delete(market);
      return;
    }
    this.#frozen ??= new Set();
    this.#frozen.add(market);
  }

  /** A liquidity provider's closed and revoked ids, oldest first, at most LIQUIDITY_IDS_MAX. */
  get pastIds(): ReadonlySet<string> {
    return this.#pastIds ?? NO_IDS;
  }

  /** Overlay: client order ids of orders on their way to a market. */
  get heldOrders(): ReadonlySet<string> {
    return this.#heldOrders ?? NO_IDS;
  }

  holdId(clientOrderId: string): void {
    this.#heldOrders ??= new Set();
    this.#heldOrders.add(clientOrderId);
  }

  dropId(clientOrderId: string): void {
    this.#heldOrders?.delete(clientOrderId);
  }

  balance(currency: string): bigint {
    return this.balances.get(currency) ?? 0n;
  }

  /** What pending transfers take out of it. */
  reserved(currency: string): bigint {
    return this.purse?.reserved.get(currency) ?? 0n;
  }

  /** Cash less debits on their way to the ledger. */
  free(currency: string): bigint {
    return this.balance(currency) - (this.purse?.held.get(currency) ?? 0n);
  }

  /** Makes the purse where there is none. */
  get openPurse(): Purse {
    this.purse ??= new Purse();
    return this.purse;
  }

  /** Cash and what is reserved of it. */
  total(currency: string): bigint {
    return this.balance(currency) + this.reserved(currency);
  }

  /** To be told something that guards look at. */
  watched(): Watch {
    this.watch ??= new Watch();
    return this.watch;
  }

  exposure(instrument: Instrument): Exposure {
    let exposure = this.exposures.get(instrument.number);
    if (exposure === undefined) {
      exposure = this.#emptyExposure(instrument);
      this.exposures.set(instrument.number, exposure);
    }
    return exposure;
  }

  /** The same to look at: where there is none yet, an empty one that is not kept. */
  peek(instrument: Instrument): Exposure {
    return this.exposures.get(instrument.number) ?? this.#emptyExposure(instrument);
  }

  #emptyExposure(instrument: Instrument): Exposure {
    const hedges = this.kind.positions === "hedging" && instrument.settlement === "margin";
    return newExposure(instrument, hedges ? new Map() : undefined);
  }

  /** Remembers an id whose order has left memory, and forgets the oldest beyond the limit. */
  keepPastId(clientOrderId: string, entry: "revoked" | "closed"): void {
    this.ids.set(clientOrderId, entry);
    this.#pastIds ??= new Set();
    this.#pastIds.add(clientOrderId);
    if (this.#pastIds.size <= LIQUIDITY_IDS_MAX) return;
    for (const oldest of this.#pastIds) {
      this.#pastIds.delete(oldest);
      this.ids.delete(oldest);
      return;
    }
  }
}

export function newExposure(instrument: Instrument, tickets?: Tickets): Exposure {
  return {
    instrument,
    lots: 0,
    cost: 0n,
    openBuys: 0,
    openSells: 0,
    openBuyValue: 0n,
    heldBuys: 0,
    heldSells: 0,
    heldBuyValue: 0n,
    tickets,
    reducing: undefined,
    realised: 0n,
  };
}

/** Whether there is one, which in a hedging account may be long and short by the same. */
export function hasPosition({ lots, tickets }: Exposure): boolean {
  return lots !== 0 || (tickets !== undefined && tickets.size > 0);
}

/** Adds `lots` (negative: takes away) at a limit of `ticks` to the sums over open orders. */
export function addOpen(exposure: Exposure, side: Side, lots: number, ticks: number): void {
  if (side === "sell") exposure.openSells += lots;
  else addOpenValue(exposure, side, lots, productOf(lots, ticks));
}

/** The same for lots that may cost `buyValue` in all. */
export function addOpenValue(exposure: Exposure, side: Side, lots: number, buyValue: bigint): void {
  if (side === "sell") {
    exposure.openSells += lots;
    return;
  }
  exposure.openBuys += lots;
  exposure.openBuyValue += buyValue;
}

/** One × the other: two safe integers, whose product mostly is one too. */
export function productOf(one: number, other: number): bigint {
  const product = one * other;
  return Number.isSafeInteger(product) ? BigInt(product) : BigInt(one) * BigInt(other);
}
