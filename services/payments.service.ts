/**
 * Money in and out of accounts, between them, from currency to currency, and statements of it. Each transfer
 * has an id of its caller's choice and is done once, whatever became of the first answer. Operators settle
 * or give up what is pending, and adjust: one asks, another one approves.
 */
import type { Context, ServiceSchema } from "moleculer";
import { Fault } from "../mixins/fault.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { StatementView, TransferView } from "../models/transfer.model.ts";
import { type ListPage, PAGE_PARAMS, type PageParams } from "./list-page.ts";
import { type PeriodParams, periodOf } from "./payments/period.ts";
import { statementCsv, statementPage } from "./payments/statement.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";
import { shardAction } from "./shard-action.ts";

const ACCOUNT_ID = { type: "string", pattern: /^\d{1,16}$/ } as const;
const TRANSFER_ID = { type: "string", pattern: /^[\x21-\x7e]{1,36}$/ } as const;
const AMOUNT = { type: "string", pattern: /^\d{1,15}(\.\d{1,8})?$/ } as const;
const SIGNED = { type: "string", pattern: /^-?\d{1,15}(\.\d{1,8})?$/ } as const;
const CURRENCY = { type: "string", pattern: /^[A-Z0-9]{2,10}$/ } as const;
const WORDS = { type: "string", pattern: /^[\x20-\x7e]{0,140}$/, default: "" } as const;
const DAY = { type: "string", pattern: /^\d{4}-\d\d-\d\d$/, optional: true } as const;
const MONTH = { type: "string", pattern: /^\d{4}-\d\d$/, optional: true } as const;
const TIME = {
  type: "string",
  pattern: /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/,
  optional: true,
} as const;
const FORMATS = ["json", "csv", "html"] as const;

interface PayParams {
  readonly id: string;
  readonly transferId: string;
  readonly currency: string;
  readonly amount: string;
  readonly reference: string;
}

interface ConvertParams extends PayParams {
  readonly toCurrency: string;
}

type Meta = PrincipalMeta & { $responseType?: string };
type Asking<Params> = Context<Params, Meta>;

/** A currency that something here is priced or held in. Throws VALIDATION_FAILED. */
function assertCurrency({ broker }: Asking<object>, field: string, currency: string): void {
  const known = runtimeOf(broker).instruments.some(
    ({ base, quote }) => base === currency || quote === currency,
  );
  if (known) return;
  const message = `The '${field}' must be a currency of this venue`;
  throw new Fault("VALIDATION_FAILED", `Cannot transfer money: ${message}`, { fields: [{ field, message }] });
}

function ask(
  ctx: Asking<PayParams>,
  account: number,
  form: string,
  more: { readonly to?: number; readonly toCurrency?: string } = {},
): Promise<TransferView> {
  const { transferId: id, currency, amount, reference } = ctx.params;
  assertCurrency(ctx, "currency", currency);
  const by = principalOf(ctx).userId;
  const asked = { account, id, form, currency, amount, reference, by, ...more };
  return ctx.call(shardAction(ctx.broker, account, "transfer"), asked);
}

function own(ctx: Asking<{ readonly id: string }>): number {
  return ownAccount(principalOf(ctx), ctx.params.id);
}

/** Between the caller's accounts, of one environment. */
async function transferBetween(ctx: Asking<PayParams & { toAccountId: string }>): Promise<TransferView> {
  const account = own(ctx);
  const to = ownAccount(principalOf(ctx), ctx.params.toAccountId);
  const environments = await Promise.all(
    [account, to].map(each =>
      ctx.call<string, { account: number }>(shardAction(ctx.broker, each, "environment"), { account: each }),
    ),
  );
  if (to === account || environments[0] !== environments[1]) {
    const message = "The 'toAccountId' must be another of your accounts, of the same environment";
    throw new Fault("VALIDATION_FAILED", `Cannot transfer money: ${message}`, {
      fields: [{ field: "toAccountId", message }],
    });
  }
  return ask(ctx, account, "transfer", { to });
}

const PAYMENT = {
  $$strict: true,
  id: ACCOUNT_ID,
  transferId: TRANSFER_ID,
  currency: CURRENCY,
  amount: AMOUNT,
  reference: WORDS,
} as const;

type StatementParams = PeriodParams & { id: string; format: (typeof FORMATS)[number] };

