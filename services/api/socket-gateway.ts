/**
 * Sockets on the API's own HTTP server: admits connections, keeps one feed for each room that somebody is in,
 * and tells producers by `room.opened` and `room.closed` when the first one comes and the last one goes. A
 * connection without a token may follow public rooms; a wrong token is refused with its code in
 * `connect_error`. Worst case: a room's update is encoded once and copied to each member in one turn of the
 * event loop.
 */
import type { Server as HttpServer } from "node:http";
import type { ServiceBroker } from "moleculer";
import { Server, type Socket } from "socket.io";
import { shardOf } from "../../engine/ids.ts";
import { accountId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import type { Session, Tokens } from "../../mixins/tokens.ts";
import { type Admissions, notAdmitted } from "./admissions.ts";
import { ClientSocket } from "./client-socket.ts";
import { Guards } from "./disconnect-guard.ts";
import { addressOf } from "./guard.ts";
import { refusalOf } from "./refusal.ts";
import { RoomFeed, type RoomMessage } from "./room-feed.ts";
import { parseRoom } from "./room-name.ts";
import {
  LiveCounts,
  MESSAGE_BYTES_MAX,
  SOCKETS_PER_ADDRESS_MAX,
  SOCKETS_PER_USER_MAX,
} from "./socket-limits.ts";

const EXPIRY_MS = 1_000;

export interface SocketPorts {
  readonly broker: ServiceBroker;
  readonly trustedProxies: number;
  readonly admissions: Admissions;
  tokens(): Tokens | undefined;
  log(error: unknown): void;
}

export class SocketGateway {
  readonly #io: Server;
  readonly #ports: SocketPorts;
  readonly #feeds = new Map<string, RoomFeed>();
  readonly #clients = new Set<ClientSocket>();
  readonly #users = new LiveCounts(SOCKETS_PER_USER_MAX);
  readonly #addresses = new LiveCounts(SOCKETS_PER_ADDRESS_MAX);
  readonly #guards = new Guards();
  readonly #symbols: ReadonlySet<string>;
  readonly #timer: NodeJS.Timeout;

  constructor(server: HttpServer, ports: SocketPorts) {
    this.#ports = ports;
    this.#symbols = new Set(runtimeOf(ports.broker).instruments.map(({ symbol }) => symbol));
    this.#io = new Server(server, { serveClient: false, maxHttpBufferSize: MESSAGE_BYTES_MAX });
    this.#io.use((socket, next) => this.#admit(socket, next));
    this.#io.on("connection", socket => this.#connected(socket));
    this.#timer = setInterval(() => this.#expire(), EXPIRY_MS);
    this.#timer.unref();
  }

  /** A producer has told something new of a room. */
  updated(message: RoomMessage): void {
    this.#feeds.get(message.room)?.update(message);
  }

  /** A shard has opened, perhaps on another node than before: it is asked again. */
  reopened(shard: number): void {
    const { shards } = runtimeOf(this.#ports.broker).settings;
    for (const feed of this.#feeds.values()) {
      const name = parseRoom(feed.room);
      if (name?.kind === "account" && shardOf(accountId(name.account), shards) === shard) feed.renew();
    }
  }

  /** A socket of another gateway has called the timer of an account off. */
  timerEnded(accountId: string): void {
    this.#guards.renew(accountId);
  }

  /** A guard has changed: ends the sockets of who may not use the venue any more. */
  recheck(): void {
    for (const client of this.#clients) client.recheck();
  }

  /** Ends all sockets, and the HTTP server with them. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const client of this.#clients) client.abandon();
    for (const feed of this.#feeds.values()) feed.close();
    await this.#io.close();
  }

  #admit(socket: Socket, next: (error?: Error) => void): void {
    const refuse = (error: unknown) => {
      const { body } = refusalOf(error, false, this.#ports.log);
      next(Object.assign(new Error(body.message), { data: body }));
    };
    try {
      const { token } = socket.handshake.auth;
      const session = token === undefined || token === null ? undefined : this.#session(token);
      const user = session?.principal.userId;
      const address = addressOf(socket.request, this.#ports.trustedProxies);
      if (!this.#addresses.enter(address)) throw tooMany("an address", SOCKETS_PER_ADDRESS_MAX);
      if (user !== undefined && !this.#users.enter(user)) {
        this.#addresses.leave(address);
        throw tooMany("a user", SOCKETS_PER_USER_MAX);
      }
      socket.data = { session };
      // The connection's end, whether or not the handshake is ever completed.
      socket.conn.once("close", () => {
        this.#addresses.leave(address);
        if (user !== undefined) this.#users.leave(user);
      });
      if (session === undefined) next();
      else this.#isAdmitted(session).then(admitted => (admitted ? next() : refuse(notAdmitted())), refuse);
    } catch (error) {
      refuse(error);
    }
  }

  #session(token: unknown): Session {
    const tokens = this.#ports.tokens();
    if (tokens === undefined)
      throw new Fault("NOT_READY", "Cannot check token as the venue is still starting");
    if (typeof token !== "string")
      throw new Fault("UNAUTHENTICATED", "Cannot connect as the token must be a string");
    return tokens.session(token);
  }

  async #isAdmitted({ principal }: Session): Promise<boolean> {
    const { admissions } = this.#ports;
    return admissions.known(principal) ?? admissions.ask(principal);
  }

  #connected(socket: Socket): void {
    const client = new ClientSocket(socket, socket.data.session, {
      feed: (room, session) => this.#feed(room, session),
      lists: symbol => this.#symbols.has(symbol),
      session: token => this.#session(token),
      isAdmitted: session => this.#isAdmitted(session),
      guards: this.#guards,
      timerEnded: accountId => void this.#ports.broker.broadcast("cancelTimer.ended", { accountId }),
      left: feed => this.#left(feed),
      call: (action, params, { principal }) =>
        this.#ports.broker.call(action, params, { meta: { principal } }),
      now: () => Date.now(),
      log: this.#ports.log,
    });
    this.#clients.add(client);
    socket.on("disconnect", () => this.#clients.delete(client));
  }

  #feed(room: string, session: Session | undefined): RoomFeed {
    const known = this.#feeds.get(room);
    if (known !== undefined) return known;
    const { broker } = this.#ports;
    const action = parseRoom(room)?.kind === "account" ? "accounts.snapshot" : "marketdata.snapshot";
    // Whoever asks, the account is the same: its owner's principal serves all of the room.
    const options = session === undefined ? {} : { meta: { principal: session.principal } };
    const feed = new RoomFeed(room, {
      snapshot: () => broker.call<RoomMessage, { room: string }>(action, { room }, options),
      broadcast: (event, message) => this.#io.to(room).emit(event, message),
    });
    this.#feeds.set(room, feed);
    void broker.broadcast("room.opened", { room });
    return feed;
  }

  #left(feed: RoomFeed): void {
    if (feed.size > 0 || this.#feeds.get(feed.room) !== feed) return;
    feed.close();
    this.#feeds.delete(feed.room);
    void this.#ports.broker.broadcast("room.closed", { room: feed.room });
  }

  #expire(): void {
    const now = Date.now();
    for (const client of this.#clients) client.expire(now);
  }
}

function tooMany(owner: string, most: number): Fault {
  return new Fault("TOO_MANY_REQUESTS", `Cannot connect as ${owner} has at most ${most} sockets`);
}
