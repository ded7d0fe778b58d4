/**
 * The machine's events as lines of JSON, written from the log's rows: prices and sizes as decimal strings
 * with the instrument's digits, ids as they came in.
 */

import { orderTypeName } from "../engine/form/order-text.ts";
import { textsOfPrice } from "../engine/form/price-form.ts";
import { textsOfExpiry } from "../engine/form/time-form.ts";
import { textsOfTrigger } from "../engine/form/trigger-form.ts";
import { countOf } from "../engine/ids.ts";
import { formatPrice, formatQuantity, type Instrument } from "../engine/instrument.ts";
import type { TimeInForce } from "../engine/market/command.ts";
import {
  ACCEPTED,
  AMENDED,
  ARMED,
  CANCELLED,
  COLUMN,
  DISPLAYED,
  EVENT_KINDS,
  EVENT_STRIDE,
  EXPIRED,
  INDICATIVE,
  KIND_MASK,
  PARKED,
  PARKING_REASONS,
  PHASE_CAUSES,
  PHASED,
  PREVENTED,
  REJECTED,
  REMOVAL_CAUSES,
  REMOVED,
  RESTED,
  RESTRICTED,
  TRADED,
  TRIGGERED,
} from "../engine/market/event.ts";
import type { RestingOrder, WaitingOrder } from "../engine/market/market-machine.ts";
import type { PeggedOrder } from "../engine/market/peg-price.ts";
import type { PendingOrder } from "../engine/market/pending-legs.ts";
import { PHASES } from "../engine/market/phase.ts";
import { SELF_TRADE_MODES } from "../engine/market/terms.ts";
import { rejectionName } from "../engine/rejection.ts";
import type { AccountId, Lots, Milliseconds, OrderId, Ticks } from "../engine/units.ts";
import { wordOf } from "../engine/word-list.ts";
import type { MatchDoor } from "./match-door.ts";

/** A refusal; `orderId` is a JSON string with its quotes, undefined of a command that names no order. */
export function rejectedLine(orderId: string | undefined, command: string, reason: string): string {
  const order = orderId === undefined ? "" : `"orderId":${orderId},`;
  return `{"event":"rejected",${order}"command":"${command}","reason":"${reason}"}\n`;
}

/** A phase that the market went to by itself: that of a command is told with the command's reason. */
function phaseLine(instrument: Instrument, rows: Float64Array, at: number): string {
  const cause = wordOf(PHASE_CAUSES, rows[at + COLUMN.makerRemaining] ?? 0);
  const phase = wordOf(PHASES, rows[at + COLUMN.detail] ?? 0);
  const price = pricePart(instrument, rows[at + COLUMN.ticks] as Ticks);
  return cause === "command" ? "" : `{"event":"phase","phase":"${phase}","reason":"${cause}"${price}}\n`;
}

function pricePart(instrument: Instrument, ticks: Ticks): string {
  return ticks === 0 ? "" : `,"price":"${formatPrice(instrument, ticks)}"`;
}

/** Why an order was removed, or what it is parked for. */
function whyPart(kind: number, detail: number): string {
  if (kind === REMOVED) return `,"cause":"${wordOf(REMOVAL_CAUSES, detail)}"`;
  return kind === PARKED ? `,"reason":"${wordOf(PARKING_REASONS, detail)}"` : "";
}

/** One row of the log that `command` made. */
export function eventLine(
  instrument: Instrument,
  door: MatchDoor,
  command: string,
  rows: Float64Array,
  index: number,
): string {
  const at = index * EVENT_STRIDE;
  const kind = (rows[at + COLUMN.kind] ?? REJECTED) & KIND_MASK;
  const orderId = door.nameOf(countOf(rows[at + COLUMN.order] as OrderId));
  const ticks = rows[at + COLUMN.ticks] as Ticks;
  const quantity = formatQuantity(instrument, rows[at + COLUMN.lots] as Lots);
  const side = rows[at + COLUMN.side] === 0 ? "buy" : "sell";
  const head = `{"event":"${EVENT_KINDS[kind]}",`;
  switch (kind) {
    case REJECTED:
      return rejectedLine(
        rows[at + COLUMN.order] === 0 ? undefined : orderId,
        command,
        rejectionName(rows[at + COLUMN.detail] ?? 0),
      );
    case TRADED: {
      const maker = door.nameOf(countOf(rows[at + COLUMN.detail] as OrderId));
      const price = formatPrice(instrument, ticks);
      const orders = `"makerOrderId":${maker},"takerOrderId":${orderId}`;
      return `${head}"price":"${price}","quantity":"${quantity}",${orders},"aggressor":"${side}"}\n`;
    }
    case AMENDED: {
      const total = formatQuantity(instrument, rows[at + COLUMN.makerRemaining] as Lots);
      const size = `"quantity":"${total}"${pricePart(instrument, ticks)},"resting":"${quantity}"`;
      return `${head}"orderId":${orderId},"side":"${side}",${size}}\n`;
    }
    case ACCEPTED:
    case RESTED:
    case CANCELLED:
    case TRIGGERED:
    case DISPLAYED:
    case EXPIRED:
    case REMOVED:
    case PARKED: {
      const price = pricePart(instrument, ticks);
      const why = whyPart(kind, rows[at + COLUMN.detail] ?? 0);
      return `${head}"orderId":${orderId},"side":"${side}","quantity":"${quantity}"${price}${why}}\n`;
    }
    case ARMED: {
      const stop = ticks === 0 ? "" : `,"stopPrice":"${formatPrice(instrument, ticks)}"`;
      return `${head}"orderId":${orderId},"side":"${side}","quantity":"${quantity}"${stop}}\n`;
    }
    case PREVENTED: {
      const maker = door.nameOf(countOf(rows[at + COLUMN.detail] as OrderId));
      const size = `"price":"${formatPrice(instrument, ticks)}","quantity":"${quantity}"`;
      const orders = `"makerOrderId":${maker},"takerOrderId":${orderId},"aggressor":"${side}"`;
      const left = formatQuantity(instrument, rows[at + COLUMN.remaining] as Lots);
      const mode = wordOf(SELF_TRADE_MODES, rows[at + COLUMN.makerRemaining] ?? 0);
      return `${head}${size},${orders},"remaining":"${left}","mode":"${mode}"}\n`;
    }
    case RESTRICTED: {
      const name = door.accountName(rows[at + COLUMN.account] as AccountId);
      const account = name === undefined ? "" : `"accountId":${JSON.stringify(name)},`;
      return `${head}${account}"frozen":${rows[at + COLUMN.detail] === 1}}\n`;
    }
    case PHASED:
      return phaseLine(instrument, rows, at);
    case INDICATIVE:
      return `${head}"quantity":"${quantity}"${pricePart(instrument, ticks)}}\n`;
    default:
      throw new Error(`Invariant: an event has a known kind: ${kind}`);
  }
}

