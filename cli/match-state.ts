/** The market of `cambist match` as JSON at the end: its open orders, and its book with the state's hash. */
import { formatPrice, formatQuantity, type Instrument } from "../engine/instrument.ts";
import type {
  DepthLevel,
  MarketMachine,
  RestingOrder,
  WaitingOrder,
} from "../engine/market/market-machine.ts";
import type { ParkedOrder } from "../engine/market/parked-orders.ts";
import type { PendingOrder } from "../engine/market/pending-legs.ts";
import type { MatchDoor } from "./match-door.ts";
import { orderJson } from "./match-event.ts";

/**
 * Resting orders in priority order, then those without a price in a call, then those that wait for a trigger,
 * then those that wait for an auction, then pegged ones without a price, then those that wait for an entry,
 * in pieces.
 */
export function* ordersText(
  instrument: Instrument,
  door: MatchDoor,
  machine: MarketMachine,
): Generator<string, void, undefined> {
  const pegs = new Map([...machine.pegged()].map(peg => [peg.orderId, peg]));
  const parkedPegs = [...pegs.values()].flatMap(peg => peg.parked ?? []);
  const places: Iterable<RestingOrder | WaitingOrder | ParkedOrder | PendingOrder>[] = [
    ...[machine.orders(), machine.unpriced(), machine.armed(), machine.parked()],
    ...[parkedPegs, machine.pending()],
  ];
  let separator = `{"orders":[`;
  for (const orders of places) {
    for (const order of orders) {
      const waiting = "timeInForce" in order ? order : undefined;
      const lasting = machine.expiry(order.orderId) ?? waiting;
      yield separator + orderJson(instrument, door, order, lasting, pegs.get(order.orderId));
      separator = ",";
    }
  }
  yield separator === "," ? "]}\n" : `${separator}]}\n`;
}

/** Depth of the whole book and the state's hash. */
export function bookText(instrument: Instrument, machine: MarketMachine): string {
  const depth = machine.depth(Number.MAX_SAFE_INTEGER);
  const row = (level: DepthLevel) => [
    formatPrice(instrument, level.ticks),
    formatQuantity(instrument, level.lots),
    level.orders,
  ];
  const book = { bids: depth.bids.map(row), asks: depth.asks.map(row) };
  const found = machine.indicative();
  const indicative = found && {
    price: formatPrice(instrument, found.ticks),
    quantity: formatQuantity(instrument, found.lots),
  };
  return `${JSON.stringify({ book, indicative, hash: machine.hash() })}\n`;
}
