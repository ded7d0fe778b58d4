/**
 * The rooms that this page follows, over one socket that may come and go. Each follower gets a snapshot, then
 * updates without a hole; after a gap, a lost connection or a refused subscription the room is subscribed
 * again, and a new snapshot replaces the view. Between two requests for one room there is a pause that
 * doubles up to 10 s.
 */
import { type Failure, failureOf } from "./failure.ts";
import { fields, text, whole } from "./fields.ts";
import { RoomCursor, type Span } from "./room-cursor.ts";

/** The part of a socket.io client that is used. */
export interface RoomSocket {
  readonly connected: boolean;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  emit(event: string, ...values: unknown[]): unknown;
}

export interface Follower<Message> {
  decode(value: unknown): Message;
  snapshot(message: Message): void;
  update(message: Message): void;
  /** The view is no longer current (true) or is again (false). */
  stale?(stale: boolean): void;
  failed?(failure: Failure): void;
}

interface Received extends Span {
  readonly value: unknown;
}

interface Room {
  readonly cursor: RoomCursor<Received>;
  readonly snapshot: (value: unknown) => void;
  readonly update: (value: unknown) => void;
  readonly stale: (stale: boolean) => void;
  readonly failed: (failure: Failure) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
  attempts: number;
}

const PAUSE_MS = 200;
const PAUSE_MAX_MS = 10_000;
/** A subscription without an answer, or without its snapshot, is sent again after this. */
const ANSWER_MS = 5_000;

export class Rooms {
  /** Called when a room was refused, or has ended, for want of a good token. */
  onUnauthenticated: () => void = () => {};

  readonly #socket: RoomSocket;
  readonly #rooms = new Map<string, Room>();

  constructor(socket: RoomSocket) {
    this.#socket = socket;
    socket.on("connect", () => this.#each((name, room) => this.#subscribe(name, room)));
    socket.on("disconnect", () => this.#each((_, room) => this.#lose(room)));
    socket.on("snapshot", value => this.#receive(value, (name, room) => this.#snapshot(name, room, value)));
    socket.on("update", value => this.#receive(value, (name, room) => this.#update(name, room, value)));
    socket.on("error", value => this.#receive(value, (name, room) => this.#refused(name, room, value)));
  }

  /** Follows a room until the returned function is called. One follower a room. */
  follow<Message>(name: string, follower: Follower<Message>): () => void {
    const room: Room = {
      cursor: new RoomCursor<Received>(),
      snapshot: value => follower.snapshot(follower.decode(value)),
      update: value => follower.update(follower.decode(value)),
      stale: stale => follower.stale?.(stale),
      failed: failure => follower.failed?.(failure),
      timer: undefined,
      attempts: 0,
    };
    this.#rooms.set(name, room);
    if (this.#socket.connected) this.#subscribe(name, room);
    return () => {
      clearTimeout(room.timer);
      if (this.#rooms.get(name) !== room) return;
      this.#rooms.delete(name);
      if (this.#socket.connected) this.#socket.emit("unsubscribe", { room: name });
    };
  }

  #each(act: (name: string, room: Room) => void): void {
    for (const [name, room] of this.#rooms) act(name, room);
  }

  #receive(value: unknown, act: (name: string, room: Room) => void): void {
    if (typeof value !== "object" || value === null || !("room" in value)) return;
    const name = text(fields(value, "message"), "room");
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    try {
      act(name, room);
    } catch (caught) {
      // A message that cannot be read leaves the view behind: say so, and begin with a snapshot again.
      room.failed(failureOf(caught));
      this.#again(name, room);
    }
  }

  #subscribe(name: string, room: Room): void {
    clearTimeout(room.timer);
    room.cursor.reset();
    // Cleared by the snapshot; until then this is the watch over the answer.
    room.timer = setTimeout(() => this.#again(name, room), ANSWER_MS + this.#pause(room));
    this.#socket.emit("subscribe", { room: name }, (answer: unknown) => {
      if (this.#rooms.get(name) !== room || typeof answer !== "object" || answer === null) return;
      if ("error" in answer) this.#refused(name, room, answer.error);
    });
  }

  #lose(room: Room): void {
    clearTimeout(room.timer);
    room.cursor.reset();
    room.stale(true);
  }

  #refused(name: string, room: Room, error: unknown): void {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    if (code === "UNAUTHENTICATED") this.onUnauthenticated();
    this.#again(name, room);
  }

  #again(name: string, room: Room): void {
    this.#lose(room);
    if (!this.#socket.connected) return;
    room.timer = setTimeout(() => this.#subscribe(name, room), this.#pause(room));
    room.attempts++;
  }

  #pause(room: Room): number {
    return room.attempts === 0 ? 0 : Math.min(PAUSE_MS * 2 ** (room.attempts - 1), PAUSE_MAX_MS);
  }

  #snapshot(name: string, room: Room, value: unknown): void {
    const last = whole(fields(value, "snapshot"), "last");
    clearTimeout(room.timer);
    room.snapshot(value);
    const { updates, gap } = room.cursor.snapshot(last);
    for (const update of updates) room.update(update.value);
    if (gap) {
      this.#again(name, room);
    } else {
      room.attempts = 0;
      room.stale(false);
    }
  }

  #update(name: string, room: Room, value: unknown): void {
    const source = fields(value, "update");
    const verdict = room.cursor.update({ first: whole(source, "first"), last: whole(source, "last"), value });
    if (verdict === "apply") room.update(value);
    if (verdict === "gap") this.#again(name, room);
  }
}
