/** An account's orders, asked for and as they are: each is one that could be written. */
import type { OrderRequest } from "../../engine/account/command.ts";
import { AWAITED, ORDER_STATUSES, type OrderState } from "../../engine/account/order/order.ts";
import type { FlaggedOrder } from "../../engine/account/order/order-flags.ts";
import { CONTINGENCIES, TIMES_IN_FORCE } from "../../engine/market/command.ts";
import { REMOVAL_CAUSES } from "../../engine/market/event.ts";
import { REJECTIONS } from "../../engine/rejection.ts";
import type { Lots } from "../../engine/units.ts";
import { makeDistance, makeTerms } from "./command-maker.ts";
import { makeExplanation } from "./guard-maker.ts";
import type { ValueMaker } from "./value-maker.ts";

function flags(value: ValueMaker): FlaggedOrder {
  return {
    side: value.side(),
    type: value.word(["limit", "market"] as const),
    timeInForce: value.word(TIMES_IN_FORCE),
    postOnly: value.flag(),
    liquidity: value.flag(),
  };
}

function texts(value: ValueMaker): Pick<OrderRequest, "quantityText" | "priceText" | "termsText"> {
  return {
    ...value.maybe(() => ({ quantityText: "1.5" })),
    ...value.maybe(() => ({ priceText: "0.1" })),
    ...value.maybe(() => ({ termsText: value.text() })),
  };
}

export function makeRequest(value: ValueMaker): OrderRequest {
  return {
    account: value.account(),
    clientOrderId: value.text(),
    market: value.below(8_192),
    ...flags(value),
    lots: value.lots(),
    ticks: value.ticks(),
    reference: value.whole(),
    ...value.maybe(() => ({ terms: makeTerms(value) })),
    ...texts(value),
  };
}

export function makeOrder(value: ValueMaker): OrderState {
  const lots = value.lots();
  const terms = value.maybe(() => ({ terms: makeTerms(value) }));
  return {
    id: value.orderId(),
    clientOrderId: value.text(),
    account: value.account(),
    market: value.below(8_192),
    ...flags(value),
    lots,
    ticks: value.ticks(),
    filledLots: Math.min(lots, value.whole()) as Lots,
    filledValue: value.money(),
    status: value.word(ORDER_STATUSES),
    ...value.maybe(() => ({ rejection: value.word(REJECTIONS)[0] })),
    fills: value.list(3, () => ({
      ...{ sequence: value.whole(), time: value.time(), ticks: value.ticks(), lots: value.lots() },
      ...{ role: value.word(["maker", "taker"] as const), counterOrderId: value.orderId() },
    })),
    sequence: value.whole(),
    createdAt: value.time(),
    updatedAt: value.time(),
    requestedLots: value.lots(),
    requestedTicks: value.ticks(),
    ...terms,
    ...(terms && { requestedTerms: value.flag() ? terms.terms : makeTerms(value) }),
    ...value.maybe(() => ({ awaits: value.word(AWAITED) })),
    ...value.maybe(() => ({ explanation: makeExplanation(value) })),
    ...value.maybe(() => ({ countedTicks: value.whole() })),
    ...value.maybe(() => ({ quoted: true as const, removal: value.word(REMOVAL_CAUSES) })),
    ...value.maybe(() => ({
      list: {
        ...{ id: value.orderId(), contingency: value.word(CONTINGENCIES), leg: value.below(10) },
        ...{ covered: value.flag(), ...value.maybe(() => ({ distance: makeDistance(value) })) },
      },
    })),
    ...texts(value),
  };
}
