/**
 * One client's socket: its session, its rooms and its limits. Public rooms need no token; when a token has
 * expired, account rooms end with UNAUTHENTICATED and the public ones stay, until `renew {token}` brings a
 * new one.
 */
import type { Socket } from "socket.io";
import { Fault } from "../../mixins/fault.ts";
import type { Session } from "../../mixins/tokens.ts";
import { notAdmitted } from "./admissions.ts";
import { DisconnectGuard, type GuardEvent, type GuardPorts, type Guards } from "./disconnect-guard.ts";
import { named, textOf } from "./message-fields.ts";
import { refusalOf } from "./refusal.ts";
import type { RoomFeed, RoomMember, RoomMessage } from "./room-feed.ts";
import { parseRoom } from "./room-name.ts";
import { MESSAGES_PER_SECOND_MAX, ROOMS_PER_SOCKET_MAX, UNSENT_PACKETS_MAX } from "./socket-limits.ts";

export type Acknowledge = (answer: { ok: true } | { error: object }) => void;

export interface ClientPorts extends GuardPorts {
  /** The feed of a room, made where it is the first one's. */
  feed(room: string, session: Session | undefined): RoomFeed;
  /** Whether the symbol is listed. */
  lists(symbol: string): boolean;
  /** The session of a token. Throws UNAUTHENTICATED. */
  session(token: string): Session;
  isAdmitted(session: Session): Promise<boolean>;
  /** Which sockets guard which account. */
  readonly guards: Guards;
  left(feed: RoomFeed): void;
  now(): number;
}

interface Subscription {
  readonly feed: RoomFeed;
  readonly member: RoomMember;
}

export class ClientSocket {
  readonly #socket: Socket;
  readonly #ports: ClientPorts;
  readonly #rooms = new Map<string, Subscription>();
  readonly #guard: DisconnectGuard;
  #session: Session | undefined;
  #second = 0;
  #messages = 0;
  #unsent = 0;

