/**
 * Closing positions and asking what an order would do. A close is an ordinary reduce-only market order under
 * the caller's id, so a repeat finds the order of the first time and does nothing twice. Exits that would
 * leave it no room are cancelled before.
 */
import type { Closing } from "../../engine/account/position/position-desk.ts";
import { formatQuantity, type Instrument, parseQuantity } from "../../engine/instrument.ts";
import { type AccountId, type Lots, type OrderId, orderId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { OrderPreviewView } from "../../models/account.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import { formatMoney } from "../orders/money-text.ts";
import { viewOrder } from "../orders/order-view.ts";
import { type NamedForm, readOrder } from "./asked-order.ts";
import { placeOrder, reused } from "./order-questions.ts";
import type { ShardParts } from "./shard-parts.ts";
import { withOutcomes } from "./used-ids.ts";

export interface CloseParams {
  readonly clientOrderId: string;
  /** Left out: the whole position. */
  readonly quantity?: string;
  /** A hedging account's ticket. */
  readonly position?: string;
}

interface Closed {
  readonly order: OrderView;
  readonly repeated: boolean;
}

function nothingToClose(instrument: Instrument): Fault {
  return new Fault(
    "POSITION_UNKNOWN",
    `Cannot close position as it must be open, in a hedging account by its id: received ${instrument.symbol}`,
  );
}

function sizeOf(instrument: Instrument, whole: Lots, asked: string | undefined): Lots {
  const size = asked === undefined ? whole : parseQuantity(instrument, asked);
  if (typeof size !== "string") return size;
  const message = `The quantity was refused: ${size}`;
  throw new Fault("VALIDATION_FAILED", `Cannot close position: ${message}`, {
    fields: [{ field: "quantity", message }],
  });
}

/** The order of an earlier copy of the request, whatever the position has come to since. */
async function earlier(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  instrument: Instrument,
  { clientOrderId }: CloseParams,
): Promise<Closed | undefined> {
  const [known] = await withOutcomes(runtime, parts, account, [clientOrderId], outcomes =>
    Promise.all(outcomes),
  );
  if (known === undefined) return undefined;
  const closes = typeof known === "object" && known.terms?.intent === "reduceOnly" && known.type === "market";
  if (!closes || known.market !== instrument.number) throw reused(clientOrderId);
  return { order: viewOrder(instrument, known), repeated: true };
}

export async function closePosition(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  instrument: Instrument,
  asked: CloseParams,
): Promise<Closed> {
  const before = await earlier(runtime, parts, account, instrument, asked);
  if (before !== undefined) return before;
  const { holdings } = parts.shard.machine;
  const ticket = asked.position === undefined ? undefined : orderId(Number(asked.position));
  const whole = holdings.closing(account, instrument.number, ticket);
  if (whole === undefined) throw nothingToClose(instrument);
  const lots = sizeOf(instrument, whole.lots, asked.quantity);
  await makeRoom(parts, account, instrument, ticket, { ...whole, lots });
  const form: NamedForm = {
    clientOrderId: asked.clientOrderId,
    side: whole.side,
    type: "market",
    timeInForce: "IOC",
    quantity: formatQuantity(instrument, lots),
    intent: "reduceOnly",
    position: asked.position,
  };
  return placeOrder(runtime, parts, readOrder(instrument, form, account, false));
}

async function makeRoom(
  { shard, desk }: ShardParts,
  account: AccountId,
  instrument: Instrument,
  ticket: OrderId | undefined,
  closing: Closing,
): Promise<void> {
  const leaving = shard.machine.holdings.inTheWay(account, instrument.number, ticket, closing);
  const cancelled = await Promise.allSettled(leaving.map(({ id }) => desk.cancel(account, id)));
  for (const each of cancelled) {
    // One that has traded or closed meanwhile is out of the way too.
    if (each.status === "rejected" && !isClosed(each.reason)) throw each.reason;
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof Fault && error.type === "ORDER_NOT_OPEN";
}

/** Each position by an order of its own, named by the request and by its market or ticket. */
export async function closeAll(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  requestId: string,
): Promise<{ items: OrderView[] }> {
  const items: OrderView[] = [];
  for (const { market, ticket } of parts.shard.machine.positions(account)) {
    const instrument = parts.shard.instrument(market);
    const clientOrderId = `${requestId}:${ticket ?? instrument.symbol}`;
    const named = ticket === undefined ? {} : { position: String(ticket) };
    const { order } = await closePosition(runtime, parts, account, instrument, { clientOrderId, ...named });
    items.push(order);
  }
  return { items };
}

/** What an order would do now; one that can't be read is told its rejection alone. */
export function previewOrder(
  { shard, charges }: ShardParts,
  account: AccountId,
  instrument: Instrument,
  form: NamedForm,
): OrderPreviewView {
  const { machine } = shard;
  const liquidity = machine.account(account)?.liquidity ?? false;
  const { request, refused } = readOrder(instrument, form, account, liquidity);
  const preview = machine.holdings.preview(request, shard.now);
  const rejection = refused ?? preview.rejection;
  const { lots: size } = preview;
  const night =
    size === 0 ? undefined : machine.charges.perNight(account, instrument.number, size, charges.settings);
  const amounts = {
    equity: preview.equity,
    marginBefore: preview.marginBefore,
    marginAfter: preview.marginAfter,
    freeMarginBefore: preview.freeMarginBefore,
    freeMarginAfter: preview.freeMarginAfter,
    spreadCost: preview.spreadCost,
    commission: preview.commission,
    swapLong: night?.long,
    swapShort: night?.short,
  };
  const shown = Object.entries(amounts).flatMap(([name, amount]) =>
    amount === undefined ? [] : [[name, formatMoney(amount)] as const],
  );
  return {
    currency: preview.currency,
    ...(rejection === undefined ? {} : { rejection }),
    ...Object.fromEntries(shown),
    largestQuantity: formatQuantity(instrument, preview.acceptable),
  };
}
