/**
 * What a taker would trade, found without changing anything: the steps in their order, and what would be
 * left. Levels from the best one on; in each first the orders that aren't hidden, in the order of their
 * queue, then the hidden ones. An iceberg's next part comes behind the queue that it refreshes in. Whose
 * condition isn't met is passed over, and is not asked again: what a taker has left only gets smaller.
 */
import type { Ticks } from "../units.ts";
import { FLAGS, HIDDEN_FLAG, ID, KEY, LINKS, NEXT, NUMBERS, REST, SPECIAL_FLAG } from "./arena.ts";
import { maskOf } from "./ladders.ts";
import type { Queues } from "./queues.ts";

export interface Step {
  readonly maker: number;
  readonly ticks: Ticks;
  readonly traded: number;
}

export interface Plan {
  readonly steps: Step[];
  remaining: number;
}

/** The parts of icebergs that are still to come in one queue. */
interface Part {
  readonly maker: number;
  readonly display: number;
  reserve: number;
}

/** `minimum`: the least that each of the taker's executions must be. */
export function planTrades(
  queues: Queues,
  side: number,
  limitKey: number,
  lots: number,
  minimum: number,
): Plan {
  const { ladders, arena, specials } = queues;
  const plan: Plan = { steps: [], remaining: lots };
  for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
    const key = arena.links[(level << LINKS) + KEY] ?? 0;
    if (key > limitKey || plan.remaining === 0 || plan.remaining < minimum) break;
    const ticks = (key ^ maskOf(side)) as Ticks;
    planLevel(queues, level, 0, ticks, minimum, plan);
    if (specials.size > 0) planLevel(queues, level, HIDDEN_FLAG, ticks, minimum, plan);
  }
  return plan;
}

/** The orders of one level that are hidden (`hidden` = `HIDDEN_FLAG`) or not (0). */
function planLevel(
  queues: Queues,
  level: number,
  hidden: number,
  ticks: Ticks,
  minimum: number,
  plan: Plan,
): void {
  const { numbers, links } = queues.arena;
  const parts: Part[] = [];
  for (
    let slot = links[(level << LINKS) + NEXT] ?? 0;
    slot !== level;
    slot = links[(slot << LINKS) + NEXT] ?? 0
  ) {
    const flags = links[(slot << LINKS) + FLAGS] ?? 0;
    if ((flags & HIDDEN_FLAG) !== hidden) continue;
    if (plan.remaining === 0 || plan.remaining < minimum) return;
    const rest = numbers[(slot << NUMBERS) + REST] ?? 0;
    const traded = Math.min(rest, plan.remaining);
    const maker = numbers[(slot << NUMBERS) + ID] ?? 0;
    const special = (flags & SPECIAL_FLAG) === 0 ? undefined : queues.specials.get(maker);
    if (traded < minimum || traded < (special?.minimumLots ?? 0)) continue;
    if (special?.allOrNone === true && traded < rest) continue;
    plan.steps.push({ maker, ticks, traded });
    plan.remaining -= traded;
    if (special?.displayLots !== undefined && traded === rest && special.reserve > 0) {
      parts.push({ maker, display: special.displayLots, reserve: special.reserve });
    }
  }
  for (let next = 0; ; next++) {
    const part = parts[next];
    if (part === undefined || plan.remaining === 0 || plan.remaining < minimum) return;
    const shown = Math.min(part.display, part.reserve);
    const traded = Math.min(shown, plan.remaining);
    if (traded < minimum) continue;
    plan.steps.push({ maker: part.maker, ticks, traded });
    plan.remaining -= traded;
    if (traded === shown && part.reserve > shown) parts.push({ ...part, reserve: part.reserve - shown });
  }
}
