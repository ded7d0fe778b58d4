/** The actions of a shard about fees and swaps. */
import type { Context, ServiceSchema } from "moleculer";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { SwapSidesView } from "../../models/charge.model.ts";
import { SYMBOL } from "../orders/order-schema.ts";
import { POINT_FIELDS, readPoints, readTier, TIER_FIELDS, type TierForm } from "./charge-form.ts";
import type { KnownCharges } from "./charge-keeper.ts";
import { type ShownCharges, viewAccountFees, viewSchedule, viewSwap, viewTier } from "./charge-view.ts";
import { ACCOUNT, knownAccount, type ShardParts } from "./shard-parts.ts";

const NUMBER = { type: "number", integer: true, min: 1, max: 65_535 } as const;

export function chargeActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const { shard, charges } = parts;
  const { instruments } = runtime;
  const shown: ShownCharges = { instruments, desk: shard.machine.charges, settings: charges.settings };
  return {
    /** All that has to be the same in every shard, as the others learn it of the first. */
    charges: {
      visibility: "public",
      params: { $$strict: true },
      handler: (): KnownCharges => ({
        tiers: shard.machine.charges.tiers(),
        points: [...shard.machine.charges.pointsSet()],
      }),
    },
    learnCharges: {
      visibility: "public",
      params: { $$strict: true },
      handler: (ctx: Context): Promise<void> => charges.learn(() => ctx.call("risk.0.charges", {})),
    },
    fees: {
      visibility: "public",
      params: { $$strict: true },
      handler: () => viewSchedule(shown),
    },
    accountFees: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT },
      handler: (ctx: Context<{ account: number }>) =>
        viewAccountFees(shown, knownAccount(parts, ctx.params.account)),
    },
    swap: {
      visibility: "public",
      params: { $$strict: true, symbol: SYMBOL },
      handler: (ctx: Context<{ symbol: string }>) =>
        viewSwap(shown, runtime.instrument(ctx.params.symbol), shard.now),
    },
    defineFeeTier: {
      visibility: "public",
      params: { $$strict: true, number: NUMBER, ...TIER_FIELDS },
      async handler(ctx: Context<TierForm>) {
        const tier = readTier(instruments, ctx.params);
        await charges.define(tier);
        return viewTier(shown, tier);
      },
    },
    assignFeeTier: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, tier: { ...NUMBER, min: 0, optional: true } },
      async handler(ctx: Context<{ account: number; tier?: number }>) {
        const account = knownAccount(parts, ctx.params.account);
        await charges.assign(account, ctx.params.tier);
        return viewAccountFees(shown, account);
      },
    },
    setSwapPoints: {
      visibility: "public",
      params: { $$strict: true, symbol: SYMBOL, ...POINT_FIELDS },
      async handler(ctx: Context<SwapSidesView & { symbol: string }>) {
        const instrument = runtime.instrument(ctx.params.symbol);
        await charges.setPoints(instrument.number, readPoints(instrument, ctx.params));
        return viewSwap(shown, instrument, shard.now);
      },
    },
  };
}
