/**
 * Codes in plain words, each with what to do about it. The same words stand beside a field before an order is
 * sent and in the notice after the venue refused it. A code that is not here is shown with the venue's own
 * message.
 */
import type { Failure } from "./failure.ts";

const REJECTIONS: ReadonlyMap<string, string> = new Map([
  ["orderIdDuplicate", "This order was already sent."],
  ["orderUnknown", "There is no such order."],
  ["orderClosed", "This order is no longer open."],
  ["quantityNotMultiple", "The quantity must be a multiple of the lot step."],
  ["quantityBelowMinimum", "The quantity is below the market's minimum."],
  ["quantityAboveMaximum", "The quantity is above the market's maximum."],
  ["priceMissing", "A limit order needs a price."],
  ["priceUnexpected", "A market order takes no price."],
  ["priceNotMultiple", "The price must be a multiple of the tick size."],
  ["priceOutOfRange", "The price is out of range."],
  ["timeInForceNotAllowed", "A market order cannot rest: use IOC or FOK."],
  ["postOnlyNotAllowed", "Post-only needs a limit order that may rest (GTC)."],
  ["openOrdersLimit", "Too many open orders. Cancel some first."],
  ["balanceInsufficient", "The balance does not cover this order."],
  ["positionLimit", "This would exceed the position limit of the market."],
  ["markMissing", "This market has no price yet, so margin cannot be worked out. Try again shortly."],
  ["marginInsufficient", "Not enough free margin. Reduce the quantity or close a position."],
  ["quantityBelowFilled", "The new quantity is below what has been filled."],
  [
    "postOnlyWouldTrade",
    "Post-only: at this price the order would have traded at once, so it was not placed.",
  ],
  ["bookFull", "The book takes no more orders at the moment. Try again shortly."],
]);

const FAULTS: ReadonlyMap<string, string> = new Map([
  ["NETWORK", "The venue cannot be reached. Check the connection and try again."],
  ["TIMEOUT", "The venue did not answer in time. Try again."],
  ["UNREADABLE", "The venue's answer could not be understood. Reload the page."],
  ["UNAUTHENTICATED", "The session has ended. Sign in again."],
  ["CREDENTIALS_INVALID", "The email or the password is not right."],
  ["FORBIDDEN", "This is not allowed for your user."],
  ["NOT_FOUND", "There is no such thing at the venue."],
  ["SYMBOL_UNKNOWN", "This market is not listed."],
  ["ACCOUNT_UNKNOWN", "There is no such account."],
  ["ORDER_UNKNOWN", "There is no such order."],
  ["ORDER_NEVER_ACCEPTED", "The venue never took this order, and never will. You can send a new one."],
  ["ORDER_NOT_OPEN", "This order is no longer open."],
  ["CLIENT_ORDER_ID_REUSED", "This order's id was already used for another order."],
  ["CLIENT_ORDER_ID_REVOKED", "The venue never took this order, and never will. You can send a new one."],
  ["EMAIL_TAKEN", "There is already a user with this email. Sign in instead."],
  ["TOO_MANY_REQUESTS", "Too many requests. Wait a moment and try again."],
  ["INTERNAL", "Something went wrong at the venue. Try again."],
  ["NOT_READY", "The venue is starting. Try again in a moment."],
  ["MAILBOX_FULL", "The venue is busy. Try again in a moment."],
  ["OUTCOME_UNKNOWN", "The venue has not confirmed this order. Check again: it will not be placed twice."],
]);

export function rejectionInWords(code: string): string {
  return REJECTIONS.get(code) ?? `The venue refused the order (${code}).`;
}

export function failureInWords(failure: Failure): string {
  return FAULTS.get(failure.code) ?? REJECTIONS.get(failure.code) ?? failure.message;
}
