/**
 * The service `matching.<SYMBOL>`: what one market may be told and asked. Risk shards submit numbered
 * commands, operators and the calendar say what the market's day is; anyone may look at the book, and sees
 * what is durable.
 */
import type { Context, ServiceSchema } from "moleculer";
import { formatPrice, formatQuantity, type Instrument, parsePrice } from "../../engine/instrument.ts";
import type { HostCommand, ShardCommand } from "../../engine/market/command.ts";
import { decodeCommandBatch } from "../../engine/market/command-batch.ts";
import type { DepthLevel, MarketMachine } from "../../engine/market/market-machine.ts";
import { PHASES, type Phase } from "../../engine/market/phase.ts";
import { milliseconds, type Side } from "../../engine/units.ts";
import type { Actor } from "../../mixins/actor/actor.ts";
import type { MarketCore, MarketMessage, MarketReply } from "../../mixins/actor/market-core.ts";
import { Fault } from "../../mixins/fault.ts";

/** Depth that one question may ask for. */
const DEPTH_MAX = 1_000;
/** Orders of a side that one question may ask for. */
const ORDERS_MAX = 10_000;
const REASON = { type: "string", min: 1, max: 255, pattern: /^[ -~]+$/ } as const;
/** The market says when: its clock never runs backwards. */
const NOW = milliseconds(0);

export interface ServedMarket {
  /** Of its owner's claim. */
  readonly epoch: number;
  readonly instrument: Instrument;
  readonly core: MarketCore;
  readonly actor: Actor<MarketMessage, MarketReply>;
}

/** `commands`: as `engine/market/command-batch.ts` writes them. */
export interface Submitted {
  readonly epoch: number;
  readonly commands: Uint8Array;
}

/** Nothing of a batch is applied unless all of it can be read. Throws BAD_REQUEST. */
function readCommands(bytes: Uint8Array): ShardCommand[] {
  try {
    return decodeCommandBatch(bytes);
  } catch (cause) {
    const message = "Cannot take commands as their bytes must be a batch of this version";
    throw new Fault("BAD_REQUEST", message, {}, cause);
  }
}

/** The batch's fate: admitted unless one of its commands came from another epoch or left a gap. */
function fateOf(replies: readonly MarketReply[]): "ok" | "gap" | "staleEpoch" {
  for (const { admitted } of replies) {
    if (admitted === "staleEpoch" || admitted === "gap") return admitted;
  }
  return "ok";
}

function viewLevels(instrument: Instrument, levels: readonly DepthLevel[]): [string, string, number][] {
  return levels.map(({ ticks, lots, orders }) => [
    formatPrice(instrument, ticks),
    formatQuantity(instrument, lots),
    orders,
  ]);
}

function shownOrders(machine: MarketMachine) {
  const shown: { id: number; side: Side; ticks: number; lots: number }[] = [];
  let left = { buy: ORDERS_MAX, sell: ORDERS_MAX };
  for (const order of machine.orders()) {
    const { orderId: id, side, ticks, hidden, allOrNone, minimumLots } = order;
    if (hidden || allOrNone || minimumLots !== undefined || left[side] === 0) continue;
    left = { ...left, [side]: left[side] - 1 };
    shown.push({ id, side, ticks, lots: order.shownLots ?? order.lots });
  }
  return shown;
}

/** What the market's own host tells it; resolves when that is durable. */
async function tell({ actor }: ServedMarket, command: HostCommand): Promise<{ sequence: number }> {
  const [reply] = await actor.send([{ command }]);
  return { sequence: reply?.sequence ?? 0 };
}

function hostActions(market: ServedMarket): NonNullable<ServiceSchema["actions"]> {
  const { instrument } = market;
  return {
    phase: {
      visibility: "public",
      params: { $$strict: true, phase: { type: "enum", values: [...PHASES] }, reason: REASON },
      handler: (ctx: Context<{ phase: Phase; reason: string }>) =>
        tell(market, { kind: "phase", time: NOW, ...ctx.params }),
    },
    endOfDay: {
      visibility: "public",
      params: { $$strict: true },
      handler: () => tell(market, { kind: "endOfDay", time: NOW }),
    },
    price: {
      visibility: "public",
      params: {
        $$strict: true,
        which: { type: "enum", values: ["mark", "reference"] },
        price: { type: "string", max: 40 },
      },
      handler(ctx: Context<{ which: "mark" | "reference"; price: string }>) {
        const { which, price } = ctx.params;
        const ticks = parsePrice(instrument, price);
        if (typeof ticks === "string") {
          throw new Fault("VALIDATION_FAILED", `Cannot set price as ${ticks}: received ${price}`);
        }
        return tell(market, { kind: "price", time: NOW, which, ticks });
      },
    },
  };
}

export function marketService(market: ServedMarket): ServiceSchema {
  const { instrument, core, actor } = market;
  return {
    name: `matching.${instrument.symbol}`,
    metadata: { epoch: market.epoch },
    actions: {
      submit: {
        visibility: "public",
        params: {
          $$strict: true,
          epoch: "number|integer|positive",
          commands: { type: "class", instanceOf: Uint8Array },
        },
        async handler(ctx: Context<Submitted>) {
          const { epoch, commands } = ctx.params;
          const replies = await actor.send(readCommands(commands).map(command => ({ epoch, command })));
          return { admitted: fateOf(replies) };
        },
      },
      recordShardEpoch: {
        visibility: "public",
        params: { $$strict: true, shard: "number|integer|min:0", epoch: "number|integer|positive" },
        async handler(ctx: Context<{ shard: number; epoch: number }>) {
          const { shard, epoch } = ctx.params;
          const [reply] = await actor.send([{ command: { kind: "shardEpoch", time: NOW, shard, epoch } }]);
          return { sequence: reply?.sequence ?? 0 };
        },
      },
      book: {
        params: { $$strict: true, depth: `number|integer|min:1|max:${DEPTH_MAX}|default:20` },
        handler: (ctx: Context<{ depth: number }>) =>
          actor.read(() => {
            const { bids, asks } = core.machine.depth(ctx.params.depth);
            return {
              symbol: instrument.symbol,
              sequence: core.machine.sequence,
              bids: viewLevels(instrument, bids),
              asks: viewLevels(instrument, asks),
            };
          }),
      },
      /** The best orders of each side that are shown, and the sequence at which they are. */
      orders: {
        visibility: "public",
        params: { $$strict: true },
        handler: () =>
          actor.read(() => ({ sequence: core.machine.sequence, orders: shownOrders(core.machine) })),
      },
      state: {
        params: { $$strict: true },
        handler: () =>
          actor.read(() => ({
            symbol: instrument.symbol,
            sequence: core.machine.sequence,
            phase: core.machine.phase,
            hash: core.machine.hash(),
            waiting: actor.waiting,
          })),
      },
      ...hostActions(market),
    },
  };
}
