/**
 * Which actors this node has. It looks several times a second at who holds what: an actor that nobody holds,
 * or whose holder is dead, it takes when it is its turn, and one that another node should have it hands over.
 *
 * Every node ranks the nodes for an actor alike (`placement-rules.ts`). The first of them takes it at once,
 * the next when the first has let its turn pass, and so on: so what two nodes believe of each other may
 * differ, and still somebody takes it. Two that try at once are told apart by the claim, and what a node that
 * should have stopped still does is refused by the journal.
 *
 * Worst case: an actor that can't be opened anywhere is tried again for ever, at a growing pause.
 */
import { ActorHost, type ActorHostPorts } from "../actor/actor-host.ts";
import type { Timers } from "../clock.ts";
import { type Holder, type Ownership, OwnershipTaken } from "../ownership/ownership.ts";
import type { Members } from "./members.ts";
import { Moves } from "./moves.ts";
import { type PlacementRules, preference } from "./placement-rules.ts";

/** What a node asks of another, by whatever way; both may fail, and then time does the same. */
export interface Peers {
  /** Whether the node would take the actor now. */
  offer(node: string, actor: string): Promise<boolean>;
  /** The actor is free and the node's to take; resolves with whether it serves there. */
  take(node: string, actor: string): Promise<boolean>;
}

export interface PlacerPorts {
  readonly node: string;
  readonly ownership: Ownership;
  readonly members: Members;
  readonly rules: () => PlacementRules;
  readonly peers: Peers;
  readonly timers: Timers;
  /** An actor serves here. */
  readonly onServing: (actor: string, epoch: number) => void;
  /** An actor could not be taken, has failed, or was not handed over in order. */
  readonly onTrouble: (actor: string, error: unknown) => void;
  readonly pace?: Partial<Pace>;
}

export interface Pace {
  /** A node that has just come lets others be heard first. */
  readonly settleMs: number;
  /** Between two looks. */
  readonly lookMs: number;
  /** How long a node lets those before it try. */
  readonly turnMs: number;
  /** After a failure, doubled with each that follows. */
  readonly restMs: number;
  readonly restMsMax: number;
  /** Moves under way in the whole cluster, of actors that could stay where they are. */
  readonly movesMax: number;
}

const PACE: Pace = {
  ...{ settleMs: 500, lookMs: 100, turnMs: 300, restMs: 500, restMsMax: 30_000 },
  movesMax: 4,
};

export interface Hosted extends Pick<ActorHostPorts, "actor" | "open"> {
  /** Nodes that host it may have the actor. */
  readonly role: string;
}

/** One actor as this node sees it. */
export interface Place {
  readonly role: string;
  readonly host: ActorHost;
  /** Monotonic: nobody has held it since then. */
  freeSince: number | undefined;
  /** Not to be taken before: it has failed here. */
  restUntil: number;
  failures: number;
  /** Being handed over, or not to be for a while. */
  staysUntil: number;
  /** This node ends: it takes the actor no more. */
  leaving: boolean;
}

export class Placer {
  readonly #ports: PlacerPorts;
  readonly #pace: Pace;
  readonly #places = new Map<string, Place>();
  readonly #moves: Moves;
  #stop: (() => void) | undefined;
  #looking: Promise<void> | undefined;

  constructor(ports: PlacerPorts) {
    this.#ports = ports;
    this.#pace = { ...PACE, ...ports.pace };
    this.#moves = new Moves({ ...ports, movesMax: this.#pace.movesMax });
  }

