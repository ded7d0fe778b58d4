/** Cancel on disconnect over a real socket, and its timer in the markets. */
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TokenPair, tokensOf } from "../../mixins/tokens.ts";
import type { OrderView } from "../../models/order.model.ts";
import api from "../../services/api.service.ts";
import { startVenue, TRADING, type Venue } from "./venue.ts";

let venue: Venue;
let token: string;
let account: number;
let placed = 0;

beforeAll(async () => {
  process.env.JWT_SECRET = "a secret of the test, long enough to be one";
  venue = await startVenue([...TRADING, api]);
  const login = { email: "trader@example.org", password: "correct horse" };
  const pair: TokenPair = await venue.broker.call("identity.register", login);
  token = pair.accessToken;
  account = (await tokensOf(venue.runtime)).session(token).principal.accounts[0] ?? 0;
  await venue.quote("EURUSD", "1.05000", "1.15000");
});

afterAll(async () => {
  await venue.stop();
  delete process.env.JWT_SECRET;
});

function connect(): Socket {
  const auth = { token };
  return io(venue.runtime.address, { auth, transports: ["websocket"], forceNew: true, reconnection: false });
}

const ask = (socket: Socket, event: string, accountId: string) =>
  socket.timeout(5_000).emitWithAck(event, { accountId });

async function caller() {
  return { meta: { principal: (await tokensOf(venue.runtime)).session(token).principal } };
}

async function place(): Promise<OrderView> {
  const order = { clientOrderId: `o-${++placed}`, symbol: "EURUSD", type: "limit", side: "buy" };
  return venue.broker.call("orders.place", { ...order, quantity: "1000", price: "1.06" }, await caller());
}

const statusOf = async ({ id }: OrderView) =>
  (await venue.broker.call<OrderView, { id: string }>("orders.get", { id }, await caller())).status;

test("orders end with the socket that guards them, and outlast one that doesn't", async () => {
  const plain = connect();
  expect(await ask(plain, "keepOnDisconnect", String(account))).toEqual({ ok: true });
  const kept = await place();
  plain.disconnect();
  const guard = connect();
  expect(await ask(guard, "cancelOnDisconnect", String(account))).toEqual({ ok: true });
  expect(await statusOf(kept)).toBe("open");
  guard.disconnect();
  await expect.poll(() => statusOf(kept), { timeout: 20_000 }).toBe("cancelled");
});

test("somebody else's account, or none, is refused", async () => {
  const socket = connect();
  expect(await ask(socket, "cancelOnDisconnect", "1")).toMatchObject({ error: { code: "FORBIDDEN" } });
  const stranger = io(venue.runtime.address, { transports: ["websocket"], forceNew: true });
  expect(await ask(stranger, "cancelOnDisconnect", String(account))).toMatchObject({
    error: { code: "UNAUTHENTICATED" },
  });
  socket.disconnect();
  stranger.disconnect();
});
