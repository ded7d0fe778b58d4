/**
 * How far something long has come: on a terminal a bar that is drawn again in place, elsewhere one line for
 * each part that takes more than a second.
 */
import type { Writable } from "node:stream";

const REDRAW_MS = 100;
const SLOW_MS = 1_000;
const WIDTH = 30;

export class ProgressBar {
  readonly #output: Writable;
  readonly #terminal: boolean;
  readonly #now: () => number;
  #stage = "";
  #begun = 0;
  #drawn = 0;
  #told = false;

  constructor(output: Writable, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#terminal = "isTTY" in output && output.isTTY === true;
    this.#now = now;
  }

  /** `done` of `total` of this part. */
  show(stage: string, done: number, total: number): void {
    const now = this.#now();
    if (stage !== this.#stage) {
      this.#stage = stage;
      this.#begun = now;
      this.#told = false;
    }
    if (this.#terminal) this.#draw(now, done, total);
    else if (!this.#told && now - this.#begun >= SLOW_MS) {
      this.#told = true;
      this.#output.write(`${stage}: ${percentOf(done, total)} %\n`);
    }
  }

  /** Leaves an empty line where the bar was. */
  end(): void {
    if (this.#terminal && this.#drawn > 0) this.#output.write("\r\u001B[K");
  }

  #draw(now: number, done: number, total: number): void {
    if (done < total && now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    const full = Math.floor((WIDTH * done) / Math.max(1, total));
    const bar = `${"#".repeat(full)}${"-".repeat(WIDTH - full)}`;
    this.#output.write(`\r\u001B[K[${bar}] ${percentOf(done, total)} % ${this.#stage}`);
  }
}

function percentOf(done: number, total: number): number {
  return Math.floor((100 * done) / Math.max(1, total));
}
