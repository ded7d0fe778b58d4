/** What a shard answers to commands that are more than one plain order. */

import type { AccountLimits, TradingState } from "../../engine/account/command.ts";
import { quoteOrderId } from "../../engine/account/order/entering.ts";
import type { QuotesRequest } from "../../engine/account/order/request.ts";
import { type Instrument, parsePrice, parseQuantity } from "../../engine/instrument.ts";
import type { Quote } from "../../engine/market/command.ts";
import type { Rejection } from "../../engine/rejection.ts";
import { type AccountId, lots } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { OrderView } from "../../models/order.model.ts";
import { viewOrder } from "../orders/order-view.ts";
import { type NamedForm, readOrder } from "./asked-order.ts";
import { viewExplainedOrder } from "./explanation-view.ts";
import { idOf, openOrder, repeat, reused } from "./order-questions.ts";
import type { ShardParts } from "./shard-parts.ts";
import { type Known, withOutcomes } from "./used-ids.ts";

export interface ReplaceParams extends NamedForm {
  readonly account: number;
  readonly id: string;
  readonly onFailure: "stop" | "allow";
}

export interface QuoteParams {
  readonly account: number;
  readonly symbol: string;
  readonly quoteId: string;
  readonly postOnly: boolean;
  readonly quotes: readonly {
    readonly side: Quote["side"];
    readonly quantity: string;
    readonly price: string;
  }[];
  readonly reference?: number;
}

export interface ProtectionParams {
  readonly account: number;
  readonly symbol: string;
  readonly windowMs: number;
  readonly quantityMax?: string;
  readonly countMax: number;
  readonly deltaMax?: string;
}

interface Replaced {
  readonly order: OrderView;
  readonly replaced?: OrderView;
  readonly repeated: boolean;
}

/** The new order, and what it replaced; a repeat gets the new order's outcome again. */
export function replaceOrder(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  params: ReplaceParams,
): Promise<Replaced> {
  return withOutcomes(runtime, parts, account, [params.clientOrderId], ([known]) =>
    known === undefined
      ? replaceOpen(runtime, parts, account, params)
      : replacedBefore(parts, account, params, known),
  );
}

async function replacedBefore(
  { shard }: ShardParts,
  account: AccountId,
  params: ReplaceParams,
  known: NonNullable<Known>,
): Promise<Replaced> {
  const instrumentOf = (market: number) => shard.instrument(market);
  const outcome = await known;
  if (typeof outcome === "string") throw reused(params.clientOrderId);
  const { request } = readOrder(instrumentOf(outcome.market), params, account, outcome.liquidity);
  return repeat(instrumentOf, request, outcome);
}

async function replaceOpen(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  params: ReplaceParams,
): Promise<Replaced> {
  const { shard, desk, commands } = parts;
  const instrumentOf = (market: number) => shard.instrument(market);
  const open = openOrder(runtime, parts, account, idOf(params.id));
  // To wait for an order that is there would let a copy of the request in.
  const order = open instanceof Promise ? await open : open;
  const instrument = instrumentOf(order.market);
  const { request, refused } = readOrder(instrument, params, account, order.liquidity);
  if (refused !== undefined) {
    const rejected = await desk.place({ request, refused });
    return { order: viewOrder(instrument, rejected), repeated: false };
  }
  const done = await commands.replace({ order, onFailure: params.onFailure, request });
  return {
    order: viewExplainedOrder(instrumentOf, done.order),
    replaced: viewOrder(instrument, done.replaced),
    repeated: false,
  };
}

/** All open orders of an account, in one market or in all: those that were taken out. */
export async function cancelAll(
  { shard, commands }: ShardParts,
  account: AccountId,
  instruments: readonly Instrument[],
  side: "buy" | "sell" | undefined,
): Promise<{ items: OrderView[] }> {
  const said = side === undefined ? { kind: "massCancel" as const } : { kind: "massCancel" as const, side };
  const answers = await Promise.all(
    instruments.map(async ({ number }) => {
      const { orders } = await commands.tell<"massCancel">(account, number, said);
      return orders.map(order => viewOrder(shard.instrument(number), order));
    }),
  );
  return { items: answers.flat() };
}

/** Sets or calls off the account's dead-man timer in these markets. */
export async function cancelAllAfter(
  { commands }: ShardParts,
  account: AccountId,
  instruments: readonly Instrument[],
  timeoutMs: number,
): Promise<{ timeoutMs: number }> {
  const said = { kind: "cancelAllAfter", timeoutMs } as const;
  await Promise.all(instruments.map(({ number }) => commands.tell<"cancelAllAfter">(account, number, said)));
  return { timeoutMs };
}

