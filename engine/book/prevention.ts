/**
 * What happens where an order meets another of the same account or group and its terms say that the two
 * don't trade. The taker's terms decide:
 *
 *   expireTaker  the taker's rest expires       expireMaker  the maker is removed, matching goes on
 *   expireBoth   both                           decrement    the smaller size is taken off both
 *
 * Each such meeting is a `prevented`; what becomes of the maker comes right behind it: `removed`, or
 * `amended` to its smaller size and total. Behind that, of a taker that was made smaller and has something
 * left, an unseen `amended` of rest 0 to its smaller total, as it isn't in the book yet; of one that has
 * nothing left, `expired` with what was taken off it last. So an order's rest always is its total less its
 * trades, and depth needs no `prevented`.
 */
import { AMENDED, EXPIRED, PREVENTED, REMOVAL_CAUSES, UNSEEN } from "../market/event.ts";
import { SELF_TRADE_MODES, type SelfTradeMode } from "../market/terms.ts";
import { numberOf } from "../word-list.ts";
import { ACCOUNT, ID, LEVEL, LINKS, NUMBERS, TOTAL } from "./arena.ts";
import type { RestingOrder } from "./audit.ts";
import type { Book } from "./book.ts";
import { settleMaker } from "./maker-rest.ts";
import type { Queues } from "./queues.ts";
import type { SpecialBook } from "./special-book.ts";
import { isSeenAt, restOf, specialOf } from "./special-queues.ts";

const SELF_TRADE = numberOf(REMOVAL_CAUSES, "selfTrade");

/** Whether the order in a slot is of the same account or group as a taker. */
export function isOfTrader(queues: Queues, slot: number, { account, selfTrade }: RestingOrder): boolean {
  if (queues.arena.numbers[(slot << NUMBERS) + ACCOUNT] === account) return true;
  const group = selfTrade?.group;
  return group !== undefined && specialOf(queues, slot)?.selfTrade?.group === group;
}

export class Prevention {
  readonly #book: Book;
  readonly #special: SpecialBook;

  constructor(book: Book, special: SpecialBook) {
    this.#book = book;
    this.#special = special;
  }

  /** `lots` of a taker meet the maker in a slot; `remaining` and `total` are the taker's afterwards. */
  prevent(
    taker: RestingOrder,
    mode: SelfTradeMode,
    slot: number,
    lots: number,
    remaining: number,
    total: number,
  ): void {
    const { queues, log } = this.#book;
    const { numbers, links } = queues.arena;
    const { orderId, account } = taker;
    const side = taker.side === "sell" ? 1 : 0;
    const at = slot << NUMBERS;
    const ticks = queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0);
    const maker = numbers[at + ID] ?? 0;
    const makerAccount = numbers[at + ACCOUNT] ?? 0;
    const kind = isSeenAt(queues, slot) ? PREVENTED : PREVENTED | UNSEEN;
    const number = numberOf(SELF_TRADE_MODES, mode);
    log.push(kind, orderId, account, side, ticks, lots, remaining, maker, makerAccount, number);
    if (mode === "expireTaker") return;
    if (mode !== "decrement" || lots === restOf(queues, slot)) this.#remove(slot);
    else this.#reduce(slot, side ^ 1, lots);
    if (mode !== "decrement") return;
    if (remaining === 0) log.plain(EXPIRED, orderId, account, side, taker.ticks, lots);
    else log.push(AMENDED | UNSEEN, orderId, account, side, taker.ticks, 0, 0, taker.ticks, 0, total);
  }

  #remove(slot: number): void {
    const { log } = this.#book;
    const row = log.length;
    this.#special.cancel(slot);
    log.turnIntoRemoval(row, SELF_TRADE);
  }

  /** Takes lots off a maker that has more. */
  #reduce(slot: number, side: number, lots: number): void {
    const { queues, log } = this.#book;
    const { numbers, links } = queues.arena;
    const at = slot << NUMBERS;
    const ticks = queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0);
    const rest = restOf(queues, slot);
    const total = (numbers[at + TOTAL] ?? 0) - lots;
    const kind = isSeenAt(queues, slot) ? AMENDED : AMENDED | UNSEEN;
    log.push(
      ...([kind, numbers[at + ID] ?? 0, numbers[at + ACCOUNT] ?? 0, side, ticks, rest - lots, rest] as const),
      ...([ticks, 0, total] as const),
    );
    numbers[at + TOTAL] = total;
    settleMaker(this.#book, slot, rest - lots, lots);
  }
}
