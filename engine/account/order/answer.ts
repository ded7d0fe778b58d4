/**
 * What became of a command that a shard has sent: for the caller who waits. It names every order of the
 * command's account that the command let in, refused, changed or took out, in the order of the events; what
 * only followed (a stop released by its trades) is not among them.
 */
import type { ShardCommand } from "../../market/command.ts";
import type { RemovalCause } from "../../market/event.ts";
import type { MarketEvent } from "../../market/market-event.ts";
import type { MarketRecord } from "../../market/record.ts";
import type { Rejection } from "../../rejection.ts";
import type { AccountId } from "../../units.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { OrderState } from "./order.ts";

export interface Answer {
  readonly market: number;
  readonly number: number;
  readonly sequence: number;
  readonly kind: ShardCommand["kind"];
  readonly account: AccountId;
  /**
   * The order after the record: the new one, or the one that was to be changed; of a list its first leg.
   * Undefined where the command named none that this shard knows as open.
   */
  readonly order: OrderState | undefined;
  /** All that the command itself was about; of a list in the order of its legs. */
  readonly orders: readonly OrderState[];
  /** Why the market refused, first of all. A refused amend or cancel leaves the order as it was. */
  readonly rejection: Rejection | undefined;
}

const CHANGES: ReadonlySet<MarketEvent["event"]> = new Set([
  "accepted",
  "rejected",
  "amended",
  "cancelled",
  "removed",
]);

/** What happened first in the record, as it was due, and is none of the command's. */
const BY_TIME: readonly RemovalCause[] = ["expiry", "endOfDay", "auctionEnd", "cancelAllAfter"];

/** Hears a record's events. An order of a liquidity provider that the record closes is gone after it. */
export class Answering {
  readonly #command: ShardCommand;
  readonly #target: OrderState | undefined;
  readonly #orders: OrderState[] = [];
  /** Those again, where a command may name many. */
  #told: Set<OrderState> | undefined;
  #entered: OrderState | undefined;
  #rejection: Rejection | undefined;

  constructor(state: ShardState, command: ShardCommand) {
    this.#command = command;
    this.#target = "orderId" in command ? state.orders.get(command.orderId) : undefined;
    if (this.#target !== undefined) this.#orders.push(this.#target);
  }

  /** `order`: the one that the event has changed, if any. */
  hear(event: MarketEvent, order: OrderState | undefined): void {
    if (event.event === "rejected") this.#rejection ??= event.rejection;
    if (order === undefined || order.account !== this.#command.account || !CHANGES.has(event.event)) return;
    if (event.event === "removed" && BY_TIME.includes(event.cause)) return;
    const enters = event.event === "accepted" || event.event === "rejected";
    if (enters) this.#entered ??= order;
    const { kind } = this.#command;
    const single = kind === "place" || kind === "amend" || kind === "cancel";
    if (enters && single) this.#orders.push(order);
    else if (!single) this.#add(order);
  }

  #add(order: OrderState): void {
    this.#told ??= new Set(this.#orders);
    if (this.#told.has(order)) return;
    this.#told.add(order);
    this.#orders.push(order);
  }

  answer({ market, sequence }: MarketRecord): Answer {
    const { number, kind, account } = this.#command;
    const order = this.#entered ?? this.#target;
    const orders = this.#orders;
    return { market, number, sequence, kind, account, order, orders, rejection: this.#rejection };
  }
}
