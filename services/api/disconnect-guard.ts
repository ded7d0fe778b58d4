/**
 * Cancel on disconnect for one socket: as long as it is there, the account's dead-man timer is set anew; when
 * it goes, all open orders are cancelled at once. The timer lives in the markets: if the whole venue goes, it
 * runs out there after the restart, unless the client has come back and armed it again.
 *
 * Of several sockets that guard one account any one's end cancels, and the last one's calls the timer off: a
 * client that is back before its old socket's orders are cancelled keeps the timer that it has set. A gateway
 * knows its own sockets only, so it tells the others when it has called a timer off, and they set it anew.
 */
import { Fault } from "../../mixins/fault.ts";
import type { Session } from "../../mixins/tokens.ts";

const TIMEOUT_MS = 30_000;
const RENEW_MS = 10_000;

export type GuardEvent = "cancelOnDisconnect" | "keepOnDisconnect";

export interface GuardPorts {
  /** Calls an action as a session's user. */
  call(action: string, params: object, session: Session): Promise<unknown>;
  /** Tells the other gateways that an account's timer has been called off: theirs may guard it too. */
  timerEnded(accountId: string): void;
  log(error: unknown): void;
}

interface Guarded {
  readonly session: Session;
  readonly timer: NodeJS.Timeout;
}

/** Which sockets guard which account, for all sockets of a gateway. */
export class Guards {
  readonly #ofAccount = new Map<string, Set<DisconnectGuard>>();

  enter(accountId: string, guard: DisconnectGuard): void {
    const guards = this.#ofAccount.get(accountId);
    if (guards === undefined) this.#ofAccount.set(accountId, new Set([guard]));
    else guards.add(guard);
  }

  leave(accountId: string, guard: DisconnectGuard): void {
    const guards = this.#ofAccount.get(accountId);
    guards?.delete(guard);
    if (guards?.size === 0) this.#ofAccount.delete(accountId);
  }

  has(accountId: string): boolean {
    return this.#ofAccount.has(accountId);
  }

  /** The account's timer is set anew by whoever guards it. */
  renew(accountId: string): void {
    for (const guard of this.#ofAccount.get(accountId) ?? []) guard.renew(accountId);
  }
}

export class DisconnectGuard {
  readonly #ports: GuardPorts;
  readonly #guards: Guards;
  /** The newest that was asked for an account, of the caller's own. */
  readonly #newest = new Map<string, number>();
  #turns = 0;
  readonly #guarded = new Map<string, Guarded>();
  #gone = false;

  constructor(ports: GuardPorts, guards: Guards) {
    this.#ports = ports;
    this.#guards = guards;
  }

  /** Does what a client asks for its account; resolves when the markets have it. */
  async asked(event: GuardEvent, accountId: string, session: Session | undefined): Promise<void> {
    if (session === undefined) {
      throw new Fault("UNAUTHENTICATED", "Cannot guard orders as it needs a token");
    }
    if (!session.principal.accounts.map(String).includes(accountId)) {
      throw new Fault(
        "FORBIDDEN",
        `Cannot guard orders as the account must be your own: received ${accountId}`,
      );
    }
    this.#stop(accountId);
    const turn = ++this.#turns;
    this.#newest.set(accountId, turn);
    if (event === "keepOnDisconnect") {
      await this.#callOff(accountId, session);
      return;
    }
    // Before the markets are told: whoever calls the timer off from now on would call off this one's.
    this.#guards.enter(accountId, this);
    try {
      await this.#set(accountId, session, TIMEOUT_MS);
    } catch (error) {
      if (this.#newest.get(accountId) === turn) this.#guards.leave(accountId, this);
      throw error;
    }
    // The client may have asked for something else meanwhile.
    if (this.#newest.get(accountId) !== turn) return;
    this.#guarded.set(accountId, { session, timer: setInterval(() => this.renew(accountId), RENEW_MS) });
    // The socket may have gone while the markets were told.
    if (this.#gone) this.disconnected();
  }

  renew(accountId: string): void {
    const session = this.#guarded.get(accountId)?.session;
    if (session !== undefined) void this.#set(accountId, session, TIMEOUT_MS).catch(this.#ports.log);
  }

  /** The socket has gone. What fails here the timer in the markets does. */
  disconnected(): void {
    this.#gone = true;
    for (const [accountId, { session }] of [...this.#guarded]) {
      this.#stop(accountId);
      const cancelled = this.#ports.call("orders.cancelAll", { accountId }, session);
      cancelled.then(() => this.#callOff(accountId, session)).catch(this.#ports.log);
    }
  }

  /** The venue is about to stop: the timers in the markets stay as they are. */
  abandon(): void {
    for (const accountId of [...this.#guarded.keys()]) this.#stop(accountId);
  }

  #stop(accountId: string): void {
    clearInterval(this.#guarded.get(accountId)?.timer);
    this.#guarded.delete(accountId);
    this.#guards.leave(accountId, this);
  }

  /** Calls the timer off, unless another socket guards the account: then it is that one's. */
  async #callOff(accountId: string, session: Session): Promise<void> {
    if (this.#guards.has(accountId)) return;
    await this.#set(accountId, session, 0);
    this.#ports.timerEnded(accountId);
  }

  #set(accountId: string, session: Session, timeoutMs: number): Promise<unknown> {
    return this.#ports.call("orders.cancelAllAfter", { accountId, timeoutMs }, session);
  }
}
