/** Kinds and profiles of accounts, and commands about them: each is one that could be written. */
import * as profiles from "../../engine/account/profile.ts";
import type { LedgerMakers } from "./ledger-maker.ts";
import type { ValueMaker } from "./value-maker.ts";

/** Never the default one, which is left out of a record. */
export function makeKind(value: ValueMaker): profiles.AccountKind {
  return {
    wallet: value.word(profiles.WALLETS),
    environment: value.word(profiles.ENVIRONMENTS),
    positions: "hedging",
    parent: value.account(),
  };
}

/** The same. */
export function makeProfile(value: ValueMaker): profiles.AccountProfile {
  return {
    marginMode: {
      basis: value.word(profiles.MARGIN_BASES),
      combination: value.word(profiles.MARGIN_COMBINATIONS),
    },
    swapFree: value.flag(),
    group: value.text(),
    kycLevel: 1 + value.below(255),
  };
}

export const PROFILE_MAKERS: LedgerMakers<profiles.ProfileCommand["kind"] | "closeBy"> = {
  closeBy: value => ({
    ...{ kind: "closeBy", time: value.time(), account: value.account(), id: value.text() },
    ...{ market: value.below(8_192), sequence: value.whole(), long: value.orderId() },
    ...{ short: value.orderId(), lots: value.lots(), profit: value.money() },
  }),
  profile: value => ({
    ...{ kind: "profile", time: value.time(), account: value.account(), leverage: value.below(500) },
    ...makeProfile(value),
    ...{ by: value.text(), reason: value.text() },
  }),
};
