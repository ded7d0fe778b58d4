/** The actions of a shard about guards and explanations. */
import type { Context, ServiceSchema } from "moleculer";
import { GUARD_SCOPES, type GuardScope } from "../../engine/account/guard/guard.ts";
import { accountId } from "../../engine/units.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import { GUARD_FIELDS, type GuardForm, readGuard } from "./guard-form.ts";
import { accessOf, explain, guardChanges, guardsOf, setGuard } from "./guard-questions.ts";
import { knownAccount, type ShardParts, TEXT } from "./shard-parts.ts";

const NAMED_ACCOUNT = { type: "number", integer: true, positive: true, optional: true } as const;

interface SetParams extends GuardForm {
  readonly scope: GuardScope;
  readonly account: number;
  readonly group: string;
  readonly by: string;
  readonly reason: string;
}

export function guardActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  return {
    setGuard: {
      visibility: "public",
      params: {
        $$strict: true,
        scope: { type: "enum", values: [...GUARD_SCOPES] },
        account: "number|integer|min:0",
        group: { type: "string", max: 40 },
        by: { type: "string", max: 255 },
        reason: { type: "string", max: 255 },
        ...GUARD_FIELDS,
      },
      handler(ctx: Context<SetParams>) {
        const { scope, account, group, by, reason, ...form } = ctx.params;
        const whose = scope === "account" ? knownAccount(parts, account) : accountId(0);
        const guard = readGuard(runtime.instruments, form);
        return setGuard(parts, runtime, { scope, account: whose, group, guard, by, reason });
      },
    },
    access: {
      visibility: "public",
      params: { $$strict: true, account: "number|integer|positive" },
      handler: (ctx: Context<{ account: number }>) => ({
        access: accessOf(parts, accountId(ctx.params.account)),
      }),
    },
    guards: {
      visibility: "public",
      params: { $$strict: true, account: NAMED_ACCOUNT },
      handler(ctx: Context<{ account?: number }>) {
        const { account } = ctx.params;
        return guardsOf(parts, runtime, account === undefined ? undefined : knownAccount(parts, account));
      },
    },
    guardChanges: {
      visibility: "public",
      params: { $$strict: true, limit: "number|integer|positive", before: "number|integer|positive" },
      handler: (ctx: Context<{ limit: number; before: number }>) => guardChanges(parts, runtime, ctx.params),
    },
    /** Of the account that is named, or of whichever has the id. */
    explain: {
      visibility: "public",
      params: { $$strict: true, account: NAMED_ACCOUNT, id: TEXT },
      handler(ctx: Context<{ account?: number; id: string }>) {
        const { account, id } = ctx.params;
        return explain(runtime, parts, id, account === undefined ? undefined : knownAccount(parts, account));
      },
    },
  };
}
