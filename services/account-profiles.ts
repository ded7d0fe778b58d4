/**
 * Leverage and profile of an account: its owner changes leverage and margin mode as far as the account can
 * carry it, operators all of it. Who decided it, and why, is recorded with it.
 */
import type { Context } from "moleculer";
import type { AccountView } from "../models/account.model.ts";
import { ACCOUNT_NAME, OPERATED_FIELDS, OWN_LEVERAGE_MAX, PROFILE_FIELDS } from "./orders/account-schema.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";
import type { ProfileParams } from "./risk/profile-questions.ts";
import { shardAction } from "./shard-action.ts";

const ID = { type: "string", pattern: /^[1-9]\d{0,15}$/ } as const;
const REASON = { type: "string", min: 1, max: 200, pattern: /^[ -~]+$/ } as const;

interface Own extends Omit<ProfileParams, "swapFree" | "group" | "kycLevel"> {
  readonly name?: string;
}

export const PROFILE_ACTIONS = {
  change: {
    params: {
      $$strict: true,
      id: ID,
      ...PROFILE_FIELDS,
      leverage: { ...PROFILE_FIELDS.leverage, max: OWN_LEVERAGE_MAX },
      name: { ...ACCOUNT_NAME, optional: true },
    },
    async handler(ctx: Context<Own & { id: string }, PrincipalMeta>): Promise<AccountView> {
      const { id, name, ...asked } = ctx.params;
      const principal = principalOf(ctx);
      const { userId } = principal;
      const account = ownAccount(principal, id);
      const ask = (action: string, more: object = {}) =>
        ctx.call<AccountView, object>(shardAction(ctx.broker, account, action), { account, ...more });
      const signed = { by: userId, reason: "", checked: true };
      const keeps = Object.keys(asked).length === 0;
      const view = await (keeps ? ask("summary") : ask("changeProfile", { ...asked, ...signed }));
      if (name !== undefined) await ctx.call("identity.nameAccount", { userId, account, name });
      return view;
    },
  },

  /** Operators: what is left out stays as it is. */
  setProfile: {
    params: { $$strict: true, id: ID, ...PROFILE_FIELDS, ...OPERATED_FIELDS, reason: REASON },
    handler(
      ctx: Context<ProfileParams & { id: string; reason: string }, PrincipalMeta>,
    ): Promise<AccountView> {
      const { id, ...asked } = ctx.params;
      const account = Number(id);
      const signed = { by: ctx.meta.principal?.userId ?? "console", checked: false };
      return ctx.call(shardAction(ctx.broker, account, "changeProfile"), { account, ...asked, ...signed });
    },
  },
} as const;
