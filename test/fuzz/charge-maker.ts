/** Fee tiers, swap points and rollovers: each is one that could be written. */
import { type ChargeCommand, NIGHT_CHARGES } from "../../engine/account/charge/charge.ts";
import { FEE_BASES, type FeeTier } from "../../engine/account/charge/fee-tier.ts";
import type { Days } from "../../engine/units.ts";
import type { LedgerMakers } from "./ledger-maker.ts";
import type { ValueMaker } from "./value-maker.ts";

const market = (value: ValueMaker) => value.below(8_192);

function makeTier(value: ValueMaker): FeeTier {
  const rate = () => ({ basis: value.word(FEE_BASES), amount: value.money(), minimum: value.money() });
  const groups = value.list(3, () => ({
    markets: value.list(3, () => market(value)),
    maker: rate(),
    taker: rate(),
  }));
  return { number: value.below(1_000), name: value.text(), groups };
}

export const CHARGE_MAKERS: LedgerMakers<ChargeCommand["kind"]> = {
  feeTier: value => ({ kind: "feeTier", time: value.time(), ...makeTier(value) }),
  accountTier: value => ({
    ...{ kind: "accountTier", time: value.time(), account: value.account() },
    ...{ tier: value.below(1_000), pinned: value.flag() },
  }),
  swapPoints: value => ({
    ...{ kind: "swapPoints", time: value.time(), market: market(value) },
    ...{ long: value.money(), short: value.money() },
  }),
  rollover: value => ({
    ...{ kind: "rollover", time: value.time(), day: value.below(60_000) as Days, through: value.account() },
    charges: value.list(3, () => ({
      ...{ account: value.account(), market: market(value), kind: value.word(NIGHT_CHARGES) },
      ...{ position: value.whole(), nights: value.below(60), amount: value.money() },
    })),
    volumes: value.list(3, () => ({
      ...{ account: value.account(), value: value.money(), tier: value.below(1_000) },
      traded: value.list(3, () => ({ market: market(value), lots: value.whole() })),
    })),
  }),
};
