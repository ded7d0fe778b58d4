/**
 * The only loop: mailbox → deduplicate → apply → journal → publish → reply.
 *
 * One append is in flight; what arrives meanwhile is applied meanwhile and is the next batch (group commit).
 * Nobody hears a reply, a duplicate or a reader either, before everything up to it is durable. A snapshot is
 * taken where the journal seals a segment: before such an append nothing is applied ahead, so that the state
 * is what is appended. On a failed append or a broken invariant the actor answers nobody what it does not
 * know (OUTCOME_UNKNOWN), takes no more commands and tells its owner: its state runs ahead of the journal
 * and must be thrown away. So it is where its claim does not stand when it would answer: it may know what is
 * old.
 */
import { ByteWriter } from "../../engine/bytes.ts";
import { assert } from "../../engine/units.ts";
import { Fault } from "../fault.ts";
import type { Journal } from "../journal/journal.ts";
import type { Claim } from "../ownership/ownership.ts";
import { type Letter, MAILBOX_MAX, Mailbox } from "./mailbox.ts";

/**
 * Commands in one append: half of what waits, so that the other half is applied meanwhile, within these
 * limits. The more wait, the dearer is an append, or it would not have come so far; and 4,096 records still
 * fit into one message of a stream.
 */
const BATCH_MIN = 512;
const BATCH_MAX = 4_096;

/** What an actor is about: a pure machine behind a door that encodes. */
export interface ActorCore<Command, Reply> {
  /**
   * Applies one command and appends its record to `writer`, or writes nothing where it is a duplicate or
   * refused at the door.
   */
  handle(command: Command, writer: ByteWriter): Reply;
  /** Whether the command, handled last, is a client's business: its journal segment is kept for ever. */
  isClients(command: Command): boolean;
}

export interface ActorOptions<Command, Reply> {
  readonly journal: Journal;
  readonly core: ActorCore<Command, Reply>;
  /**
   * Called between batches when the journal has sealed a segment; the state is exactly what is appended. What
   * it returns is waited for: nothing, where the snapshot is taken and may be written beside.
   */
  readonly onSealed?: () => Promise<void> | undefined;
  /** Called once when the actor can't go on. */
  readonly onFailed: (error: unknown) => void;
  readonly mailboxMax?: number;
  /** The owner's claim; it is asked right before each answer. */
  readonly claim?: Pick<Claim, "actor" | "standing"> | undefined;
}

/** Letters that are applied, with what to journal and what to answer once it is durable. */
interface Batch<Command, Reply> {
  readonly letters: readonly Letter<Command, Reply>[];
  readonly answers: readonly (() => void)[];
  readonly records: number;
  readonly clients: boolean;
  readonly payload: Uint8Array;
}

export class Actor<Command, Reply> {
  readonly name: string;
  readonly #journal: Journal;
  readonly #core: ActorCore<Command, Reply>;
  readonly #mailbox: Mailbox<Command, Reply>;
  readonly #onSealed: (() => Promise<void> | undefined) | undefined;
  readonly #onFailed: (error: unknown) => void;
  readonly #claim: ActorOptions<Command, Reply>["claim"];
  readonly #writer = new ByteWriter(1 << 16);
  /** Applied and not durable yet, oldest first: at most the one that is appended and the one after it. */
  #ahead: Batch<Command, Reply>[] = [];
  #running: Promise<void> | undefined;
  #stopped: Fault | undefined;
  #abandoned = false;

  constructor(options: ActorOptions<Command, Reply>) {
    this.name = options.journal.name;
    this.#journal = options.journal;
    this.#core = options.core;
    this.#onSealed = options.onSealed;
    this.#onFailed = options.onFailed;
    this.#claim = options.claim;
    this.#mailbox = new Mailbox(this.name, options.mailboxMax ?? MAILBOX_MAX);
  }

  /** Commands that wait in the mailbox. */
  get waiting(): number {
    return this.#mailbox.length;
  }