  /** Hosts an actor from now on, when it is this node's. */
  add({ actor, role, open }: Hosted): void {
    const { ownership } = this.#ports;
    const host = new ActorHost({
      actor,
      open,
      claim: name => ownership.claim(name),
      onFailed: reason => this.#failed(actor, reason),
      onTrouble: error => this.#ports.onTrouble(actor, error),
    });
    const never = Number.NEGATIVE_INFINITY;
    this.#places.set(actor, {
      ...{ role, host, freeSince: undefined, restUntil: never, failures: 0, staysUntil: never },
      leaving: false,
    });
  }

  get places(): ReadonlyMap<string, Place> {
    return this.#places;
  }

  start(): void {
    const { timers } = this.#ports;
    this.#stop ??= timers.after(this.#pace.settleMs, () => {
      this.#stop = timers.every(this.#pace.lookMs, () => void this.look());
    });
  }

  stop(): void {
    this.#stop?.();
  }

  /** Looks now; one look is under way at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Whether this node would take the actor now. */
  isReadyFor(actor: string): boolean {
    const place = this.#places.get(actor);
    if (place === undefined || place.leaving) return false;
    return place.host.state === "idle" && this.#ports.timers.monotonic() >= place.restUntil;
  }

  /** Another node has given the actor up for this one. Resolves with whether it serves here. */
  async takeNow(actor: string): Promise<boolean> {
    const place = this.#places.get(actor);
    if (place !== undefined && this.isReadyFor(actor)) await this.#take(place);
    return place?.host.state === "serving";
  }

  preference(actor: string): string[] {
    const role = this.#places.get(actor)?.role ?? "";
    return preference(actor, role, this.#ports.members.list(), this.#ports.rules());
  }

  /** Hands over the actors of a role, or all, and takes them no more; those in a call too. */
  async leave(role?: string): Promise<void> {
    const places = [...this.#places.values()].filter(place => role === undefined || place.role === role);
    for (const place of places) place.leaving = true;
    await Promise.all(places.map(place => this.#moves.away(place, this.#others(place))));
  }

  #others({ host }: Place): string[] {
    return this.preference(host.actor).filter(node => node !== this.#ports.node);
  }

  async #look(): Promise<void> {
    let holders: ReadonlyMap<string, Holder>;
    try {
      holders = await this.#ports.ownership.holders();
    } catch (error) {
      this.#ports.onTrouble("holders", error);
      return;
    }
    for (const [actor, place] of this.#places) {
      if (place.leaving) continue;
      if (place.host.state === "serving") this.#offerAway(place);
      else if (place.host.state === "idle") this.#takeInTurn(place, holders.get(actor));
    }
  }

  #offerAway(place: Place): void {
    const now = this.#ports.timers.monotonic();
    const [first] = this.preference(place.host.actor);
    if (first === undefined || first === this.#ports.node || now < place.staysUntil) return;
    if (!place.host.isMovable || this.#moves.areFull) return;
    place.staysUntil = Number.POSITIVE_INFINITY;
    void this.#moves.to(place, first).then(moved => {
      const ended = this.#ports.timers.monotonic();
      place.staysUntil = moved ? ended : ended + this.#pace.turnMs;
    });
  }

  #takeInTurn(place: Place, holder: Holder | undefined): void {
    const { node, timers } = this.#ports;
    const now = timers.monotonic();
    if (holder !== undefined && !holder.dead) {
      place.freeSince = undefined;
      return;
    }
    place.freeSince ??= now;
    if (now < place.restUntil) return;
    // Who has just died is first in everyone's list until it is noticed: nobody waits for it.
    const dead = holder?.node === node ? undefined : holder?.node;
    const turn = this.preference(place.host.actor)
      .filter(each => each !== dead)
      .indexOf(node);
    if (turn >= 0 && now - place.freeSince >= turn * this.#pace.turnMs) void this.#take(place);
  }

  /** Never rejects. */
  async #take(place: Place): Promise<void> {
    const { host } = place;
    try {
      await host.take();
      place.freeSince = undefined;
      place.failures = 0;
      this.#ports.onServing(host.actor, host.epoch ?? 0);
    } catch (error) {
      if (error instanceof OwnershipTaken) place.freeSince = undefined;
      else this.#failed(host.actor, error);
    }
  }

  #failed(actor: string, reason: unknown): void {
    const place = this.#places.get(actor);
    if (place === undefined) return;
    const rest = Math.min(this.#pace.restMsMax, this.#pace.restMs * 2 ** place.failures);
    place.failures += 1;
    place.restUntil = this.#ports.timers.monotonic() + rest;
    if (!place.leaving) this.#ports.onTrouble(actor, reason);
  }
}
