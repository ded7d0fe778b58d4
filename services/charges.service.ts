/**
 * What trading costs, as everybody may read it, and as operators set it. Tiers and points are recorded by
 * every shard: by the first before the others, which learn them of it, so that all of them end up the same
 * whoever changes what at once.
 */
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type {
  AccountFeesView,
  FeeScheduleView,
  FeeTierView,
  SwapSidesView,
  SwapView,
} from "../models/charge.model.ts";
import { SYMBOL } from "./orders/order-schema.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";
import { POINT_FIELDS, TIER_FIELDS, type TierForm } from "./risk/charge-form.ts";
import { shardAction } from "./shard-action.ts";

const ACCOUNT_ID = { type: "string", pattern: /^[1-9]\d{0,15}$/ } as const;
const TIER = { type: "number", integer: true, min: 0, max: 65_535 } as const;

/** The first shard's answer, once every other has learnt of it what it says. */
async function tellAll<Answer>(broker: ServiceBroker, action: string, params: object): Promise<Answer> {
  const { shards } = runtimeOf(broker).settings;
  const answer = await broker.call<Answer, object>(`risk.0.${action}`, params);
  for (let shard = 1; shard < shards; shard++) await broker.call(`risk.${shard}.learnCharges`, {});
  return answer;
}

const schema: ServiceSchema = {
  name: "charges",

  actions: {
    schedule: {
      params: { $$strict: true },
      handler: (ctx: Context): Promise<FeeScheduleView> => ctx.call("risk.0.fees", {}),
    },

    swap: {
      params: { $$strict: true, symbol: SYMBOL },
      handler: (ctx: Context<{ symbol: string }>): Promise<SwapView> => ctx.call("risk.0.swap", ctx.params),
    },

    account: {
      params: { $$strict: true, id: ACCOUNT_ID },
      handler(ctx: Context<{ id: string }, PrincipalMeta>): Promise<AccountFeesView> {
        const account = ownAccount(principalOf(ctx), ctx.params.id);
        return ctx.call(shardAction(ctx.broker, account, "accountFees"), { account });
      },
    },

    /** Operators: a tier under a number of its own, for ever; the same content again changes nothing. */
    defineTier: {
      params: {
        $$strict: true,
        number: { ...TIER, min: 1, convert: true },
        ...TIER_FIELDS,
      },
      handler(ctx: Context<TierForm>): Promise<FeeTierView> {
        return tellAll(ctx.broker, "defineFeeTier", ctx.params);
      },
    },

    /** Operators: the tier of what the account sends from here on; without one it goes by volume again. */
    assignTier: {
      params: { $$strict: true, id: ACCOUNT_ID, tier: { ...TIER, optional: true } },
      handler(ctx: Context<{ id: string; tier?: number }>): Promise<AccountFeesView> {
        const { id, ...asked } = ctx.params;
        const account = Number(id);
        return ctx.call(shardAction(ctx.broker, account, "assignFeeTier"), { account, ...asked });
      },
    },

    /** Operators: pips a night from the next rollover on. */
    setSwap: {
      params: { $$strict: true, symbol: SYMBOL, ...POINT_FIELDS },
      handler(ctx: Context<SwapSidesView & { symbol: string }>): Promise<SwapView> {
        return tellAll(ctx.broker, "setSwapPoints", ctx.params);
      },
    },
  },
};

export default schema;
