/**
 * The service `risk.<SHARD>`: what may be asked of one shard. Callers have already shown that the account is
 * theirs.
 */
import type { Context, ServiceSchema } from "moleculer";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import { gatedActions } from "../gated-actions.ts";
import type { ActorOpened } from "../hosting.ts";
import { accountActions } from "./account-actions.ts";
import { chargeActions } from "./charge-actions.ts";
import { commandActions, controlActions } from "./command-actions.ts";
import { guardActions } from "./guard-actions.ts";
import { BATCH_PARAMS, carryOut, type OrderCommand } from "./order-batch.ts";
import { findOrder, listOrders } from "./order-questions.ts";
import { positionActions } from "./position-actions.ts";
import { ACCOUNT, knownAccount, type ShardParts } from "./shard-parts.ts";
import { transferActions } from "./transfer-actions.ts";

const ID = { type: "string", pattern: /^\d{1,16}$/ } as const;

function orderActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const known = (id: number) => knownAccount(parts, id);
  return {
    carryOut: {
      visibility: "public",
      params: BATCH_PARAMS,
      handler(ctx: Context<{ commands: readonly OrderCommand[] }>) {
        const log = (error: unknown) => ctx.broker.logger.error(`Cannot carry out a command`, error);
        return carryOut({ runtime, parts, log }, ctx.params.commands);
      },
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
  };
}

export interface ServedShard {
  readonly parts: ShardParts;
  /** Of its owner's claim. */
  readonly epoch: number;
  /** Whether the shard is this node's, and takes what comes. */
  readonly mayAnswer: () => boolean;
}

export function shardService(runtime: Runtime, { parts, epoch, mayAnswer }: ServedShard): ServiceSchema {
  const { number, shard, rooms } = parts;
  const { machine } = shard;
  return {
    name: `risk.${number}`,
    metadata: { epoch },
    created() {
      this.parts = parts;
    },
    actions: gatedActions(`risk.${number}`, mayAnswer, {
      ...orderActions(runtime, parts),
      ...commandActions(runtime, parts),
      ...controlActions(runtime, parts),
      ...positionActions(runtime, parts),
      ...accountActions(parts),
      /** Saves the state with its hash, and resolves when all that it knows is in documents too. */
      checkpoint: {
        visibility: "public",
        params: { $$strict: true },
        async handler() {
          await shard.snapshot();
          await parts.documents.settled();
          return { shard: number };
        },
      },
      ...transferActions(runtime, parts),
      ...guardActions(runtime, parts),
      ...chargeActions(runtime, parts),
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
    }),
    events: {
      "actor.opened": {
        handler(ctx: Context<ActorOpened>) {
          const { actor } = ctx.params;
          if (actor.startsWith("market.")) shard.marketOpened(actor.slice("market.".length));
        },
      },
      "room.closed": {
        handler(ctx: Context<{ room: string }>) {
          if (ctx.params.room.startsWith("account:")) rooms.unwatch(ctx.params.room, ctx.nodeID ?? "");
        },
      },
      "$node.disconnected": {
        handler(ctx: Context<{ node: { id: string } }>) {
          rooms.gone(ctx.params.node.id);
        },
      },
    },
  };
}
