/** A ledger's commands: each is one that could be written. */
import { type LedgerCommand, TRADING_STATES } from "../../engine/account/command.ts";
import { REJECTIONS } from "../../engine/rejection.ts";
import { makeRequest } from "./account-maker.ts";
import { CHARGE_MAKERS } from "./charge-maker.ts";
import { GUARD_MAKERS, makeExplanation } from "./guard-maker.ts";
import { makeKind, makeProfile, PROFILE_MAKERS } from "./profile-maker.ts";
import { TRANSFER_MAKERS } from "./transfer-maker.ts";
import type { ValueMaker } from "./value-maker.ts";

/** Makers of these kinds of commands. */
export type LedgerMakers<Kinds extends LedgerCommand["kind"] = LedgerCommand["kind"]> = {
  readonly [Kind in Kinds]: (value: ValueMaker) => Extract<LedgerCommand, { readonly kind: Kind }>;
};

const MAKERS: LedgerMakers = {
  ...PROFILE_MAKERS,
  ...GUARD_MAKERS,
  ...CHARGE_MAKERS,
  owner: value => ({ kind: "owner", time: value.time(), epoch: value.whole() }),
  open: value => ({
    ...{ kind: "open", time: value.time(), account: value.account(), currency: value.text() },
    ...{ leverage: value.below(500), liquidity: value.flag(), deposit: value.money() },
    ...value.maybe(() => ({ as: makeKind(value) })),
    ...value.maybe(() => ({ profile: makeProfile(value) })),
  }),
  deposit: value => ({
    ...{ kind: "deposit", time: value.time(), account: value.account(), currency: value.text() },
    ...{ amount: value.money(), reference: value.text() },
  }),
  refuse: value => ({
    ...{ kind: "refuse", time: value.time(), orderId: value.orderId() },
    ...{ rejection: value.word(REJECTIONS)[0], request: makeRequest(value) },
    ...value.maybe(() => ({ explanation: makeExplanation(value) })),
  }),
  refuseAmend: value => ({
    ...{ kind: "refuseAmend", time: value.time(), account: value.account(), market: value.below(8_192) },
    ...{ orderId: value.orderId(), rejection: value.word(REJECTIONS)[0] },
    explanation: makeExplanation(value),
  }),
  revoke: value => ({
    ...{ kind: "revoke", time: value.time(), account: value.account(), clientOrderId: value.text() },
  }),
  restrict: value => ({
    ...{ kind: "restrict", time: value.time(), account: value.account() },
    ...{ state: value.word(TRADING_STATES), reason: value.text() },
  }),
  limit: value => ({
    ...{ kind: "limit", time: value.time(), account: value.account(), openOrdersMaximum: value.whole() },
    ...{ notionalMaximum: value.money(), selfTradeGroup: value.whole() },
  }),
  listMarket: value => ({ kind: "listMarket", time: value.time(), market: value.below(8_192) }),
  ...TRANSFER_MAKERS,
};
const KINDS = Object.keys(MAKERS) as LedgerCommand["kind"][];

export function makeLedgerCommand(value: ValueMaker): LedgerCommand {
  return MAKERS[value.word(KINDS)](value);
}
