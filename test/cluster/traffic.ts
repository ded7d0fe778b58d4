/**
 * Traders who send orders through a gateway for as long as they are let, one at a time each, and keep what
 * they were told. What they were not told they ask for afterwards by the order's own id, as a client does.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { OrderView } from "../../models/order.model.ts";
import { type Answer, RestClient } from "../e2e/rest-client.ts";
import type { Demo } from "../e2e/venue-process.ts";

const ANSWER_MS_MAX = 10_000;
const PAUSE_MS = 5;
const RETRY_MS = 100;
const ERROR_CHARACTERS = 160;
const ERRORS_SHOWN = 6;

/** What a trader knows of one of his orders: an id, or that it never was and never will be. */
export type Told = { readonly id: string } | "never";

interface Ack {
  /** Of `performance.now()`. */
  readonly at: number;
}

export class Trader {
  readonly symbol: string;
  readonly accountId: string;
  readonly told = new Map<string, Told>();
  /** Asked, and not answered. */
  readonly unknown = new Set<string>();
  readonly acks: Ack[] = [];
  readonly errors = new Map<string, number>();
  readonly #name: string;
  readonly #login: Demo;
  /** Of the gateways, in no order; the first is asked until it fails. */
  #addresses: readonly string[];
  /** Every gateway takes it. */
  #token = "";
  #orders = 0;
  #trading = true;

  constructor(name: string, symbol: string, accountId: string, login: Demo, addresses: readonly string[]) {
    this.#name = name;
    this.symbol = symbol;
    this.accountId = accountId;
    this.#login = login;
    this.#addresses = addresses;
  }

  /** Trades until `stop`. */
  async trade(): Promise<void> {
    this.#trading = true;
    while (this.#trading) {
      await this.#place(`${this.#name}-${++this.#orders}`);
      await pause(PAUSE_MS);
    }
  }

  stop(): void {
    this.#trading = false;
  }

  /** Asks for each order that was not answered until there is a word on it. */
  async settle(withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    for (const id of [...this.unknown]) {
      for (;;) {
        const told = await this.#resolve(id);
        if (told !== undefined) {
          this.told.set(id, told);
          this.unknown.delete(id);
          break;
        }
        if (performance.now() > end) {
          const heard = JSON.stringify([...this.errors].slice(-ERRORS_SHOWN));
          throw new Error(`Waited ${withinMs} ms for what became of ${id} of ${this.accountId}: ${heard}`);
        }
        await pause(RETRY_MS);
      }
    }
  }

  /** The longest time without an answer that overlaps the time since `from`, in milliseconds. */
  longestGap(from: number): number {
    let longest = 0;
    for (let at = 1; at < this.acks.length; at++) {
      const [before, after] = [this.acks[at - 1]?.at ?? 0, this.acks[at]?.at ?? 0];
      if (after >= from) longest = Math.max(longest, after - Math.max(before, from));
    }
    return longest;
  }

  /** What is asked again is the same, so a repeat can be told from another order. */
  #orderOf(clientOrderId: string): object {
    const number = Number(clientOrderId.slice(this.#name.length + 1));
    const side = number % 2 === 0 ? "buy" : "sell";
    const base = { clientOrderId, accountId: this.accountId, symbol: this.symbol, side, quantity: "1000" };
    if (number % 4 < 2) return { ...base, type: "market" };
    const price = this.symbol.endsWith("JPY") ? "1000.000" : "9.00000";
    return side === "sell"
      ? { ...base, type: "limit", timeInForce: "IOC", price }
      : {
          ...base,
          type: "limit",
          timeInForce: "IOC",
          price: this.symbol.endsWith("JPY") ? "1.000" : "0.01000",
        };
  }

  async #place(clientOrderId: string): Promise<void> {
    this.unknown.add(clientOrderId);
    try {
      const answer = await this.#send<OrderView>("POST", "orders", this.#orderOf(clientOrderId));
      if (answer.status !== 201) {
        this.#note(`${answer.status} ${JSON.stringify(answer.body).slice(0, ERROR_CHARACTERS)}`);
        return;
      }
      this.told.set(clientOrderId, { id: answer.body.id });
      this.unknown.delete(clientOrderId);
      this.acks.push({ at: performance.now() });
    } catch (error) {
      this.#note(textOf(error));
    }
  }

  async #resolve(clientOrderId: string): Promise<Told | undefined> {
    const path = `orders/by-client-id/${clientOrderId}?accountId=${this.accountId}`;
    try {
      const { status, body } = await this.#send<{ id?: string; code?: string }>("GET", path);
      if (status === 404 && body.code === "ORDER_NEVER_ACCEPTED") return "never";
      if (status === 200 && body.id !== undefined) return { id: body.id };
      this.#note(`${status} ${JSON.stringify(body).slice(0, ERROR_CHARACTERS)}`);
      return undefined;
    } catch (error) {
      // It is asked again.
      this.#note(textOf(error));
      return undefined;
    }
  }

  /** By the gateway that answered last; where it fails the next one is asked from then on. */
  async #send<Body>(method: string, path: string, body?: object): Promise<Answer<Body>> {
    try {
      const answer = await inTime(this.#ask<Body>(method, path, body));
      if (answer.status === 401) this.#token = "";
      return answer;
    } catch (error) {
      const [failed = "", ...others] = this.#addresses;
      this.#addresses = [...others, failed];
      throw error;
    }
  }

  async #ask<Body>(method: string, path: string, body?: object): Promise<Answer<Body>> {
    const address = this.#addresses[0] ?? "";
    if (this.#token === "") this.#token = (await RestClient.signIn(address, this.#login)).token;
    const client = new RestClient(address);
    client.token = this.#token;
    return client.send<Body>(method, path, body);
  }

  #note(error: string): void {
    this.errors.set(error, (this.errors.get(error) ?? 0) + 1);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A frozen gateway never answers. */
async function inTime<Value>(asked: Promise<Value>): Promise<Value> {
  const clock = new AbortController();
  const late = pause(ANSWER_MS_MAX, undefined, { signal: clock.signal }).then((): never => {
    throw new Error("no answer");
  });
  // Whichever is second is heard by nobody.
  late.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clock.abort();
    asked.catch(() => undefined);
  }
}
