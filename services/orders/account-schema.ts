/** What an account may be opened as, checked for its shape; what is left out is the default. */
import {
  type AccountKind,
  type AccountProfile,
  DEFAULT_KIND,
  DEFAULT_PROFILE,
  ENVIRONMENTS,
  type Environment,
  kindOrDefault,
  MARGIN_BASES,
  MARGIN_COMBINATIONS,
  type MarginMode,
  POSITION_MODES,
  type PositionMode,
  profileOrDefault,
  WALLETS,
  type Wallet,
} from "../../engine/account/profile.ts";
import { accountId } from "../../engine/units.ts";

export interface KindParams {
  readonly wallet?: Wallet;
  readonly environment?: Environment;
  readonly positions?: PositionMode;
  readonly parent?: number;
  readonly marginBasis?: MarginMode["basis"];
  readonly marginCombination?: MarginMode["combination"];
}

export const KIND_FIELDS = {
  wallet: { type: "enum", values: [...WALLETS], optional: true },
  environment: { type: "enum", values: [...ENVIRONMENTS], optional: true },
  positions: { type: "enum", values: [...POSITION_MODES], optional: true },
  parent: { type: "number", integer: true, min: 0, optional: true },
  marginBasis: { type: "enum", values: [...MARGIN_BASES], optional: true },
  marginCombination: { type: "enum", values: [...MARGIN_COMBINATIONS], optional: true },
} as const satisfies Readonly<Record<keyof KindParams, object>>;

/** What its owner calls an account. */
export const ACCOUNT_NAME = { type: "string", min: 1, max: 40, pattern: /^[ -~]+$/ } as const;

/** What an operator may set of an account's leverage; its owner no more than OWN_LEVERAGE_MAX. */
export const LEVERAGE_MAX = 500;
export const OWN_LEVERAGE_MAX = 30;

const { marginBasis, marginCombination } = KIND_FIELDS;

/** What an owner may change. */
export const PROFILE_FIELDS = {
  leverage: { type: "number", integer: true, min: 1, max: LEVERAGE_MAX, optional: true },
  marginBasis,
  marginCombination,
} as const;

/** What only an operator may change. */
export const OPERATED_FIELDS = {
  swapFree: { type: "boolean", optional: true },
  /** Empty for none. */
  group: { type: "string", max: 40, pattern: /^[!-~]*$/, optional: true },
  kycLevel: { type: "number", integer: true, min: 0, max: 255, optional: true },
} as const;

export function kindOf({ wallet, environment, positions, parent }: KindParams): AccountKind {
  return kindOrDefault({
    wallet: wallet ?? DEFAULT_KIND.wallet,
    environment: environment ?? DEFAULT_KIND.environment,
    positions: positions ?? DEFAULT_KIND.positions,
    parent: accountId(parent ?? DEFAULT_KIND.parent),
  });
}

export function profileOf({ marginBasis, marginCombination }: KindParams): AccountProfile {
  const { basis, combination } = DEFAULT_PROFILE.marginMode;
  const marginMode = { basis: marginBasis ?? basis, combination: marginCombination ?? combination };
  return profileOrDefault({ ...DEFAULT_PROFILE, marginMode });
}
