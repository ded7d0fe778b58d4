/**
 * The one door for orders: validates the shape, checks that the account is the caller's, and routes to the
 * account's risk shard. It remembers nothing. The gateway and the liquidity providers come in here alike.
 */
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import type { OrderForm } from "../engine/form/order-form.ts";
import { CANCEL_ALL_AFTER_MS_MAX } from "../engine/limits.ts";
import type { AccountId } from "../engine/units.ts";
import { Fault } from "../mixins/fault.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { OrderView, ReplacedView } from "../models/order.model.ts";
import type { ActorOpened } from "./hosting.ts";
import {
  ACCOUNT_ID,
  AMEND_FIELDS,
  CLIENT_ORDER_ID,
  LIST_FIELDS,
  ORDER_FIELDS,
  ORDER_ID,
  REFERENCE,
  SYMBOL,
} from "./orders/order-schema.ts";
import { referenceOf } from "./orders/reference-of.ts";
import { ShardDoors } from "./orders/shard-doors.ts";
import { ownAccount, type Principal, type PrincipalMeta, principalOf } from "./principal.ts";
import { type NamedForm, readOrder } from "./risk/asked-order.ts";
import type { ListParams } from "./risk/list-questions.ts";
import type { AmendAsked } from "./risk/order-batch.ts";
import { shardAction } from "./shard-action.ts";

interface OrdersMeta extends PrincipalMeta {
  $statusCode?: number;
}

type PlaceOrderParams = NamedForm & { symbol: string; accountId?: string };

type ReplaceOrderParams = OrderForm & {
  id: string;
  onFailure: "stop" | "allow";
  clientOrderId: string;
  reference?: number;
};

type ResolveOrderParams = Pick<PlaceOrderParams, "clientOrderId" | "accountId">;

type PlaceListParams = Omit<ListParams, "account"> & { accountId?: string };

type OfAccount = Context<{ accountId?: string } & Record<string, unknown>, OrdersMeta>;

const PAGE_MAX = 500;

const placeParams = {
  $$strict: true,
  clientOrderId: CLIENT_ORDER_ID,
  symbol: SYMBOL,
  ...ORDER_FIELDS,
  accountId: ACCOUNT_ID,
  reference: REFERENCE,
} as const;

/** The caller's accounts, the asked one alone where one is asked for. */
function accountsOf(principal: Principal, asked: string | undefined): AccountId[] {
  return asked === undefined
    ? principal.accounts.map(id => ownAccount(principal, String(id)))
    : [ownAccount(principal, asked)];
}

async function findOrder(broker: ServiceBroker, principal: Principal, id: string): Promise<OrderView> {
  for (const account of accountsOf(principal, undefined)) {
    const order = await broker.call<OrderView | undefined, { account: number; id: string }>(
      shardAction(broker, account, "order"),
      { account, id },
    );
    if (order !== undefined) return order;
  }
  throw new Fault("ORDER_UNKNOWN", `Cannot find order as its id must be one of yours: received ${id}`);
}

