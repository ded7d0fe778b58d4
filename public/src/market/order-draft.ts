/**
 * The ticket as typed, and which of its fields the chosen type needs. A field that is not shown is never sent
 * and never complained of, whatever was typed there before.
 */
import type { OrderType, PegReference, Side, TimeInForce, TriggerSource } from "../client/wire.ts";
import { isForAuction, isPassing, mayRest, ORDER_KINDS, timesInForceOf } from "./order-kinds.ts";

export interface Draft {
  side: Side;
  type: OrderType;
  quantity: string;
  price: string;
  stopPrice: string;
  trigger: TriggerSource;
  doubleTick: boolean;
  trail: string;
  trailBy: "pips" | "perMille" | "price";
  /** Of a trailing stop-limit: a limit that stands, or one that follows its stop price. */
  limitBy: "offset" | "price";
  limitOffset: string;
  timeInForce: TimeInForce;
  /** As the browser's field gives it: local time without a zone. */
  expireTime: string;
  postOnly: "no" | "reject" | "slide";
  showing: "all" | "part" | "none";
  displayQuantity: string;
  minimumQuantity: string;
  allOrNone: boolean;
  /** Of a market order: so much of the base currency, or for so much of the quote currency. */
  sizeBy: "quantity" | "budget";
  budget: string;
  /** In pips; empty for none. */
  slippage: string;
  peg: PegReference;
  pegOffset: string;
  /** Of a pegged order: the worst price that it follows to; empty for none. */
  cap: string;
  /** Distances of the exits from the price that the entry gets; empty for none. */
  takeProfit: string;
  stopLoss: string;
  exitBy: "pips" | "money";
}

export type DraftField = keyof Draft;

export function newDraft(): Draft {
  return {
    side: "buy",
    type: "market",
    quantity: "10000",
    price: "",
    stopPrice: "",
    trigger: "last",
    doubleTick: false,
    trail: "20",
    trailBy: "pips",
    limitBy: "offset",
    limitOffset: "0",
    timeInForce: "IOC",
    expireTime: "",
    postOnly: "no",
    showing: "all",
    displayQuantity: "",
    minimumQuantity: "",
    allOrNone: false,
    sizeBy: "quantity",
    budget: "10000",
    slippage: "",
    peg: "own",
    pegOffset: "0",
    cap: "",
    takeProfit: "",
    stopLoss: "",
    exitBy: "pips",
  };
}

export function shownFields(draft: Draft): ReadonlySet<DraftField> {
  const { limit, waits } = ORDER_KINDS[draft.type];
  const shown = new Set<DraftField>(["side", "type", "timeInForce"]);
  const show = (...names: DraftField[]) => {
    for (const name of names) shown.add(name);
  };
  if (draft.type === "market" && draft.timeInForce === "IOC") show("sizeBy");
  show(shown.has("sizeBy") ? draft.sizeBy : "quantity");
  if (waits !== "no") show("trigger", "doubleTick");
  if (waits === "stop" || waits === "takeProfit") show("stopPrice");
  if (waits === "trail") show("trail", "trailBy");
  const follows = waits === "trail" && limit;
  if (follows) show("limitBy");
  if (follows && draft.limitBy === "offset") show("limitOffset");
  else if (limit) show("price");
  if (draft.timeInForce === "GTD") show("expireTime");
  if (isForAuction(draft.timeInForce)) return shown;
  if (draft.type !== "pegged" && shown.has("quantity")) show("takeProfit", "stopLoss", "exitBy");
  if (draft.type === "pegged") show("peg", "pegOffset", "cap", "minimumQuantity", "allOrNone");
  else if (!limit) show("slippage");
  if (!limit) return shown;
  show("minimumQuantity", "allOrNone");
  if (!mayRest(draft.timeInForce)) return shown;
  show("postOnly", "showing");
  if (draft.showing === "part") show("displayQuantity");
  return shown;
}

/** Another type: what the one before had and this one lacks goes back to its default. */
export function withType(draft: Draft, type: OrderType): void {
  draft.type = type;
  const [first = "GTC"] = timesInForceOf(type);
  const was = draft.timeInForce;
  draft.timeInForce = !isPassing(was) && timesInForceOf(type).includes(was) ? was : first;
}
