/**
 * Ownership among nodes that share keys with compare-and-set. Who claims an actor writes its key: anew where
 * it is not there, with the revision that was read where its lease is dead. A lease is dead for an observer
 * when its revision has stood still for its whole length by his own monotonic clock; nobody's wall clock is
 * asked, and a stale read costs an attempt, no more.
 *
 * So an actor of a node that was killed is claimed one lease after it was last seen to renew; whoever wants
 * it has to look again and again, by `holders` or by `claim`.
 */
import { type KeyEntry, KeyTaken } from "../nats/ports.ts";
import { Lease, type LeaseOptions, type LeaseValue, readLease } from "./lease.ts";
import { LeaseTable } from "./lease-table.ts";
import { type Claim, type Holder, type Ownership, OwnershipTaken } from "./ownership.ts";

/** A key as it was seen last. */
interface Seen {
  readonly revision: number;
  /** Monotonic: seen so since then. */
  readonly since: number;
}

export class JetStreamOwnership implements Ownership {
  readonly #options: LeaseOptions;
  readonly #table: LeaseTable;
  readonly #seen = new Map<string, Seen>();
  readonly #held = new Set<Lease>();

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#table = new LeaseTable(options);
  }

  async claim(actor: string): Promise<Claim> {
    const { keys, node, timers } = this.#options;
    const entry = await keys.get(actor);
    if (entry !== undefined && !this.#isDead(entry)) throw new OwnershipTaken(actor);
    const value: LeaseValue = { node, renewals: 0 };
    const text = JSON.stringify(value);
    const sent = timers.monotonic();
    const revision = await this.#taken(actor, () =>
      entry === undefined ? keys.create(actor, text) : keys.update(actor, text, entry.revision),
    );
    this.#seen.delete(actor);
    const lease = new Lease(this.#options, actor, sent, revision);
    this.#held.add(lease);
    void lease.lost.then(() => this.#held.delete(lease));
    return {
      actor,
      epoch: lease.epoch,
      lost: lease.lost,
      get standing() {
        return lease.standing;
      },
      release: async () => {
        this.#held.delete(lease);
        await lease.release();
      },
    };
  }

  async holders(): Promise<ReadonlyMap<string, Holder>> {
    const entries = await this.#table.entries();
    const names = new Set(entries.map(({ key }) => key));
    for (const actor of this.#seen.keys()) if (!names.has(actor)) this.#seen.delete(actor);
    return new Map(
      entries.map(entry => {
        const { node, epoch = entry.revision } = readLease(entry.value);
        return [entry.key, { node, epoch, dead: this.#isDead(entry) }];
      }),
    );
  }

  async close(): Promise<void> {
    this.#table.close();
    for (const lease of this.#held) lease.end();
    this.#held.clear();
  }

  /** Notes what was seen. A revision below the newest that was seen is a stale read: it says nothing. */
  #isDead({ key, revision }: KeyEntry): boolean {
    const now = this.#options.timers.monotonic();
    const seen = this.#seen.get(key);
    if (seen === undefined || seen.revision < revision) {
      this.#seen.set(key, { revision, since: now });
      return false;
    }
    return seen.revision === revision && now - seen.since >= this.#options.leaseMs;
  }

  async #taken(actor: string, write: () => Promise<number>): Promise<number> {
    try {
      return await write();
    } catch (error) {
      if (error instanceof KeyTaken) throw new OwnershipTaken(actor, error);
      throw error;
    }
  }
}
