/**
 * Which resting orders are an account's. Accounts have no list of their orders, so that the plain path keeps
 * none: whoever asks looks at every order of the book. Admitted worst case: O(resting orders) a question,
 * which mass cancels, fired timers and tripped protections ask, and nothing else.
 */
import type { OrderId } from "../units.ts";
import { ACCOUNT, ID, LINKS, NEXT, NUMBERS } from "./arena.ts";
import type { Queues } from "./queues.ts";

/** Ids of an account's resting orders of one side (0 buy, 1 sell), in no order that means anything. */
export function restingIdsOf(queues: Queues, account: number, side: number): OrderId[] {
  const { ladders, arena } = queues;
  const { numbers, links } = arena;
  const ids: OrderId[] = [];
  for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
    let slot = links[(level << LINKS) + NEXT] ?? 0;
    for (; slot !== level; slot = links[(slot << LINKS) + NEXT] ?? 0) {
      const at = slot << NUMBERS;
      if (numbers[at + ACCOUNT] === account) ids.push(numbers[at + ID] as OrderId);
    }
  }
  return ids;
}
