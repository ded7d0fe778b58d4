/**
 * Counts failures by what they say and tells of each kind at most once in ten seconds, with how many there
 * were: a market that refuses every quote must not fill the log. Numbers in a message don't make another
 * kind; beyond 64 kinds the memory of them starts over.
 */
const TOLD_EVERY_MS = 10_000;
const KINDS_MAX = 64;

export class ErrorTally {
  readonly #tell: (text: string) => void;
  readonly #kinds = new Map<string, { untold: number; toldAt: number }>();
  #count = 0;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  get count(): number {
    return this.#count;
  }

  add(error: unknown, now: number): void {
    this.#count++;
    const text = error instanceof Error ? error.message.replaceAll(/\d+/g, "#") : String(error);
    const kind = this.#kinds.get(text) ?? { untold: 0, toldAt: Number.NEGATIVE_INFINITY };
    if (!this.#kinds.has(text) && this.#kinds.size >= KINDS_MAX) this.#kinds.clear();
    this.#kinds.set(text, kind);
    kind.untold++;
    if (now - kind.toldAt < TOLD_EVERY_MS) return;
    this.#tell(`${kind.untold} × ${error instanceof Error ? error.message : text}`);
    kind.untold = 0;
    kind.toldAt = now;
  }
}
