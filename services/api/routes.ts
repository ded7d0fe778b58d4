/**
 * Every route of the API, with who may use it and which limit counts it. What is not listed here is not
 * there. `public`: anyone. `open`: anyone, counted tightly, with a body. `user`: a valid access token is
 * needed, and with `role` one that has that role too.
 */
import type { Role } from "../principal.ts";
import type { LimitGroup } from "./rate-limits.ts";

export const API_PATH = "/api/v1";

export interface RouteGroup {
  readonly name: string;
  readonly access: "public" | "open" | "user";
  readonly role?: Role;
  readonly limit: LimitGroup;
  /** Whether requests have a JSON body. */
  readonly body: boolean;
  /** Answers that may be long are compressed. */
  readonly compressed: boolean;
  /** `METHOD path` to action. */
  readonly routes: Readonly<Record<string, string>>;
}

export const ROUTE_GROUPS: readonly RouteGroup[] = [
  {
    name: "public",
    access: "public",
    limit: "public",
    body: false,
    compressed: true,
    routes: {
      "GET health": "api.health",
      "GET ready": "api.ready",
      "GET instruments": "marketdata.instruments",
      "GET markets/:symbol/book": "marketdata.book",
      "GET markets/:symbol/trades": "marketdata.trades",
      "GET markets/:symbol/ticker": "marketdata.ticker",
      "GET markets/:symbol/statistics": "marketdata.statistics",
      "GET markets/:symbol/candles": "marketdata.candles",
      "GET markets/:symbol/reference": "marketdata.reference",
      "GET markets/:symbol/swap": "charges.swap",
      "GET fees": "charges.schedule",
    },
  },
  {
    name: "auth",
    access: "open",
    limit: "auth",
    body: true,
    compressed: false,
    routes: {
      "POST auth/register": "identity.register",
      "POST auth/login": "identity.login",
      "POST auth/refresh": "identity.refresh",
      "POST auth/logout": "identity.logout",
    },
  },
  {
    name: "account",
    access: "user",
    limit: "account",
    body: false,
    compressed: true,
    routes: {
      "GET me": "identity.me",
      "GET orders": "orders.list",
      "GET orders/:id": "orders.get",
      // The rest of the path: a client order id may have slashes.
      "GET orders/by-client-id/*clientOrderId": "orders.resolve",
      "GET accounts": "accounts.list",
      "GET accounts/:id": "accounts.get",
      "GET accounts/:id/balances": "accounts.balances",
      "GET accounts/:id/positions": "accounts.positions",
      "GET accounts/:id/transactions": "accounts.transactions",
      "GET accounts/:id/transfers": "payments.list",
      "GET accounts/:id/transfers/:transferId": "payments.get",
      "GET accounts/:id/statement": "payments.statement",
      "GET accounts/:id/fees": "charges.account",
      "GET risk/explain/:id": "guards.explain",
    },
  },
  {
    name: "orders",
    access: "user",
    limit: "orders",
    body: true,
    compressed: false,
    routes: {
      "POST orders": "orders.place",
      "PATCH orders/:id": "orders.amend",
      "POST orders/lists": "orders.placeList",
      "POST orders/:id/replace": "orders.replace",
      "DELETE orders/:id": "orders.cancel",
      "POST orders/cancel-all": "orders.cancelAll",
      "POST accounts": "identity.openAccount",
      "PATCH accounts/:id": "accounts.change",
      "POST accounts/:id/preview": "accounts.preview",
      "POST accounts/:id/positions/:symbol/close": "accounts.closePosition",
      "POST accounts/:id/positions/close-by": "accounts.closeBy",
      "POST accounts/:id/positions/close-all": "accounts.closeAll",
      "PUT orders/cancel-all-after": "orders.cancelAllAfter",
      "PUT quotes/:symbol": "quotes.put",
      "PUT quotes/:symbol/protection": "quotes.protect",
      "POST quotes/:symbol/protection/reset": "quotes.resetProtection",
    },
  },
  {
    name: "payments",
    access: "user",
    limit: "account",
    body: true,
    compressed: false,
    routes: {
      "POST accounts/:id/deposits": "payments.deposit",
      "POST accounts/:id/withdrawals": "payments.withdraw",
      "POST accounts/:id/transfers": "payments.transfer",
      "POST accounts/:id/conversions": "payments.convert",
    },
  },
  {
    name: "operations",
    access: "user",
    role: "operator",
    limit: "account",
    body: true,
    compressed: false,
    routes: {
      "GET operations/markets/:symbol": "markets.state",
      "PUT operations/markets/:symbol/phase": "markets.phase",
      "PUT operations/markets/:symbol/price": "markets.price",
      "POST operations/markets/:symbol/end-of-day": "markets.endOfDay",
      "PUT operations/phase": "markets.phaseOfAll",
      "PUT operations/accounts/:id/limits": "accounts.limit",
      "PUT operations/accounts/:id/profile": "accounts.setProfile",
      "PUT operations/accounts/:id/fee-tier": "charges.assignTier",
      "PUT operations/fees/tiers/:number": "charges.defineTier",
      "PUT operations/markets/:symbol/swap": "charges.setSwap",
      "PUT operations/kill-switch/accounts/:id": "killSwitch.account",
      "PUT operations/kill-switch/markets/:symbol": "killSwitch.market",
      "PUT operations/kill-switch": "killSwitch.venue",
      "GET operations/alerts": "alerts.list",
      "GET operations/placement": "placement.list",
      "PUT operations/placement/actors/:actor": "placement.pin",
      "DELETE operations/placement/actors/:actor": "placement.unpin",
      "PUT operations/placement/nodes/:node/drained": "placement.drain",
      "PUT operations/placement/nodes/:node/weight": "placement.weigh",
      "GET operations/reconciliation": "reconciliation.last",
      "POST operations/reconciliation": "reconciliation.run",
      "GET operations/accounts/:id/transfers": "payments.listOf",
      "POST operations/accounts/:id/adjustments": "payments.adjust",
      "POST operations/accounts/:id/transfers/:transferId/settle": "payments.settle",
      "POST operations/accounts/:id/transfers/:transferId/void": "payments.giveUp",
      "GET operations/guards": "guards.list",
      "GET operations/guards/changes": "guards.changes",
      "GET operations/guards/accounts/:id": "guards.account",
      "GET operations/explain/:id": "guards.explainOf",
      "PUT operations/guards/accounts/:id": "guards.setAccount",
      "PUT operations/guards/groups/:group": "guards.setGroup",
      "PUT operations/guards/venue": "guards.setVenue",
    },
  },
];
