/**
 * Guards as operators set and read them, and why an order was refused or an account closed out, as its owner
 * reads it. A guard of a group or of the venue is recorded by every shard; a change says who decided it, and
 * why.
 */
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import type { AccessRight, GuardScope } from "../engine/account/guard/guard.ts";
import { Fault } from "../mixins/fault.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { ExplanationView } from "../models/explanation.model.ts";
import { type PrincipalMeta, principalOf } from "./principal.ts";
import { GUARD_FIELDS, type GuardForm, type GuardView } from "./risk/guard-form.ts";
import type { GuardChangeView } from "./risk/guard-questions.ts";
import { shardAction } from "./shard-action.ts";

const ID = { type: "string", pattern: /^[1-9]\d{0,15}$/ } as const;
const GROUP = { type: "string", min: 1, max: 40, pattern: /^[!-~]+$/ } as const;
const REASON = { type: "string", min: 1, max: 200, pattern: /^[ -~]+$/ } as const;
const SET = { $$strict: true, ...GUARD_FIELDS, reason: REASON } as const;
/** Of an order, or of a record in a shard's ledger: of a close-out, or of an amend that was refused. */
const EXPLAINED = { type: "string", pattern: /^(\d{1,16}|l\d{1,4}-\d{1,16})$/ } as const;

type Asked<Of = object> = Context<GuardForm & { reason: string } & Of, PrincipalMeta>;

function shardsOf(broker: ServiceBroker): number[] {
  return Array.from({ length: runtimeOf(broker).settings.shards }, (_, shard) => shard);
}

async function setEverywhere(ctx: Asked, scope: GuardScope, group: string): Promise<GuardView | undefined> {
  const by = ctx.meta.principal?.userId ?? "console";
  const { id: _path, ...form } = ctx.params as Asked<{ id?: string }>["params"];
  const stated = { scope, account: 0, ...form, group, by };
  const set = shardsOf(ctx.broker).map(shard =>
    ctx.call<GuardView, object>(`risk.${shard}.setGuard`, stated),
  );
  const ended = await Promise.allSettled(set);
  // Also where a shard could not: those that have it hold to it, and gateways have to know.
  ctx.broker.broadcast("guard.changed", {});
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  return ended[0]?.status === "fulfilled" ? ended[0].value : undefined;
}

function unexplained(id: string, whose: string): Fault {
  return new Fault("NOT_FOUND", `Cannot explain as the id must be of a refusal${whose}: received ${id}`);
}

async function explainOwn(ctx: Context<{ id: string }, PrincipalMeta>): Promise<ExplanationView> {
  const { id } = ctx.params;
  for (const account of principalOf(ctx).accounts) {
    const found = await ctx.call<ExplanationView | undefined, object>(
      shardAction(ctx.broker, account, "explain"),
      { account, id },
    );
    if (found !== undefined) return found;
  }
  throw unexplained(id, " of yours");
}

/** An id does not say whose it is: each shard is asked. */
async function explainOf(ctx: Context<{ id: string }>): Promise<ExplanationView> {
  const { id } = ctx.params;
  for (const shard of shardsOf(ctx.broker)) {
    const found = await ctx.call<ExplanationView | undefined, object>(`risk.${shard}.explain`, { id });
    if (found !== undefined) return found;
  }
  throw unexplained(id, "");
}

const schema: ServiceSchema = {
  name: "guards",

  actions: {
    /** Why an order of the caller's was refused, or an account of the caller's closed out. */
    explain: { params: { $$strict: true, id: EXPLAINED }, handler: explainOwn },

    /** The same of whichever account it is: for operators and the console. */
    explainOf: { params: { $$strict: true, id: EXPLAINED }, handler: explainOf },

    setAccount: {
      params: { ...SET, id: ID },
      async handler(ctx: Asked<{ id: string }>): Promise<GuardView> {
        const { id, ...form } = ctx.params;
        const account = Number(id);
        const by = ctx.meta.principal?.userId ?? "console";
        const stated = { scope: "account", account, group: "", by, ...form };
        const view = await ctx.call<GuardView, object>(shardAction(ctx.broker, account, "setGuard"), stated);
        ctx.broker.broadcast("guard.changed", {});
        return view;
      },
    },

    setGroup: {
      params: { ...SET, group: GROUP },
      handler: (ctx: Asked<{ group: string }>) => setEverywhere(ctx, "group", ctx.params.group),
    },

    setVenue: {
      params: SET,
      handler: (ctx: Asked) => setEverywhere(ctx, "venue", ""),
    },

    /** The guards of the venue and of groups. */
    list: {
      params: { $$strict: true },
      handler: (ctx: Context) => ctx.call("risk.0.guards", {}),
    },

    account: {
      params: { $$strict: true, id: ID },
      handler(ctx: Context<{ id: string }>): Promise<{ access: AccessRight }> {
        const account = Number(ctx.params.id);
        return ctx.call(shardAction(ctx.broker, account, "guards"), { account });
      },
    },

    /** Newest first, of one shard: those of groups and of the venue stand in each. */
    changes: {
      params: {
        $$strict: true,
        shard: { type: "number", integer: true, min: 0, default: 0 },
        limit: { type: "number", integer: true, min: 1, max: 100, default: 50 },
        cursor: { type: "string", pattern: /^l\d{1,4}-\d{1,16}$/, optional: true },
      },
      async handler(ctx: Context<{ shard: number; limit: number; cursor?: string }>) {
        const { shard, limit, cursor } = ctx.params;
        if (shard >= shardsOf(ctx.broker).length) {
          throw new Fault("NOT_FOUND", `Cannot list changes as there is no such shard: received ${shard}`);
        }
        const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor.split("-")[1]);
        const asked = { limit: limit + 1, before };
        const found = await ctx.call<GuardChangeView[], object>(`risk.${shard}.guardChanges`, asked);
        const items = found.slice(0, limit);
        const last = items.at(-1);
        return found.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items };
      },
    },
  },
};

export default schema;