  constructor(socket: Socket, session: Session | undefined, ports: ClientPorts) {
    this.#socket = socket;
    this.#session = session;
    this.#ports = ports;
    this.#guard = new DisconnectGuard(ports, ports.guards);
    socket.use((_packet, next) => this.#admit(next));
    socket.on("subscribe", (asked: unknown, done: unknown) =>
      this.#answer(done, answer => this.#subscribe(asked, answer), asked),
    );
    socket.on("unsubscribe", (asked: unknown, done: unknown) =>
      this.#answer(done, answer => this.#unsubscribe(asked, answer)),
    );
    socket.on("renew", (asked: unknown, done: unknown) =>
      this.#answer(done, answer => this.#renew(asked, answer)),
    );
    for (const event of ["cancelOnDisconnect", "keepOnDisconnect"] as const) {
      socket.on(event, (asked: unknown, done: unknown) =>
        this.#answer(done, answer => this.#guardOrders(event, asked, answer)),
      );
    }
    socket.on("disconnect", () => {
      this.#leaveAll();
      this.#guard.disconnected();
    });
    socket.conn.on("packetCreate", () => this.#packed());
    socket.conn.on("flush", () => {
      this.#unsent = 0;
    });
  }

  /** The venue is about to stop: what the socket guards is left to the markets. */
  abandon(): void {
    this.#guard.abandon();
  }

  /** Ends the connection where its user may not use the venue any more. */
  recheck(): void {
    if (this.#session === undefined) return;
    this.#ports.isAdmitted(this.#session).then(admitted => {
      if (admitted) return;
      this.#error(notAdmitted());
      this.#socket.disconnect(true);
    }, this.#ports.log);
  }

  /** Ends account rooms whose token is no longer good. */
  expire(now: number): void {
    if (this.#session === undefined || this.#session.expiresAt > now) return;
    this.#session = undefined;
    for (const room of [...this.#rooms.keys()]) {
      if (parseRoom(room)?.kind !== "account") continue;
      this.#leave(room);
      this.#error(
        new Fault("UNAUTHENTICATED", "Cannot follow room as the token has expired: renew it"),
        room,
      );
    }
  }

  #admit(next: (error?: Error) => void): void {
    const second = Math.floor(this.#ports.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#messages = 0;
    }
    this.#messages++;
    if (this.#messages <= MESSAGES_PER_SECOND_MAX) {
      next();
      return;
    }
    const fault = new Fault(
      "TOO_MANY_REQUESTS",
      `Cannot take message as at most ${MESSAGES_PER_SECOND_MAX} are taken in a second`,
    );
    if (this.#messages === MESSAGES_PER_SECOND_MAX + 1) this.#error(fault);
    if (this.#messages > 2 * MESSAGES_PER_SECOND_MAX) this.#socket.disconnect(true);
  }

  /** Runs a request; what it throws is its answer, and for a room also an event that names it. */
  #answer(done: unknown, run: (answer: Acknowledge) => void, room?: unknown): void {
    const answer: Acknowledge = typeof done === "function" ? value => done(value) : () => undefined;
    try {
      run(answer);
    } catch (error) {
      const { body } = refusalOf(error, false, this.#ports.log);
      answer({ error: body });
      if (room !== undefined) this.#socket.emit("error", { ...named(room), ...body });
    }
  }

  #subscribe(asked: unknown, answer: Acknowledge): void {
    const room = textOf(asked, "room");
    this.#allow(room);
    const known = this.#rooms.get(room);
    if (known === undefined && this.#rooms.size >= ROOMS_PER_SOCKET_MAX) {
      throw new Fault(
        "TOO_MANY_REQUESTS",
        `Cannot follow room as a socket has at most ${ROOMS_PER_SOCKET_MAX}`,
      );
    }
    if (known !== undefined) known.feed.leave(known.member);
    const feed = known?.feed ?? this.#ports.feed(room, this.#session);
    const member = this.#member(room, answer);
    this.#rooms.set(room, { feed, member });
    feed.join(member);
  }

  /** Throws where the room doesn't exist or isn't the caller's. */
  #allow(room: string): void {
    const name = parseRoom(room);
    if (name === undefined)
      throw new Fault("NOT_FOUND", `Cannot follow room as there is none of that name: received ${room}`);
    if (name.kind === "market") {
      if (!this.#ports.lists(name.symbol)) {
        throw new Fault(
          "SYMBOL_UNKNOWN",
          `Cannot follow room as its symbol must be listed: received ${name.symbol}`,
        );
      }
      return;
    }
    this.expire(this.#ports.now());
    if (this.#session === undefined)
      throw new Fault("UNAUTHENTICATED", "Cannot follow room as it needs a token");
    if (!this.#session.principal.accounts.includes(name.account)) {
      throw new Fault(
        "FORBIDDEN",
        `Cannot follow room as the account must be your own: received ${name.account}`,
      );
    }
  }

  #member(room: string, answer: Acknowledge): RoomMember {
    const member: RoomMember = {
      accepted: () => answer({ ok: true }),
      refused: error => {
        const { body } = refusalOf(error, false, this.#ports.log);
        answer({ error: body });
        if (this.#rooms.get(room)?.member !== member) return;
        this.#leave(room);
        this.#socket.emit("error", { room, ...body });
      },
      send: (event: string, message: RoomMessage) => this.#socket.emit(event, message),
      joined: name => void this.#socket.join(name),
      left: name => void this.#socket.leave(name),
    };
    return member;
  }

  #unsubscribe(asked: unknown, answer: Acknowledge): void {
    this.#leave(textOf(asked, "room"));
    answer({ ok: true });
  }

  #renew(asked: unknown, answer: Acknowledge): void {
    const session = this.#ports.session(textOf(asked, "token"));
    const user = this.#session?.principal.userId;
    if (user !== undefined && user !== session.principal.userId) {
      throw new Fault("FORBIDDEN", "Cannot renew token as it must be of the same user: connect again");
    }
    this.#session = session;
    answer({ ok: true });
    this.recheck();
  }

  #guardOrders(event: GuardEvent, asked: unknown, answer: Acknowledge): void {
    this.expire(this.#ports.now());
    this.#guard.asked(event, textOf(asked, "accountId"), this.#session).then(
      () => answer({ ok: true }),
      error => answer({ error: refusalOf(error, false, this.#ports.log).body }),
    );
  }

  #leave(room: string): void {
    const subscription = this.#rooms.get(room);
    if (subscription === undefined) return;
    this.#rooms.delete(room);
    subscription.feed.leave(subscription.member);
    this.#ports.left(subscription.feed);
  }

  #leaveAll(): void {
    for (const room of [...this.#rooms.keys()]) this.#leave(room);
  }

  #packed(): void {
    this.#unsent++;
    if (this.#unsent !== UNSENT_PACKETS_MAX) return;
    this.#error(new Fault("SLOW_READER", `Cannot go on as ${UNSENT_PACKETS_MAX} messages wait to be read`));
    // Closed once what waits is read, or the reader has stayed silent too long.
    this.#socket.disconnect(true);
  }

  #error(fault: Fault, room?: string): void {
    const { body } = refusalOf(fault, false, this.#ports.log);
    this.#socket.emit("error", room === undefined ? body : { room, ...body });
  }
}
