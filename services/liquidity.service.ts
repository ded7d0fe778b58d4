/**
 * Liquidity for a venue without a world outside: two providers with accounts of their own quote around the
 * reference price through `orders.place`, as any client does, checked by risk as any client is.
 */
import type { Context, Service, ServiceBroker, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { collectsIn } from "../engine/market/phases.ts";
import type { ReferenceQuote } from "../mixins/reference/reference-source.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import type { MarketPhased, QuoteLag } from "../models/market-data.model.ts";
import { askAgain } from "./ask-again.ts";
import { ErrorTally } from "./liquidity/error-tally.ts";
import { LagHistogram } from "./liquidity/lag-histogram.ts";
import { MarketMakers } from "./liquidity/market-makers.ts";
import { PROVIDERS } from "./liquidity/provider.ts";
import type { Principal } from "./principal.ts";
import type { ReferenceQuoted } from "./reference.service.ts";
import { servicesThere } from "./service-wait.ts";

const MINUTE_MS = 60_000;
/** Enough to carry any position that the instruments' limits allow. */
const TERMS = { currency: "USD", leverage: 100, deposit: "10000000000" } as const;

interface LiquidityHost extends Service {
  makers: MarketMakers | undefined;
  errors: ErrorTally;
  timer: NodeJS.Timeout | undefined;
  /** Says once that the markets are quoted. */
  whenQuoted: (() => void) | undefined;
  stopping: boolean;
  /** Symbols of markets that take no new orders now. */
  closed: Set<string>;
  /** By symbol, the sequence of the newest phase. */
  heard: Map<string, number>;
}

interface LiquidityStatus {
  readonly quoted: readonly string[];
  /** Symbols that are not quoted, as their markets take nothing now. */
  readonly closed: readonly string[];
  readonly errors: number;
  readonly lagMs: QuoteLag;
  readonly halfSpreads: ReturnType<MarketMakers["halfSpreads"]>;
}

function overallLag(host: LiquidityHost): QuoteLag {
  const all = new LagHistogram();
  for (const lag of host.makers?.lags.values() ?? []) all.merge(lag);
  return all.view();
}

/**
 * Providers quote where everything is taken, and into calls. Each gateway's market data tells of a phase,
 * some later than others.
 */
function hearPhase(host: LiquidityHost, { symbol, sequence, phase }: MarketPhased): void {
  if (sequence < (host.heard.get(symbol) ?? 0)) return;
  host.heard.set(symbol, sequence);
  if (phase === "continuous" || collectsIn(phase)) host.closed.delete(symbol);
  else host.closed.add(symbol);
}

function report(host: LiquidityHost): void {
  const { count, p50, p99, max } = overallLag(host);
  const errors = host.errors.count;
  host.logger.info(`Quotes ${count}, lag p50 ${p50} ms, p99 ${p99} ms, max ${max} ms, errors ${errors}`);
}

function provision(broker: ServiceBroker, name: string, email: string): Promise<Principal> {
  return broker.call("identity.provision", { email, name, role: "liquidity", ...TERMS });
}

async function open(host: LiquidityHost, runtime: Runtime): Promise<void> {
  const { broker } = host;
  const markets = runtime.instruments.map(({ symbol }) => `matching.${symbol}`);
  const shards = Array.from({ length: runtime.settings.shards }, (_, shard) => `risk.${shard}`);
  const needed = [...markets, ...shards, "orders", "accounts", "identity", "reference"];
  if (!(await servicesThere(broker, needed, () => host.stopping))) return;
  for (const { symbol } of runtime.instruments) {
    hearPhase(host, await broker.call<MarketPhased>(`matching.${symbol}.state`));
  }
  const principals: Principal[] = [];
  for (const { name, email } of PROVIDERS) principals.push(await provision(broker, name, email));
  const makers = new MarketMakers({
    broker,
    instruments: runtime.instruments,
    seed: runtime.settings.seed,
    now: () => runtime.clock.now(),
    onError: error => host.errors.add(error, runtime.clock.now()),
  });
  try {
    await makers.open(principals);
  } catch (error) {
    await makers.stop();
    throw error;
  }
  if (host.stopping) return makers.stop();
  // From here on they end with the service.
  host.makers = makers;
  const quotes = await broker.call<ReferenceQuote[]>("reference.latest");
  if (host.stopping) return;
  // Quotes of before: their age is no lag of ours.
  for (const quote of quotes) if (!host.closed.has(quote.symbol)) makers.quote(quote, false);
  host.timer = setInterval(() => {
    report(host);
    makers.refresh().catch(error => host.errors.add(error, runtime.clock.now()));
  }, MINUTE_MS);
}

const schema: ServiceSchema<ServiceSettingSchema, object, LiquidityHost> = {
  name: "liquidity",

  actions: {
    /** Lag of a pair's quotes since the start. */
    lag: {
      visibility: "public",
      params: { $$strict: true, symbol: { type: "string", pattern: /^[A-Z0-9]{3,20}$/ } },
      handler(this: LiquidityHost, ctx: Context<{ symbol: string }>): QuoteLag {
        return (this.makers?.lags.get(ctx.params.symbol) ?? new LagHistogram()).view();
      },
    },

    status: {
      visibility: "public",
      params: { $$strict: true },
      handler(this: LiquidityHost): LiquidityStatus {
        return {
          quoted: this.makers?.quoted ?? [],
          closed: [...this.closed],
          errors: this.errors.count,
          lagMs: overallLag(this),
          halfSpreads: this.makers?.halfSpreads() ?? [],
        };
      },
    },
  },

  events: {
    "market.phased"(this: LiquidityHost, ctx: Context<MarketPhased>) {
      hearPhase(this, ctx.params);
    },
    "reference.quoted"(this: LiquidityHost, ctx: Context<ReferenceQuoted>) {
      const { makers } = this;
      if (makers === undefined) return;
      for (const quote of ctx.params.quotes) if (!this.closed.has(quote.symbol)) makers.quote(quote, true);
      if (this.whenQuoted === undefined) return;
      const quoted = new Set([...makers.quoted, ...this.closed]);
      if (quoted.size < runtimeOf(this.broker).instruments.length) return;
      this.whenQuoted();
      this.whenQuoted = undefined;
    },
  },

  created(this: LiquidityHost) {
    this.stopping = false;
    this.closed = new Set();
    this.heard = new Map();
    this.errors = new ErrorTally(text => this.logger.warn(`Quoting: ${text}`));
  },

  started(this: LiquidityHost) {
    const runtime = runtimeOf(this.broker);
    this.whenQuoted = runtime.readiness.wait("liquidity");
    // Not awaited: the services that it waits for start beside it.
    const { timers } = runtime;
    askAgain(() => open(this, runtime), { timers, isOver: () => this.stopping }).catch(error => {
      // While the node ends, what it waits for goes away.
      if (!this.stopping) runtime.onFatal(error);
    });
  },

  async stopped(this: LiquidityHost) {
    this.stopping = true;
    // Nobody waits here for what quotes elsewhere.
    this.whenQuoted?.();
    clearInterval(this.timer);
    const makers = this.makers;
    this.makers = undefined;
    if (makers === undefined) return;
    await makers.stop();
    const all = new LagHistogram();
    for (const lag of makers.lags.values()) all.merge(lag);
    const { count, p50, p99, max } = all.view();
    this.logger.info(`Quotes ${count}, lag p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`);
  },
};

export default schema;
