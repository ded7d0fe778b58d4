/**
 * Whether a request under a client order id that was used asks for what the order was first asked for. Terms
 * are compared as their journal's bytes: equal bytes, equal order, whatever terms there come to be. What the
 * shard adds to them by itself, an account's self-trade group, is left out.
 */
import { ByteWriter } from "../../bytes.ts";
import type { OrderTerms } from "../../market/terms.ts";
import { writeTerms } from "../../market/terms-record.ts";
import type { OrderRequest } from "../command.ts";
import type { OrderState } from "./order.ts";
import { type ListRequest, requestOfLeg } from "./request.ts";

const NO_TERMS: OrderTerms = {};

function bytesOf({ selfTrade: _mode, ...terms }: OrderTerms): Uint8Array {
  const writer = new ByteWriter(64);
  writeTerms(writer, terms);
  return writer.view();
}

/** Whether an order's terms are those that are asked for. */
export function sameTerms(asked: OrderTerms | undefined, known: OrderTerms | undefined): boolean {
  if (asked === known) return true;
  const mode = asked?.selfTrade?.mode;
  if (mode !== undefined && mode !== known?.selfTrade?.mode) return false;
  const [left, right] = [bytesOf(asked ?? NO_TERMS), bytesOf(known ?? NO_TERMS)];
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

export function asksTheSame(request: OrderRequest, order: OrderState): boolean {
  return order.list === undefined && sameOrder(request, order);
}

/** The same for a leg of a list, counted from 0; one that the shard refused never came into its list. */
export function asksTheSameLeg(request: ListRequest, leg: number, order: OrderState): boolean {
  const asked = request.legs[leg];
  const { list } = order;
  if (asked === undefined) return false;
  if (list === undefined)
    return order.status === "rejected" && sameOrder(requestOfLeg(request, asked), order);
  const [distance, known] = [asked.distance, list.distance];
  return (
    list.contingency === request.contingency &&
    list.leg === leg &&
    distance?.by === known?.by &&
    (distance?.by !== "ticks" || known?.by !== "ticks" || distance.ticks === known.ticks) &&
    (distance?.by !== "money" || known?.by !== "money" || distance.money === known.money) &&
    sameOrder(requestOfLeg(request, asked), order)
  );
}

function sameOrder(request: OrderRequest, order: OrderState): boolean {
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
