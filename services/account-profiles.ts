/**
 * Leverage and profile of an account: its owner changes leverage and margin mode as far as the account can
 * carry it, operators all of it. Who decided it, and why, is recorded with it.
 */
import type { Context } from "moleculer";
import type { AccountView } from "../models/account.model.ts";
import { OPERATED_FIELDS, OWN_LEVERAGE_MAX, PROFILE_FIELDS } from "./orders/account-schema.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";
import type { ProfileParams } from "./risk/profile-questions.ts";
import { shardAction } from "./shard-action.ts";

const ID = { type: "string", pattern: /^[1-9]\d{0,15}$/ } as const;
const REASON = { type: "string", min: 1, max: 200, pattern: /^[ -~]+$/ } as const;

type Own = Omit<ProfileParams, "swapFree" | "group" | "kycLevel">;

export const PROFILE_ACTIONS = {
  change: {
    params: {
      $$strict: true,
      id: ID,
      ...PROFILE_FIELDS,
      leverage: { ...PROFILE_FIELDS.leverage, max: OWN_LEVERAGE_MAX },
    },
    handler(ctx: Context<Own & { id: string }, PrincipalMeta>): Promise<AccountView> {
      const { id, ...asked } = ctx.params;
      const principal = principalOf(ctx);
      const account = ownAccount(principal, id);
      const signed = { by: principal.userId, reason: "", checked: true };
      return ctx.call(shardAction(ctx.broker, account, "changeProfile"), { account, ...asked, ...signed });
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
