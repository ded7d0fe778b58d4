/**
 * Runs a reference feed in real time: draws what is due, tells the newest quote of each symbol, and stores
 * once a second.
 *
 * Turns are at least 20 ms apart, so a listener gets at most one quote a symbol in each; a replay that is
 * faster than that is drawn in pieces, and every quote still reaches the candles. A commit that fails ends
 * the loop.
 */
import type { Clock } from "../../mixins/clock.ts";
import type { ReferenceFeed } from "../../mixins/reference/reference-feed.ts";
import type { ReferenceQuote } from "../../mixins/reference/reference-source.ts";

const TURN_MS = 20;
const IDLE_MS = 1_000;
const COMMIT_MS = 1_000;

export interface QuoteLoopOptions {
  readonly feed: ReferenceFeed;
  readonly clock: Clock;
  readonly onQuotes: (quotes: readonly ReferenceQuote[]) => void;
  readonly onFailure: (error: unknown) => void;
}

export class QuoteLoop {
  readonly #options: QuoteLoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #committing: Promise<void> = Promise.resolve();
  #isCommitting = false;
  #committedAt = 0;
  #turnedAt = 0;
  #stopped = false;

  constructor(options: QuoteLoopOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { feed, clock } = this.#options;
    await feed.start(clock.now());
    this.#committedAt = clock.now();
    this.#turn();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#committing;
    await this.#options.feed.commit();
  }

  #turn(): void {
    const { feed, clock, onQuotes } = this.#options;
    const now = clock.now();
    this.#turnedAt = now;
    const { quotes, more } = feed.pump(now);
    if (quotes.size > 0) onQuotes([...quotes.values()]);
    if (now - this.#committedAt >= COMMIT_MS || now < this.#committedAt || more) {
      this.#committedAt = now;
      this.#commit();
      // A replay that is ahead of its store waits for it; prices never wait for a store that is away.
      if (more && !feed.isAway) {
        void this.#committing.then(() => this.#rest(true));
        return;
      }
    }
    this.#rest(more);
  }

  #commit(): void {
    if (this.#isCommitting) return;
    this.#isCommitting = true;
    this.#committing = this.#options.feed.commit().then(
      () => {
        this.#isCommitting = false;
      },
      error => this.#fail(error),
    );
  }

  #rest(more: boolean): void {
    if (this.#stopped) return;
    const { feed, clock } = this.#options;
    const now = clock.now();
    const until = more ? 0 : (feed.due() ?? Number.POSITIVE_INFINITY) - now;
    const earliest = Math.min(TURN_MS, this.#turnedAt + TURN_MS - now);
    const pause = Math.min(IDLE_MS, Math.max(0, earliest, until));
    this.#timer = setTimeout(() => this.#turn(), pause);
  }

  #fail(error: unknown): void {
    this.#stopped = true;
    this.#options.onFailure(error);
  }
}
