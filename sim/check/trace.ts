/** What happened in a run, in order, as one hash; its last lines for whoever looks at a failure. */
import { StateHash } from "../../engine/state-hash.ts";

export class Trace {
  readonly #hash = new StateHash();
  readonly #linesMax: number;
  #lines: string[] = [];
  #noted = 0;

  /** `linesMax`: lines that are kept; 0 for the hash alone. */
  constructor(linesMax: number) {
    this.#linesMax = linesMax;
  }

  get noted(): number {
    return this.#noted;
  }

  note(at: number, what: string): void {
    this.#noted++;
    this.#hash.text(what);
    this.#hash.number(Math.round(at * 1_000));
    if (this.#linesMax === 0) return;
    this.#lines.push(`${(at / 1_000).toFixed(6)} ${what}`);
    if (this.#lines.length > 2 * this.#linesMax) this.#lines = this.#lines.slice(-this.#linesMax);
  }

  lines(): readonly string[] {
    return this.#lines.slice(-this.#linesMax);
  }

  digest(): string {
    return this.#hash.digest();
  }
}
