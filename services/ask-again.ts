/**
 * Questions to an actor that may be moving: asked again and again, at a bounded pace, until its owner
 * answers. Only for what may be asked twice.
 */
import { type Timers, wait } from "../mixins/clock.ts";

/** How long one answer is waited for: a node that was killed answers never. */
export const ANSWER_MS = 1_000;
const PAUSE_MS = 50;

export interface Patience {
  readonly timers: Timers;
  /** Whoever asks has ended: the last error is his. */
  readonly isOver: () => boolean;
}

/** Throws what is not retryable. */
export async function askAgain<Answer>(
  ask: () => Promise<Answer>,
  { timers, isOver }: Patience,
): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (isOver() || !isRetryable(error)) throw error;
    }
    await wait(timers, PAUSE_MS);
  }
}

/** A fault that came from another node is no instance of one any more. */
function isRetryable(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true;
}
