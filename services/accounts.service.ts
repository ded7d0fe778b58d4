/**
 * Accounts as their owners see them; each question goes to the account's risk shard, history to the
 * documents.
 */
import type { Context, ServiceSchema } from "moleculer";
import { accountId } from "../engine/units.ts";
import { Fault } from "../mixins/fault.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type {
  AccountView,
  BalanceView,
  CloseByView,
  OrderPreviewView,
  PositionView,
  TransactionView,
} from "../models/account.model.ts";
import type { OrderView } from "../models/order.model.ts";
import { PROFILE_ACTIONS } from "./account-profiles.ts";
import { type ListPage, PAGE_PARAMS, type PageParams, pageOfList } from "./list-page.ts";
import { KIND_FIELDS } from "./orders/account-schema.ts";
import { CLIENT_ORDER_ID, DECIMAL, ORDER_FIELDS, ORDER_ID, SYMBOL } from "./orders/order-schema.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";
import type { CloseByParams, ClosedBy } from "./risk/close-bys.ts";
import type { CloseParams } from "./risk/position-questions.ts";
import { shardAction } from "./shard-action.ts";

/** Short enough that a ticket's id fits behind it in a client order id. */
const REQUEST_ID = { type: "string", pattern: /^[A-Za-z0-9._-]{1,18}$/ } as const;
const ACCOUNT_ID = { type: "string", pattern: /^\d{1,16}$/ } as const;

interface RestMeta extends PrincipalMeta {
  $statusCode?: number;
}

type OfAccount = Context<{ id: string }, PrincipalMeta>;
type PageOfAccount = Context<PageParams & { id: string }, PrincipalMeta>;

function askShard<Answer>(ctx: OfAccount, action: string): Promise<Answer> {
  const account = ownAccount(principalOf(ctx), ctx.params.id);
  return ctx.call(shardAction(ctx.broker, account, action), { account });
}

