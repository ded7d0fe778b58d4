/**
 * The client's rooms: whatever is lost, doubled or overtaken on the way, a view is either the venue's or
 * known to be stale, and a client that reconnects ends with the same book as one that stayed.
 */
import { EventEmitter } from "node:events";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { decodeBookMessage } from "../../public/src/client/decoding.ts";
import { AHEAD_MAX, RoomCursor } from "../../public/src/client/room-cursor.ts";
import { Rooms } from "../../public/src/client/rooms.ts";
import type { BookMessage } from "../../public/src/client/wire.ts";
import { Depth } from "../../public/src/market/depth.ts";

const at = (first: number, last = first) => ({ first, last });

describe("a room's cursor", () => {
  test("updates follow the snapshot without a hole", () => {
    const cursor = new RoomCursor();
    expect(cursor.snapshot(10)).toEqual({ updates: [], gap: false });
    expect([at(11), at(12, 15), at(16)].map(update => cursor.update(update))).toEqual([
      "apply",
      "apply",
      "apply",
    ]);
    expect(cursor.last).toBe(16);
  });

  test("what the snapshot holds already is passed over", () => {
    const cursor = new RoomCursor();
    cursor.snapshot(10);
    expect(cursor.update(at(9, 10))).toBe("stale");
    expect(cursor.update(at(11))).toBe("apply");
  });

  test.each([
    ["a hole", at(12)],
    ["an overlap", at(10, 12)],
  ])("%s is a gap, and the view is forgotten", (_, update) => {
    const cursor = new RoomCursor();
    cursor.snapshot(10);
    expect(cursor.update(update)).toBe("gap");
    expect(cursor.last).toBeUndefined();
  });

  test("updates that overtake the snapshot continue it", () => {
    const cursor = new RoomCursor();
    for (const update of [at(9), at(10), at(11), at(12)]) expect(cursor.update(update)).toBe("held");
    expect(cursor.snapshot(10)).toEqual({ updates: [at(11), at(12)], gap: false });
  });

  test("a hole among those that overtook it is told", () => {
    const cursor = new RoomCursor();
    cursor.update(at(12));
    expect(cursor.snapshot(10)).toEqual({ updates: [], gap: true });
  });

  test("no more than a bounded number waits", () => {
    const cursor = new RoomCursor();
    for (let n = 1; n <= AHEAD_MAX; n++) expect(cursor.update(at(n))).toBe("held");
    expect(cursor.update(at(AHEAD_MAX + 1))).toBe("gap");
  });
});

/** The venue's side of a socket, with a book whose every change is one sequence. */
class Venue extends EventEmitter {
  connected = false;
  sequence = 0;
  readonly levels = new Map<string, string>();
  subscriptions = 0;
  snapshots = true;

  override emit(event: string, ...values: unknown[]): boolean {
    if (event === "subscribe") {
      this.subscriptions++;
      const reply = values[1];
      if (typeof reply === "function") reply({ room: "book:T" });
      if (this.snapshots) super.emit("snapshot", this.snapshot());
      return true;
    }
    return super.emit(event, ...values);
  }

  snapshot() {
    const bids = [...this.levels].map(([price, quantity]) => [price, quantity, 1]);
    return { room: "book:T", symbol: "T", last: this.sequence, bids, asks: [] };
  }

  change(price: number, quantity: number, delivered = true): void {
    const first = ++this.sequence;
    if (quantity === 0) this.levels.delete(String(price));
    else this.levels.set(String(price), String(quantity));
    const update = {
      room: "book:T",
      first,
      last: first,
      bids: [[String(price), String(quantity), 1]],
      asks: [],
    };
    if (delivered && this.connected) super.emit("update", update);
  }

  connect(connected: boolean): void {
    this.connected = connected;
    super.emit(connected ? "connect" : "disconnect");
  }
}

function follow(venue: Venue) {
  const depth = new Depth(0, 0);
  const seen = { stale: true, failures: 0 };
  const rooms = new Rooms(venue);
  const leave = rooms.follow<BookMessage>("book:T", {
    decode: decodeBookMessage,
    snapshot: message => depth.replace(message),
    update: message => depth.change(message),
    stale: stale => {
      seen.stale = stale;
    },
    failed: () => seen.failures++,
  });
  return {
    seen,
    leave,
    bids: () => depth.view(1_000).bids.map(level => [level.price, String(level.quantity)]),
  };
}

const sorted = (venue: Venue) => [...venue.levels].sort(([a], [b]) => Number(b) - Number(a));

describe("rooms", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("through loss and reconnection the view ends equal to the venue's", () => {
    const step = fc.record({
      kind: fc.constantFrom("change", "change", "change", "lost", "drop", "connect"),
      price: fc.integer({ min: 1, max: 9 }),
      quantity: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const venue = new Venue();
        const view = follow(venue);
        for (const { kind, price, quantity } of steps) {
          if (kind === "drop") venue.connect(false);
          else if (kind === "connect") venue.connect(true);
          else venue.change(price, quantity, kind === "change");
        }
        if (!venue.connected) venue.connect(true);
        vi.runAllTimers();
        venue.change(5, 2);
        vi.runAllTimers();
        expect(view.seen.stale).toBe(false);
        expect(view.bids()).toEqual(sorted(venue));
      }),
    );
  });

  test("a gap makes the view stale until the next snapshot", () => {
    const venue = new Venue();
    const view = follow(venue);
    venue.connect(true);
    expect(view.seen.stale).toBe(false);
    venue.change(1, 1, false);
    venue.change(2, 1);
    expect(view.seen.stale).toBe(true);
    vi.runAllTimers();
    expect(view.seen.stale).toBe(false);
    expect(view.bids()).toEqual([
      ["2", "1"],
      ["1", "1"],
    ]);
    expect(venue.subscriptions).toBe(2);
  });

  test("a subscription without its snapshot is sent again, ever more slowly", () => {
    const venue = new Venue();
    venue.snapshots = false;
    const view = follow(venue);
    venue.connect(true);
    vi.advanceTimersByTime(120_000);
    expect(venue.subscriptions).toBeGreaterThan(5);
    expect(venue.subscriptions).toBeLessThan(25);
    view.leave();
    const before = venue.subscriptions;
    vi.advanceTimersByTime(120_000);
    expect(venue.subscriptions).toBe(before);
  });

  test("a message that cannot be read is told, and the room is subscribed again", () => {
    const venue = new Venue();
    const view = follow(venue);
    venue.connect(true);
    EventEmitter.prototype.emit.call(venue, "update", {
      room: "book:T",
      first: 1,
      last: 1,
      bids: "none",
      asks: [],
    });
    expect(view.seen).toEqual({ stale: true, failures: 1 });
    vi.runAllTimers();
    expect(view.seen.stale).toBe(false);
  });
});
