/**
 * Explains what a desk has just refused, by deciding it again with an ear for the figures; nothing may happen
 * between the two. The largest size that would have been let through is found by the same decision: what is
 * let through at some size is let through at every smaller one, as no check gets stricter with less.
 *
 * Worst case: as many decisions as a size has binary digits. Who is let through pays nothing for it.
 */
import type { Instrument } from "../../instrument.ts";
import type { Rejection } from "../../rejection.ts";
import type { Lots, Milliseconds } from "../../units.ts";
import type { OrderRequest } from "../command.ts";
import type { OrderState } from "../order/order.ts";
import type { AmendRequest, ListRequest, ReplaceRequest } from "../order/request.ts";
import type { RiskDesk } from "../order/risk-desk.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { type Explanation, input, Notes } from "./explanation.ts";

type Decide = (notes?: Notes) => unknown;

export class Explainer {
  readonly #state: ShardState;
  readonly #desk: RiskDesk;

  constructor(state: ShardState, desk: RiskDesk) {
    this.#state = state;
    this.#desk = desk;
  }

  order(request: OrderRequest, at?: Milliseconds): Explanation {
    const decide = (asked: OrderRequest) => (notes?: Notes) => this.#desk.decideOrder(asked, at, notes);
    const ofSize = (lots: Lots) => decide({ ...request, lots });
    return this.#explain(decide(request), request.market, request.lots, ofSize);
  }

  amend(asked: AmendRequest, at?: Milliseconds): Explanation {
    const decide = (one: AmendRequest) => (notes?: Notes) => this.#desk.decideAmend(one, at, notes);
    const { order, lots } = asked;
    const ofSize = (size: Lots) => decide({ ...asked, lots: size });
    return this.#explain(decide(asked), order.market, lots === 0 ? order.lots : lots, ofSize);
  }

  replace(asked: ReplaceRequest, at?: Milliseconds): Explanation {
    const decide = (one: ReplaceRequest) => (notes?: Notes) => this.#desk.decideReplace(one, at, notes);
    const { request } = asked;
    const ofSize = (lots: Lots) => decide({ ...asked, request: { ...request, lots } });
    return this.#explain(decide(asked), request.market, request.lots, ofSize);
  }

  /** The size is that of each leg; a list whose legs have several is told none. */
  list(request: ListRequest, at?: Milliseconds): Explanation {
    const decide = (asked: ListRequest) => (notes?: Notes) => this.#desk.decideList(asked, at, notes);
    const { market, legs } = request;
    const [first] = legs;
    const size = first !== undefined && legs.every(({ lots }) => lots === first.lots) ? first.lots : 0;
    const ofSize = (lots: Lots) => decide({ ...request, legs: legs.map(leg => ({ ...leg, lots })) });
    return this.#explain(decide(request), market, size, ofSize);
  }

  #explain(decide: Decide, market: number, asked = 0, ofSize?: (lots: Lots) => Decide): Explanation {
    const { marks } = this.#state;
    const notes = new Notes();
    const seen = marks.askedBy(() => decide(notes)).map(number => ({ number, mark: marks.get(number) }));
    const used = seen.flatMap(({ number, mark }) => {
      if (mark === undefined) return [];
      const { bid, ask, sequence } = mark;
      return [{ market: number, bid, ask, sequence }];
    });
    const { formula, inputs, limit } = notes;
    const told = { formula, inputs, ...(limit === undefined ? {} : { limit }), marks: used };
    if (ofSize === undefined || asked === 0) return told;
    const passes = (lots: number) => typeof ofSize(lots as Lots)() !== "string";
    const { minimumLots } = this.#state.instrument(market);
    const largest = largestBelow(asked, passes);
    return { ...told, acceptable: (largest < minimumLots ? 0 : largest) as Lots };
  }
}

/** The largest size from 0 to below `asked` that passes, where all below one that passes do. */
function largestBelow(asked: number, passes: (lots: number) => boolean): number {
  let [passed, failed] = [0, asked];
  while (failed - passed > 1) {
    const middle = passed + Math.floor((failed - passed) / 2);
    if (passes(middle)) passed = middle;
    else failed = middle;
  }
  return passed;
}

/** What can be told of an order that its door or its market refused: they record the order, no figures. */
export function explanationOfOrder(instrument: Instrument, order: OrderState): Explanation | undefined {
  const { explanation, rejection, lots, ticks } = order;
  if (explanation !== undefined || rejection === undefined) return explanation;
  const size = lots === 0 ? [] : [input("quantity", lots)];
  const limit = ticks === 0 ? [] : [input("price", ticks)];
  const bounds = rejection.startsWith("quantity") ? boundsOf(instrument) : [];
  const formula = FORM_REFUSALS.has(rejection) ? "form" : "market";
  return { formula, inputs: [...size, ...limit, ...bounds], marks: [] };
}

function boundsOf({ minimumLots, maximumLots }: Instrument) {
  return [input("minimumQuantity", minimumLots), input("maximumQuantity", maximumLots)];
}

/** Refusals that the instrument alone decides. */
const FORM_REFUSALS: ReadonlySet<Rejection> = new Set<Rejection>([
  "quantityMissing",
  "quantityNotMultiple",
  "quantityBelowMinimum",
  "quantityAboveMaximum",
  "priceMissing",
  "priceUnexpected",
  "priceNotMultiple",
  "priceOutOfRange",
]);
