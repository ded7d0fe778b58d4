/**
 * The venue's memory: clients' orders, open and closed, their transactions, balances and positions, as risk
 * shards have written them to the documents. It answers by key and by account, newest first. Who may see what
 * is the caller's to check: nothing here is reachable from outside.
 */
import type { Context, ServiceSchema, ServiceSettingSchema } from "moleculer";
import DbService from "moleculer-db";
import type { OrderState } from "../engine/account/order/order.ts";
import type { Awaitable, MoneyDocuments } from "../mixins/documents/documents.ts";
import { OrderAdapter } from "../mixins/documents/order-adapter.ts";
import type { Page } from "../mixins/documents/page.ts";
import { Fault } from "../mixins/fault.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { TransactionView } from "../models/account.model.ts";
import type { OrderView } from "../models/order.model.ts";
import type { StatementView, TransferView } from "../models/transfer.model.ts";
import { statementOf } from "./payments/statement.ts";
import { viewExplainedOrder } from "./risk/explanation-view.ts";

const ACCOUNT = { type: "string", pattern: /^\d{1,16}$/ } as const;
const LIMIT = { type: "number", integer: true, min: 1, max: 500, default: 100 } as const;
const CURSOR = { type: "string", max: 64, optional: true } as const;

interface PageParams {
  account: string;
  limit: number;
  cursor?: string;
}

function view(ctx: Context<object>, order: OrderState): OrderView {
  const runtime = runtimeOf(ctx.broker);
  return viewExplainedOrder(market => runtime.instrumentOf(market), order);
}

/** Entries that a statement may have. */
const STATEMENT_ENTRIES_MAX = 10_000;

async function makeStatement(
  money: MoneyDocuments,
  { account, from, to }: { readonly account: string; readonly from: number; readonly to: number },
): Promise<StatementView> {
  const [first, end] = [await money.firstSince(account, from), await money.firstSince(account, to)];
  if (end - first > STATEMENT_ENTRIES_MAX) {
    const message = `A statement has at most ${STATEMENT_ENTRIES_MAX} entries: ask for a shorter period`;
    throw new Fault("VALIDATION_FAILED", `Cannot make statement: ${message}`, {
      fields: [{ field: "to", message }],
    });
  }
  return statementOf({
    accountId: account,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    openings: await money.balancesBefore(account, first),
    entries: await money.between(account, first, end, STATEMENT_ENTRIES_MAX),
  });
}

const schema: ServiceSchema<ServiceSettingSchema & { idField: string }> = {
  name: "history",
  mixins: [DbService as unknown as ServiceSchema],
  settings: { idField: "id" },

  actions: {
    find: false,
    count: false,
    list: false,
    create: false,
    insert: false,
    get: false,
    update: false,
    remove: false,

    order: {
      visibility: "public",
      params: { $$strict: true, id: { type: "string", pattern: /^\d{1,16}$/ } },
      async handler(ctx: Context<{ id: string }>): Promise<OrderView> {
        const order: OrderState = await this._get(ctx, { id: ctx.params.id });
        return view(ctx, order);
      },
    },

    byClientId: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, clientOrderId: { type: "string", min: 1, max: 36 } },
      async handler(
        ctx: Context<{ account: string; clientOrderId: string }>,
      ): Promise<OrderView | "revoked" | undefined> {
        const { account, clientOrderId } = ctx.params;
        const found = await runtimeOf(ctx.broker).documents.orderByClientId(account, clientOrderId);
        return typeof found === "object" ? view(ctx, found) : found;
      },
    },

    orders: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        status: { type: "enum", values: ["open", "closed"], optional: true },
        limit: LIMIT,
        cursor: CURSOR,
      },
      async handler(ctx: Context<PageParams & { status?: "open" | "closed" }>): Promise<Page<OrderView>> {
        const { items, ...rest } = await runtimeOf(ctx.broker).documents.list(ctx.params);
        return { items: items.map(order => view(ctx, order)), ...rest };
      },
    },

    transactions: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        limit: LIMIT,
        cursor: CURSOR,
        since: { type: "number", integer: true, min: 0, optional: true },
      },
      handler: (ctx: Context<PageParams & { since?: number }>): Awaitable<Page<TransactionView>> =>
        runtimeOf(ctx.broker).documents.money.transactions(ctx.params),
    },

    /** Entries booked from `from` to before `to`, and the balances around them. */
    statement: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, from: "number|integer", to: "number|integer" },
      handler: (ctx: Context<{ account: string; from: number; to: number }>): Promise<StatementView> =>
        makeStatement(runtimeOf(ctx.broker).documents.money, ctx.params),
    },

    transfer: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, id: { type: "string", min: 1, max: 64 } },
      handler: (ctx: Context<{ account: string; id: string }>): Awaitable<TransferView | undefined> =>
        runtimeOf(ctx.broker).documents.money.transfer(ctx.params.account, ctx.params.id),
    },

    transfers: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, limit: LIMIT, cursor: CURSOR },
      handler: (ctx: Context<PageParams>): Awaitable<Page<TransferView>> =>
        runtimeOf(ctx.broker).documents.money.transfers(ctx.params),
    },
  },

  created() {
    // One adapter a broker: the schema is shared by every broker of the process.
    this.adapter = new OrderAdapter();
    this.adapter.init(this.broker);
  },
};

export default schema;
