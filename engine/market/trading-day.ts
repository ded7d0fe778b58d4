/**
 * From phase to phase and to the end of the day: what an auction leaves over goes, what is parked for a call
 * enters it, and what lasts for the day ends with it. Orders that are parked for an auction which the day
 * hasn't had end with the day too.
 *
 * A volatility auction that a price band has started ends by itself: the market goes back to the phase that
 * it was in. Any change of phase before that calls its end off.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { assert } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { OrderDesk } from "./order-desk.ts";
import { PHASES, type Phase } from "./phase.ts";
import { AUCTION_TIMES, entryOf, isOfAuction, mannerOf } from "./phase-rules.ts";
import type { PhaseReason, Phases } from "./phases.ts";
import type { Protection } from "./protection.ts";
import type { StopOrders } from "./stop-orders.ts";
import type { Timed } from "./timers.ts";

const BY_COMMAND: PhaseReason = { cause: "command", ticks: 0 };
const AT_ITS_END: PhaseReason = { cause: "auctionEnd", ticks: 0 };
const NEVER = Number.POSITIVE_INFINITY;

export class TradingDay implements Timed {
  /** Time of what happens now: that of the command, or of what is due before it. */
  now = 0;
  /** When the auction ends that a price band has started; infinity where there is none. */
  next = NEVER;
  /** The phase that it has interrupted. */
  interrupted: Phase = "continuous";
  readonly #auctionMs: number;
  readonly #phases: Phases;
  readonly #desk: OrderDesk;
  readonly #stops: StopOrders;
  readonly #protection: Protection;
  #tellSooner: (time: number) => void = () => undefined;

  /** `auctionMs`: how long an auction lasts that a price band starts. */
  constructor(
    phases: Phases,
    desk: OrderDesk,
    stops: StopOrders,
    protection: Protection,
    auctionMs: number | undefined,
  ) {
    this.#phases = phases;
    this.#desk = desk;
    this.#stops = stops;
    this.#protection = protection;
    this.#auctionMs = auctionMs ?? 0;
  }

  change(phase: Phase, why = BY_COMMAND): void {
    const { expiries, parked } = this.#desk;
    const matched = this.#phases.matches;
    this.next = NEVER;
    if (this.#phases.change(phase, why)) {
      const ids = expiries.take((id, ending) => isOfAuction(ending) && parked.find(id) === undefined);
      for (const id of ids) this.#desk.remove(id, "auctionEnd");
      this.#phases.unpriced.drop();
      this.#protection.skip();
    }
    if (phase === "post-close") this.end();
    if (mannerOf(phase) === "collects" && parked.size !== 0) {
      const times = AUCTION_TIMES.filter(time => entryOf(phase, time) === "in");
      for (const order of parked.take(times)) this.#desk.enterCall(order);
    }
    if (!matched) this.#stops.resume();
  }

  /** An order would trade at this price, outside a band: the market goes to a volatility auction. */
  interrupt(ticks: number): void {
    this.interrupted = this.#phases.phase;
    this.#stops.pause();
    this.change("volatility-auction", { cause: "priceBand", ticks });
    this.next = this.now + this.#auctionMs;
    this.#tellSooner(this.next);
  }

  expire(now: number): void {
    if (this.next <= now) this.change(this.interrupted, AT_ITS_END);
  }

  onSooner(tell: (time: number) => void): void {
    this.#tellSooner = tell;
  }

  /** Takes out what lasts for the day. */
  end(): void {
    const { expiries, parked } = this.#desk;
    const ids = expiries.take((id, ending) => ending === "DAY" || parked.find(id) !== undefined);
    for (const id of ids) this.#desk.remove(id, "endOfDay");
  }

  write(writer: ByteWriter): void {
    writer.u8(this.next === NEVER ? 0 : 1);
    if (this.next === NEVER) return;
    writer.f64(this.next);
    writer.u8(numberOf(PHASES, this.interrupted));
  }

  read(reader: ByteReader): void {
    if (reader.bits(1) === 0) return;
    this.next = reader.integer();
    this.interrupted = reader.choice(PHASES);
    this.#tellSooner(this.next);
  }

  /** Proves that only a volatility auction ends by itself, and that it has interrupted trading. */
  check(): void {
    if (this.next === NEVER) return;
    assert(this.#phases.phase === "volatility-auction", "what ends by itself is a volatility auction");
    assert(mannerOf(this.interrupted) === "matches", "a price band interrupts trading");
  }
}
