/** A market's events as objects: for followers, journals and tests. */
import { type Rejection, rejectionName } from "../rejection.ts";
import { type AccountId, type Lots, type OrderId, type Side, type Ticks, unreachable } from "../units.ts";
import { wordOf } from "../word-list.ts";
import {
  COLUMN,
  EVENT_KINDS,
  EVENT_STRIDE,
  type EventLog,
  KIND_MASK,
  PARKING_REASONS,
  type ParkingReason,
  PHASE_CAUSES,
  type PhaseCause,
  REMOVAL_CAUSES,
  type RemovalCause,
  UNSEEN,
} from "./event.ts";
import { PHASES, type Phase } from "./phase.ts";
import { SELF_TRADE_MODES, type SelfTradeMode } from "./terms.ts";

interface OfOrder {
  readonly orderId: OrderId;
  readonly account: AccountId;
  readonly side: Side;
  /** True where it is no part of the depth that is shown; of a trade, its maker. */
  readonly unseen?: true;
}

type PlainEvent = "accepted" | "rested" | "cancelled" | "expired" | "armed" | "triggered";

export type MarketEvent =
  | (OfOrder & { readonly event: "displayed"; ticks: Ticks; lots: Lots; oldLots: Lots })
  | (OfOrder & { readonly event: PlainEvent; ticks: Ticks; lots: Lots })
  | (OfOrder & { readonly event: "rejected"; ticks: Ticks; lots: Lots; rejection: Rejection })
  | (OfOrder & {
      readonly event: "traded";
      ticks: Ticks;
      lots: Lots;
      remaining: Lots;
      makerOrderId: OrderId;
      makerAccount: AccountId;
      makerRemaining: Lots;
    })
  | (OfOrder & {
      readonly event: "amended";
      ticks: Ticks;
      lots: Lots;
      oldTicks: Ticks;
      oldLots: Lots;
      totalLots: Lots;
    })
  | (OfOrder & { readonly event: "removed"; ticks: Ticks; lots: Lots; cause: RemovalCause })
  | (OfOrder & { readonly event: "parked"; ticks: Ticks; lots: Lots; reason: ParkingReason })
  | (OfOrder & {
      readonly event: "prevented";
      ticks: Ticks;
      lots: Lots;
      remaining: Lots;
      makerOrderId: OrderId;
      makerAccount: AccountId;
      mode: SelfTradeMode;
    })
  | { readonly event: "restricted"; readonly account: AccountId; readonly frozen: boolean }
  | { readonly event: "phased"; readonly phase: Phase; readonly cause: PhaseCause; readonly ticks: Ticks }
  | { readonly event: "indicative"; readonly ticks: Ticks; readonly lots: Lots };

/** One row as an object. */
export function decodeEvent(rows: Float64Array, index: number): MarketEvent {
  const at = index * EVENT_STRIDE;
  const column = (name: keyof typeof COLUMN) => rows[at + COLUMN[name]] ?? 0;
  const kind = column("kind");
  const event = wordOf(EVENT_KINDS, kind & KIND_MASK);
  const ofOrder = {
    orderId: column("order") as OrderId,
    account: column("account") as AccountId,
    side: (column("side") === 0 ? "buy" : "sell") as Side,
    ticks: column("ticks") as Ticks,
    lots: column("lots") as Lots,
    ...((kind & UNSEEN) === 0 ? undefined : { unseen: true as const }),
  };
  switch (event) {
    case "accepted":
    case "rested":
    case "cancelled":
    case "expired":
    case "armed":
    case "triggered":
      return { event, ...ofOrder };
    case "displayed":
      return { event, ...ofOrder, oldLots: column("remaining") as Lots };
    case "rejected":
      return { event, ...ofOrder, rejection: rejectionName(column("detail")) };
    case "traded":
      return {
        event,
        ...ofOrder,
        remaining: column("remaining") as Lots,
        makerOrderId: column("detail") as OrderId,
        makerAccount: column("makerAccount") as AccountId,
        makerRemaining: column("makerRemaining") as Lots,
      };
    case "amended":
      return {
        event,
        ...ofOrder,
        oldTicks: column("detail") as Ticks,
        oldLots: column("remaining") as Lots,
        totalLots: column("makerRemaining") as Lots,
      };
    case "removed":
      return { event, ...ofOrder, cause: wordOf(REMOVAL_CAUSES, column("detail")) };
    case "parked":
      return { event, ...ofOrder, reason: wordOf(PARKING_REASONS, column("detail")) };
    case "prevented":
      return {
        event,
        ...ofOrder,
        remaining: column("remaining") as Lots,
        makerOrderId: column("detail") as OrderId,
        makerAccount: column("makerAccount") as AccountId,
        mode: wordOf(SELF_TRADE_MODES, column("makerRemaining")),
      };
    case "restricted":
      return { event, account: ofOrder.account, frozen: column("detail") !== 0 };
    case "phased": {
      const cause = wordOf(PHASE_CAUSES, column("makerRemaining"));
      return { event, phase: wordOf(PHASES, column("detail")), cause, ticks: ofOrder.ticks };
    }
    case "indicative":
      return { event, ticks: ofOrder.ticks, lots: ofOrder.lots };
    default:
      return unreachable(event);
  }
}

export function decodeEvents(log: EventLog): MarketEvent[] {
  return Array.from({ length: log.length }, (_, index) => decodeEvent(log.rows, index));
}
