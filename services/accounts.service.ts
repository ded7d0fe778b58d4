/**
 * Accounts as their owners see them; each question goes to the account's risk shard, history to the
 * documents.
 */
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import { shardOf } from "../engine/ids.ts";
import { accountId } from "../engine/units.ts";
import { Fault } from "../mixins/fault.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { AccountView, BalanceView, PositionView, TransactionView } from "../models/account.model.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";

const ACCOUNT_ID = { type: "string", pattern: /^\d{1,16}$/ } as const;
const PAGE_MAX = 500;

type OfAccount = Context<{ id: string }, PrincipalMeta>;

export function shardAction(broker: ServiceBroker, account: number, action: string): string {
  return `risk.${shardOf(account, runtimeOf(broker).settings.shards)}.${action}`;
}

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
      },
      handler(ctx: Context<{ account: number }>): Promise<void> {
        return ctx.call(shardAction(ctx.broker, ctx.params.account, "open"), ctx.params);
      },
    },

    list: {
      async handler(ctx: Context<unknown, PrincipalMeta>): Promise<{ items: AccountView[] }> {
        const { accounts } = principalOf(ctx);
        const items = await Promise.all(
          accounts.map(account =>
            ctx.call<AccountView, { account: number }>(shardAction(ctx.broker, account, "summary"), {
              account,
            }),
          ),
        );
        return { items };
      },
    },

    get: {
      params: { $$strict: true, id: ACCOUNT_ID },
      handler: (ctx: OfAccount): Promise<AccountView> => askShard(ctx, "summary"),
    },

    balances: {
      params: { $$strict: true, id: ACCOUNT_ID },
      handler: (ctx: OfAccount): Promise<{ items: BalanceView[] }> => askShard(ctx, "balances"),
    },

    positions: {
      params: { $$strict: true, id: ACCOUNT_ID },
      handler: (ctx: OfAccount): Promise<{ items: PositionView[] }> => askShard(ctx, "positions"),
    },

    transactions: {
      params: {
        $$strict: true,
        id: ACCOUNT_ID,
        limit: { type: "number", integer: true, min: 1, max: PAGE_MAX, default: 100 },
        cursor: { type: "string", max: 64, optional: true },
      },
      handler(
        ctx: Context<{ id: string; limit: number; cursor?: string }, PrincipalMeta>,
      ): Promise<{ items: TransactionView[]; nextCursor?: string }> {
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
