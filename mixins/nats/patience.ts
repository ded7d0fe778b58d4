/**
 * Work that may be done twice, tried again while no answer comes: where a server was lost, the others choose
 * a new leader within 4 to 9 s. What is still unanswered after that is NatsRefused.
 */
import { isUnanswered, NatsRefused, NatsUnusable } from "./nats-fault.ts";

const PATIENCE_MS = 15_000;
const PAUSE_MS = 100;

/** `action`: what could not be done then, "read the state of stream X". */
export async function patiently<Result>(
  action: string,
  work: () => Promise<Result>,
  patienceMs = PATIENCE_MS,
): Promise<Result> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NatsUnusable) throw error;
      if (!isUnanswered(error) || performance.now() > end) throw new NatsRefused(action, error);
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}
