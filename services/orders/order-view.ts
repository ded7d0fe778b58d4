/** An order as the API shows it: one flat object, decimals as strings, times in UTC. */
import { feeCurrency } from "../../engine/account/charge/fill-fee.ts";
import type { ListPlace } from "../../engine/account/order/list-place.ts";
import type { Fill, OrderState } from "../../engine/account/order/order.ts";
import { formatDecimal } from "../../engine/decimal.ts";
import { orderTypeName, textsOfTerms } from "../../engine/form/order-text.ts";
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { money, type Side } from "../../engine/units.ts";
import type { FillView, ListView, OrderView } from "../../models/order.model.ts";
import { formatMoney } from "./money-text.ts";

/** Places of an average price beyond the tick's. */
const AVERAGE_DIGITS = 3;

let lastTime = Number.NaN;
let lastText = "";

/** RFC 3339 in UTC. The same millisecond is asked for many times in a row. */
export function timeText(time: number): string {
  if (time !== lastTime) {
    lastText = new Date(time).toISOString();
    lastTime = time;
  }
  return lastText;
}

/**
 * Value ÷ size, rounded half up to three places beyond the tick's; trailing zeros beyond the tick's are left
 * out.
 */
export function averagePrice(instrument: Instrument, filledValue: bigint, filledLots: number): string {
  const size = BigInt(filledLots);
  const scaled =
    (2n * filledValue * instrument.tickUnits * 10n ** BigInt(AVERAGE_DIGITS) + size) / (2n * size);
  const text = formatDecimal(scaled, instrument.priceDigits + AVERAGE_DIGITS);
  let end = text.length;
  while (text.length - end < AVERAGE_DIGITS && text[end - 1] === "0") end--;
  return text.slice(0, end);
}

/** Where trades are free there is none. */
function viewFee(
  instrument: Instrument,
  side: Side,
  fee: bigint | undefined,
): Pick<FillView, "fee" | "feeCurrency"> {
  if (fee === undefined) return {};
  return { fee: formatMoney(money(fee)), feeCurrency: feeCurrency(instrument, side) };
}

function viewFill(instrument: Instrument, side: Side, fill: Fill): FillView {
  return {
    price: formatPrice(instrument, fill.ticks),
    quantity: formatQuantity(instrument, fill.lots),
    role: fill.role,
    ...viewFee(instrument, side, fill.fee),
    sequence: fill.sequence,
    time: timeText(fill.time),
  };
}

function viewList({ id, contingency, leg }: ListPlace): ListView {
  return { id: String(id), contingency, leg };
}

export function viewOrder(instrument: Instrument, order: OrderState): OrderView {
  const price = order.priceText ?? (order.ticks > 0 ? formatPrice(instrument, order.ticks) : undefined);
  return {
    id: String(order.id),
    clientOrderId: order.clientOrderId,
    accountId: String(order.account),
    symbol: instrument.symbol,
    side: order.side,
    type: orderTypeName(order.type, order.terms),
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    ...(price === undefined ? {} : { price }),
    ...textsOfTerms(instrument, order.terms),
    ...(order.list === undefined ? {} : { list: viewList(order.list) }),
    ...(order.removal === undefined ? {} : { removal: order.removal }),
    ...(order.awaits === undefined ? {} : { awaits: order.awaits }),
    quantity: order.quantityText ?? formatQuantity(instrument, order.lots),
    filledQuantity: formatQuantity(instrument, order.filledLots),
    ...(order.filledLots > 0
      ? { averagePrice: averagePrice(instrument, order.filledValue, order.filledLots) }
      : {}),
    status: order.status,
    ...(order.rejection === undefined ? {} : { rejection: order.rejection }),
    fills: order.fills.map(fill => viewFill(instrument, order.side, fill)),
    ...viewFee(instrument, order.side, order.fees?.paid),
    sequence: order.sequence,
    createdAt: timeText(order.createdAt),
    updatedAt: timeText(order.updatedAt),
  };
}