const schema: ServiceSchema = {
  name: "orders",

  actions: {
    place: {
      params: placeParams,
      async handler(ctx: Context<PlaceOrderParams, OrdersMeta>): Promise<OrderView> {
        const { params } = ctx;
        const principal = principalOf(ctx);
        const account = ownAccount(principal, params.accountId);
        referenceOf(principal, params.reference);
        const instrument = runtimeOf(ctx.broker).instrument(params.symbol);
        const placing = readOrder(instrument, params, account, principal.roles.includes("liquidity"));
        const { order, repeated } = await this.doors.ask(account, { kind: "place", placing });
        ctx.meta.$statusCode = repeated ? 200 : 201;
        return order;
      },
    },

    get: {
      params: { $$strict: true, id: ORDER_ID },
      handler(ctx: Context<{ id: string }, OrdersMeta>): Promise<OrderView> {
        return findOrder(ctx.broker, principalOf(ctx), ctx.params.id);
      },
    },

    /** Always definitive: the outcome, or ORDER_NEVER_ACCEPTED, after which the id never will be. */
    resolve: {
      params: { $$strict: true, clientOrderId: CLIENT_ORDER_ID, accountId: ACCOUNT_ID },
      async handler(ctx: Context<ResolveOrderParams, OrdersMeta>): Promise<OrderView> {
        const { clientOrderId, accountId } = ctx.params;
        const account = ownAccount(principalOf(ctx), accountId);
        const { order } = await this.doors.ask(account, { kind: "resolve", account, clientOrderId });
        return order;
      },
    },

    list: {
      params: {
        $$strict: true,
        status: { type: "enum", values: ["open", "closed"], optional: true },
        accountId: ACCOUNT_ID,
        limit: { type: "number", integer: true, min: 1, max: PAGE_MAX, default: 100 },
        cursor: { ...ORDER_ID, optional: true },
      },
      handler(ctx: OfAccount): Promise<{ items: OrderView[]; nextCursor?: string }> {
        const { accountId, ...page } = ctx.params;
        const account = ownAccount(principalOf(ctx), accountId);
        return ctx.call(shardAction(ctx.broker, account, "orders"), { account, ...page });
      },
    },

    amend: {
      params: { $$strict: true, id: ORDER_ID, ...AMEND_FIELDS, reference: REFERENCE },
      async handler(ctx: Context<AmendAsked, OrdersMeta>): Promise<OrderView> {
        const principal = principalOf(ctx);
        const account = await this.ownerOf(ctx, principal, ctx.params.id);
        referenceOf(principal, ctx.params.reference);
        const { order } = await this.doors.ask(account, { kind: "amend", account, asked: ctx.params });
        return order;
      },
    },

    replace: {
      params: {
        $$strict: true,
        id: ORDER_ID,
        onFailure: { type: "enum", values: ["stop", "allow"], default: "stop" },
        clientOrderId: CLIENT_ORDER_ID,
        ...ORDER_FIELDS,
        reference: REFERENCE,
      },
      async handler(ctx: Context<ReplaceOrderParams, OrdersMeta>): Promise<ReplacedView> {
        const principal = principalOf(ctx);
        const account = await this.ownerOf(ctx, principal, ctx.params.id);
        const { reference, ...asked } = ctx.params;
        const { repeated, ...both } = await ctx.call<ReplacedView & { repeated: boolean }, object>(
          shardAction(ctx.broker, account, "replace"),
          { ...asked, account, ...referenceOf(principal, reference) },
        );
        ctx.meta.$statusCode = repeated ? 200 : 201;
        return both;
      },
    },

    /** Orders that depend on each other, as one: all are accepted or none. */
    placeList: {
      params: { $$strict: true, symbol: SYMBOL, accountId: ACCOUNT_ID, ...LIST_FIELDS, reference: REFERENCE },
      async handler(ctx: Context<PlaceListParams, OrdersMeta>): Promise<{ items: readonly OrderView[] }> {
        const { accountId, reference, ...asked } = ctx.params;
        const principal = principalOf(ctx);
        const account = ownAccount(principal, accountId);
        const { orders, repeated } = await ctx.call<
          { orders: readonly OrderView[]; repeated: boolean },
          object
        >(shardAction(ctx.broker, account, "placeList"), {
          ...asked,
          account,
          ...referenceOf(principal, reference),
        });
        ctx.meta.$statusCode = repeated ? 200 : 201;
        return { items: orders };
      },
    },

    /** Takes out all open orders of an account: of one market, of one side, or all. */
    cancelAll: {
      params: {
        $$strict: true,
        accountId: ACCOUNT_ID,
        symbol: { ...SYMBOL, optional: true },
        side: { type: "enum", values: ["buy", "sell"], optional: true },
      },
      handler(ctx: OfAccount): Promise<{ items: OrderView[] }> {
        const { accountId, ...asked } = ctx.params;
        const account = ownAccount(principalOf(ctx), accountId);
        return ctx.call(shardAction(ctx.broker, account, "cancelAll"), { account, ...asked });
      },
    },

    /** The dead-man timer: unless it is set anew in time, all open orders are cancelled. 0 calls it off. */
    cancelAllAfter: {
      params: {
        $$strict: true,
        accountId: ACCOUNT_ID,
        symbol: { ...SYMBOL, optional: true },
        timeoutMs: { type: "number", integer: true, min: 0, max: CANCEL_ALL_AFTER_MS_MAX },
      },
      handler(ctx: OfAccount): Promise<{ timeoutMs: number }> {
        const { accountId, ...asked } = ctx.params;
        const account = ownAccount(principalOf(ctx), accountId);
        return ctx.call(shardAction(ctx.broker, account, "cancelAllAfter"), { account, ...asked });
      },
    },

    cancel: {
      params: { $$strict: true, id: ORDER_ID },
      async handler(ctx: Context<{ id: string }, OrdersMeta>): Promise<OrderView> {
        const principal = principalOf(ctx);
        const account = await this.ownerOf(ctx, principal, ctx.params.id);
        const { order } = await this.doors.ask(account, { kind: "cancel", account, id: ctx.params.id });
        return order;
      },
    },
  },

  events: {
    "actor.opened"(ctx: Context<ActorOpened>) {
      this.doors.opened(ctx.params);
    },
  },

  created() {
    this.doors = new ShardDoors(this.broker);
  },

  stopped() {
    this.doors.close();
  },

  methods: {
    /** The caller's account that an order belongs to; with one account nobody has to be asked. */
    async ownerOf(ctx: Context<unknown, OrdersMeta>, principal: Principal, id: string): Promise<AccountId> {
      const [only, ...others] = accountsOf(principal, undefined);
      if (only !== undefined && others.length === 0) return only;
      const order = await findOrder(ctx.broker, principal, id);
      return ownAccount(principal, order.accountId);
    },
  },
};

export default schema;
