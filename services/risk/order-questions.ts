/**
 * What a shard answers about orders, from memory first and from the documents where memory has forgotten.
 * Placing is idempotent by client order id across both.
 */
import type { OrderRequest } from "../../engine/account/command.ts";
import type { OrderState } from "../../engine/account/order/order.ts";
import { asksTheSame } from "../../engine/account/order/repeat.ts";
import { type AmendForm, readAmendForm } from "../../engine/form/order-form.ts";
import { type AccountId, type OrderId, orderId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { OrderView } from "../../models/order.model.ts";
import { viewOrder } from "../orders/order-view.ts";
import { type InstrumentOf, viewExplainedOrder } from "./explanation-view.ts";
import { notOpen, orderUnknown, type Placing, refusedAmend } from "./order-desk.ts";
import { knownAccount, type ShardParts } from "./shard-parts.ts";
import { withOutcomes } from "./used-ids.ts";

interface PlacedView {
  readonly order: OrderView;
  /** The first outcome, told again. */
  readonly repeated: boolean;
}

export function reused(clientOrderId: string): Fault {
  return new Fault(
    "CLIENT_ORDER_ID_REUSED",
    `Cannot place order as 'clientOrderId' must be new for another order: received ${clientOrderId}`,
    { clientOrderId },
  );
}

function revoked(clientOrderId: string): Fault {
  return new Fault(
    "CLIENT_ORDER_ID_REVOKED",
    `Cannot place order as '${clientOrderId}' was declared never accepted`,
    { clientOrderId },
  );
}

export function repeat(
  instrumentOf: InstrumentOf,
  request: OrderRequest,
  outcome: OrderState | "revoked" | "closed",
): PlacedView {
  if (outcome === "revoked") throw revoked(request.clientOrderId);
  if (outcome === "closed" || !asksTheSame(request, outcome)) throw reused(request.clientOrderId);
  return { order: viewExplainedOrder(instrumentOf, outcome), repeated: true };
}

/** An order of a liquidity provider is what its account says, whoever brings it. */
function ofAccount(placing: Placing, liquidity: boolean): Placing {
  if (placing.request.liquidity === liquidity) return placing;
  return { ...placing, request: { ...placing.request, liquidity } };
}

/** `read`: the order as its door has read it. Throws ACCOUNT_UNKNOWN. */
export async function placeOrder(runtime: Runtime, parts: ShardParts, read: Placing): Promise<PlacedView> {
  const { shard, desk } = parts;
  const account = knownAccount(parts, read.request.account);
  const placing = ofAccount(read, shard.machine.account(account)?.liquidity ?? false);
  const { request } = placing;
  const instrumentOf = (market: number) => shard.instrument(market);
  return withOutcomes(runtime, parts, account, [request.clientOrderId], async ([known]) => {
    if (known !== undefined) return repeat(instrumentOf, request, await known);
    return { order: viewExplainedOrder(instrumentOf, await desk.place(placing)), repeated: false };
  });
}

/** Throws ORDER_UNKNOWN where no order can have the id. */
export function idOf(text: string): OrderId {
  const id = Number(text);
  if (Number.isSafeInteger(id)) return orderId(id);
  throw orderUnknown(text);
}

/** The order, which must be the account's and open; a promise where only documents can tell why it isn't. */
export function openOrder(
  runtime: Runtime,
  { shard, desk }: ShardParts,
  account: AccountId,
  id: OrderId,
): OrderState | Promise<never> {
  return shard.machine.order(id) === undefined
    ? refuseForgotten(runtime, account, id)
    : desk.openOrder(account, id);
}

async function refuseForgotten(runtime: Runtime, account: AccountId, id: OrderId): Promise<never> {
  const stored = await runtime.documents.orderById(String(id));
  throw stored?.account === account ? notOpen(id) : orderUnknown(String(id));
}

export async function cancelOrder(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  id: string,
): Promise<OrderView> {
  const { shard, desk } = parts;
  const order = await openOrder(runtime, parts, account, idOf(id));
  return viewOrder(shard.instrument(order.market), await desk.cancel(account, order.id));
}

export async function amendOrder(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  asked: AmendForm & { readonly id: string; readonly reference?: number },
): Promise<OrderView> {
  const { shard, desk } = parts;
  const { id: text, reference = 0, ...form } = asked;
  const id = idOf(text);
  const order = await openOrder(runtime, parts, account, id);
  const instrument = shard.instrument(order.market);
  if (Object.values(form).every(value => value === undefined)) {
    const message = "At least one of the fields to change must be given";
    throw new Fault("VALIDATION_FAILED", `Cannot amend order: ${message}`, {
      fields: [{ field: "quantity", message }],
    });
  }
  const read = readAmendForm(instrument, form);
  if (typeof read === "string") throw refusedAmend(read);
  return viewOrder(instrument, await desk.amend(account, id, read, reference));
}

/** Undefined where this shard's account has no such order. */
export async function findOrder(
  runtime: Runtime,
  { shard }: ShardParts,
  account: AccountId,
  id: string,
): Promise<OrderView | undefined> {
  const number = Number(id);
  const known = Number.isSafeInteger(number) ? shard.machine.order(orderId(number)) : undefined;
  const order = known ?? (await runtime.documents.orderById(id));
  return order?.account === account
    ? viewExplainedOrder(market => shard.instrument(market), order)
    : undefined;
}

/** Definitive: the outcome, or ORDER_NEVER_ACCEPTED, recorded before it is said. */
export async function resolveOrder(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  clientOrderId: string,
): Promise<OrderView> {
  const { shard, desk } = parts;
  return withOutcomes(runtime, parts, account, [clientOrderId], async ([found]) => {
    // Nothing may come between asking and giving the id up: a wait, even for nothing, would let a copy in.
    const known = found instanceof Promise ? await found : found;
    if (typeof known === "object") return viewExplainedOrder(market => shard.instrument(market), known);
    if (known === "closed") {
      throw new Fault(
        "ORDER_UNKNOWN",
        `Cannot find order as a provider's closed orders are not kept: received ${clientOrderId}`,
      );
    }
    if (known === undefined) await desk.revoke(account, clientOrderId);
    throw new Fault(
      "ORDER_NEVER_ACCEPTED",
      `Cannot find order as '${clientOrderId}' was never accepted, and never will be`,
      { clientOrderId },
    );
  });
}

function newestFirst(left: OrderView, right: OrderView): number {
  return Date.parse(right.createdAt) - Date.parse(left.createdAt) || Number(right.id) - Number(left.id);
}

/** Newest first; open ones from memory, closed ones from disk once what memory knows is written. */
export async function listOrders(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  asked: { readonly status?: "open" | "closed"; readonly limit: number; readonly cursor?: string },
): Promise<{ items: OrderView[]; nextCursor?: string }> {
  const { shard, documents } = parts;
  const { status, limit, cursor } = asked;
  if (status !== "open") {
    await documents.settled();
    const page = await runtime.documents.list({
      account: String(account),
      limit,
      ...(status === undefined ? {} : { status }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const items = page.items.map(order => viewExplainedOrder(market => shard.instrument(market), order));
    return page.nextCursor === undefined ? { items } : { items, nextCursor: page.nextCursor };
  }
  const after = cursor === undefined ? undefined : await findOrder(runtime, parts, account, cursor);
  if (cursor !== undefined && after === undefined) {
    const message = "The 'cursor' must be one that a page gave";
    throw new Fault("VALIDATION_FAILED", `Cannot read page: ${message}`, {
      fields: [{ field: "cursor", message }],
    });
  }
  const open = shard.machine
    .openOrders(account)
    .map(order => viewOrder(shard.instrument(order.market), order))
    .sort(newestFirst)
    .filter(order => after === undefined || newestFirst(order, after) > 0);
  const items = open.slice(0, limit);
  const last = items.at(-1);
  return open.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items };
}
