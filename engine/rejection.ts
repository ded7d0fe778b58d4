/**
 * Why a command was refused: the closed list, in order of precedence (the first rule that a command breaks
 * names its rejection). The number beside each is what journals hold: it never changes and is never used
 * again.
 */
import { assert } from "./units.ts";

export const REJECTIONS = [
  ["orderIdDuplicate", 1],
  ["orderUnknown", 2],
  ["orderClosed", 3],
  ["orderHasTraded", 57],
  ["phaseForbids", 29],
  ["orderNotNew", 50],
  ["orderNotPartlyFilled", 51],
  ["protectionTripped", 52],
  ["quotesInvalid", 53],
  ["timeoutOutOfRange", 54],
  ["protectionOutOfRange", 55],
  ["accountsLimit", 56],
  ["quantityMissing", 49],
  ["quantityNotMultiple", 4],
  ["quantityBelowMinimum", 5],
  ["quantityAboveMaximum", 6],
  ["priceMissing", 7],
  ["priceUnexpected", 8],
  ["priceNotMultiple", 9],
  ["priceOutOfRange", 10],
  ["expireTimeMissing", 31],
  ["expireTimeUnexpected", 32],
  ["expireTimeOutOfRange", 33],
  ["stopPriceMissing", 21],
  ["stopPriceUnexpected", 22],
  ["stopPriceNotMultiple", 23],
  ["stopPriceOutOfRange", 24],
  ["trailMissing", 36],
  ["trailNotAllowed", 37],
  ["trailOutOfRange", 38],
  ["limitOffsetInvalid", 39],
  ["pegNotAllowed", 45],
  ["pegOutOfRange", 46],
  ["displayQuantityNotAllowed", 25],
  ["displayQuantityOutOfRange", 26],
  ["minimumQuantityNotAllowed", 27],
  ["minimumQuantityOutOfRange", 28],
  ["slippageNotAllowed", 40],
  ["slippageOutOfRange", 41],
  ["budgetNotAllowed", 42],
  ["budgetTooSmall", 43],
  ["timeInForceNotAllowed", 11],
  ["postOnlyNotAllowed", 12],
  ["listInvalid", 60],
  ["distanceOutOfRange", 62],
  ["quantityFollowsEntry", 61],
  ["walletNotAllowed", 110],
  ["intentNotAllowed", 111],
  ["positionUnknown", 112],
  ["tradingHalted", 80],
  ["accessForbidden", 82],
  ["openOrdersLimit", 13],
  ["positionBusy", 115],
  ["positionWouldIncrease", 30],
  ["positionWouldReduce", 113],
  ["ticketsLimit", 114],
  ["dailyOrdersLimit", 83],
  ["coolingDown", 84],
  ["stopGuardTripped", 85],
  ["balanceInsufficient", 14],
  ["positionLimit", 15],
  ["markMissing", 16],
  ["markStale", 86],
  ["notionalLimit", 81],
  ["leverageLimit", 87],
  ["dailyLossLimit", 88],
  ["marginInsufficient", 17],
  ["notionalBelowMinimum", 47],
  ["notionalAboveMaximum", 48],
  ["priceOutsideBand", 70],
  ["priceBandBreached", 71],
  ["postOnlyWouldTrade", 19],
  ["bookFull", 20],
  ["transfersLimit", 100],
  ["paymentLimit", 101],
] as const;

export type Rejection = (typeof REJECTIONS)[number][0];

const codes = new Map<Rejection, number>(REJECTIONS);
const names = new Map<number, Rejection>(REJECTIONS.map(([name, code]) => [code, name]));

/** The journal's number of a rejection. */
export function rejectionCode(name: Rejection): number {
  const code = codes.get(name);
  assert(code !== undefined, "every rejection has a code");
  return code;
}

export function rejectionName(code: number): Rejection {
  const name = names.get(code);
  assert(name !== undefined, "every journalled rejection code is on the list");
  return name;
}
