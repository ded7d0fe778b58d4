/**
 * Sockets over the real server: rooms, refusals, limits, and that whoever comes anew sees what the others
 * see.
 */
import { createSigner } from "fast-jwt";
import type { Context } from "moleculer";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type TokenPair, tokensOf } from "../../mixins/tokens.ts";
import api from "../../services/api.service.ts";
import marketdata from "../../services/marketdata.service.ts";
import reference from "../../services/reference.service.ts";
import { startVenue, TRADING, type Venue } from "./venue.ts";

let venue: Venue;
let pair: TokenPair;
let account: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  process.env.JWT_SECRET = "a secret of the test, long enough to be one";
  venue = await startVenue([...TRADING, reference, marketdata, api]);
  const email = "trader@example.org";
  pair = await venue.broker.call("identity.register", { email, password: "correct horse" });
  const { principal } = (await tokensOf(venue.runtime)).session(pair.accessToken);
  account = `account:${principal.accounts[0]}`;
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

afterAll(async () => {
  await venue.stop();
  delete process.env.JWT_SECRET;
});

/** Waits for a condition. */
const until = <Value>(probe: () => Value) => expect.poll(probe, { timeout: 20_000 });

interface Told {
  readonly event: string;
  readonly room?: string;
  readonly first?: number;
  readonly last?: number;
  readonly code?: string;
}

function connect(token?: string): Socket & { told: Told[] } {
  const auth = token === undefined ? {} : { token };
  const socket = io(venue.runtime.address, {
    auth,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
  });
  const told: Told[] = [];
  for (const event of ["snapshot", "update", "error"]) {
    socket.on(event, (message: object) => told.push({ event, ...message }));
  }
  sockets.push(socket);
  return Object.assign(socket, { told });
}

const ask = (
  socket: Socket,
  event: string,
  message: unknown,
): Promise<{ ok?: true; error?: { code: string } }> => socket.timeout(5_000).emitWithAck(event, message);

const ofRoom = (socket: { told: Told[] }, room: string) => socket.told.filter(told => told.room === room);

function sign(claims: object, expiresIn = 60_000): string {
  return createSigner({ key: process.env.JWT_SECRET ?? "", iss: "cambist", expiresIn })(claims);
}

describe("connecting", () => {
  test("with a wrong token fails with its code, without one is allowed", async () => {
    const wrong = connect("nonsense");
    const error = await new Promise<Error & { data?: { code: string } }>(resolve =>
      wrong.on("connect_error", resolve),
    );
    expect(error.data?.code).toBe("UNAUTHENTICATED");
    const open = connect();
    await until(() => open.connected).toBe(true);
    expect(await ask(open, "subscribe", { room: account })).toMatchObject({
      error: { code: "UNAUTHENTICATED" },
    });
    expect(await ask(open, "subscribe", { room: "ticker:EURUSD" })).toEqual({ ok: true });
  });
});

describe("rooms", () => {
  test("that don't exist, or are someone else's, are refused", async () => {
    const socket = connect(pair.accessToken);
    const refused = async (asked: unknown) => (await ask(socket, "subscribe", asked)).error?.code;
    expect(await refused({ room: "book:XXXYYY" })).toBe("SYMBOL_UNKNOWN");
    expect(await refused({ room: "account:9999" })).toBe("FORBIDDEN");
    expect(await refused({ room: "secrets" })).toBe("NOT_FOUND");
    expect(await refused({ room: 7 })).toBe("VALIDATION_FAILED");
    expect(await refused(undefined)).toBe("VALIDATION_FAILED");
    socket.emit("subscribe", { room: "trades:XXXYYY" });
    await until(() => socket.told.map(({ room, code }) => `${room} ${code}`)).toEqual([
      "book:XXXYYY SYMBOL_UNKNOWN",
      "account:9999 FORBIDDEN",
      "secrets NOT_FOUND",
      "undefined VALIDATION_FAILED",
      "undefined VALIDATION_FAILED",
      "trades:XXXYYY SYMBOL_UNKNOWN",
    ]);
  });

  test("give a snapshot, then updates without a hole, to early and late alike", async () => {
    const room = "ticker:EURUSD";
    const early = connect();
    await ask(early, "subscribe", { room });
    await until(() => ofRoom(early, room).length).toBeGreaterThan(3);
    const late = connect();
    await ask(late, "subscribe", { room });
    await until(() => ofRoom(late, room).length).toBeGreaterThan(5);
    for (const socket of [early, late]) {
      const [snapshot, ...updates] = ofRoom(socket, room);
      expect(snapshot?.event).toBe("snapshot");
      let last = snapshot?.last ?? Number.NaN;
      for (const update of updates) {
        expect(update).toMatchObject({ event: "update", first: last + 1 });
        last = update.last ?? Number.NaN;
      }
    }
  });

  test("of an account tell its orders", async () => {
    const socket = connect(pair.accessToken);
    await ask(socket, "subscribe", { room: account });
    await until(() => ofRoom(socket, account).length).toBe(1);
    const { principal } = (await tokensOf(venue.runtime)).session(pair.accessToken);
    const order = {
      clientOrderId: "s-1",
      symbol: "EURUSD",
      side: "buy",
      type: "limit",
      quantity: "1000",
      price: "0.50000",
    };
    const placed = await venue.broker.call<{ id: string }, object>("orders.place", order, {
      meta: { principal },
    });
    await until(() => JSON.stringify(ofRoom(socket, account))).toContain(`"id":"${placed.id}"`);
  });

  test("are no longer told after unsubscribing, and producers hear of the last one going", async () => {
    const events: string[] = [];
    const listener = venue.broker.createService({
      name: "listener",
      events: {
        "room.*"(ctx: Context<{ room: string }>) {
          if (ctx.params.room === "ticker:GBPUSD" && ctx.eventName !== "room.updated")
            events.push(ctx.eventName ?? "");
        },
      },
    });
    const socket = connect();
    await ask(socket, "subscribe", { room: "ticker:GBPUSD" });
    await until(() => ofRoom(socket, "ticker:GBPUSD").length).toBeGreaterThan(1);
    await ask(socket, "unsubscribe", { room: "ticker:GBPUSD" });
    const seen = ofRoom(socket, "ticker:GBPUSD").length;
    await until(() => events).toEqual(["room.opened", "room.closed"]);
    await ask(socket, "subscribe", { room: "ticker:USDJPY" });
    await until(() => ofRoom(socket, "ticker:USDJPY").length).toBeGreaterThan(3);
    expect(ofRoom(socket, "ticker:GBPUSD")).toHaveLength(seen);
    await venue.broker.destroyService(listener);
  });

  test("a hole in the updates is closed by a fresh snapshot", async () => {
    const room = "ticker:AUDUSD";
    const socket = connect();
    await ask(socket, "subscribe", { room });
    await until(() => ofRoom(socket, room).length).toBeGreaterThan(1);
    const before = ofRoom(socket, room).length;
    await venue.broker.broadcast("room.updated", { room, first: 1_000_000, last: 1_000_000 });
    await expect
      .poll(() =>
        ofRoom(socket, room)
          .slice(before)
          .map(told => told.event),
      )
      .toContain("snapshot");
    expect(ofRoom(socket, room).some(told => told.last === 1_000_000)).toBe(false);
  });
});

