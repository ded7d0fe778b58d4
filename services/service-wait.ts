/**
 * Waits for other services without holding up a node that ends: Moleculer's own wait goes on, and keeps the
 * process alive, until what it waits for has come. Looks twenty times a second; the default is once.
 */
import type { ServiceBroker } from "moleculer";

const ROUND_MS = 1_000;
const LOOK_MS = 50;

/** True once all are there; false where `isEnding` says so first. */
export async function servicesThere(
  broker: ServiceBroker,
  names: readonly string[],
  isEnding: () => boolean,
): Promise<boolean> {
  while (!isEnding()) {
    // It rejects for one reason only, that the round is over.
    const there = await broker.waitForServices([...names], ROUND_MS, LOOK_MS).then(
      () => true,
      () => false,
    );
    if (there) return !isEnding();
  }
  return false;
}
