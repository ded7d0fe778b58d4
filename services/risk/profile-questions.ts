/** An account's leverage and profile changed: what is left out stays as it is. */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { ChangeProfile, MarginMode } from "../../engine/account/profile.ts";
import type { ProfileRefusal } from "../../engine/account/profile-desk.ts";
import { type AccountId, assert, type Milliseconds } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { AccountView } from "../../models/account.model.ts";
import { formatPerMille, viewAccount } from "../orders/account-view.ts";
import { formatMoney } from "../orders/money-text.ts";
import type { ShardParts } from "./shard-parts.ts";

export interface ProfileParams {
  readonly leverage?: number;
  readonly marginBasis?: MarginMode["basis"];
  readonly marginCombination?: MarginMode["combination"];
  readonly swapFree?: boolean;
  readonly group?: string;
  readonly kycLevel?: number;
}

export interface SignedProfile extends ProfileParams {
  readonly by: string;
  readonly reason: string;
  /** An owner's change has to leave the account above its call level; an operator's need not. */
  readonly checked: boolean;
}

/** Throws PROFILE_REJECTED, or NOT_READY while another change is under way. */
export async function changeProfile(
  { shard, desk }: ShardParts,
  account: AccountId,
  asked: SignedProfile,
): Promise<AccountView> {
  const { machine } = shard;
  const { profiles } = machine.holdings;
  desk.awaitProfile(account);
  const command = commandOf(machine, account, shard.now, asked);
  const refusal = asked.checked ? profiles.refusal(command, shard.now) : undefined;
  if (refusal !== undefined) throw refused(refusal);
  profiles.hold(account);
  try {
    await shard.record(command);
  } finally {
    profiles.release(account);
  }
  return viewAccount(machine, account, shard.now);
}

function commandOf(
  machine: AccountMachine,
  account: AccountId,
  time: Milliseconds,
  { marginBasis, marginCombination, ...asked }: SignedProfile,
): ChangeProfile {
  const known = machine.account(account);
  assert(known !== undefined, "an account that is asked about is open");
  const { marginMode, swapFree, group, kycLevel } = known.profile;
  return {
    kind: "profile",
    time,
    account,
    leverage: asked.leverage ?? known.leverage,
    marginMode: {
      basis: marginBasis ?? marginMode.basis,
      combination: marginCombination ?? marginMode.combination,
    },
    swapFree: asked.swapFree ?? swapFree,
    group: asked.group ?? group,
    kycLevel: asked.kycLevel ?? kycLevel,
    by: asked.by,
    reason: asked.reason,
  };
}

function refused({ rejection, figures }: ProfileRefusal): Fault {
  const shown = figures && {
    equity: formatMoney(figures.equity),
    marginUsed: formatMoney(figures.marginUsed),
    marginLevel: formatPerMille(figures.perMille),
    marginCallLevel: formatPerMille(figures.callPerMille),
  };
  return new Fault("PROFILE_REJECTED", `Cannot change account as it was refused: ${rejection}`, {
    rejection,
    ...shown,
  });
}
