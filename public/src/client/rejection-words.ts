/**
 * Why the venue refused an order, in plain words with what to do about it, and the field of the ticket that
 * each is about. The same words stand beside a field before an order is sent and after the venue refused it.
 */

export type OrderField =
  | "quantity"
  | "price"
  | "stopPrice"
  | "trail"
  | "limitOffset"
  | "displayQuantity"
  | "minimumQuantity"
  | "timeInForce"
  | "expireTime"
  | "postOnly"
  | "slippage"
  | "budget"
  | "pegOffset"
  | "takeProfit"
  | "stopLoss";

type Entry = readonly [words: string, field?: OrderField];

const REJECTIONS: Readonly<Record<string, Entry>> = {
  orderIdDuplicate: ["This order was already sent."],
  orderUnknown: ["There is no such order."],
  orderClosed: ["This order is no longer open."],
  orderHasTraded: ["The order has traded meanwhile, so it was not replaced. Look at what is left of it."],
  phaseForbids: ["The market takes no such order in its present phase. Wait for the next phase."],
  orderNotNew: ["The order has traded already, so it was not cancelled."],
  orderNotPartlyFilled: ["The order has not traded yet, so it was not cancelled."],
  protectionTripped: ["Market-maker protection has stopped your orders here. Reset it first."],
  quotesInvalid: ["These quotes cannot stand together."],
  timeoutOutOfRange: ["This time limit is out of range."],
  protectionOutOfRange: ["These protection limits are out of range."],
  accountsLimit: ["The market follows no more accounts of this kind."],
  quantityMissing: ["The order needs a quantity.", "quantity"],
  quantityNotMultiple: ["The quantity must be a multiple of the lot step.", "quantity"],
  quantityBelowMinimum: ["The quantity is below the market's minimum.", "quantity"],
  quantityAboveMaximum: ["The quantity is above the market's maximum.", "quantity"],
  priceMissing: ["A limit order needs a price.", "price"],
  priceUnexpected: ["A market order takes no price.", "price"],
  priceNotMultiple: ["The price must be a multiple of the tick size.", "price"],
  priceOutOfRange: ["The price is out of range.", "price"],
  expireTimeMissing: ["Say until when the order holds.", "expireTime"],
  expireTimeUnexpected: ["Only an order that holds until a time has one.", "expireTime"],
  expireTimeOutOfRange: ["The time must lie ahead, to a full second.", "expireTime"],
  stopPriceMissing: ["This order needs the price that triggers it.", "stopPrice"],
  stopPriceUnexpected: ["This order no longer waits for a price.", "stopPrice"],
  stopPriceNotMultiple: ["The trigger price must be a multiple of the tick size.", "stopPrice"],
  stopPriceOutOfRange: ["The trigger price is out of range.", "stopPrice"],
  trailMissing: ["A trailing stop needs the distance at which it trails.", "trail"],
  trailNotAllowed: ["Only a trailing stop that still waits has a distance.", "trail"],
  trailOutOfRange: ["The distance must be whole ticks, or 1 to 999 per mille.", "trail"],
  limitOffsetInvalid: ["The offset must be whole ticks from 0 on.", "limitOffset"],
  displayQuantityNotAllowed: [
    "Only a limit order that may rest, without a minimum or all-or-none, can show a part.",
    "displayQuantity",
  ],
  displayQuantityOutOfRange: ["Show a tradable quantity, at most the whole.", "displayQuantity"],
  minimumQuantityNotAllowed: ["A minimum can only be given when the order is placed.", "minimumQuantity"],
  minimumQuantityOutOfRange: [
    "The minimum must be a tradable quantity, at most that of the order.",
    "minimumQuantity",
  ],
  slippageNotAllowed: ["Only a market order has a largest slippage.", "slippage"],
  slippageOutOfRange: ["The largest slippage must be whole ticks from 0 on.", "slippage"],
  budgetNotAllowed: ["Only an IOC market order is placed for an amount of money.", "budget"],
  budgetTooSmall: ["For this amount there is not the smallest quantity.", "budget"],
  pegNotAllowed: ["A pegged order has neither a trigger nor a shown part, and must rest."],
  pegOutOfRange: ["The offset must be whole ticks, up or down.", "pegOffset"],
  notionalBelowMinimum: ["The value is below the market's minimum.", "quantity"],
  notionalAboveMaximum: ["The value is above the market's maximum.", "quantity"],
  priceOutsideBand: ["The price is too far from the market's reference.", "price"],
  priceBandBreached: ["It would trade too far from the market's price. Nothing was traded.", "price"],
  timeInForceNotAllowed: ["This time in force does not go with this type or its conditions.", "timeInForce"],
  postOnlyNotAllowed: ["Post-only needs a limit order that may rest.", "postOnly"],
  // Of this page alone: at the venue a list with such a distance is invalid.
  exitOutOfRange: ["More than 0 and, in pips, whole ticks."],
  distanceOutOfRange: ["So far from the entry there is no price. Use a smaller distance."],
  listInvalid: ["These orders cannot be linked in this way."],
  quantityFollowsEntry: ["This order's quantity follows the entry that it protects.", "quantity"],
  walletNotAllowed: ["This account cannot trade this kind of instrument. Use another account."],
  intentNotAllowed: ["This account cannot take an order that is meant so."],
  positionUnknown: ["The position to close is no longer open, or is of the order's own side."],
  tradingHalted: ["Trading is halted for this account. Orders can only be cancelled."],
  openOrdersLimit: ["Too many open orders. Cancel some first."],
  positionWouldIncrease: ["This may only close: order at most the position.", "quantity"],
  positionBusy: ["An open order could still change one of these positions. Cancel it first."],
  positionWouldReduce: ["This order may only open, but the position is of the other side."],
  ticketsLimit: ["This account has as many positions and open orders as it may."],
  balanceInsufficient: ["The balance does not cover this order.", "quantity"],
  accessForbidden: ["This account may not trade. Ask whoever runs it."],
  dailyOrdersLimit: ["The account has placed as many orders today as it may. It may still close positions."],
  coolingDown: ["After a loss this account pauses before it may open anything. It may still close."],
  stopGuardTripped: ["Several stops were hit in a row, so opening is paused. Closing is possible."],
  markStale: ["The market's price is too old to work out margin. Try again when it moves."],
  leverageLimit: ["This would exceed the leverage that the account may have.", "quantity"],
  dailyLossLimit: ["The account has lost as much as it may in a day. It may still close positions."],
  positionLimit: ["This would exceed the position limit of the market.", "quantity"],
  markMissing: ["This market has no price yet, so margin cannot be worked out. Try again shortly."],
  notionalLimit: ["This would exceed the account's limit for all markets together.", "quantity"],
  marginInsufficient: ["Not enough free margin. Reduce the quantity or close a position.", "quantity"],
  postOnlyWouldTrade: [
    "Post-only: at this price it would have traded at once, so it was not placed.",
    "price",
  ],
  transfersLimit: ["Too many transfers are pending. Wait until some are settled."],
  paymentLimit: ["This would exceed what may be paid in or out in a day or in 30 days."],
  bookFull: ["The book takes no more orders at the moment. Try again shortly."],
};

/** Undefined for a code that this page does not know. */
export function rejectionWordsOf(code: string): string | undefined {
  return Object.hasOwn(REJECTIONS, code) ? REJECTIONS[code]?.[0] : undefined;
}

/** The field that a rejection is about, where it is about one. */
export function fieldOfRejection(code: string): OrderField | undefined {
  return Object.hasOwn(REJECTIONS, code) ? REJECTIONS[code]?.[1] : undefined;
}