  /**
   * Sends commands that are applied in order and together; resolves with their replies once all are durable.
   */
  send(commands: readonly Command[]): Promise<Reply[]> {
    return new Promise((resolve, reject) => {
      this.#put({
        commands,
        apply: replies => () => resolve(replies),
        reject,
      });
    });
  }

  /** Reads the state between two commands; resolves with what was read once that state is durable. */
  read<Answer>(question: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#put({
        commands: [],
        apply: () => {
          const answer = question();
          return () => resolve(answer);
        },
        reject,
      });
    });
  }

  /** Takes no more commands, finishes those that wait. */
  async stop(): Promise<void> {
    this.#stopped ??= new Fault("NOT_READY", `Cannot send to '${this.name}' as it is stopping`);
    await this.#running;
  }

  /** Answers nobody any more, those who wait learn that their outcome is unknown. Its owner knows why. */
  abandon(reason: unknown): void {
    this.#abandoned = true;
    this.#rejectAll(this.#unknown(reason));
  }

  #put(letter: Letter<Command, Reply>): void {
    if (this.#stopped !== undefined) {
      letter.reject(this.#stopped);
      return;
    }
    this.#mailbox.put(letter);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Everything that is sent in this turn of the event loop belongs to the first batch.
    await Promise.resolve();
    try {
      while (!this.#mailbox.isEmpty) {
        this.#applyNext();
        while (this.#ahead.length > 0) await this.#commitOldest();
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#running = undefined;
  }

  /** Appends the oldest batch; meanwhile applies the next one, unless the state has to stand still. */
  async #commitOldest(): Promise<void> {
    const [batch] = this.#ahead;
    if (batch === undefined) return;
    const stands = this.#onSealed !== undefined && this.#journal.seals(batch.payload.length);
    const appending = this.#append(batch);
    let applying: unknown;
    try {
      if (!stands && !this.#mailbox.isEmpty) this.#applyNext();
    } catch (error) {
      applying = error;
    }
    const sealed = await appending;
    if (this.#abandoned) return;
    if (this.#claim?.standing === false) throw new ClaimNotStanding(this.#claim.actor);
    this.#ahead.shift();
    for (const answer of batch.answers) answer();
    if (applying !== undefined) throw applying;
    if (sealed && this.#onSealed !== undefined) {
      assert(this.#ahead.length === 0, "a snapshot is taken of appended state only");
      await this.#onSealed();
    }
    // Those who were just answered send again before the next batch is chosen.
    await Promise.resolve();
  }

  #applyNext(): void {
    const half = this.#mailbox.length >> 1;
    const letters = this.#mailbox.take(Math.min(BATCH_MAX, Math.max(BATCH_MIN, half)));
    const writer = this.#writer;
    writer.clear();
    let records = 0;
    let clients = false;
    const answers: (() => void)[] = [];
    try {
      for (const letter of letters) {
        const replies: Reply[] = [];
        for (const command of letter.commands) {
          const before = writer.length;
          replies.push(this.#core.handle(command, writer));
          if (writer.length > before) {
            records += 1;
            clients ||= this.#core.isClients(command);
          }
        }
        answers.push(letter.apply(replies));
      }
    } catch (error) {
      // Nobody of this batch is answered: what was applied of it is thrown away with the state.
      for (const letter of letters) letter.reject(this.#unknown(error));
      throw error;
    }
    this.#ahead.push({ letters, answers, records, clients, payload: writer.copy() });
  }

  async #append({ records, clients, payload }: Batch<Command, Reply>): Promise<boolean> {
    if (records === 0) return false;
    const { sealed } = await this.#journal.append(this.#journal.last, records, payload, clients);
    return sealed;
  }

  #unknown(cause: unknown): Fault {
    this.#stopped = new Fault(
      "OUTCOME_UNKNOWN",
      `Cannot tell the outcome as '${this.name}' stopped before it was durable`,
      { actor: this.name },
      cause,
    );
    return this.#stopped;
  }

  #fail(cause: unknown): void {
    if (this.#abandoned) return;
    this.#rejectAll(this.#unknown(cause));
    this.#onFailed(cause);
  }

  #rejectAll(fault: Fault): void {
    for (const batch of this.#ahead) {
      for (const letter of batch.letters) letter.reject(fault);
    }
    this.#ahead = [];
    while (!this.#mailbox.isEmpty) {
      for (const letter of this.#mailbox.take(MAILBOX_MAX)) letter.reject(fault);
    }
  }
}

/** What was known may be old by now: another node may have the actor. */
class ClaimNotStanding extends Error {
  readonly code = "CLAIM_NOT_STANDING";

  constructor(actor: string) {
    super(`Cannot answer for '${actor}' as its claim must stand`);
  }
}