const schema: ServiceSchema = {
  name: "accounts",

  actions: {
    /** Opens an account unless it is open. For identity and the providers; not reachable from outside. */
    open: {
      visibility: "public",
      params: {
        $$strict: true,
        account: "number|integer|positive",
        currency: { type: "string", length: 3, uppercase: true },
        leverage: "number|integer|min:1|max:500",
        liquidity: "boolean",
        deposit: { type: "string", pattern: /^\d{1,15}(\.\d{1,8})?$/ },
        ...KIND_FIELDS,
      },
      handler(ctx: Context<{ account: number }>): Promise<void> {
        return ctx.call(shardAction(ctx.broker, ctx.params.account, "open"), ctx.params);
      },
    },

    /** Operators: limits of an account beyond those of every account; what is left out is none. */
    limit: {
      params: {
        $$strict: true,
        id: ACCOUNT_ID,
        openOrdersMaximum: { type: "number", integer: true, min: 0, max: 1_000, default: 0 },
        notionalMaximum: { type: "string", pattern: /^\d{1,15}(\.\d{1,8})?$/, default: "0" },
        selfTradeGroup: { type: "number", integer: true, min: 0, default: 0 },
      },
      handler(ctx: Context<{ id: string }>): Promise<object> {
        const { id, ...limits } = ctx.params;
        const account = Number(id);
        return ctx.call(shardAction(ctx.broker, account, "limit"), { account, ...limits });
      },
    },

    list: {
      params: { $$strict: true, ...PAGE_PARAMS },
      async handler(ctx: Context<PageParams, PrincipalMeta>): Promise<ListPage<AccountView>> {
        const page = pageOfList(principalOf(ctx).accounts, String, ctx.params);
        const items = await Promise.all(
          page.items.map(account =>
            ctx.call<AccountView, { account: number }>(shardAction(ctx.broker, account, "summary"), {
              account,
            }),
          ),
        );
        return { ...page, items };
      },
    },

    ...PROFILE_ACTIONS,

    get: {
      params: { $$strict: true, id: ACCOUNT_ID },
      handler: (ctx: OfAccount): Promise<AccountView> => askShard(ctx, "summary"),
    },

    balances: {
      params: { $$strict: true, id: ACCOUNT_ID, ...PAGE_PARAMS },
      async handler(ctx: PageOfAccount): Promise<ListPage<BalanceView>> {
        const { items } = await askShard<ListPage<BalanceView>>(ctx, "balances");
        return pageOfList(items, ({ currency }) => currency, ctx.params);
      },
    },

    positions: {
      params: { $$strict: true, id: ACCOUNT_ID, ...PAGE_PARAMS },
      async handler(ctx: PageOfAccount): Promise<ListPage<PositionView>> {
        const { items } = await askShard<ListPage<PositionView>>(ctx, "positions");
        return pageOfList(
          items,
          ({ symbol, id }) => (id === undefined ? symbol : `${symbol}:${id}`),
          ctx.params,
        );
      },
    },

    /** An ordinary reduce-only market order; the same id again tells the same order. */
    closePosition: {
      params: {
        $$strict: true,
        id: ACCOUNT_ID,
        symbol: SYMBOL,
        clientOrderId: CLIENT_ORDER_ID,
        quantity: { ...DECIMAL, optional: true },
        position: { ...ORDER_ID, optional: true },
      },
      async handler(
        ctx: Context<CloseParams & { id: string; symbol: string }, RestMeta>,
      ): Promise<OrderView> {
        const { id, ...asked } = ctx.params;
        const account = ownAccount(principalOf(ctx), id);
        const { order, repeated } = await ctx.call<{ order: OrderView; repeated: boolean }, object>(
          shardAction(ctx.broker, account, "closePosition"),
          { account, ...asked },
        );
        ctx.meta.$statusCode = repeated ? 200 : 201;
        return order;
      },
    },

    /** Two opposite positions against each other; the same id again tells what became of it. */
    closeBy: {
      params: {
        $$strict: true,
        id: ACCOUNT_ID,
        requestId: REQUEST_ID,
        position: ORDER_ID,
        by: ORDER_ID,
        quantity: { ...DECIMAL, optional: true },
      },
      async handler(ctx: Context<CloseByParams & { id: string }, RestMeta>): Promise<CloseByView> {
        const { id, ...asked } = ctx.params;
        const account = ownAccount(principalOf(ctx), id);
        const { closed, repeated } = await ctx.call<ClosedBy, object>(
          shardAction(ctx.broker, account, "closeBy"),
          { account, ...asked },
        );
        ctx.meta.$statusCode = repeated ? 200 : 201;
        return closed;
      },
    },

    /** All of them, each by an order of its own. */
    closeAll: {
      params: { $$strict: true, id: ACCOUNT_ID, requestId: REQUEST_ID },
      handler(
        ctx: Context<{ id: string; requestId: string }, PrincipalMeta>,
      ): Promise<{ items: OrderView[] }> {
        const account = ownAccount(principalOf(ctx), ctx.params.id);
        const { requestId } = ctx.params;
        return ctx.call(shardAction(ctx.broker, account, "closeAll"), { account, requestId });
      },
    },

    /** What an order would do, by the decision that it would meet. */
    preview: {
      params: { $$strict: true, id: ACCOUNT_ID, symbol: SYMBOL, ...ORDER_FIELDS },
      handler(ctx: Context<{ id: string }, PrincipalMeta>): Promise<OrderPreviewView> {
        const { id, ...asked } = ctx.params;
        const account = ownAccount(principalOf(ctx), id);
        return ctx.call(shardAction(ctx.broker, account, "preview"), { account, ...asked });
      },
    },

    transactions: {
      params: {
        $$strict: true,
        id: ACCOUNT_ID,
        ...PAGE_PARAMS,
        /** Oldest first, those with a larger id than this. */
        since: { type: "number", integer: true, min: 0, optional: true },
      },
      handler(ctx: PageOfAccount): Promise<ListPage<TransactionView>> {
        const { id, ...page } = ctx.params;
        const account = ownAccount(principalOf(ctx), id);
        return ctx.call(shardAction(ctx.broker, account, "transactions"), { account, ...page });
      },
    },

    /** Snapshot of the socket room `account:ID`. */
    snapshot: {
      visibility: "public",
      params: { $$strict: true, room: { type: "string", pattern: /^account:\d{1,16}$/ } },
      handler(ctx: Context<{ room: string }, PrincipalMeta>) {
        const id = ctx.params.room.slice("account:".length);
        const account = ownAccount(principalOf(ctx), id);
        return ctx.call(shardAction(ctx.broker, account, "snapshot"), { account: accountId(account) });
      },
    },
  },

  started() {
    if (runtimeOf(this.broker).instruments.length === 0) {
      throw new Fault("NOT_READY", "Cannot start as the venue must list at least one instrument");
    }
  },
};

export default schema;
