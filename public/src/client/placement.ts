/**
 * Sends an order, or a list of them, until its outcome is known. Every attempt carries the same clientOrderId
 * and the same body, and the venue answers a repeat with the first outcome: however often it is sent, it
 * trades once.
 */
import { Failure, failureOf } from "./failure.ts";

/**
 * Pauses before the second, third … attempt. After the last the caller is told that the outcome is unknown.
 */
export const PAUSES_MS: readonly number[] = [250, 750, 2_000, 5_000];

export type Pause = (milliseconds: number) => Promise<void>;

const pauseFor: Pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

export async function placeOrder<Request, Settled>(
  place: (request: Request) => Promise<Settled>,
  request: Request,
  onRetry: (attempt: number, failure: Failure) => void = () => {},
  pause: Pause = pauseFor,
): Promise<Settled> {
  let uncertain = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return await place(request);
    } catch (caught) {
      const failure = failureOf(caught);
      uncertain ||= failure.uncertain;
      const wait = PAUSES_MS[attempt];
      if (!failure.transient) throw failure;
      if (wait === undefined) {
        const message = "The venue did not confirm the order.";
        throw uncertain ? new Failure("OUTCOME_UNKNOWN", message, 0, undefined, failure) : failure;
      }
      onRetry(attempt + 1, failure);
      await pause(wait);
    }
  }
}
