/** Lines of `cambist match` that place orders which depend on each other; their reader throws `LineFault`. */
import type { IntentForm } from "../engine/form/intent-form.ts";
import type { LegForm, ListForm } from "../engine/form/list-form.ts";
import { LIST_LEGS_MAX } from "../engine/limits.ts";
import { CONTINGENCIES } from "../engine/market/command.ts";
import {
  decimal,
  type Fields,
  fault,
  id,
  LineFault,
  onlyFields,
  optional,
  time,
  word,
} from "./match-fields.ts";
import { readOrder } from "./match-order-fields.ts";

export interface LegLine extends Omit<LegForm, keyof IntentForm> {
  readonly orderId: string;
}

export interface ListLine extends ListForm {
  readonly command: "list";
  readonly accountId: string;
  readonly legs: readonly LegLine[];
  readonly time: number;
}

/** `known`: the fields that an order of a list may have. */
export function readList(fields: Fields, known: ReadonlySet<string>): ListLine {
  const { legs } = fields;
  const contingency = word(fields, "contingency", CONTINGENCIES, undefined);
  if (contingency === undefined) {
    throw fault("contingency", `one of ${CONTINGENCIES.join(", ")}`, undefined);
  }
  if (!Array.isArray(legs) || legs.length === 0 || legs.length > LIST_LEGS_MAX) {
    throw fault("legs", `a list of 1 to ${LIST_LEGS_MAX} orders`, legs);
  }
  const read = legs.map((leg: unknown) => readLeg(leg, known));
  const accountId = optional(fields, "accountId", id) ?? "";
  return { command: "list", contingency, accountId, legs: read, time: time(fields) };
}

function readLeg(leg: unknown, known: ReadonlySet<string>): LegLine {
  if (typeof leg !== "object" || leg === null || Array.isArray(leg)) {
    throw new LineFault("Cannot read command as each of 'legs' must be an object");
  }
  const fields = leg as Fields;
  onlyFields(fields, known);
  return {
    orderId: id(fields, "orderId"),
    ...readOrder(fields),
    distance: optional(fields, "distance", decimal),
    distancePips: optional(fields, "distancePips", decimal),
    distanceMoney: optional(fields, "distanceMoney", decimal),
  };
}
