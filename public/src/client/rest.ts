/**
 * The venue's REST interface under /api/v1, one method each. A request that is refused as unauthenticated is
 * sent once more with a renewed token: the venue has not looked at it, so that is safe for orders too.
 */
import type { Account, AccountTerms } from "./account-wire.ts";
import * as decode from "./decoding.ts";
import { decodeExplanation, type Explanation } from "./explanation-wire.ts";
import { Failure } from "./failure.ts";
import { fields, text } from "./fields.ts";
import type { ListRequest } from "./list-wire.ts";
import * as market from "./market-wire.ts";
import * as money from "./money-wire.ts";
import { decodeOrder } from "./order-decoding.ts";
import { decodePreview, type Preview, type PreviewRequest } from "./preview-wire.ts";
import type { Session } from "./session.ts";
import { type Exchange, exchange, type Method } from "./transport.ts";
import type * as Wire from "./wire.ts";

export type Send = (request: Exchange) => Promise<unknown>;
type Query = Readonly<Record<string, string | number | undefined>>;

export interface PageQuery extends Query {
  readonly limit?: number;
  readonly cursor?: string;
}

export interface CandleQuery extends Query {
  readonly granularity: Wire.Granularity;
  readonly source: Wire.CandleSource;
  /** With it the oldest from there on, without it the newest before `to`. */
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

export interface CloseRequest {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly quantity: string;
  /** A hedging account's position. */
  readonly position?: string;
}

export interface CancelScope {
  readonly accountId: string;
  readonly symbol?: string;
  readonly side?: Wire.Side;
}

export type StatementFormat = "json" | "csv" | "html";

export type KillTarget =
  | { readonly of: "venue" }
  | { readonly of: "market" | "account"; readonly id: string };

/** Reducing: positions may only get smaller. */
export type TradingState = "active" | "reducing" | "halted";

function pathOf(path: string, query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, String(value));
  }
  return given.size === 0 ? path : `${path}?${given}`;
}

function statementPath(accountId: string, query: Query): string {
  return pathOf(`accounts/${encodeURIComponent(accountId)}/statement`, query);
}

export class Rest {
  readonly #base: string;
  readonly #session: Pick<Session, "accessToken" | "renew" | "adopt">;
  readonly #send: Send;

  constructor(
    base: string,
    session: Pick<Session, "accessToken" | "renew" | "adopt">,
    send: Send = exchange,
  ) {
    this.#base = base;
    this.#session = session;
    this.#send = send;
  }

