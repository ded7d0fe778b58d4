/** The actions of a shard for commands that are more than one plain order. */

import type { Context, ServiceSchema } from "moleculer";
import { TRADING_STATES, type TradingState } from "../../engine/account/command.ts";
import { parseDecimal } from "../../engine/decimal.ts";
import { accountId, MONEY_DIGITS, money } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import {
  LIST_FIELDS,
  ORDER_FIELDS,
  ORDER_ID,
  PROTECTION_FIELDS,
  QUOTE_FIELDS,
  REFERENCE,
} from "../orders/order-schema.ts";
import {
  cancelAll,
  cancelAllAfter,
  limitAccount,
  type ProtectionParams,
  protect,
  type QuoteParams,
  quoteMarket,
  type ReplaceParams,
  replaceOrder,
  restrict,
} from "./command-questions.ts";
import { type ListParams, placeList } from "./list-questions.ts";
import { ACCOUNT, knownAccount, type ShardParts, TEXT } from "./shard-parts.ts";

const SYMBOL = { ...TEXT, optional: true } as const;

interface LimitParams {
  readonly account: number;
  readonly openOrdersMaximum: number;
  readonly notionalMaximum: string;
  readonly selfTradeGroup: number;
}

interface InMarket {
  readonly account: number;
  readonly symbol?: string;
}

export function commandActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const known = (id: number) => knownAccount(parts, id);
  const marketsOf = (symbol: string | undefined) =>
    symbol === undefined ? runtime.instruments : [runtime.instrument(symbol)];
  return {
    replace: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        id: ORDER_ID,
        onFailure: TEXT,
        clientOrderId: TEXT,
        ...ORDER_FIELDS,
        reference: REFERENCE,
      },
      handler: (ctx: Context<ReplaceParams>) =>
        replaceOrder(runtime, parts, known(ctx.params.account), ctx.params),
    },
    placeList: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, symbol: TEXT, ...LIST_FIELDS, reference: REFERENCE },
      handler: (ctx: Context<ListParams>) => {
        const { account, symbol } = ctx.params;
        return placeList(runtime, parts, ctx.params, known(account), runtime.instrument(symbol));
      },
    },
    cancelAll: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        symbol: SYMBOL,
        side: { type: "enum", values: ["buy", "sell"], optional: true },
      },
      handler: (ctx: Context<InMarket & { side?: "buy" | "sell" }>) => {
        const { account, symbol, side } = ctx.params;
        return cancelAll(parts, known(account), marketsOf(symbol), side);
      },
    },
    cancelAllAfter: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, symbol: SYMBOL, timeoutMs: "number|integer|min:0" },
      handler: (ctx: Context<InMarket & { timeoutMs: number }>) => {
        const { account, symbol, timeoutMs } = ctx.params;
        return cancelAllAfter(parts, known(account), marketsOf(symbol), timeoutMs);
      },
    },
    quote: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, symbol: TEXT, ...QUOTE_FIELDS, reference: REFERENCE },
      handler: (ctx: Context<QuoteParams>) => {
        const { account, symbol } = ctx.params;
        return quoteMarket(runtime, parts, known(account), runtime.instrument(symbol), ctx.params);
      },
    },
    protect: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, symbol: TEXT, ...PROTECTION_FIELDS },
      handler: (ctx: Context<ProtectionParams>) => {
        const { account, symbol } = ctx.params;
        return protect(parts, known(account), runtime.instrument(symbol), ctx.params);
      },
    },
    resetProtection: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, symbol: TEXT },
      async handler(ctx: Context<{ account: number; symbol: string }>) {
        const { number, symbol } = runtime.instrument(ctx.params.symbol);
        await parts.commands.tell(known(ctx.params.account), number, { kind: "resetProtection" });
        return { symbol };
      },
    },
  };
}

/** What operators say of a shard's accounts. */
export function controlActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const known = (id: number) => knownAccount(parts, id);
  return {
    /** The kill switch of an account, or with account 0 of all accounts of this shard. */
    restrict: {
      visibility: "public",
      params: {
        $$strict: true,
        account: "number|integer|min:0",
        state: { type: "enum", values: [...TRADING_STATES] },
        reason: { type: "string", max: 255 },
      },
      handler: (ctx: Context<{ account: number; state: TradingState; reason: string }>) => {
        const { account, state, reason } = ctx.params;
        return restrict(
          parts,
          account === 0 ? accountId(0) : known(account),
          state,
          reason,
          runtime.instruments,
        );
      },
    },
    limit: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        openOrdersMaximum: "number|integer|min:0",
        notionalMaximum: TEXT,
        selfTradeGroup: "number|integer|min:0",
      },
      async handler(ctx: Context<LimitParams>) {
        const { account, notionalMaximum, ...limits } = ctx.params;
        const notional = parseDecimal(notionalMaximum, MONEY_DIGITS);
        if (notional === undefined) {
          throw new Fault("VALIDATION_FAILED", `Cannot limit account as the sum was ${notionalMaximum}`);
        }
        await limitAccount(parts, known(account), { ...limits, notionalMaximum: money(notional) });
        return ctx.params;
      },
    },
  };
}
