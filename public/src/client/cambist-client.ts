/**
 * The dashboard's one door to the venue: session, REST and rooms, and the state of the connection. The socket
 * presents a current access token at every (re)connection; a refused one is renewed and tried again.
 */
import { io, type Socket } from "socket.io-client";
import { Rest } from "./rest.ts";
import { type RoomSocket, Rooms } from "./rooms.ts";
import { type KeyStore, Session } from "./session.ts";
import { exchange } from "./transport.ts";

export type Connection = "offline" | "reconnecting" | "live";

export class CambistClient {
  readonly session: Session;
  readonly rest: Rest;
  readonly rooms: Rooms;
  onConnection: (connection: Connection) => void = () => {};
  readonly #socket: Socket;

  constructor(origin: string, store: KeyStore) {
    const base = `${origin}/api/v1`;
    this.session = new Session(
      (path, body) => exchange({ method: "POST", url: `${base}/${path}`, body }),
      store,
    );
    this.rest = new Rest(base, this.session);
    this.#socket = io(origin, {
      autoConnect: false,
      transports: ["websocket", "polling"],
      reconnectionDelay: 250,
      reconnectionDelayMax: 4_000,
      auth: give => {
        // Without a token the venue refuses, and the refusal below tries again.
        this.session.accessToken().then(
          token => give({ token }),
          () => give({}),
        );
      },
    });
    this.rooms = new Rooms(this.#socket satisfies RoomSocket);
    this.#watch();
  }

  open(): void {
    this.onConnection("reconnecting");
    this.#socket.connect();
  }

  close(): void {
    this.#socket.disconnect();
    this.onConnection("offline");
  }

  #watch(): void {
    const socket = this.#socket;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const again = (afterMs: number) => {
      clearTimeout(retry);
      retry = setTimeout(() => {
        if (!socket.connected && this.session.kept) socket.connect();
      }, afterMs);
    };
    // An open line learns of a new token, else its account rooms would end with the old one.
    this.session.onToken = token => {
      if (socket.connected) socket.emit("renew", { token });
    };
    this.rooms.onUnauthenticated = () => {
      // A renewal that fails has scheduled the next, or ended the session: the room itself asks again.
      this.session.renew().catch(() => undefined);
    };
    socket.on("connect", () => this.onConnection("live"));
    socket.on("disconnect", reason => {
      if (reason === "io client disconnect") return;
      this.onConnection("reconnecting");
      // The library itself comes back after every other reason.
      if (reason === "io server disconnect") again(500);
    });
    socket.on("connect_error", () => {
      this.onConnection(globalThis.navigator?.onLine === false ? "offline" : "reconnecting");
      if (socket.active) return;
      // Refused by the venue, not lost: most likely an old token.
      this.session.renew().then(
        () => again(250),
        () => again(4_000),
      );
    });
  }
}
