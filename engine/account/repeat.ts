/**
 * Whether a request under a client order id that was used asks for what the order was first asked for. Terms
 * are compared as their journal's bytes: equal bytes, equal order, whatever terms there come to be.
 */
import { ByteWriter } from "../bytes.ts";
import type { OrderTerms } from "../market/terms.ts";
import { writeTerms } from "../market/terms-record.ts";
import type { OrderRequest } from "./command.ts";
import type { OrderState } from "./order.ts";

const NO_TERMS: OrderTerms = {};

function bytesOf(terms: OrderTerms): Uint8Array {
  const writer = new ByteWriter(64);
  writeTerms(writer, terms);
  return writer.view();
}

export function sameTerms(one: OrderTerms | undefined, other: OrderTerms | undefined): boolean {
  if (one === other) return true;
  const [left, right] = [bytesOf(one ?? NO_TERMS), bytesOf(other ?? NO_TERMS)];
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

export function asksTheSame(request: OrderRequest, order: OrderState): boolean {
  return (
    request.market === order.market &&
    request.side === order.side &&
    request.type === order.type &&
    request.timeInForce === order.timeInForce &&
    request.postOnly === order.postOnly &&
    request.lots === order.requestedLots &&
    request.ticks === order.requestedTicks &&
    request.quantityText === order.quantityText &&
    request.priceText === order.priceText &&
    request.termsText === order.termsText &&
    sameTerms(request.terms, order.requestedTerms)
  );
}
