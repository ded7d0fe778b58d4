/**
 * A lease that this node holds: one key, written anew at a quarter of its length, each time with the revision
 * of before. The holder stops at 0.8 of it by his own monotonic clock, counted from before the renewal that
 * succeeded was sent, while others wait for all of it, counted from when they saw that renewal: so he has
 * stopped before anyone else begins, whatever the clocks say and however long the message took.
 *
 * Admitted: a machine that sleeps may not count the time it slept. Then two stand for a moment, and the
 * journal's fence tells them apart.
 */
import type { Cancel, Timers } from "../clock.ts";
import { type Keys, KeyTaken } from "../nats/ports.ts";
import type { Claim } from "./ownership.ts";

/** Share of the lease after which it is renewed, and after which its holder stops. */
const RENEWED_AT = 0.25;
const STOPS_AT = 0.8;

/** What stands in a lease's key. The epoch of one that was never renewed is its revision. */
export interface LeaseValue {
  readonly node: string;
  readonly epoch?: number;
  readonly renewals: number;
}

export class LeaseLost extends Error {
  readonly code = "LEASE_LOST";

  constructor(actor: string, reason: string, cause?: unknown) {
    super(`Cannot go on with actor ${actor} as ${reason}`, { cause });
    this.name = "LeaseLost";
  }
}

export interface LeaseOptions {
  readonly keys: Keys;
  readonly node: string;
  readonly leaseMs: number;
  readonly timers: Timers;
}

export class Lease implements Claim {
  readonly actor: string;
  readonly epoch: number;
  readonly lost: Promise<Error>;
  readonly #options: LeaseOptions;
  readonly #lose: (reason: Error) => void;
  #revision: number;
  #renewals = 0;
  /** Monotonic: the holder answers nobody from here on. */
  #until: number;
  #ended = false;
  #cancelTick: Cancel = () => undefined;
  #cancelEnd: Cancel = () => undefined;
  #renewing: Promise<void> = Promise.resolve();
  /** Why the newest renewal failed. */
  #failure: unknown;

  /** `sent`: before the claim was sent; `revision`: what it was answered. */
  constructor(options: LeaseOptions, actor: string, sent: number, revision: number) {
    this.#options = options;
    this.actor = actor;
    this.epoch = revision;
    this.#revision = revision;
    this.#until = sent + options.leaseMs * STOPS_AT;
    let lose: (reason: Error) => void = () => undefined;
    this.lost = new Promise(resolve => {
      lose = resolve;
    });
    this.#lose = lose;
    this.#tick();
    this.#watch();
  }

  get standing(): boolean {
    if (!this.#ended && this.#options.timers.monotonic() >= this.#until) this.#expire();
    return !this.#ended;
  }

  async release(): Promise<void> {
    if (!this.standing) return;
    this.end();
    await this.#renewing;
    try {
      await this.#options.keys.remove(this.actor, this.#revision);
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
      const revision = await this.#ownRevision();
      // Another's by now: there is nothing left to give back.
      if (revision !== undefined) await this.#options.keys.remove(this.actor, revision);
    }
  }

  /** Renews no more, and stands no more; the key stays until it is dead to others. */
  end(): void {
    this.#ended = true;
    this.#cancelTick();
    this.#cancelEnd();
  }

  #tick(): void {
    const { timers, leaseMs } = this.#options;
    this.#cancelTick = timers.after(leaseMs * RENEWED_AT, () => {
      if (!this.standing) return;
      this.#renewing = this.#renew();
      this.#tick();
    });
  }

  #watch(): void {
    const { timers } = this.#options;
    this.#cancelEnd = timers.after(Math.max(0, this.#until - timers.monotonic()), () => {
      if (this.standing) this.#watch();
    });
  }

  /** Never rejects. An answer that is late is not waited for: the next one is sent at its time. */
  async #renew(): Promise<void> {
    const { keys, node, timers, leaseMs } = this.#options;
    const { epoch } = this;
    this.#renewals += 1;
    const value: LeaseValue = { node, epoch, renewals: this.#renewals };
    const sent = timers.monotonic();
    try {
      const revision = await keys.update(this.actor, JSON.stringify(value), this.#revision);
      this.#revision = Math.max(this.#revision, revision);
      this.#until = Math.max(this.#until, sent + leaseMs * STOPS_AT);
    } catch (error) {
      this.#failure = error;
      if (error instanceof KeyTaken) await this.#meetTaken(error);
    }
  }

  /** Another's write, or a renewal of our own whose answer has not come. */
  async #meetTaken(taken: KeyTaken): Promise<void> {
    try {
      const revision = await this.#ownRevision();
      if (revision !== undefined) this.#revision = Math.max(this.#revision, revision);
      else this.#fail(new LeaseLost(this.actor, "another node has claimed it", taken));
    } catch (error) {
      this.#failure = error;
    }
  }

  /** The revision of the key, where what stands in it is this claim's. */
  async #ownRevision(): Promise<number | undefined> {
    const entry = await this.#options.keys.get(this.actor);
    if (entry === undefined) return undefined;
    const { node, epoch = entry.revision } = readLease(entry.value);
    return node === this.#options.node && epoch === this.epoch ? entry.revision : undefined;
  }

  #expire(): void {
    this.#fail(
      new LeaseLost(
        this.actor,
        "its lease was not renewed in time, or this process stood still",
        this.#failure,
      ),
    );
  }

  #fail(reason: Error): void {
    if (this.#ended) return;
    this.end();
    this.#lose(reason);
  }
}

/** Written by this module only. */
export function readLease(text: string): LeaseValue {
  return JSON.parse(text) as LeaseValue;
}
