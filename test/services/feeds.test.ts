/** Every order and the day's statistics over real sockets: snapshot and updates make what the venue shows. */
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrderRow, OrdersEvent, Statistics } from "../../models/market-data.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import api from "../../services/api.service.ts";
import marketdata from "../../services/marketdata.service.ts";
import reference from "../../services/reference.service.ts";
import { principal } from "../venue.ts";
import { startVenue, TRADING, type Venue } from "./venue.ts";

const ALICE = { meta: { principal: principal(1001) } };
let venue: Venue;
let socket: Socket;
let placed = 0;
let last = 0;
const orders = new Map<string, OrderRow>();
let statistics: Partial<Statistics> = {};

function hear(event: "snapshot" | "update", message: OrdersEvent): void {
  if (event === "snapshot") orders.clear();
  else expect(message.first).toBe(last + 1);
  last = message.last;
  for (const row of [...message.bids, ...message.asks]) {
    if (row[2] === "0" || row[3] === true) orders.delete(row[0]);
    if (row[2] !== "0") orders.set(row[0], row);
  }
}

beforeAll(async () => {
  process.env.JWT_SECRET = "a secret of the test, long enough to be one";
  venue = await startVenue([...TRADING, reference, marketdata, api]);
  const terms = { currency: "USD", leverage: 30, liquidity: false, deposit: "100000" };
  await venue.broker.call("accounts.open", { account: 1001, ...terms });
  await venue.quote("EURUSD", "1.05000", "1.15000");
  socket = io(venue.runtime.address, { transports: ["websocket"], forceNew: true, reconnection: false });
  for (const event of ["snapshot", "update"] as const) {
    socket.on(event, (message: OrdersEvent & Statistics) => {
      if (message.room === "orders:EURUSD") hear(event, message);
      else statistics = message;
    });
  }
});

afterAll(async () => {
  socket.disconnect();
  await venue.stop();
  delete process.env.JWT_SECRET;
});

const until = <Value>(probe: () => Value) => expect.poll(probe, { timeout: 20_000 });

function place(more: object): Promise<OrderView> {
  const order = { clientOrderId: `o-${++placed}`, symbol: "EURUSD", type: "limit", side: "buy" };
  return venue.broker.call("orders.place", { ...order, quantity: "2000", price: "1.06", ...more }, ALICE);
}

const shown = () => [...orders.values()].map(([, price, quantity]) => `${quantity} @ ${price}`).sort();

test("every shown order, from the first one who comes on", async () => {
  await place({});
  const answer = await socket.timeout(5_000).emitWithAck("subscribe", { room: "orders:EURUSD" });
  expect(answer).toEqual({ ok: true });
  const quotes = ["1000000 @ 1.05000", "1000000 @ 1.15000"];
  await until(shown).toEqual([...quotes, "2000 @ 1.06000"]);
  const iceberg = await place({ price: "1.07", quantity: "9000", displayQuantity: "3000" });
  await place({ price: "1.08", hidden: true });
  const own = await place({ price: "1.09" });
  await until(shown).toEqual([...quotes, "2000 @ 1.06000", "2000 @ 1.09000", "3000 @ 1.07000"]);
  expect(orders.get(own.id)?.[1]).toBe("1.09000");
  await venue.broker.call("orders.cancel", { id: own.id }, ALICE);
  await place({ side: "sell", price: "1.07", quantity: "6000", timeInForce: "IOC" });
  await until(shown).toEqual([...quotes, "2000 @ 1.06000", "2000 @ 1.07000"]);
  expect(orders.has(iceberg.id)).toBe(true);
});

test("the day's statistics, as a room and as a question", async () => {
  await socket.timeout(5_000).emitWithAck("subscribe", { room: "statistics:EURUSD" });
  await until(() => statistics.trades).toBe(3);
  await place({ side: "buy", type: "market", price: undefined });
  await until(() => statistics.trades).toBe(4);
  expect(statistics).toMatchObject({ open: "1.08000", high: "1.15000", low: "1.07000", volume: "8000" });
  const asked = await venue.broker.call("marketdata.statistics", { symbol: "EURUSD" });
  expect(asked).toMatchObject({ lastPrice: "1.15000", phase: "continuous", averagePrice: "1.09250" });
});
