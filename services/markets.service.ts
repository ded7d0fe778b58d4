/**
 * Operators' door to the markets: their phases, their marks, the end of their day, and the stop of all of
 * them at once. Each is a command in the market's journal; an answer names the record.
 */
import type { Context, ServiceBroker, ServiceSchema } from "moleculer";
import { PHASES } from "../engine/market/phase.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { PrincipalMeta } from "./principal.ts";

/** One that isn't listed is not found, whatever it looks like. */
const SYMBOL = { type: "string", min: 1, max: 40 } as const;
const REASON = { type: "string", min: 1, max: 200, pattern: /^[ -~]+$/ } as const;

type Told = Context<{ symbol: string } & Record<string, unknown>, PrincipalMeta>;

interface Recorded {
  readonly symbol: string;
  readonly sequence: number;
}

async function tell(
  broker: ServiceBroker,
  symbol: string,
  action: string,
  params: object,
): Promise<Recorded> {
  const known = runtimeOf(broker).instrument(symbol).symbol;
  const { sequence } = await broker.call<{ sequence: number }, object>(`matching.${known}.${action}`, params);
  return { symbol: known, sequence };
}

/** Who decided it stands in the journal beside why. */
function signed(ctx: Context<{ reason: string }, PrincipalMeta>): string {
  return `${ctx.params.reason} (${ctx.meta.principal?.userId ?? "console"})`;
}

const schema: ServiceSchema = {
  name: "markets",

  actions: {
    state: {
      params: { $$strict: true, symbol: SYMBOL },
      handler(ctx: Told) {
        const { symbol } = runtimeOf(ctx.broker).instrument(ctx.params.symbol);
        return ctx.call(`matching.${symbol}.state`);
      },
    },

    phase: {
      params: {
        $$strict: true,
        symbol: SYMBOL,
        phase: { type: "enum", values: [...PHASES] },
        reason: REASON,
      },
      handler(ctx: Context<{ symbol: string; phase: string; reason: string }, PrincipalMeta>) {
        const { symbol, phase } = ctx.params;
        return tell(ctx.broker, symbol, "phase", { phase, reason: signed(ctx) });
      },
    },

    /** The same phase for every market: `halted` stops the venue, `close-only` lets positions be closed. */
    phaseOfAll: {
      params: { $$strict: true, phase: { type: "enum", values: [...PHASES] }, reason: REASON },
      async handler(ctx: Context<{ phase: string; reason: string }, PrincipalMeta>) {
        const { phase } = ctx.params;
        const { instruments } = runtimeOf(ctx.broker);
        const told = instruments.map(({ symbol }) =>
          tell(ctx.broker, symbol, "phase", { phase, reason: signed(ctx) }),
        );
        return { items: await Promise.all(told) };
      },
    },

    price: {
      params: {
        $$strict: true,
        symbol: SYMBOL,
        which: { type: "enum", values: ["mark", "reference"] },
        price: { type: "string", pattern: /^\d{1,18}(\.\d{1,10})?$/ },
      },
      handler(ctx: Context<{ symbol: string; which: string; price: string }>) {
        const { symbol, ...price } = ctx.params;
        return tell(ctx.broker, symbol, "price", price);
      },
    },

    endOfDay: {
      params: { $$strict: true, symbol: SYMBOL },
      handler: (ctx: Context<{ symbol: string }>) => tell(ctx.broker, ctx.params.symbol, "endOfDay", {}),
    },
  },
};

export default schema;
