/**
 * The kill switch: an account, a market or the whole venue is active, reducing (positions may only get
 * smaller) or halted. Of an account's own state, its market's and the venue's the strictest holds. Each turn
 * is a record in a journal, with its reason and who turned it.
 *
 * Halting an account takes its open orders out; halting a market or the venue leaves them where they are.
 */
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import { TRADING_STATES, type TradingState } from "../engine/account/command.ts";
import type { Phase } from "../engine/market/phase.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { PrincipalMeta } from "./principal.ts";
import { shardAction } from "./shard-action.ts";

const STATE = { type: "enum", values: [...TRADING_STATES] } as const;
const REASON = { type: "string", min: 1, max: 200, pattern: /^[ -~]+$/ } as const;
const SYMBOL = { type: "string", min: 1, max: 40 } as const;
const ACCOUNT_ID = { type: "string", pattern: /^[1-9]\d{0,15}$/ } as const;

/** What a market's state is as a phase. */
const PHASE_OF: Readonly<Record<TradingState, Phase>> = {
  active: "continuous",
  reducing: "close-only",
  halted: "halted",
};

interface Turned {
  readonly state: TradingState;
  readonly reason: string;
}

type Turn<Of = object> = Context<Turned & Of, PrincipalMeta>;

/** Who turned it stands in the journal beside why. */
function signed({ params, meta }: Turn): Turned {
  return { state: params.state, reason: `${params.reason} (${meta.principal?.userId ?? "console"})` };
}

function turnMarket(broker: ServiceBroker, symbol: string, { state, reason }: Turned): Promise<unknown> {
  const known = runtimeOf(broker).instrument(symbol).symbol;
  return broker.call(`matching.${known}.phase`, { phase: PHASE_OF[state], reason });
}

const schema: ServiceSchema = {
  name: "killSwitch",

  actions: {
    account: {
      params: { $$strict: true, id: ACCOUNT_ID, state: STATE, reason: REASON },
      async handler(ctx: Turn<{ id: string }>) {
        const account = Number(ctx.params.id);
        await ctx.call(shardAction(ctx.broker, account, "restrict"), { account, ...signed(ctx) });
        return { id: ctx.params.id, state: ctx.params.state };
      },
    },

    market: {
      params: { $$strict: true, symbol: SYMBOL, state: STATE, reason: REASON },
      async handler(ctx: Turn<{ symbol: string }>) {
        await turnMarket(ctx.broker, ctx.params.symbol, signed(ctx));
        return { symbol: ctx.params.symbol, state: ctx.params.state };
      },
    },

    /** Every shard of accounts and every market. */
    venue: {
      params: { $$strict: true, state: STATE, reason: REASON },
      async handler(ctx: Turn) {
        const { instruments, settings } = runtimeOf(ctx.broker);
        const turned = signed(ctx);
        const shards = Array.from({ length: settings.shards }, (_, shard) => `risk.${shard}.restrict`);
        await Promise.all([
          ...shards.map(action => ctx.call(action, { account: 0, ...turned })),
          ...instruments.map(({ symbol }) => turnMarket(ctx.broker, symbol, turned)),
        ]);
        return { state: ctx.params.state };
      },
    },
  },
};

export default schema;
