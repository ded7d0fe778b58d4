/**
 * Which node has which actor, and what operators say about it: an actor pinned to a node, a node that is to
 * be empty, a weight. Every node has this service, as nodes also hand actors to each other by it. On a node
 * that is alone it only tells what runs there.
 */
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import { Fault } from "../mixins/fault.ts";
import { BrokerMembers } from "../mixins/placement/broker-members.ts";
import { preference } from "../mixins/placement/placement-rules.ts";
import type { Role } from "../mixins/runtime/cluster-settings.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { PlacedActorView, PlacementView } from "../models/placement.model.ts";
import { isAlone } from "./hosted-services.ts";
import { hostingOf } from "./hosting.ts";
import { SINGLETONS } from "./singletons.ts";

const ACTOR = { type: "string", pattern: /^(market|risk|singleton)\.[A-Za-z0-9_-]{1,40}$/ } as const;
const NODE = { type: "string", pattern: /^[A-Za-z0-9_-]{1,64}$/ } as const;

/** Every actor of the venue, and the role of the nodes that may have it. */
function actorsOf(broker: ServiceBroker): Map<string, Role> {
  const { instruments, settings } = runtimeOf(broker);
  const actors = new Map<string, Role>(instruments.map(({ symbol }) => [`market.${symbol}`, "matching"]));
  for (let shard = 0; shard < settings.shards; shard++) actors.set(`risk.${shard}`, "risk");
  if (isAlone(broker)) return actors;
  for (const [name, role] of SINGLETONS) actors.set(`singleton.${name}`, role);
  return actors;
}

async function viewPlacement(broker: ServiceBroker): Promise<PlacementView> {
  const { rules } = hostingOf(broker).rules;
  const members = new BrokerMembers(broker).list();
  const holders = await runtimeOf(broker).ownership.holders();
  const alone = isAlone(broker);
  const actors = [...actorsOf(broker)].map(([actor, role]): PlacedActorView => {
    const holder = holders.get(actor);
    const [preferred] = alone ? [broker.nodeID] : preference(actor, role, members, rules);
    const pinned = rules.pins.get(actor);
    return {
      actor,
      ...(holder === undefined || holder.dead
        ? {}
        : { node: alone ? broker.nodeID : holder.node, epoch: holder.epoch }),
      ...(preferred === undefined ? {} : { preferred }),
      ...(pinned === undefined ? {} : { pinned }),
    };
  });
  const nodes = members.map(({ node, roles, weight }) => ({
    node,
    roles,
    weight: rules.weights.get(node) ?? weight,
    drained: rules.drained.has(node),
    actors: actors.filter(actor => actor.node === node).length,
  }));
  return { nodes, actors };
}

/** On a node that is alone there is nowhere else to go. */
function checkPlaced(broker: ServiceBroker, actor?: string): void {
  if (isAlone(broker)) {
    throw new Fault("NOT_FOUND", "Cannot place actors as this node is alone: there is no other");
  }
  if (actor === undefined || actorsOf(broker).has(actor)) return;
  throw new Fault("NOT_FOUND", `Cannot place actor as the venue must have it: received ${actor}`);
}

/** All nodes read the rules anew, and act on them at their next look. */
async function changed(broker: ServiceBroker): Promise<PlacementView> {
  await broker.broadcast("placement.changed", {});
  return viewPlacement(broker);
}

const operatorActions: NonNullable<ServiceSchema["actions"]> = {
  list: {
    params: { $$strict: true },
    handler: (ctx: Context) => viewPlacement(ctx.broker),
  },

  /** The node has the actor as long as it is there, whatever the weights say. */
  pin: {
    params: { $$strict: true, actor: ACTOR, node: NODE },
    async handler(ctx: Context<{ actor: string; node: string }>) {
      const { actor, node } = ctx.params;
      checkPlaced(ctx.broker, actor);
      await hostingOf(ctx.broker).rules.pin(actor, node);
      return changed(ctx.broker);
    },
  },

  unpin: {
    params: { $$strict: true, actor: ACTOR },
    async handler(ctx: Context<{ actor: string }>) {
      checkPlaced(ctx.broker, ctx.params.actor);
      await hostingOf(ctx.broker).rules.pin(ctx.params.actor, undefined);
      return changed(ctx.broker);
    },
  },

  /** A drained node hands over all that it has, a few at a time, and takes nothing. */
  drain: {
    params: { $$strict: true, node: NODE, drained: { type: "boolean", default: true } },
    async handler(ctx: Context<{ node: string; drained: boolean }>) {
      checkPlaced(ctx.broker);
      await hostingOf(ctx.broker).rules.drain(ctx.params.node, ctx.params.drained);
      return changed(ctx.broker);
    },
  },

  /** In place of the weight that the node was started with; none: that one again. */
  weigh: {
    params: {
      $$strict: true,
      node: NODE,
      weight: { type: "number", integer: true, min: 1, max: 10_000, optional: true },
    },
    async handler(ctx: Context<{ node: string; weight?: number }>) {
      checkPlaced(ctx.broker);
      await hostingOf(ctx.broker).rules.weigh(ctx.params.node, ctx.params.weight);
      return changed(ctx.broker);
    },
  },
};

const schema: ServiceSchema = {
  name: "placement",

  actions: {
    ...operatorActions,

    /** Another node asks whether this one would take an actor now. */
    offer: {
      visibility: "public",
      params: { $$strict: true, actor: ACTOR },
      handler: (ctx: Context<{ actor: string }>): boolean =>
        hostingOf(ctx.broker).placer?.isReadyFor(ctx.params.actor) ?? false,
    },

    /** Another node has given an actor up for this one; answers whether it serves here. */
    take: {
      visibility: "public",
      params: { $$strict: true, actor: ACTOR },
      handler: async (ctx: Context<{ actor: string }>): Promise<boolean> =>
        (await hostingOf(ctx.broker).placer?.takeNow(ctx.params.actor)) ?? false,
    },
  },

  events: {
    async "placement.changed"(ctx: Context) {
      const { rules, placer } = hostingOf(ctx.broker);
      await rules.read();
      await placer?.look();
    },
  },

  async started() {
    await hostingOf(this.broker).start();
  },

  stopped() {
    hostingOf(this.broker).stop();
  },
};

export default schema;
