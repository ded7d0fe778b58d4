/**
 * The only loop: mailbox → deduplicate → apply → journal → publish → reply.
 *
 * Commands that arrive while an append is in flight are the next batch (group commit). Nobody hears a reply, to a
 * duplicate either, before the append that holds its outcome is durable. Snapshots and reads see appended state only.
 * On a failed append or a broken invariant the actor answers nobody what it does not know (OUTCOME_UNKNOWN), takes
 * no more commands and tells its owner: its state runs ahead of the journal and must be thrown away.
 */
import { ByteWriter } from "../../engine/bytes.ts";
import { Fault } from "../fault.ts";
import type { Journal } from "../journal/journal.ts";
import { type Letter, MAILBOX_MAX, Mailbox } from "./mailbox.ts";

/** Commands in one append at most: more would raise the latency and not the throughput. */
const BATCH_MAX = 1_024;

/** What an actor is about: a pure machine behind a door that encodes. */
export interface ActorCore<Command, Reply> {
  /** Applies one command and appends its record to `writer`, or writes nothing where it is a duplicate or refused at the door. */
  handle(command: Command, writer: ByteWriter): Reply;
  /** Whether this command is a client's: its journal segment is kept for ever. */
  isClients(command: Command): boolean;
}

export interface ActorOptions<Command, Reply> {
  readonly journal: Journal;
  readonly core: ActorCore<Command, Reply>;
  /** Called between batches when the journal has sealed a segment; the state is exactly what is appended. */
  readonly onSealed?: () => Promise<void>;
  /** Called once when the actor can't go on. */
  readonly onFailed: (error: unknown) => void;
  readonly mailboxMax?: number;
}

export class Actor<Command, Reply> {
  readonly name: string;
  readonly #journal: Journal;
  readonly #core: ActorCore<Command, Reply>;
  readonly #mailbox: Mailbox<Command, Reply>;
  readonly #onSealed: (() => Promise<void>) | undefined;
  readonly #onFailed: (error: unknown) => void;
  readonly #writer = new ByteWriter(1 << 16);
  #running: Promise<void> | undefined;
  #stopped: Fault | undefined;

  constructor(options: ActorOptions<Command, Reply>) {
    this.name = options.journal.name;
    this.#journal = options.journal;
    this.#core = options.core;
    this.#onSealed = options.onSealed;
    this.#onFailed = options.onFailed;
    this.#mailbox = new Mailbox(this.name, options.mailboxMax ?? MAILBOX_MAX);
  }

  /** Commands that wait in the mailbox. */
  get waiting(): number {
    return this.#mailbox.length;
  }

  /** Sends commands that are applied in order and together; resolves with their replies once all are durable. */
  send(commands: readonly Command[]): Promise<Reply[]> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== undefined) {
        reject(this.#stopped);
        return;
      }
      this.#mailbox.put({ commands, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Waits until everything sent before is durable, so that what the caller then reads of the state is. */
  async settled(): Promise<void> {
    await this.send([]);
  }

  /** Takes no more commands, finishes those that wait. */
  async stop(): Promise<void> {
    this.#stopped ??= new Fault("NOT_READY", `Cannot send to '${this.name}' as it is stopping`);
    await this.#running;
  }

  async #run(): Promise<void> {
    // Everything that is sent in this turn of the event loop belongs to the first batch.
    await Promise.resolve();
    while (!this.#mailbox.isEmpty) {
      const letters = this.#mailbox.take(BATCH_MAX);
      try {
        await this.#commit(letters);
      } catch (error) {
        this.#fail(letters, error);
        break;
      }
    }
    this.#running = undefined;
  }

  async #commit(letters: Letter<Command, Reply>[]): Promise<void> {
    const writer = this.#writer;
    writer.clear();
    let records = 0;
    let clients = false;
    const replies: Reply[][] = [];
    for (const letter of letters) {
      const ofLetter: Reply[] = [];
      for (const command of letter.commands) {
        const before = writer.length;
        ofLetter.push(this.#core.handle(command, writer));
        if (writer.length > before) {
          records += 1;
          clients ||= this.#core.isClients(command);
        }
      }
      replies.push(ofLetter);
    }
    let sealed = false;
    if (records > 0) {
      ({ sealed } = await this.#journal.append(this.#journal.last, records, writer.copy(), clients));
    }
    for (const [index, letter] of letters.entries()) letter.resolve(replies[index] ?? []);
    if (sealed) await this.#onSealed?.();
  }

  #fail(letters: Letter<Command, Reply>[], cause: unknown): void {
    const fault = new Fault(
      "OUTCOME_UNKNOWN",
      `Cannot tell the outcome as '${this.name}' stopped before it was durable`,
      { actor: this.name },
      cause,
    );
    this.#stopped = fault;
    for (const letter of letters) letter.reject(fault);
    while (!this.#mailbox.isEmpty) {
      for (const letter of this.#mailbox.take(MAILBOX_MAX)) letter.reject(fault);
    }
    this.#onFailed(cause);
  }
}
