/**
 * What a shard answers to a list of orders that depend on each other: all of its legs, accepted together or
 * refused together. A repeat under the same client order ids gets the first outcome again.
 */
import type { OrderState } from "../../engine/account/order/order.ts";
import { asksTheSameLeg } from "../../engine/account/order/repeat.ts";
import type { ListRequest } from "../../engine/account/order/request.ts";
import { isRefused, type LegForm, type ListForm, readListForm } from "../../engine/form/list-form.ts";
import type { Instrument } from "../../engine/instrument.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { OrderView } from "../../models/order.model.ts";
import { readOrder } from "./asked-order.ts";
import { viewExplainedOrder } from "./explanation-view.ts";
import { reused } from "./order-questions.ts";
import type { ShardParts } from "./shard-parts.ts";
import { withOutcomes } from "./used-ids.ts";

export interface ListParams extends Pick<ListForm, "contingency"> {
  readonly account: number;
  readonly symbol: string;
  readonly legs: readonly (LegForm & { readonly clientOrderId: string })[];
  readonly reference?: number;
}

interface PlacedList {
  readonly orders: readonly OrderView[];
  /** The first outcome, told again. */
  readonly repeated: boolean;
}

/** The list as it is asked for; `refused`: why each leg can't be read. */
function readList(
  instrument: Instrument,
  params: ListParams,
  account: AccountId,
  liquidity: boolean,
): { request: ListRequest; refused?: ReadonlyMap<number, Rejection> } {
  const { contingency, legs, reference = 0 } = params;
  const common = { account, market: instrument.number, liquidity, reference, contingency };
  const read = readListForm(instrument, { contingency, legs });
  if (!isRefused(read)) {
    const named = read.legs.map((leg, index) => ({
      ...leg,
      clientOrderId: legs[index]?.clientOrderId ?? "",
    }));
    return { request: { ...common, legs: named } };
  }
  const bodies = legs.map(({ distance: _price, distancePips: _pips, distanceMoney: _money, ...form }) => {
    const { request } = readOrder(instrument, form, account, liquidity);
    const { account: _owner, market: _market, liquidity: _kind, reference: _quote, ...body } = request;
    return body;
  });
  return { request: { ...common, legs: bodies }, refused: new Map(read.entries()) };
}

export async function placeList(
  runtime: Runtime,
  parts: ShardParts,
  params: ListParams,
  account: AccountId,
  instrument: Instrument,
): Promise<PlacedList> {
  const view = (order: OrderState) => viewExplainedOrder(market => parts.shard.instrument(market), order);
  const names = params.legs.map(({ clientOrderId }) => clientOrderId);
  if (new Set(names).size < names.length) {
    const message = "The 'clientOrderId' of each leg must be its own";
    throw new Fault("VALIDATION_FAILED", `Cannot place list: ${message}`, {
      fields: [{ field: "legs", message }],
    });
  }
  const liquidity = parts.shard.machine.account(account)?.liquidity ?? false;
  const { request, refused } = readList(instrument, params, account, liquidity);
  return withOutcomes(runtime, parts, account, names, async outcomes => {
    if (outcomes.every(outcome => outcome === undefined)) {
      const orders = await parts.commands.placeList(request, refused);
      return { orders: orders.map(view), repeated: false };
    }
    const told = await Promise.all(outcomes);
    const known = told.flatMap(outcome => (typeof outcome === "object" ? [outcome] : []));
    const same = known.every((order, leg) => asksTheSameLeg(request, leg, order));
    if (known.length < names.length || !same) throw reused(names[0] ?? "");
    return { orders: known.map(view), repeated: true };
  });
}
