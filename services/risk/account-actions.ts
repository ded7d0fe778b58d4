/** What may be asked of a shard about accounts: opening one, its money, its positions, its room. */
import type { Context, ServiceSchema } from "moleculer";
import { parseDecimal } from "../../engine/decimal.ts";
import { accountId, MONEY_DIGITS, money } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import {
  KIND_FIELDS,
  type KindParams,
  kindOf,
  OPERATED_FIELDS,
  PROFILE_FIELDS,
  profileOf,
} from "../orders/account-schema.ts";
import { viewAccount, viewBalance, viewPosition } from "../orders/account-view.ts";
import { changeProfile, type SignedProfile } from "./profile-questions.ts";
import { ACCOUNT, knownAccount, type ShardParts, TEXT } from "./shard-parts.ts";

interface OpenParams extends KindParams {
  readonly account: number;
  readonly currency: string;
  readonly leverage: number;
  readonly liquidity: boolean;
  readonly deposit: string;
}

/** Opens an account unless it is open. */
async function openAccount(parts: ShardParts, params: OpenParams): Promise<void> {
  const { shard, rollover } = parts;
  const account = accountId(params.account);
  const deposit = parseDecimal(params.deposit, MONEY_DIGITS);
  if (deposit === undefined) {
    throw new Fault(
      "VALIDATION_FAILED",
      `Cannot open account as 'deposit' must be a decimal: received ${params.deposit}`,
    );
  }
  const { currency, leverage, liquidity } = params;
  await shard.openAccount({
    kind: "open",
    time: shard.now,
    account,
    currency,
    leverage,
    liquidity,
    deposit: money(deposit),
    as: kindOf(params),
    profile: profileOf(params),
  });
  if (!liquidity) await rollover.welcome(account);
}

export function accountActions(parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const { shard, rooms } = parts;
  const { machine } = shard;
  const known = (id: number) => knownAccount(parts, id);
  return {
    open: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        currency: "string|length:3",
        leverage: "number|integer|positive",
        liquidity: "boolean",
        deposit: TEXT,
        ...KIND_FIELDS,
      },
      handler: (ctx: Context<OpenParams>) => openAccount(parts, ctx.params),
    },
    changeProfile: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        ...PROFILE_FIELDS,
        ...OPERATED_FIELDS,
        by: { type: "string", max: 255 },
        reason: { type: "string", max: 255 },
        checked: "boolean",
      },
      handler(ctx: Context<SignedProfile & { account: number }>) {
        const { account, ...asked } = ctx.params;
        return changeProfile(parts, known(account), asked);
      },
    },
    summary: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler(ctx: Context<{ account: number }>) {
        return viewAccount(machine, known(ctx.params.account), shard.now);
      },
    },
    balances: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler: (ctx: Context<{ account: number }>) => ({
        items: machine.money.balances(known(ctx.params.account)).map(viewBalance),
      }),
    },
    positions: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler: (ctx: Context<{ account: number }>) => ({
        items: machine
          .positions(known(ctx.params.account))
          .map(position => viewPosition(shard.instrument(position.market), position)),
      }),
    },
    transactions: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        limit: "number|integer|positive",
        cursor: { type: "string", max: 64, optional: true },
        since: { type: "number", integer: true, min: 0, optional: true },
      },
      async handler(ctx: Context<{ account: number; limit: number; cursor?: string; since?: number }>) {
        await parts.documents.settled();
        const account = String(known(ctx.params.account));
        return ctx.call("history.transactions", { ...ctx.params, account });
      },
    },
    snapshot: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler: (ctx: Context<{ account: number }>) =>
        rooms.snapshot(known(ctx.params.account), ctx.nodeID ?? ""),
    },
  };
}
