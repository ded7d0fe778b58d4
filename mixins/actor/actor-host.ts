/**
 * The life of one actor on a node: claim → open → serve, and then either handed over (it finishes what it has
 * taken, saves, and gives its claim back) or abandoned, as its claim was lost or it can't go on: it answers
 * nobody any more and its state is thrown away. After both the host is idle and may take the actor again.
 *
 * Nothing here keeps a journal safe: that is the expected sequence of every append. A claim that is given
 * back at once after a failure only lets the next owner begin sooner.
 */
import type { Claim } from "../ownership/ownership.ts";

/** An actor that is open on this node. */
export interface HostedActor {
  /** Whether it may be handed over now, for no other reason than that another node is to have it. */
  readonly isMovable: boolean;
  /** Takes nothing more, finishes what it has taken, saves its state; nobody finds it here any more. */
  close(): Promise<void>;
  /**
   * Answers nobody what it does not know, and saves nothing. Also while `close` is under way, or after it;
   * resolves when nothing of it runs any more.
   */
  abandon(reason: unknown): Promise<void>;
}

/** What opening is given: the claim, and the way to say that the actor can't go on. */
export interface Tenure {
  readonly claim: Claim;
  /** The claim is lost, the actor has failed, or it is to be given up: opening it is no use any more. */
  readonly isOver: boolean;
  /** The actor can't go on; the first reason counts. */
  fail(reason: unknown): void;
}

export interface ActorHostPorts {
  /** "market.EURUSD", "risk.0", "singleton.reference" */
  readonly actor: string;
  /** Throws OwnershipTaken. */
  claim(actor: string): Promise<Claim>;
  /** Throws where it can't be opened; then nothing of it runs any more. */
  open(tenure: Tenure): Promise<HostedActor>;
  /** Called once for an actor that served: before it is abandoned, as those who wait for it hear first. */
  onFailed(reason: unknown): void;
  /** Called with what went wrong while its state was thrown away or its claim given back. */
  onTrouble(error: unknown): void;
}

export type HostState = "idle" | "opening" | "serving" | "ending";

export class ActorHost {
  readonly actor: string;
  readonly #ports: ActorHostPorts;
  #state: HostState = "idle";
  #tenure: StandingTenure | undefined;
  #hosted: HostedActor | undefined;
  /** Why an actor whose claim is on its way is not to be opened. */
  #givenUp: Error | undefined;
  /** Settles, and never rejects, when what is under way has ended. */
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(ports: ActorHostPorts) {
    this.actor = ports.actor;
    this.#ports = ports;
  }

  get state(): HostState {
    return this.#state;
  }

  /** Of the claim that stands; undefined while idle. */
  get epoch(): number | undefined {
    return this.#tenure?.claim.epoch;
  }

  get isMovable(): boolean {
    return this.#hosted?.isMovable ?? true;
  }

  /**
   * Claims and opens an actor that is idle here; resolves when it serves. Throws OwnershipTaken where another
   * has it, and whatever kept it from opening; then it is idle again.
   */
  take(): Promise<void> {
    if (this.#state !== "idle") throw new Error(`Invariant: an actor is taken while idle: ${this.actor}`);
    this.#state = "opening";
    this.#givenUp = undefined;
    const taken = this.#take();
    this.#underWay = taken.catch(() => undefined);
    return taken;
  }

  /**
   * Hands over an actor that serves; one that is being opened is given up. Resolves when the next owner may
   * claim it; rejects where saving failed, which the next owner makes good by a longer replay.
   */
  async handOver(): Promise<void> {
    this.#givenUp = new Error(`Cannot go on with ${this.actor} as it is handed over`);
    this.#tenure?.end(this.#givenUp);
    if (this.#state === "serving") {
      const closing = this.#close();
      this.#underWay = closing.catch(() => undefined);
      await closing;
    } else await this.#underWay;
  }

  async #take(): Promise<void> {
    let tenure: StandingTenure | undefined;
    try {
      const claim = await this.#ports.claim(this.actor);
      tenure = new StandingTenure(claim, reason => this.#lose(reason));
      this.#tenure = tenure;
      if (this.#givenUp !== undefined) throw this.#givenUp;
      const hosted = await this.#ports.open(tenure);
      if (tenure.isOver) {
        await hosted.abandon(tenure.reason);
        throw tenure.reason;
      }
      this.#hosted = hosted;
      this.#state = "serving";
    } catch (error) {
      tenure?.end(error);
      await this.#release(tenure);
      throw error;
    }
  }

  async #close(): Promise<void> {
    this.#state = "ending";
    const tenure = this.#tenure;
    try {
      await this.#hosted?.close();
    } finally {
      await this.#release(tenure);
    }
  }

  /** The claim is lost or the actor has failed. While it opens, opening ends by itself. */
  #lose(reason: unknown): void {
    const hosted = this.#hosted;
    if (this.#state !== "serving" || hosted === undefined) return;
    this.#state = "ending";
    const tenure = this.#tenure;
    this.#ports.onFailed(reason);
    this.#underWay = hosted
      .abandon(reason)
      .catch(error => this.#ports.onTrouble(error))
      .then(() => this.#release(tenure));
  }

  async #release(tenure: StandingTenure | undefined): Promise<void> {
    try {
      await tenure?.claim.release();
    } catch (error) {
      // A claim that is not renewed any more runs out.
      this.#ports.onTrouble(error);
    }
    this.#tenure = undefined;
    this.#hosted = undefined;
    this.#state = "idle";
  }
}

class StandingTenure implements Tenure {
  readonly claim: Claim;
  readonly #onOver: (reason: unknown) => void;
  #isOver = false;
  #reason: unknown;

  constructor(claim: Claim, onOver: (reason: unknown) => void) {
    this.claim = claim;
    this.#onOver = onOver;
    void claim.lost.then(reason => this.fail(reason));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get reason(): unknown {
    return this.#reason;
  }

  fail(reason: unknown): void {
    if (this.#isOver) return;
    this.end(reason);
    this.#onOver(reason);
  }

  /** It ends in order: nobody has to be told. */
  end(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reason = reason;
  }
}
