/** Protection, mass quotes and dead-man timers of the naive market. */

import { countOf } from "../../engine/ids.ts";
import type {
  CancelAllAfter,
  MassQuote,
  PlaceOrder,
  ResetProtection,
  SetProtection,
} from "../../engine/market/command.ts";
import type { FillEntry } from "../../engine/market/fill-window.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { ProtectedAccount } from "../../engine/market/protection.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, Money, OrderId, Ticks } from "../../engine/units.ts";
import { NaiveAccounts, refusedWhole } from "./naive-accounts.ts";
import { forbids } from "./naive-auction.ts";
import { firstOf } from "./naive-order.ts";
import { brokenNotional } from "./naive-prices.ts";
import type { NaiveGuard } from "./naive-state.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export abstract class NaiveProtection extends NaiveAccounts {
  cancelAllAfter({ account, time, timeoutMs }: CancelAllAfter): MarketEvent[] {
    if (timeoutMs > DAY_MS) return [refusedWhole(account, "timeoutOutOfRange")];
    this.timers = this.timers.filter(timer => timer.account !== account);
    if (timeoutMs > 0) this.timers.push({ account, time: time + timeoutMs });
    return [];
  }

  protect({ account, ...command }: SetProtection): MarketEvent[] {
    const { windowMs, quantityMax, countMax, deltaMax } = command;
    if (windowMs > MINUTE_MS) return [refusedWhole(account, "protectionOutOfRange")];
    this.guards = this.guards.filter(guard => guard.account !== account);
    const limits = { windowMs, quantityMax, countMax, deltaMax };
    if (windowMs > 0) this.guards.push({ account, limits, fills: [] });
    return [];
  }

  resetProtection({ account }: ResetProtection): MarketEvent[] {
    for (const guard of this.guards) if (guard.account === account) guard.fills = [];
    if (!this.frozen.includes(account)) return [];
    this.frozen = this.frozen.filter(other => other !== account);
    return [{ event: "restricted", account, frozen: false }];
  }

  override guard(events: MarketEvent[]): boolean {
    while (this.guarded < events.length) {
      const event = events[this.guarded++];
      if (event?.event !== "traded") continue;
      const guard = this.guards.find(({ account }) => account === event.makerAccount);
      if (guard === undefined || this.frozen.includes(guard.account)) continue;
      const time = Math.max(this.now, guard.fills.at(-1)?.time ?? this.now);
      guard.fills.push({ time, lots: event.lots, isBuy: event.side === "sell" });
      guard.fills = guard.fills.filter(fill => fill.time > time - guard.limits.windowMs);
      if (!isExceeded(guard)) continue;
      guard.fills = [];
      this.frozen.push(guard.account);
      events.push({ event: "restricted", account: guard.account, frozen: true });
      events.push(...this.removeAll(guard.account, "protection"));
      return true;
    }
    return false;
  }

  massQuote(command: MassQuote): MarketEvent[] {
    const { account, quotes, postOnly, kind: _, ...common } = command;
    const order = { ...common, account, postOnly, type: "limit", timeInForce: "GTC" } as const;
    const places = quotes.map((quote): PlaceOrder => {
      return { ...order, ...quote, kind: "place", reserved: 0n as Money };
    });
    const ids = quotes.map(() => this.nextId());
    const [probe] = places;
    const broken: Rejection[] = [];
    const any = { ...order, side: "buy", lots: 0 as Lots, ticks: 0 as Ticks, kind: "place" } as const;
    if (forbids(this.phase, "place", probe ?? { ...any, reserved: 0n as Money })) broken.push("phaseForbids");
    if (this.frozen.includes(account)) broken.push("protectionTripped");
    if (quotes.length === 0 || quotes.length > 100) broken.push("quotesInvalid");
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [refusedWhole(account, rejection)];
    const old = this.quotesOf(account);
    const standing = places.map(place => {
      if (place.lots < this.instrument.minimumLots || place.lots > this.instrument.maximumLots)
        return undefined;
      if (place.ticks < 1 || place.ticks > 2_147_483_647) return undefined;
      if (brokenNotional(this.instrument, place.ticks, place.lots).length > 0) return undefined;
      if (this.brokenLimit(place.ticks).length > 0) return undefined;
      const at = old.findIndex(id => this.isLike(id, place));
      return at < 0 ? undefined : old.splice(at, 1)[0];
    });
    const events: MarketEvent[] = [];
    for (const id of old) {
      const order = this.open().find(other => other.orderId === id);
      if (order !== undefined) events.push(...this.takeOut(order, "replaced"));
    }
    for (const [level, place] of places.entries()) {
      const order = this.open().find(other => other.orderId === standing[level]);
      if (order === undefined) standing[level] = undefined;
      else if (order.lots !== place.lots) {
        const lots = (order.totalLots - order.lots + place.lots) as Lots;
        const { clientOrderId: _, ...amend } = common;
        const { orderId } = order;
        events.push(...this.amend({ ...amend, account, kind: "amend", orderId, lots, ticks: 0 as Ticks }));
      }
    }
    for (const [level, place] of places.entries()) {
      const id = ids[level];
      if (standing[level] !== undefined || id === undefined) continue;
      const { named } = this;
      this.named = countOf(id) - 1;
      events.push(...this.place(place));
      this.named = named;
    }
    this.quotes = this.quotes.filter(other => other.account !== account);
    this.quotes.push({ account, ids: standing.map((id, level) => id ?? (ids[level] as OrderId)) });
    return events;
  }

  /** Whether an order may become a level. */
  isLike(id: OrderId, { side, ticks, postOnly, lots }: PlaceOrder): boolean {
    const order = this.open().find(other => other.orderId === id);
    if (order?.side !== side || order.ticks !== ticks || order.postOnly !== postOnly) return false;
    return order.totalLots - order.lots + lots <= this.instrument.maximumLots;
  }

  /** Ids of an account's quotes that are open, in their order. */
  quotesOf(account: AccountId): OrderId[] {
    const ids = this.quotes.find(other => other.account === account)?.ids ?? [];
    const open = ids.filter(id => this.open().some(order => order.orderId === id));
    return open.sort((a, b) => a - b);
  }

  /** What is hashed of all this. */
  accounts() {
    const byAccount = <Of extends { account: number }>(all: Of[]) =>
      [...all].sort((a, b) => a.account - b.account);
    const ids = new Set([...this.guards.map(({ account }) => account), ...this.frozen]);
    const protection = byAccount([...ids].map(account => this.protectionOf(account)));
    const quotes = byAccount(this.quotes).map(({ account }) => [account, this.quotesOf(account)] as const);
    const deadMan = byAccount(this.timers).map(({ account, time }) => [account, time] as const);
    return { protection, quotes: quotes.filter(([, open]) => open.length > 0), deadMan };
  }

  protectionOf(account: AccountId): ProtectedAccount {
    const guard = this.guards.find(other => other.account === account);
    const none = { windowMs: 0, quantityMax: 0 as Lots, countMax: 0, deltaMax: 0 as Lots };
    const limits = guard?.limits ?? none;
    const entries: FillEntry[] = [];
    for (const { time, lots, isBuy } of guard?.fills ?? []) {
      const entry = entries.find(other => other.time === time) ?? { time, lots: 0, count: 0, delta: 0 };
      if (!entries.includes(entry)) entries.push(entry);
      if (limits.quantityMax > 0) entry.lots += lots;
      if (limits.countMax > 0) entry.count++;
      if (limits.deltaMax > 0) entry.delta += isBuy ? lots : -lots;
    }
    return { account, limits, frozen: this.frozen.includes(account), entries };
  }
}

function isExceeded({ limits, fills }: NaiveGuard): boolean {
  const { quantityMax, countMax, deltaMax } = limits;
  const quantity = fills.reduce((sum, { lots }) => sum + lots, 0);
  const delta = fills.reduce((sum, { lots, isBuy }) => sum + (isBuy ? lots : -lots), 0);
  if (quantityMax > 0 && quantity > quantityMax) return true;
  return (countMax > 0 && fills.length > countMax) || (deltaMax > 0 && Math.abs(delta) > deltaMax);
}