describe("tokens of sockets", () => {
  test("that expire end account rooms only; a new one brings them back", async () => {
    const { principal } = (await tokensOf(venue.runtime)).session(pair.accessToken);
    const { userId: sub, accounts, roles } = principal;
    const claims = { sub, accounts, roles, type: "access" };
    const socket = connect(sign(claims, 1_500));
    expect(await ask(socket, "subscribe", { room: account })).toEqual({ ok: true });
    expect(await ask(socket, "subscribe", { room: "ticker:EURUSD" })).toEqual({ ok: true });
    const expired = { event: "error", room: account, code: "UNAUTHENTICATED" };
    await until(() => socket.told).toContainEqual(expect.objectContaining(expired));
    const seen = ofRoom(socket, "ticker:EURUSD").length;
    await until(() => ofRoom(socket, "ticker:EURUSD").length).toBeGreaterThan(seen);
    expect(await ask(socket, "subscribe", { room: account })).toMatchObject({
      error: { code: "UNAUTHENTICATED" },
    });
    expect(await ask(socket, "renew", { token: sign(claims) })).toEqual({ ok: true });
    expect(await ask(socket, "subscribe", { room: account })).toEqual({ ok: true });
    const other = await ask(socket, "renew", { token: sign({ ...claims, sub: "somebody else" }) });
    expect(other).toMatchObject({ error: { code: "FORBIDDEN" } });
  });
});

describe("limits", () => {
  test("too many messages are refused, and end the socket where they go on", async () => {
    const socket = connect();
    await until(() => socket.connected).toBe(true);
    for (let count = 0; count < 1_000; count++) socket.emit("subscribe", { room: "none" });
    await until(() => socket.connected).toBe(false);
    expect(socket.told).toContainEqual(
      expect.objectContaining({ event: "error", code: "TOO_MANY_REQUESTS" }),
    );
  });

  test("a message that is too big ends the socket", async () => {
    const socket = connect();
    await until(() => socket.connected).toBe(true);
    socket.emit("subscribe", { room: "x".repeat(20_000) });
    await until(() => socket.connected).toBe(false);
  });

  test("a reader that doesn't read is disconnected and told so, the others go on", async () => {
    const [slow, other] = [connect(pair.accessToken), connect(pair.accessToken)];
    for (const socket of [slow, other]) {
      await ask(socket, "subscribe", { room: account });
      await until(() => ofRoom(socket, account).length).toBe(1);
    }
    let last = ofRoom(other, account)[0]?.last ?? 0;
    const stream = Reflect.get(slow.io.engine.transport, "ws")._socket;
    stream.pause();
    const filler = "x".repeat(50_000);
    const ended = new Promise<string>(resolve => slow.on("disconnect", resolve));
    for (let round = 0; round < 40; round++) {
      // An account without positions has no updates of its own.
      for (let count = 0; count < 50; count++) {
        last++;
        await venue.broker.broadcast("room.updated", { room: account, first: last, last, filler });
      }
      await until(() => ofRoom(other, account).at(-1)?.last).toBe(last);
    }
    stream.resume();
    expect(await ended).toBe("io server disconnect");
    expect(slow.told.at(-1)).toMatchObject({ event: "error", code: "SLOW_READER" });
    expect(other.connected).toBe(true);
  });
});