async function statement(ctx: Asking<StatementParams>): Promise<StatementView | string> {
  const account = own(ctx);
  const { from, to } = periodOf(ctx.params);
  const made: StatementView = await ctx.call(shardAction(ctx.broker, account, "statement"), {
    account,
    from,
    to,
  });
  if (ctx.params.format === "json") return made;
  const isCsv = ctx.params.format === "csv";
  ctx.meta.$responseType = isCsv ? "text/csv; charset=utf-8" : "text/html; charset=utf-8";
  return isCsv ? statementCsv(made) : statementPage(made);
}

/** Operators end what is pending. */
function end(ctx: Asking<{ id: string; transferId: string; amount?: string; reason?: string }>, how: string) {
  const { id, transferId, ...said } = ctx.params;
  const account = Number(id);
  const reason = said.reason ?? "";
  const asked = { ...said, reason, account, id: transferId, how, by: principalOf(ctx).userId };
  return ctx.call<TransferView, object>(shardAction(ctx.broker, account, "endTransfer"), asked);
}

const schema: ServiceSchema = {
  name: "payments",

  actions: {
    deposit: { params: PAYMENT, handler: (ctx: Asking<PayParams>) => ask(ctx, own(ctx), "deposit") },
    withdraw: { params: PAYMENT, handler: (ctx: Asking<PayParams>) => ask(ctx, own(ctx), "withdrawal") },
    transfer: { params: { ...PAYMENT, toAccountId: ACCOUNT_ID }, handler: transferBetween },

    convert: {
      params: { ...PAYMENT, toCurrency: CURRENCY },
      handler(ctx: Asking<ConvertParams>) {
        const { toCurrency } = ctx.params;
        assertCurrency(ctx, "toCurrency", toCurrency);
        return ask(ctx, own(ctx), "conversion", { toCurrency });
      },
    },

    list: {
      params: { $$strict: true, id: ACCOUNT_ID, ...PAGE_PARAMS },
      handler(ctx: Asking<PageParams & { id: string }>): Promise<ListPage<TransferView>> {
        const { id: _id, ...page } = ctx.params;
        const account = own(ctx);
        return ctx.call(shardAction(ctx.broker, account, "transfers"), { account, ...page });
      },
    },

    get: {
      params: { $$strict: true, id: ACCOUNT_ID, transferId: TRANSFER_ID },
      handler(ctx: Asking<{ id: string; transferId: string }>): Promise<TransferView> {
        const account = own(ctx);
        const asked = { account, id: ctx.params.transferId };
        return ctx.call(shardAction(ctx.broker, account, "transferOf"), asked);
      },
    },

    statement: {
      params: {
        $$strict: true,
        id: ACCOUNT_ID,
        day: DAY,
        month: MONTH,
        from: TIME,
        to: TIME,
        format: { type: "enum", values: [...FORMATS], default: "json" },
      },
      handler: statement,
    },

    /** Operators: money from the house to an account, or with a sign back; somebody else approves it. */
    adjust: {
      params: { ...PAYMENT, amount: SIGNED, reference: { ...WORDS, min: 1, default: undefined } },
      handler: (ctx: Asking<PayParams>) => ask(ctx, Number(ctx.params.id), "adjustment"),
    },

    /** Operators: transfers of any account. */
    listOf: {
      params: { $$strict: true, id: ACCOUNT_ID, ...PAGE_PARAMS },
      handler(ctx: Asking<PageParams & { id: string }>): Promise<ListPage<TransferView>> {
        const { id, ...page } = ctx.params;
        const account = Number(id);
        return ctx.call(shardAction(ctx.broker, account, "transfers"), { account, ...page });
      },
    },

    /** Operators: what is pending has been done, all of it or a part. */
    settle: {
      params: {
        ...{ $$strict: true, id: ACCOUNT_ID, transferId: TRANSFER_ID },
        amount: { ...AMOUNT, optional: true },
      },
      handler: (ctx: Asking<{ id: string; transferId: string; amount?: string }>) => end(ctx, "settle"),
    },

    /** Operators: what is pending will not be done. */
    giveUp: {
      params: { $$strict: true, id: ACCOUNT_ID, transferId: TRANSFER_ID, reason: WORDS },
      handler: (ctx: Asking<{ id: string; transferId: string; reason: string }>) => end(ctx, "void"),
    },
  },
};

export default schema;
