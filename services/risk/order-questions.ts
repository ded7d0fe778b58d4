/**
 * What a shard answers about orders, from memory first and from the documents on disk where memory has
 * forgotten. Placing is idempotent by client id across both.
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
import { type Placing, refusedAmend } from "./order-desk.ts";
import type { Outcome } from "./pending-orders.ts";
import { knownAccount, type ShardParts } from "./shard-parts.ts";

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

/** What a client order id came to, in memory or on disk; undefined where it was never used. */
export function knownOutcome(
  runtime: Runtime,
  { shard, desk }: ShardParts,
  account: AccountId,
  clientOrderId: string,
): Promise<Outcome> | Outcome | undefined {
  const known = desk.known(account, clientOrderId);
  if (known !== undefined || shard.machine.account(account)?.liquidity === true) return known;
  return runtime.documents.orderByClientId(String(account), clientOrderId);
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
  const known = knownOutcome(runtime, parts, account, request.clientOrderId);
  if (known !== undefined) return repeat(instrumentOf, request, await known);
  return { order: viewExplainedOrder(instrumentOf, await desk.place(placing)), repeated: false };
}

/** Throws ORDER_UNKNOWN where no order can have the id. */
export function idOf(text: string): OrderId {
  const id = Number(text);
  if (Number.isSafeInteger(id)) return orderId(id);
  throw new Fault("ORDER_UNKNOWN", `Cannot find order as its id must be one of yours: received ${text}`);
}

/** Whether disk knows the order as one of this account's: then it is closed. */
export function isStored(runtime: Runtime, account: AccountId, id: string): () => boolean {
  return () => runtime.documents.orderById(id)?.account === account;
}

export async function cancelOrder(
  runtime: Runtime,
  { shard, desk }: ShardParts,
  account: AccountId,
  id: string,
): Promise<OrderView> {
  const order = desk.openOrder(account, idOf(id), isStored(runtime, account, id));
  return viewOrder(shard.instrument(order.market), await desk.cancel(account, order.id));
}

export async function amendOrder(
  runtime: Runtime,
  { shard, desk }: ShardParts,
  account: AccountId,
  asked: AmendForm & { readonly id: string; readonly reference?: number },
): Promise<OrderView> {
  const { id: text, reference = 0, ...form } = asked;
  const id = idOf(text);
  const order = desk.openOrder(account, id, isStored(runtime, account, text));
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
export function findOrder(
  runtime: Runtime,
  { shard }: ShardParts,
  account: AccountId,
  id: string,
): OrderView | undefined {
  const number = Number(id);
  const known = Number.isSafeInteger(number) ? shard.machine.order(orderId(number)) : undefined;
  const order = known ?? runtime.documents.orderById(id);
  return order?.account === account
    ? viewExplainedOrder(market => shard.instrument(market), order)
    : undefined;
}

/** Definitive: the outcome, or ORDER_NEVER_ACCEPTED, recorded before it is said. */
export async function resolveOrder(
  runtime: Runtime,
  { shard, desk }: ShardParts,
  account: AccountId,
  clientOrderId: string,
): Promise<OrderView> {
  const view = (order: OrderState) => viewExplainedOrder(market => shard.instrument(market), order);
  // Nothing may come between asking and giving the id up: a wait, even for nothing, would let a copy in.
  const waiting = desk.known(account, clientOrderId);
  const known = waiting instanceof Promise ? await waiting : waiting;
  if (typeof known === "object") return view(known);
  if (known === "closed") {
    throw new Fault(
      "ORDER_UNKNOWN",
      `Cannot find order as a provider's closed orders are not kept: received ${clientOrderId}`,
    );
  }
  if (known === undefined) {
    const document = runtime.documents.orderByClientId(String(account), clientOrderId);
    if (typeof document === "object") return view(document);
    if (document === undefined) await desk.revoke(account, clientOrderId);
  }
  throw new Fault(
    "ORDER_NEVER_ACCEPTED",
    `Cannot find order as '${clientOrderId}' was never accepted, and never will be`,
    { clientOrderId },
  );
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
    const page = runtime.documents.list({
      account: String(account),
      limit,
      ...(status === undefined ? {} : { status }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const items = page.items.map(order => viewExplainedOrder(market => shard.instrument(market), order));
    return page.nextCursor === undefined ? { items } : { items, nextCursor: page.nextCursor };
  }
  const after = cursor === undefined ? undefined : findOrder(runtime, parts, account, cursor);
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
