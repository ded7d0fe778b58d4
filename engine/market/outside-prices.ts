/** Prices beside the book: the mark, and the reference of the static band with what stands in for it. */
import { assert, TICKS_MAX, type Ticks } from "../units.ts";
import type { SetPrice } from "./command.ts";

export class OutsidePrices {
  /** Each 0 until it is told, or when it is told to be none. */
  markTicks = 0 as Ticks;
  referenceTicks = 0 as Ticks;
  /** What a static band goes by while no reference was told: the first trade, or the last uncrossing. */
  anchorTicks = 0;

  set({ which, ticks }: SetPrice): void {
    assert(
      Number.isInteger(ticks) && ticks >= 0 && ticks <= TICKS_MAX,
      "a price from outside is one of the market's, or 0 for none",
    );
    if (which === "mark") this.markTicks = ticks;
    else this.referenceTicks = ticks;
  }
}
