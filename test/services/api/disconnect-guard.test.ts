/** Sockets of one account that come and go while the markets are still being told. */
import { expect, test } from "vitest";
import type { Session } from "../../../mixins/tokens.ts";
import { DisconnectGuard, Guards } from "../../../services/api/disconnect-guard.ts";

const session: Session = { principal: { userId: "u", accounts: [7], roles: ["trader"] }, expiresAt: 0 };

/** Calls in their order, each of which is answered when the test says so. */
class Markets {
  readonly asked: string[] = [];
  readonly #answers: (() => void)[] = [];
  readonly guards = new Guards();
  timerEnded: (accountId: string) => void = () => undefined;

  socket(): DisconnectGuard {
    const call = (action: string, params: object) => {
      this.asked.push(`${action} ${"timeoutMs" in params ? params.timeoutMs : ""}`.trim());
      return new Promise<void>(resolve => this.#answers.push(resolve));
    };
    const log = (error: unknown) => {
      throw error;
    };
    return new DisconnectGuard({ call, timerEnded: this.timerEnded, log }, this.guards);
  }

  /** Answers the oldest call that waits, and lets what follows from it happen. */
  async answer(): Promise<void> {
    this.#answers.shift()?.();
    await new Promise(resolve => setImmediate(resolve));
  }

  async guard(socket: DisconnectGuard): Promise<void> {
    const armed = socket.asked("cancelOnDisconnect", "7", session);
    await this.answer();
    await armed;
  }
}

const SET = "orders.cancelAllAfter 30000";
const OFF = "orders.cancelAllAfter 0";
const CANCEL = "orders.cancelAll";

test("the last socket that goes calls the timer off", async () => {
  const markets = new Markets();
  const socket = markets.socket();
  await markets.guard(socket);
  socket.disconnected();
  await markets.answer();
  expect(markets.asked).toEqual([SET, CANCEL, OFF]);
  expect(markets.guards.has("7")).toBe(false);
});

test("a client that is back before its orders are cancelled keeps its timer", async () => {
  const markets = new Markets();
  const [old, back] = [markets.socket(), markets.socket()];
  await markets.guard(old);
  old.disconnected();
  const armed = back.asked("cancelOnDisconnect", "7", session);
  await markets.answer();
  expect(markets.asked).toEqual([SET, CANCEL, SET]);
  await markets.answer();
  await armed;
  back.abandon();
  expect(markets.guards.has("7")).toBe(false);
});

test("one of two sockets that goes, or keeps, leaves the timer to the other", async () => {
  const markets = new Markets();
  const sockets = [markets.socket(), markets.socket(), markets.socket()] as const;
  for (const socket of sockets) await markets.guard(socket);
  sockets[0].disconnected();
  await markets.answer();
  await sockets[1].asked("keepOnDisconnect", "7", session);
  expect(markets.asked).toEqual([SET, SET, SET, CANCEL]);
  sockets[2].disconnected();
  await markets.answer();
  expect(markets.asked.slice(4)).toEqual([CANCEL, OFF]);
});

test("a client that changes its mind while the timer is set has its last word", async () => {
  const markets = new Markets();
  const socket = markets.socket();
  const armed = socket.asked("cancelOnDisconnect", "7", session);
  const kept = socket.asked("keepOnDisconnect", "7", session);
  await markets.answer();
  await markets.answer();
  await Promise.all([armed, kept]);
  socket.disconnected();
  expect(markets.asked).toEqual([SET, OFF]);
  expect(markets.guards.has("7")).toBe(false);
});

test("a socket that goes while it arms the timer cancels, and nobody guards after it", async () => {
  const markets = new Markets();
  const socket = markets.socket();
  const armed = socket.asked("cancelOnDisconnect", "7", session);
  socket.disconnected();
  await markets.answer();
  await armed;
  await markets.answer();
  expect(markets.asked).toEqual([SET, CANCEL, OFF]);
  expect(markets.guards.has("7")).toBe(false);
});

test("a timer that one gateway calls off is set anew by another whose socket guards", async () => {
  const [here, there] = [new Markets(), new Markets()];
  here.timerEnded = accountId => there.guards.renew(accountId);
  const [socket, other] = [here.socket(), there.socket()];
  await here.guard(socket);
  await there.guard(other);
  socket.disconnected();
  await here.answer();
  await here.answer();
  expect(here.asked).toEqual([SET, CANCEL, OFF]);
  expect(there.asked).toEqual([SET, SET]);
  other.disconnected();
  await there.answer();
  await there.answer();
  there.guards.renew("7");
  expect(there.asked).toEqual([SET, SET, CANCEL, OFF]);
});
