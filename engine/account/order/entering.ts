/**
 * Which order a command asked for, of those that its record's events name: a placed order, the new one of a
 * replace, a leg of a list, a level of a mass quote. Legs have consecutive ids in their order, so the id
 * tells the leg; a level is told by its side, price and size.
 */
import { composeOrderId, countOf, originOf } from "../../ids.ts";
import type { MassQuote, OrderBody, PlaceList, Quote, ShardCommand } from "../../market/command.ts";
import type { MarketEvent } from "../../market/market-event.ts";
import type { MarketRecord } from "../../market/record.ts";
import { assert, type Money, type OrderId } from "../../units.ts";
import { isCovered, type ListPlace } from "./list-place.ts";
import type { AskedOrder } from "./order.ts";

/** What tells an order that was accepted or refused. */
export type EnteredEvent = Pick<
  Extract<MarketEvent, { event: "rejected" }>,
  "orderId" | "side" | "ticks" | "lots"
>;

/** An order that a command asks for; a placed one is its command. */
export interface Entering {
  readonly asked: AskedOrder & Pick<OrderBody, "reserved"> & Pick<ShardCommand, "feeTier">;
  readonly list?: ListPlace;
  readonly quoted?: true;
}

/** The client order id of a level of a mass quote, counted from 0. */
export function quoteOrderId(clientOrderId: string, level: number): string {
  return `${clientOrderId}-${level + 1}`;
}

function bodyOfQuote(command: MassQuote, quote: Quote, level: number): OrderBody {
  return {
    clientOrderId: quoteOrderId(command.clientOrderId, level),
    type: "limit",
    timeInForce: "GTC",
    postOnly: command.postOnly,
    reserved: 0n as Money,
    ...quote,
  };
}

function of({ account, liquidity, feeTier }: ShardCommand, body: OrderBody): Entering["asked"] {
  const asked = { ...body, account, liquidity };
  return feeTier === undefined ? asked : { ...asked, feeTier };
}

/** Undefined where the event refuses something else than a new order. */
export function enteringOf(record: MarketRecord, event: EnteredEvent): Entering | undefined {
  const { command } = record;
  switch (command.kind) {
    case "place":
      return { asked: command };
    case "replace":
      return event.orderId === command.orderId ? undefined : { asked: of(command, command.order) };
    case "list":
      return legOf(command, firstOf(record), countOf(event.orderId) - countOf(firstOf(record)));
    case "massQuote": {
      const level = levelOf(record, command, event);
      const quote = command.quotes[level];
      if (quote === undefined) return undefined;
      return { asked: of(command, bodyOfQuote(command, quote, level)), quoted: true };
    }
    default:
      return undefined;
  }
}

/** The legs of a refused list that no event names, with their ids. */
export function unnamedLegs(record: MarketRecord, command: PlaceList): [OrderId, Entering][] {
  const first = firstOf(record);
  const named = new Set(record.events.flatMap(event => ("orderId" in event ? [event.orderId] : [])));
  const unnamed: [OrderId, Entering][] = [];
  for (const leg of command.legs.keys()) {
    const id = composeOrderId(countOf(first) + leg, originOf(first));
    if (!named.has(id)) unnamed.push([id, legOf(command, first, leg)]);
  }
  return unnamed;
}

function legOf(command: PlaceList, first: OrderId, leg: number): Entering {
  const { contingency, legs } = command;
  const body = legs[leg];
  assert(body !== undefined, "the ids of a list's legs are consecutive");
  const place: ListPlace = {
    ...{ id: first, contingency, leg, covered: isCovered(contingency, legs, leg) },
    ...(body.distance === undefined ? {} : { distance: body.distance }),
  };
  return { asked: of(command, body), list: place };
}

/** The id of a list's first leg. */
function firstOf({ events }: MarketRecord): OrderId {
  const entered = events.find(({ event }) => event === "accepted" || event === "rejected");
  assert(entered !== undefined && "orderId" in entered, "a list is accepted or refused");
  return entered.orderId;
}

/** Of several alike the one that as many events before this one leave over; −1 where there is none. */
function levelOf({ events }: MarketRecord, { quotes }: MassQuote, event: EnteredEvent): number {
  const alike = (other: Quote) =>
    other.side === event.side && other.ticks === event.ticks && other.lots === event.lots;
  let before = 0;
  for (const other of events) {
    if ("orderId" in other && other.orderId === event.orderId) break;
    if ((other.event === "accepted" || other.event === "rejected") && alike(other)) before++;
  }
  return quotes.findIndex(quote => alike(quote) && before-- === 0);
}