  async instruments(): Promise<readonly Wire.Listing[]> {
    return decode.decodePage(await this.#open("instruments"), decode.decodeListing).items;
  }

  async candles(symbol: string, query: CandleQuery): Promise<readonly Wire.Candle[]> {
    const path = pathOf(`markets/${encodeURIComponent(symbol)}/candles`, query);
    return decode.decodePage(await this.#open(path), decode.decodeCandle).items;
  }

  async accounts(): Promise<readonly Account[]> {
    return decode.decodePage(await this.#call("GET", "accounts"), decode.decodeAccount).items;
  }

  /** The tokens of the answer, which name the new account, are the session's from then on. */
  async openAccount(terms: AccountTerms): Promise<string> {
    const answer = await this.#call("POST", "accounts", terms);
    this.#session.adopt(decode.decodeTokens(answer));
    return text(fields(answer, "account"), "accountId");
  }

  async orders(query: { accountId: string } & PageQuery): Promise<Wire.Page<Wire.Order>> {
    return decode.decodePage(await this.#call("GET", pathOf("orders", query)), decodeOrder);
  }

  /** Newest first. */
  async transactions(accountId: string, query: PageQuery): Promise<Wire.Page<money.Transaction>> {
    const path = `accounts/${encodeURIComponent(accountId)}/transactions`;
    return decode.decodePage(await this.#call("GET", pathOf(path, query)), money.decodeTransaction);
  }

  /** Newest first. */
  async transfers(accountId: string, query: PageQuery): Promise<Wire.Page<money.Transfer>> {
    const path = `accounts/${encodeURIComponent(accountId)}/transfers`;
    return decode.decodePage(await this.#call("GET", pathOf(path, query)), money.decodeTransfer);
  }

  async pay(accountId: string, kind: money.PaymentKind, payment: money.PaymentRequest) {
    const path = `accounts/${encodeURIComponent(accountId)}/${kind}`;
    return money.decodeTransfer(await this.#call("POST", path, payment));
  }

  async statement(accountId: string, period: money.Period): Promise<money.Statement> {
    return money.decodeStatement(await this.#call("GET", statementPath(accountId, period)));
  }

  /** The same as a file to keep: JSON, comma-separated values, or a page to print. */
  async statementFile(accountId: string, period: money.Period, format: StatementFormat): Promise<string> {
    const path = statementPath(accountId, { ...period, format });
    return text({ file: await this.#call("GET", path, undefined, true) }, "file");
  }

  /** `id`: of an order that was refused, or of a record of a close-out. */
  async explain(id: string): Promise<Explanation> {
    return decodeExplanation(await this.#call("GET", `risk/explain/${encodeURIComponent(id)}`));
  }

  async order(id: string): Promise<Wire.Order> {
    return decodeOrder(await this.#call("GET", `orders/${encodeURIComponent(id)}`));
  }

  async orderByClientId(clientOrderId: string): Promise<Wire.Order> {
    const path = `orders/by-client-id/${encodeURIComponent(clientOrderId)}`;
    return decodeOrder(await this.#call("GET", path));
  }

  async place(request: Wire.OrderRequest): Promise<Wire.Order> {
    return decodeOrder(await this.#call("POST", "orders", request));
  }

  /** Resolves with each of its orders: all are accepted or none. */
  async placeList(request: ListRequest): Promise<readonly Wire.Order[]> {
    return decode.decodePage(await this.#call("POST", "orders/lists", request), decodeOrder).items;
  }

  async preview(accountId: string, request: PreviewRequest): Promise<Preview> {
    const path = `accounts/${encodeURIComponent(accountId)}/preview`;
    return decodePreview(await this.#call("POST", path, request));
  }

  /** At market, never more than the position; the same clientOrderId again is the same order. */
  async closePosition(accountId: string, { symbol, ...closing }: CloseRequest): Promise<Wire.Order> {
    const path = `accounts/${encodeURIComponent(accountId)}/positions/${encodeURIComponent(symbol)}/close`;
    return decodeOrder(await this.#call("POST", path, closing));
  }

  /** Each position by an order of its own; the same `requestId` again closes nothing twice. */
  async closeAll(accountId: string, requestId: string): Promise<readonly Wire.Order[]> {
    const path = `accounts/${encodeURIComponent(accountId)}/positions/close-all`;
    return decode.decodePage(await this.#call("POST", path, { requestId }), decodeOrder).items;
  }

  async amend(id: string, change: Wire.OrderChange): Promise<Wire.Order> {
    return decodeOrder(await this.#call("PATCH", `orders/${encodeURIComponent(id)}`, change));
  }

  async cancel(id: string): Promise<void> {
    await this.#call("DELETE", `orders/${encodeURIComponent(id)}`);
  }

  /** All open orders of an account, or of a market or side; resolves with the orders as they then are. */
  async cancelAll(scope: CancelScope): Promise<readonly Wire.Order[]> {
    return decode.decodePage(await this.#call("POST", "orders/cancel-all", scope), decodeOrder).items;
  }

  async me(): Promise<market.Profile> {
    return market.decodeProfile(await this.#call("GET", "me"));
  }

  async marketState(symbol: string): Promise<market.MarketState> {
    const path = `operations/markets/${encodeURIComponent(symbol)}`;
    return market.decodeMarketState(await this.#call("GET", path));
  }

  async setPhase(symbol: string, phase: string, reason: string): Promise<void> {
    await this.#call("PUT", `operations/markets/${encodeURIComponent(symbol)}/phase`, { phase, reason });
  }

  /** `target`: a market, an account, or all of the venue. */
  async killSwitch(target: KillTarget, state: TradingState, reason: string): Promise<void> {
    const path = "operations/kill-switch";
    const of = target.of === "venue" ? path : `${path}/${target.of}s/${encodeURIComponent(target.id)}`;
    await this.#call("PUT", of, { state, reason });
  }

  #open(path: string): Promise<unknown> {
    return this.#send({ method: "GET", url: `${this.#base}/${path}` });
  }

  async #call(method: Method, path: string, body?: unknown, asText = false): Promise<unknown> {
    const url = `${this.#base}/${path}`;
    const request = { method, url, asText, ...(body === undefined ? {} : { body }) };
    try {
      return await this.#send({ ...request, token: await this.#session.accessToken() });
    } catch (caught) {
      if (!(caught instanceof Failure) || caught.status !== 401) throw caught;
      return this.#send({ ...request, token: await this.#session.renew() });
    }
  }
}
