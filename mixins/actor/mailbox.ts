/**
 * The bounded queue in front of an actor: letters in order of arrival, counted by commands. A full mailbox
 * refuses, with a fault that says the same letter may be sent again; nothing is dropped silently.
 */
import { Fault } from "../fault.ts";

/** Commands that wait at most, the batch in flight not counted. */
export const MAILBOX_MAX = 65_536;

export interface Letter<Command, Reply> {
  readonly commands: readonly Command[];
  /** Called when the commands have been applied; what it returns is called when they are durable. */
  readonly apply: (replies: Reply[]) => () => void;
  readonly reject: (error: unknown) => void;
}

export class Mailbox<Command, Reply> {
  readonly #actor: string;
  readonly #commandsMax: number;
  #letters: Letter<Command, Reply>[] = [];
  #head = 0;
  #commands = 0;

  constructor(actor: string, commandsMax: number) {
    this.#actor = actor;
    this.#commandsMax = commandsMax;
  }

  /** Commands that wait. */
  get length(): number {
    return this.#commands;
  }

  get isEmpty(): boolean {
    return this.#head === this.#letters.length;
  }

  put(letter: Letter<Command, Reply>): void {
    const size = Math.max(1, letter.commands.length);
    if (this.#commands + size > this.#commandsMax) {
      throw new Fault("MAILBOX_FULL", `Cannot send to '${this.#actor}' as its mailbox must have room`, {
        actor: this.#actor,
        waiting: this.#commands,
      });
    }
    this.#letters.push(letter);
    this.#commands += size;
  }

  /** The next letters, together at most `commandsMax` commands but at least one letter. */
  take(commandsMax: number): Letter<Command, Reply>[] {
    let end = this.#head;
    let taken = 0;
    for (; end < this.#letters.length; end++) {
      const size = Math.max(1, this.#letters[end]?.commands.length ?? 0);
      if (taken > 0 && taken + size > commandsMax) break;
      taken += size;
    }
    const letters = this.#letters.slice(this.#head, end);
    this.#commands -= taken;
    this.#head = end;
    if (this.isEmpty) {
      this.#letters = [];
      this.#head = 0;
    } else if (this.#head > 4096) {
      this.#letters.splice(0, this.#head);
      this.#head = 0;
    }
    return letters;
  }
}
