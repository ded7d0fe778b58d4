/**
 * Cancel on disconnect for one socket: as long as it is there, the account's dead-man timer is set anew; when
 * it goes, all open orders are cancelled at once. The timer lives in the markets: if the whole venue goes, it
 * runs out there after the restart, unless the client has come back and armed it again.
 *
 * Of several sockets that guard one account any one's end cancels.
 */
import { Fault } from "../../mixins/fault.ts";
import type { Session } from "../../mixins/tokens.ts";

const TIMEOUT_MS = 30_000;
const RENEW_MS = 10_000;

export type GuardEvent = "cancelOnDisconnect" | "keepOnDisconnect";

export interface GuardPorts {
  /** Calls an action as a session's user. */
  call(action: string, params: object, session: Session): Promise<unknown>;
  log(error: unknown): void;
}

interface Guarded {
  readonly session: Session;
  readonly timer: NodeJS.Timeout;
}

export class DisconnectGuard {
  readonly #ports: GuardPorts;
  readonly #guarded = new Map<string, Guarded>();
  #gone = false;

  constructor(ports: GuardPorts) {
    this.#ports = ports;
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
    await this.#set(accountId, session, event === "cancelOnDisconnect" ? TIMEOUT_MS : 0);
    if (event === "keepOnDisconnect") return;
    this.#stop(accountId);
    const renew = () => void this.#set(accountId, session, TIMEOUT_MS).catch(this.#ports.log);
    this.#guarded.set(accountId, { session, timer: setInterval(renew, RENEW_MS) });
    // The socket may have gone while the markets were told.
    if (this.#gone) this.disconnected();
  }

  /** The socket has gone. What fails here the timer in the markets does. */
  disconnected(): void {
    this.#gone = true;
    for (const [accountId, { session }] of [...this.#guarded]) {
      this.#stop(accountId);
      const cancelled = this.#ports.call("orders.cancelAll", { accountId }, session);
      cancelled.then(() => this.#set(accountId, session, 0)).catch(this.#ports.log);
    }
  }

  /** The venue is about to stop: the timers in the markets stay as they are. */
  abandon(): void {
    for (const accountId of [...this.#guarded.keys()]) this.#stop(accountId);
  }

  #stop(accountId: string): void {
    clearInterval(this.#guarded.get(accountId)?.timer);
    this.#guarded.delete(accountId);
  }

  #set(accountId: string, session: Session, timeoutMs: number): Promise<unknown> {
    return this.#ports.call("orders.cancelAllAfter", { accountId, timeoutMs }, session);
  }
}