function invalid(field: string, message: string): Fault {
  return new Fault("VALIDATION_FAILED", `Cannot read request: ${message}`, { fields: [{ field, message }] });
}

function readQuotes(instrument: Instrument, params: QuoteParams): Quote[] {
  return params.quotes.map(({ side, quantity, price }, level) => {
    const size = parseQuantity(instrument, quantity);
    const limit = parsePrice(instrument, price);
    if (typeof size === "string")
      throw invalid(`quotes[${level}].quantity`, `The quantity was refused: ${size}`);
    if (typeof limit === "string") throw invalid(`quotes[${level}].price`, `The price was refused: ${limit}`);
    return { side, lots: size, ticks: limit };
  });
}

interface Quoted {
  readonly quoteId: string;
  readonly items: OrderView[];
  readonly rejection?: Rejection;
}

/** The quotes that stand now and the levels that were refused; a repeat gets its levels again. */
export async function quoteMarket(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  instrument: Instrument,
  params: QuoteParams,
): Promise<Quoted> {
  const { quoteId, postOnly, reference = 0 } = params;
  const quotes = readQuotes(instrument, params);
  const liquidity = parts.shard.machine.account(account)?.liquidity ?? false;
  const request: QuotesRequest = {
    ...{ account, market: instrument.number, liquidity, reference },
    ...{ clientOrderId: quoteId, postOnly, quotes },
  };
  const names = quotes.map((_quote, level) => quoteOrderId(quoteId, level));
  return withOutcomes(runtime, parts, account, names, known =>
    known.every(outcome => outcome === undefined)
      ? quoteNew(parts, instrument, request)
      : quotedBefore(instrument, quoteId, known),
  );
}

async function quotedBefore(
  instrument: Instrument,
  quoteId: string,
  known: readonly Known[],
): Promise<Quoted> {
  const before = (await Promise.all(known)).filter(outcome => outcome !== undefined);
  if (before.length < known.length || before.includes("revoked")) throw reused(quoteId);
  const orders = before.filter(outcome => typeof outcome === "object");
  return { quoteId, items: orders.map(order => viewOrder(instrument, order)) };
}

async function quoteNew(parts: ShardParts, instrument: Instrument, request: QuotesRequest): Promise<Quoted> {
  const { machine } = parts.shard;
  const { account, clientOrderId: quoteId } = request;
  const standing = () =>
    machine.openOrders(account).filter(order => order.quoted === true && order.market === instrument.number);
  const orders = await parts.commands.quote(request);
  if (typeof orders === "string") return { quoteId, items: [], rejection: orders };
  const refused = orders.filter(({ status }) => status === "rejected");
  return { quoteId, items: [...standing(), ...refused].map(order => viewOrder(instrument, order)) };
}

/** Sets an account's protection in a market; a window of 0 ends it. */
export async function protect(
  { commands }: ShardParts,
  account: AccountId,
  instrument: Instrument,
  { windowMs, countMax, ...params }: ProtectionParams,
): Promise<{ windowMs: number }> {
  const sizeOf = (field: "quantityMax" | "deltaMax") => {
    const text = params[field];
    const size = text === undefined ? lots(0) : parseQuantity(instrument, text);
    if (typeof size === "string") throw invalid(field, `The limit was refused: ${size}`);
    return size;
  };
  const limits = { quantityMax: sizeOf("quantityMax"), countMax, deltaMax: sizeOf("deltaMax") };
  await commands.tell<"protect">(account, instrument.number, { kind: "protect", windowMs, ...limits });
  return { windowMs };
}

/** Records a turn of the kill switch; an account that is halted loses its open orders. */
export async function restrict(
  parts: ShardParts,
  account: AccountId,
  state: TradingState,
  reason: string,
  instruments: readonly Instrument[],
): Promise<{ state: TradingState }> {
  const { shard } = parts;
  await shard.record({ kind: "restrict", time: shard.now, account, state, reason });
  if (state === "halted" && account !== 0) await cancelAll(parts, account, instruments, undefined);
  return { state };
}

/** Sets the limits of an account beyond those of every account; 0 of one is none. */
export async function limitAccount(
  { shard }: ShardParts,
  account: AccountId,
  limits: AccountLimits,
): Promise<void> {
  await shard.record({ kind: "limit", time: shard.now, account, ...limits });
}
