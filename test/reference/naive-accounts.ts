/** Commands of the naive market about open orders, wherever they are, and about all orders of an account. */
import { composeOrderId, marketOrigin } from "../../engine/ids.ts";
import type { CancelOrder, MassCancel, PlaceOrder, ReplaceOrder } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, OrderId, Ticks } from "../../engine/units.ts";
import { forbids } from "./naive-auction.ts";
import { unknownOrder } from "./naive-order.ts";
import { NaivePegs } from "./naive-pegs.ts";

const NOTHING = { ticks: 0 as Ticks, lots: 0 as Lots };

export abstract class NaiveAccounts extends NaivePegs {
  nextId(): OrderId {
    return composeOrderId(++this.named, marketOrigin(this.instrument.number));
  }

  /** All that it holds, by name. */
  copy(): object {
    const plain = (value: unknown) => (Array.isArray(value) ? structuredClone(value) : value);
    return Object.fromEntries(Object.entries(this).map(([name, value]) => [name, plain(value)]));
  }

  abstract place(command: PlaceOrder): MarketEvent[];

  cancel(command: CancelOrder): MarketEvent[] {
    const { account, onlyIf } = command;
    const order = this.open().find(({ orderId }) => orderId === command.orderId);
    if (order?.account !== account) return [unknownOrder(command, NOTHING.ticks, NOTHING.lots)];
    const { orderId, side } = order;
    const untouched = order.lots === order.totalLots;
    const refused = { event: "rejected", orderId, account, side, ...NOTHING } as const;
    if (forbids(this.phase, "cancel")) return [{ ...refused, rejection: "phaseForbids" }];
    if (onlyIf === "new" && !untouched) return [{ ...refused, rejection: "orderNotNew" }];
    if (onlyIf === "partlyFilled" && untouched) return [{ ...refused, rejection: "orderNotPartlyFilled" }];
    return this.takeOut(order);
  }

  replace(command: ReplaceOrder): MarketEvent[] {
    const { order, onFailure, filledLots, kind: _, ...common } = command;
    const place: PlaceOrder = { ...common, ...order, kind: "place" };
    const old = this.open().find(({ orderId }) => orderId === command.orderId);
    if (
      old?.account === command.account &&
      filledLots !== undefined &&
      old.totalLots - old.lots !== filledLots
    ) {
      const { account, side, ticks, lots } = place;
      const orderId = this.nextId();
      return [{ event: "rejected", orderId, account, side, ticks, lots, rejection: "orderHasTraded" }];
    }
    const before = this.copy();
    const cancelled = this.cancel({ ...common, kind: "cancel" });
    const [first] = cancelled;
    if (first?.event === "rejected" && onFailure === "stop") {
      const orderId = this.nextId();
      const { account, side, ticks, lots } = place;
      const { rejection } = first;
      return [{ event: "rejected", orderId, account, side, ticks, lots, rejection }];
    }
    const removed = cancelled.map(event =>
      event.event === "cancelled"
        ? { ...event, event: "removed" as const, cause: "replaced" as const }
        : event,
    );
    const placed = this.place(place);
    if (onFailure === "allow" || placed[0]?.event !== "rejected") return [...removed, ...placed];
    const { named } = this;
    Object.assign(this, before, { named });
    return placed;
  }

  massCancel({ account, side }: MassCancel): MarketEvent[] {
    return forbids(this.phase, "cancel")
      ? [refusedWhole(account, "phaseForbids")]
      : this.removeAll(account, "massCancel", side);
  }
}

/** The refusal of a command that names no order. */
export function refusedWhole(account: AccountId, rejection: Rejection): MarketEvent {
  return { event: "rejected", orderId: 0 as OrderId, account, side: "buy", ...NOTHING, rejection };
}
