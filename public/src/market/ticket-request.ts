/** What is sent of a draft: the fields that its type shows, but for those that are empty or as ever. */
import type { OrderTerms } from "../client/wire.ts";
import { readDecimal } from "../decimal.ts";
import { type Draft, type DraftField, shownFields } from "./order-draft.ts";

type Decimals =
  | "price"
  | "stopPrice"
  | "limitOffset"
  | "displayQuantity"
  | "minimumQuantity"
  | "budget"
  | "slippage"
  | "pegOffset"
  | "cap";
type Flags = "doubleTick" | "allOrNone";

export function termsOf(draft: Draft): OrderTerms {
  const shown = shownFields(draft);
  const decimal = (field: Decimals, name: string = field) => {
    const value = shown.has(field) ? readDecimal(draft[field]) : undefined;
    return value === undefined ? {} : { [name]: value };
  };
  const flag = (field: Flags & DraftField) => (shown.has(field) && draft[field] ? { [field]: true } : {});
  const trail = shown.has("trail") ? readDecimal(draft.trail) : undefined;
  return {
    timeInForce: draft.timeInForce,
    ...decimal("price"),
    ...decimal("stopPrice"),
    ...(shown.has("trigger") ? { trigger: draft.trigger } : {}),
    ...flag("doubleTick"),
    ...(trail === undefined ? {} : { [TRAIL_FIELDS[draft.trailBy]]: trail }),
    ...decimal("limitOffset"),
    ...(shown.has("expireTime") ? { expireTime: expireTimeOf(draft.expireTime) } : {}),
    ...(shown.has("postOnly") && draft.postOnly !== "no"
      ? { postOnly: draft.postOnly === "slide" ? ("slide" as const) : true }
      : {}),
    ...decimal("displayQuantity"),
    ...(shown.has("showing") && draft.showing === "none" ? { hidden: true as const } : {}),
    ...decimal("minimumQuantity"),
    ...flag("allOrNone"),
    ...decimal("budget"),
    ...decimal("slippage", "slippagePips"),
    ...(shown.has("peg") ? { peg: draft.peg } : {}),
    ...decimal("pegOffset"),
    ...decimal("cap", "price"),
  };
}

const TRAIL_FIELDS = { pips: "trailPips", perMille: "trailPerMille", price: "trailDistance" } as const;

/** Local time as typed, in UTC and full seconds. */
function expireTimeOf(typed: string): string {
  return `${new Date(typed).toISOString().slice(0, 19)}Z`;
}
