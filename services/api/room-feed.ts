/**
 * One socket room on this node: who is in it, who is coming in, and what number it has come to.
 *
 * Each member gets a snapshot, then every update after it, none twice and none left out. A newcomer's
 * snapshot and the updates that members are told come by different ways, so that he joins the others only
 * when both stand at the same number. A hole in the updates, whatever made it, is closed for everyone by a
 * fresh snapshot. Worst case: while a snapshot is fetched at most `HELD_MAX` updates are held; beyond that it
 * is fetched again. One fetch is under way at a time, after a failure members wait `RETRY_MS` for the next.
 */

export interface RoomMessage {
  readonly room: string;
  /** Only in an update: the previous message's `last` + 1. */
  readonly first?: number;
  readonly last: number;
}

export interface RoomMember {
  /** The subscription stands; its snapshot follows. */
  accepted(): void;
  /** The subscription has ended, or never began. */
  refused(error: unknown): void;
  send(event: "snapshot" | "update", message: RoomMessage): void;
  /** From here on `broadcast` reaches him, or no longer does. */
  joined(room: string): void;
  left(room: string): void;
}

export interface RoomPorts {
  snapshot(): Promise<RoomMessage>;
  /** To every member that has joined. */
  broadcast(event: "snapshot" | "update", message: RoomMessage): void;
}

export const HELD_MAX = 1_024;
/** How often a newcomer's snapshot is fetched anew because it did not meet the updates. */
const ATTEMPTS_MAX = 8;
const RETRY_MS = 1_000;

/** Waits for a snapshot. */
interface Joining {
  /** Snapshots that did not meet the updates. */
  readonly attempts: number;
  /** He has been told that his subscription stands. */
  readonly accepted: boolean;
}

export class RoomFeed {
  readonly room: string;
  readonly #ports: RoomPorts;
  readonly #members = new Set<RoomMember>();
  readonly #joining = new Map<RoomMember, Joining>();
  /** Their snapshot is ahead of what members were told: the number that they wait for. */
  readonly #ahead = new Map<RoomMember, number>();
  #held: RoomMessage[] = [];
  #last: number | undefined;
  #fetching = false;
  /** To be fetched once more. */
  #renewed = false;
  /** The snapshot is for everyone. */
  #stale = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(room: string, ports: RoomPorts) {
    this.room = room;
    this.#ports = ports;
  }

  get size(): number {
    return this.#members.size + this.#joining.size + this.#ahead.size;
  }

  /** Also for a member who has lost the thread: he begins anew. */
  join(member: RoomMember): void {
    this.leave(member);
    this.#joining.set(member, { attempts: 0, accepted: false });
    this.#fetch();
  }

  /** What makes its updates has begun anew, and does not know that somebody is here. */
  renew(): void {
    // What is being fetched may still be an answer of before.
    this.#renewed = this.#fetching;
    if (this.#last === undefined || this.#fetching) return;
    this.#stale = true;
    this.#fetch();
  }

  leave(member: RoomMember): void {
    this.#joining.delete(member);
    this.#ahead.delete(member);
    if (this.#members.delete(member)) member.left(this.room);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  update(message: RoomMessage): void {
    if (this.#fetching) this.#hold(message);
    const last = this.#last;
    if (last === undefined || this.#stale || message.last <= last) return;
    if (message.first !== last + 1) {
      this.#stale = true;
      this.#fetch();
      return;
    }
    this.#last = message.last;
    this.#ports.broadcast("update", message);
    if (this.#ahead.size > 0) this.#meet(message);
  }

  #hold(message: RoomMessage): void {
    if (this.#held.length >= HELD_MAX) {
      this.#held = [];
      this.#stale = true;
    }
    this.#held.push(message);
  }

  /** Newcomers that waited for this number join; one whose number lies inside the update begins anew. */
  #meet(message: RoomMessage): void {
    for (const [member, number] of this.#ahead) {
      if (message.last < number) continue;
      this.#ahead.delete(member);
      if (message.last === number) this.#join(member);
      else this.#again(member, { attempts: 1, accepted: true });
    }
  }

  #join(member: RoomMember): void {
    this.#members.add(member);
    member.joined(this.room);
  }

  #again(member: RoomMember, joining: Joining): void {
    this.#joining.set(member, joining);
    this.#fetch();
  }

  #fetch(): void {
    if (this.#fetching || this.#timer !== undefined) return;
    this.#fetching = true;
    this.#held = [];
    this.#ports.snapshot().then(
      snapshot => {
        this.#fetching = false;
        this.#arrived(snapshot);
        if (this.#renewed) this.renew();
      },
      (error: unknown) => {
        this.#fetching = false;
        this.#renewed = false;
        this.#failed(error);
      },
    );
  }

  #failed(error: unknown): void {
    const refused = [...this.#joining.keys()];
    this.#joining.clear();
    for (const member of refused) member.refused(error);
    if (!this.#stale || this.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#fetch();
    }, RETRY_MS);
    this.#timer.unref();
  }

  #arrived(snapshot: RoomMessage): void {
    if (this.#last === undefined || this.#stale) {
      this.#replace(snapshot);
      return;
    }
    const last = this.#last;
    const missed = this.#held.filter(message => message.last > snapshot.last && message.last <= last);
    const meets = snapshot.last >= last || missed[0]?.first === snapshot.last + 1;
    // Who has to begin again waits for the next snapshot: he is no part of this round.
    const joining = [...this.#joining];
    this.#joining.clear();
    for (const [member, { attempts, accepted }] of joining) {
      if (meets) this.#welcome(member, accepted, snapshot, missed);
      else if (attempts < ATTEMPTS_MAX) this.#again(member, { attempts: attempts + 1, accepted });
      else member.refused(new Error(`Cannot join room as its snapshot must meet its updates: ${this.room}`));
    }
  }

  /** Gives a newcomer the snapshot and what came after it; he joins when the others stand where he does. */
  #welcome(
    member: RoomMember,
    accepted: boolean,
    snapshot: RoomMessage,
    missed: readonly RoomMessage[],
  ): void {
    if (!accepted) member.accepted();
    member.send("snapshot", snapshot);
    for (const message of missed) member.send("update", message);
    if (snapshot.last > (this.#last ?? 0)) this.#ahead.set(member, snapshot.last);
    else this.#join(member);
  }

  /** Everyone begins again from the snapshot, and goes on with what was held. */
  #replace(snapshot: RoomMessage): void {
    this.#stale = false;
    this.#last = snapshot.last;
    this.#ports.broadcast("snapshot", snapshot);
    for (const member of [...this.#joining.keys(), ...this.#ahead.keys()]) {
      if (this.#joining.get(member)?.accepted === false) member.accepted();
      member.send("snapshot", snapshot);
      this.#join(member);
    }
    this.#joining.clear();
    this.#ahead.clear();
    const held = this.#held;
    this.#held = [];
    for (const message of held) this.update(message);
  }
}
