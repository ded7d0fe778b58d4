/** What an order is to do to its account's position, as people and programs write it. */
import type { OrderIntent, OrderTerms } from "../market/terms.ts";
import type { OrderId } from "../units.ts";

export interface IntentForm {
  readonly intent?: OrderIntent | undefined;
  /** Id of a hedging account's position that it closes. */
  readonly position?: string | undefined;
}

/** Who names a position and no intent means to close it. */
export function readIntent({ intent, position }: IntentForm): Pick<OrderTerms, "intent" | "position"> {
  if (position === undefined) return intent === undefined ? {} : { intent };
  return { intent: intent ?? "reduceOnly", position: Number(position) as OrderId };
}

export function textsOfIntent({ intent, position }: OrderTerms): IntentForm {
  return {
    ...(intent === undefined ? undefined : { intent }),
    ...(position === undefined ? undefined : { position: String(position) }),
  };
}
