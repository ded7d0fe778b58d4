/** What may be asked of a shard about transfers and statements. */
import type { Context, ServiceSchema } from "moleculer";
import { parseDecimal } from "../../engine/decimal.ts";
import { MONEY_DIGITS } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import { ACCOUNT, knownAccount, type ShardParts, TEXT } from "./shard-parts.ts";
import { askTransfer, TRANSFER_FORMS, type TransferParams } from "./transfer-questions.ts";

const ID = { type: "string", min: 1, max: 64 } as const;
const WORDS = { type: "string", max: 255 } as const;

interface EndParams {
  readonly account: number;
  readonly id: string;
  readonly how: "settle" | "void";
  readonly amount?: string;
  readonly reason: string;
  readonly by: string;
}

/** An adjustment is settled by somebody else than who has asked for it. */
async function endTransfer(parts: ShardParts, params: EndParams) {
  const { id, how, reason, by } = params;
  const account = knownAccount(parts, params.account);
  const known = await parts.transfers.find(account, id);
  if (how === "settle" && known?.legs[0]?.kind === "adjustment" && known.askedBy === by) {
    throw new Fault("FORBIDDEN", "Cannot approve adjustment as somebody else than its asker must");
  }
  const amount = parseDecimal(params.amount ?? "0", MONEY_DIGITS) ?? -1n;
  const most = parseDecimal(known?.legs[0]?.amount ?? "0", MONEY_DIGITS) ?? 0n;
  if (amount < 0n || (known !== undefined && amount > most)) {
    throw new Fault("VALIDATION_FAILED", "Cannot settle transfer as 'amount' must be a part of it", {
      fields: [{ field: "amount", message: "The 'amount' must be a part of the transfer's" }],
    });
  }
  return parts.transfers.end({ account, id, how, amount, reason, by });
}

export function transferActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const known = (id: number) => knownAccount(parts, id);
  return {
    transfer: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        id: ID,
        form: { type: "enum", values: [...TRANSFER_FORMS] },
        currency: TEXT,
        amount: TEXT,
        to: { type: "number", integer: true, positive: true, optional: true },
        toCurrency: { ...TEXT, optional: true },
        reference: WORDS,
        by: WORDS,
      },
      handler: (ctx: Context<TransferParams>) =>
        askTransfer(parts, runtime.settings.shards, known(ctx.params.account), ctx.params),
    },
    endTransfer: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        id: ID,
        how: { type: "enum", values: ["settle", "void"] },
        amount: { ...TEXT, optional: true },
        reason: WORDS,
        by: WORDS,
      },
      handler: (ctx: Context<EndParams>) => endTransfer(parts, ctx.params),
    },
    transferOf: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, id: ID },
      async handler(ctx: Context<{ account: number; id: string }>) {
        const { account, id } = ctx.params;
        const found = await parts.transfers.find(known(account), id);
        if (found !== undefined) return found;
        throw new Fault("TRANSFER_UNKNOWN", `Cannot find transfer as its id must be known: received ${id}`);
      },
    },
    transfers: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        limit: "number|integer|positive",
        cursor: { type: "string", max: 64, optional: true },
      },
      async handler(ctx: Context<{ account: number; limit: number; cursor?: string }>) {
        await parts.documents.settled();
        return ctx.call("history.transfers", { ...ctx.params, account: String(known(ctx.params.account)) });
      },
    },
    statement: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, from: "number|integer", to: "number|integer" },
      async handler(ctx: Context<{ account: number; from: number; to: number }>) {
        await parts.documents.settled();
        return ctx.call("history.statement", { ...ctx.params, account: String(known(ctx.params.account)) });
      },
    },
    /** What decides whether two accounts may share money. */
    environment: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler: (ctx: Context<{ account: number }>) =>
        parts.shard.machine.account(known(ctx.params.account))?.kind.environment,
    },
  };
}
