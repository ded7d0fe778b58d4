/**
 * Handing actors over, a few at a time in the whole cluster: each move that could also not be holds one of a
 * fixed number of slots, which are claimed and lost as actors are. A node that leaves waits for a slot only
 * as long as its actors can wait.
 */
import { type Timers, wait } from "../clock.ts";
import { type Claim, type Ownership, OwnershipTaken } from "../ownership/ownership.ts";
import type { Peers, Place } from "./placer.ts";

export interface MovesPorts {
  readonly ownership: Ownership;
  readonly peers: Peers;
  readonly timers: Timers;
  readonly movesMax: number;
  readonly onTrouble: (actor: string, error: unknown) => void;
}

const SLOT_PAUSE_MS = 20;
/** How long a node that leaves waits for a slot. */
const SLOT_WAIT_MS = 1_000;

export class Moves {
  readonly #ports: MovesPorts;
  /** Of this node. */
  #underWay = 0;

  constructor(ports: MovesPorts) {
    this.#ports = ports;
  }

  get areFull(): boolean {
    return this.#underWay >= this.#ports.movesMax;
  }

  /** Hands the actor over to a node that would take it. False where it stays. Never rejects. */
  to(place: Place, node: string): Promise<boolean> {
    const { host } = place;
    return this.#counted(host.actor, async () => {
      const slot = await this.#slot();
      if (slot === undefined) return false;
      try {
        if (!(await this.#ports.peers.offer(node, host.actor))) return false;
        if (host.state !== "serving" || !host.isMovable) return false;
        await host.handOver();
        await this.#ports.peers.take(node, host.actor);
        return true;
      } finally {
        await slot.release();
      }
    });
  }

  /** The node leaves: hands the actor over to the first that would take it, or to nobody. Never rejects. */
  async away(place: Place, nodes: readonly string[]): Promise<void> {
    if (place.host.state === "idle") return;
    const { timers } = this.#ports;
    const until = timers.monotonic() + SLOT_WAIT_MS;
    while (this.areFull && timers.monotonic() < until) await wait(timers, SLOT_PAUSE_MS);
    await this.#counted(place.host.actor, async () => {
      const slot = await this.#slotUntil(place.host.actor, until);
      try {
        await this.#away(place, nodes);
        return true;
      } finally {
        await slot?.release();
      }
    });
  }

  /** A node that leaves goes without where none is free in time, or nobody can be asked for one. */
  async #slotUntil(actor: string, until: number): Promise<Claim | undefined> {
    const { timers, onTrouble } = this.#ports;
    try {
      for (;;) {
        const slot = await this.#slot();
        if (slot !== undefined || timers.monotonic() >= until) return slot;
        await wait(timers, SLOT_PAUSE_MS);
      }
    } catch (error) {
      onTrouble(actor, error);
      return undefined;
    }
  }

  async #away({ host }: Place, nodes: readonly string[]): Promise<void> {
    const served = host.state === "serving";
    const next = served ? await this.#firstReady(host.actor, nodes) : undefined;
    await host.handOver();
    if (next !== undefined) await this.#ports.peers.take(next, host.actor);
  }

  async #firstReady(actor: string, nodes: readonly string[]): Promise<string | undefined> {
    for (const node of nodes) {
      try {
        if (await this.#ports.peers.offer(node, actor)) return node;
      } catch (error) {
        this.#ports.onTrouble(actor, error);
      }
    }
    return undefined;
  }

  async #counted(actor: string, move: () => Promise<boolean>): Promise<boolean> {
    this.#underWay += 1;
    try {
      return await move();
    } catch (error) {
      this.#ports.onTrouble(actor, error);
      return false;
    } finally {
      this.#underWay -= 1;
    }
  }

  async #slot(): Promise<Claim | undefined> {
    for (let slot = 0; slot < this.#ports.movesMax; slot++) {
      try {
        return await this.#ports.ownership.claim(`move.${slot}`);
      } catch (error) {
        if (!(error instanceof OwnershipTaken)) throw error;
      }
    }
    return undefined;
  }
}
