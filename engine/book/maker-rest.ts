/** What becomes of a maker after lots of it have gone: where it stands, what it shows, or that it ends. */
import { DISPLAYED, EXPIRED, UNSEEN } from "../market/event.ts";
import * as layout from "./arena.ts";
import type { Book } from "./book.ts";
import { leaveSpecial, setRest, specialOf } from "./special-queues.ts";

const { ACCOUNT, FLAGS, ID, LEVEL, LINKS, NUMBERS, REST, SELL_FLAG } = layout;

/** Leaves `left` of the maker in a slot, of which `taken` has gone. */
export function settleMaker({ queues, log }: Book, slot: number, left: number, taken: number): void {
  const { numbers, links } = queues.arena;
  const maker = numbers[(slot << NUMBERS) + ID] ?? 0;
  const account = numbers[(slot << NUMBERS) + ACCOUNT] ?? 0;
  const side = (links[(slot << LINKS) + FLAGS] ?? 0) & SELL_FLAG;
  const ticks = queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0);
  const shown = numbers[(slot << NUMBERS) + REST] ?? 0;
  const special = specialOf(queues, slot);
  const display = special?.displayLots;
  if (left === 0) {
    if (display !== undefined) log.push(DISPLAYED, maker, account, side, ticks, 0, shown, 0, 0, 0);
    leaveSpecial(queues, side, slot);
  } else if (left < (special?.minimumLots ?? 0)) {
    leaveSpecial(queues, side, slot);
    log.plain(EXPIRED | UNSEEN, maker, account, side, ticks, left);
  } else if (display !== undefined) {
    const used = taken === shown;
    const part = used ? Math.min(display, left) : shown - taken;
    setRest(queues, side, slot, part, left - part);
    if (used) queues.requeue(slot);
    log.push(DISPLAYED, maker, account, side, ticks, part, shown, 0, 0, 0);
  } else setRest(queues, side, slot, left, 0);
}
