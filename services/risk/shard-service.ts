/**
 * The service `risk.<SHARD>`: what may be asked of one shard. Callers have already shown that the account is
 * theirs.
 */
import type { Context, ServiceSchema } from "moleculer";
import { parseDecimal } from "../../engine/decimal.ts";
import { type AccountId, accountId, MONEY_DIGITS, money } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Claim } from "../../mixins/ownership/ownership.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import { viewAccount, viewBalance, viewPosition } from "../orders/account-view.ts";
import type { AccountRooms } from "./account-rooms.ts";
import type { PlaceParams } from "./asked-order.ts";
import type { DocumentWriter } from "./document-writer.ts";
import type { OrderDesk } from "./order-desk.ts";
import {
  amendOrder,
  cancelOrder,
  findOrder,
  listOrders,
  placeOrder,
  resolveOrder,
} from "./order-questions.ts";
import type { RiskShard } from "./risk-shard.ts";

export interface ShardParts {
  readonly number: number;
  readonly shard: RiskShard;
  readonly desk: OrderDesk;
  readonly documents: DocumentWriter;
  readonly rooms: AccountRooms;
  readonly claim: Claim;
}

const ACCOUNT = "number|integer|positive";
const ID = { type: "string", pattern: /^\d{1,16}$/ } as const;
const TEXT = { type: "string", max: 40 } as const;

interface OpenParams {
  readonly account: number;
  readonly currency: string;
  readonly leverage: number;
  readonly liquidity: boolean;
  readonly deposit: string;
}

/** Opens an account unless it is open. */
async function openAccount(parts: ShardParts, params: OpenParams): Promise<void> {
  const { shard } = parts;
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
  });
}

/** The account's number, if this shard has opened it. Throws ACCOUNT_UNKNOWN. */
function knownAccount({ shard }: ShardParts, id: number): AccountId {
  const account = accountId(id);
  if (shard.machine.account(account) === undefined) {
    throw new Fault("ACCOUNT_UNKNOWN", `Cannot find account as it must be open: received ${id}`);
  }
  return account;
}

function orderActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const known = (id: number) => knownAccount(parts, id);
  return {
    place: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        clientOrderId: TEXT,
        symbol: TEXT,
        side: TEXT,
        type: TEXT,
        quantity: TEXT,
        price: { ...TEXT, optional: true },
        timeInForce: { ...TEXT, optional: true },
        postOnly: "boolean|optional",
        reference: "number|integer|optional",
      },
      handler: (ctx: Context<PlaceParams>) =>
        placeOrder(
          runtime,
          parts,
          ctx.params,
          known(ctx.params.account),
          runtime.instrument(ctx.params.symbol),
        ),
    },
    amend: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        id: ID,
        quantity: { ...TEXT, optional: true },
        price: { ...TEXT, optional: true },
        reference: "number|integer|optional",
      },
      handler: (
        ctx: Context<{
          account: number;
          id: string;
          quantity?: string;
          price?: string;
          reference?: number;
        }>,
      ) => amendOrder(runtime, parts, known(ctx.params.account), ctx.params),
    },
    cancel: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, id: ID },
      handler: (ctx: Context<{ account: number; id: string }>) =>
        cancelOrder(runtime, parts, known(ctx.params.account), ctx.params.id),
    },
    order: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, id: ID },
      handler: (ctx: Context<{ account: number; id: string }>) =>
        findOrder(runtime, parts, known(ctx.params.account), ctx.params.id),
    },
    orders: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        status: { type: "enum", values: ["open", "closed"], optional: true },
        limit: "number|integer|positive",
        cursor: { ...ID, optional: true },
      },
      handler: (
        ctx: Context<{ account: number; status?: "open" | "closed"; limit: number; cursor?: string }>,
      ) => listOrders(runtime, parts, known(ctx.params.account), ctx.params),
    },
    resolve: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, clientOrderId: TEXT },
      handler: (ctx: Context<{ account: number; clientOrderId: string }>) =>
        resolveOrder(runtime, parts, known(ctx.params.account), ctx.params.clientOrderId),
    },
  };
}

function accountActions(parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
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
      },
      handler: (ctx: Context<OpenParams>) => openAccount(parts, ctx.params),
    },
    summary: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler(ctx: Context<{ account: number }>) {
        const account = known(ctx.params.account);
        return viewAccount(account, machine.summary(account));
      },
    },
    balances: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler: (ctx: Context<{ account: number }>) => ({
        items: machine.balances(known(ctx.params.account)).map(viewBalance),
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
      },
      async handler(ctx: Context<{ account: number; limit: number; cursor?: string }>) {
        await parts.documents.settled();
        const account = String(known(ctx.params.account));
        return ctx.call("history.transactions", { ...ctx.params, account });
      },
    },
    snapshot: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler: (ctx: Context<{ account: number }>) => rooms.snapshot(known(ctx.params.account)),
    },
  };
}

export function shardService(runtime: Runtime, parts: ShardParts): ServiceSchema {
  const { number, shard, rooms } = parts;
  const { machine } = shard;
  return {
    name: `risk.${number}`,
    actions: {
      ...orderActions(runtime, parts),
      ...accountActions(parts),
      state: {
        params: { $$strict: true },
        handler: () => ({
          shard: number,
          epoch: machine.epoch,
          ledger: machine.ledgerSequence,
          hash: machine.hash(),
          pending: parts.desk.pending,
          closedInMemory: machine.closedInMemory,
        }),
      },
    },
    events: {
      "room.closed": {
        handler(ctx: Context<{ room: string }>) {
          if (ctx.params.room.startsWith("account:")) rooms.unwatch(ctx.params.room);
        },
      },
    },
  };
}
