/**
 * A commit of LMDB that fails is told to the transaction, to each of its writes, and, apart from them, as the
 * reason; what nobody listens to there ends the process without a word of ours. Here all of it becomes one
 * rejection, with the reason.
 */
import { setImmediate as turn } from "node:timers/promises";

/**
 * Waits for a transaction and for the writes that it notes in `writes`. Rejects where any of them failed.
 */
export async function committed(transaction: Promise<unknown>, writes: readonly Promise<unknown>[]) {
  const [outcome] = await Promise.allSettled([transaction]);
  // Noted by now; where the transaction failed these have failed in the same moment.
  const outcomes = [outcome, ...(await Promise.allSettled(writes))];
  const failed = outcomes.find(each => each.status === "rejected");
  if (failed !== undefined) throw await reasonOf(failed.reason);
  if (outcome.status === "fulfilled" && outcome.value === false) {
    throw new Error("Cannot store as the transaction was not committed");
  }
}

async function reasonOf(error: unknown): Promise<Error> {
  const known = error instanceof Error ? error : new Error(String(error));
  if (!("commitError" in known) || !(known.commitError instanceof Promise)) return known;
  const told = known.commitError.then(
    () => known,
    (reason: unknown) => reason,
  );
  // It comes in the same turn of the event loop, or not at all.
  const cause: unknown = await Promise.race([told, turn(known)]);
  const text = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Cannot store as the commit failed: ${text}`, { cause });
}