/** How long an order lasts. */
interface Lasting {
  readonly timeInForce: TimeInForce;
  readonly expireAt?: Milliseconds;
}

/** An open order: `quantity` is what is left, `totalQuantity` what it was placed or last amended for. */
export function orderJson(
  instrument: Instrument,
  door: MatchDoor,
  order: RestingOrder | WaitingOrder | PendingOrder,
  lasting: Lasting | undefined,
  peg?: PeggedOrder,
): string {
  const name = door.accountName(order.account);
  const account = name === undefined ? "" : `,"accountId":${JSON.stringify(name)}`;
  const price = pricePart(instrument, order.ticks);
  const quantity = formatQuantity(instrument, order.lots);
  const total = formatQuantity(instrument, order.totalLots);
  const maker = order.postOnly ? `,"postOnly":true` : "";
  const size = `"quantity":"${quantity}","totalQuantity":"${total}"`;
  const orderId = door.nameOf(countOf(order.orderId));
  const stop = "trigger" in order ? stopJson(instrument, order) : "";
  const special = specialJson(instrument, order) + (peg === undefined ? "" : pegJson(instrument, peg));
  const head = `{"orderId":${orderId}${account},"side":"${order.side}"${price},${size}`;
  return `${head}${maker}${special}${stop}${lastingJson(lasting)}}`;
}

/** Nothing of an order that lasts until it is cancelled. */
function lastingJson(lasting: Lasting | undefined): string {
  if (lasting === undefined || lasting.timeInForce === "GTC") return "";
  const { timeInForce } = lasting;
  return `,${JSON.stringify({ timeInForce, ...textsOfExpiry(lasting) }).slice(1, -1)}`;
}

function specialJson(instrument: Instrument, order: RestingOrder): string {
  const { hidden, allOrNone, minimumLots, displayLots, shownLots, selfTrade } = order;
  const { mode, group } = selfTrade ?? {};
  const part = (name: string, lots: Lots | undefined) =>
    lots === undefined ? "" : `,"${name}":"${formatQuantity(instrument, lots)}"`;
  return (
    (hidden ? `,"hidden":true` : "") +
    (allOrNone ? `,"allOrNone":true` : "") +
    part("minimumQuantity", minimumLots) +
    part("displayQuantity", displayLots) +
    part("displayed", shownLots) +
    (mode === undefined ? "" : `,"selfTradePrevention":"${mode}"`) +
    (group === undefined ? "" : `,"selfTradeGroup":${group}`)
  );
}

function pegJson(instrument: Instrument, { peg, capTicks }: PeggedOrder): string {
  const cap = capTicks === 0 ? undefined : { capPrice: formatPrice(instrument, capTicks) };
  return `,${JSON.stringify({ type: "pegged", ...textsOfPrice(instrument, { peg }), ...cap }).slice(1, -1)}`;
}

function stopJson(instrument: Instrument, order: WaitingOrder | PendingOrder): string {
  const { trigger } = order;
  if (trigger === undefined) return "";
  const limited = order.ticks !== 0 || trigger.limitOffset !== undefined;
  const named = "type" in order ? order.type : limited ? "limit" : "market";
  const type = orderTypeName(named, { trigger });
  return `,${JSON.stringify({ type, ...textsOfTrigger(instrument, trigger) }).slice(1, -1)}`;
}
