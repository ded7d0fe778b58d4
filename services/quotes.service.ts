/**
 * Market makers' door: many quotes as one command, and the protection that takes them out. Everything goes to
 * the account's risk shard, as orders do.
 */
import type { Context, ServiceSchema } from "moleculer";
import { ACCOUNT_ID, PROTECTION_FIELDS, QUOTE_FIELDS, SYMBOL } from "./orders/order-schema.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";
import { shardAction } from "./shard-action.ts";

type OfMarket = Context<{ accountId?: string; symbol: string } & Record<string, unknown>, PrincipalMeta>;

function askShard(ctx: OfMarket, action: string): Promise<unknown> {
  const { accountId, ...asked } = ctx.params;
  const account = ownAccount(principalOf(ctx), accountId);
  return ctx.call(shardAction(ctx.broker, account, action), { account, ...asked });
}

const schema: ServiceSchema = {
  name: "quotes",

  actions: {
    put: {
      params: { $$strict: true, symbol: SYMBOL, accountId: ACCOUNT_ID, ...QUOTE_FIELDS },
      handler: (ctx: OfMarket) => askShard(ctx, "quote"),
    },
    protect: {
      params: { $$strict: true, symbol: SYMBOL, accountId: ACCOUNT_ID, ...PROTECTION_FIELDS },
      handler: (ctx: OfMarket) => askShard(ctx, "protect"),
    },
    resetProtection: {
      params: { $$strict: true, symbol: SYMBOL, accountId: ACCOUNT_ID },
      handler: (ctx: OfMarket) => askShard(ctx, "resetProtection"),
    },
  },
};

export default schema;
