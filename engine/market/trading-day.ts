/**
 * From phase to phase and to the end of the day: what an auction leaves over goes, what is parked for a call
 * enters it, and what lasts for the day ends with it. Orders that are parked for an auction which the day
 * hasn't had end with the day too.
 */

import type { ChangePhase } from "./command.ts";
import type { OrderDesk } from "./order-desk.ts";
import { AUCTION_TIMES, entryOf, isOfAuction, mannerOf } from "./phase-rules.ts";
import type { Phases } from "./phases.ts";

export class TradingDay {
  readonly #phases: Phases;
  readonly #desk: OrderDesk;

  constructor(phases: Phases, desk: OrderDesk) {
    this.#phases = phases;
    this.#desk = desk;
  }

  change(command: ChangePhase): void {
    const { expiries, parked } = this.#desk;
    if (this.#phases.change(command)) {
      const ids = expiries.take((id, ending) => isOfAuction(ending) && parked.find(id) === undefined);
      for (const id of ids) this.#desk.remove(id, "auctionEnd");
      this.#phases.dropUnpriced();
    }
    if (command.phase === "post-close") this.end();
    if (mannerOf(command.phase) === "collects" && parked.size !== 0) {
      const times = AUCTION_TIMES.filter(time => entryOf(command.phase, time) === "in");
      for (const order of parked.take(times)) this.#desk.enterCall(order);
    }
  }

  /** Takes out what lasts for the day. */
  end(): void {
    const { expiries, parked } = this.#desk;
    const ids = expiries.take((id, ending) => ending === "DAY" || parked.find(id) !== undefined);
    for (const id of ids) this.#desk.remove(id, "endOfDay");
  }
}
