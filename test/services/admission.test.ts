/** Who is barred while signed in: the tokens and sockets that are out end with the guard that bars him. */
import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import type { TokenPair } from "../../mixins/tokens.ts";
import api from "../../services/api.service.ts";
import guards from "../../services/guards.service.ts";
import identity from "../../services/identity.service.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const operator = principal(1, "operator");
let venue: Venue;
let address: string;

beforeEach(async () => {
  venue = await startVenue(await temporaryFolder(), { services: [...TRADING, identity, guards, api] });
  ({ address } = runtimeOf(venue.broker));
});

afterEach(() => venue.remove());

function heard(socket: Socket, event: string): Promise<unknown> {
  return new Promise(resolve => socket.once(event, resolve));
}

async function signUp(name: string): Promise<string> {
  const user = { email: `${name}@example.org`, password: "long-enough-1" };
  return (await venue.call<TokenPair>("identity.register", user)).accessToken;
}

async function statusOf(token: string): Promise<number> {
  return (await fetch(`${address}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
}

it("a guard without login ends a user's tokens and sockets, and lifting it lets him in again", async () => {
  const token = await signUp("trader");
  expect(await statusOf(token)).toBe(200);
  const connect = () => io(address, { auth: { token }, reconnection: false, forceNew: true });
  const socket = connect();
  await heard(socket, "connect");
  const ended = heard(socket, "disconnect");
  const told = heard(socket, "error");
  await venue.call("guards.setVenue", { access: "noLogin", reason: "audit" }, operator);
  expect(await told).toMatchObject({ code: "UNAUTHENTICATED" });
  expect(await ended).toBe("io server disconnect");
  expect(await statusOf(token)).toBe(401);
  expect(await heard(connect(), "connect_error")).toMatchObject({ data: { code: "UNAUTHENTICATED" } });
  await venue.call("guards.setVenue", { access: "full", reason: "done" }, operator);
  expect(await statusOf(token)).toBe(200);
});

it("an operator stays, to lift it again", async () => {
  const user = { email: "operator@example.org", password: "long-enough-1" };
  await venue.call("identity.provision", { ...user, name: "Operator", role: "operator" });
  const { accessToken } = await venue.call<TokenPair>("identity.login", user);
  await venue.call("guards.setVenue", { access: "noLogin", reason: "audit" }, operator);
  expect(await statusOf(accessToken)).toBe(200);
});
