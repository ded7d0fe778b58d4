/** Orders that are sent to a cluster one after another, and what its journal says of them afterwards. */
import { expect } from "vitest";
import { decodeMarketRecords } from "../../engine/market/record.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import { principal } from "../venue.ts";
import type { InProcessNode } from "./in-process-node.ts";

export const SYMBOL = "EURUSD";
export const MARKET = `market.${SYMBOL}`;
export const TRADER = principal(1_001);
const PROVIDER = principal(900, "liquidity");
const BUY = { symbol: SYMBOL, side: "buy", type: "limit" } as const;
/** Orders on their way at once. */
const SENDERS = 16;

/** Sends limit orders one after another from several senders until told to stop. */
export class Load {
  readonly acknowledged = new Set<string>();
  readonly unknown = new Set<string>();
  readonly statuses = new Set<string>();
  readonly #door: InProcessNode;
  readonly #senders: Promise<void>[];
  #stopped = false;
  /** Without an acknowledgement, in milliseconds. */
  #longest = 0;

  constructor(door: InProcessNode) {
    this.#door = door;
    this.#senders = Array.from({ length: SENDERS }, (_, sender) => this.#send(sender));
  }

  /** Resolves when `count` more orders have been acknowledged. */
  async more(count: number): Promise<void> {
    const enough = this.acknowledged.size + count;
    await expect.poll(() => this.acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(enough);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#senders);
  }

  /** One line of what was seen. */
  tell(what: string): void {
    const ms = Math.round(this.#longest);
    process.stdout.write(`${what}: ${this.acknowledged.size} orders, ${ms} ms at most without an answer\n`);
  }

  async #send(sender: number): Promise<void> {
    let heard = performance.now();
    for (let index = 0; !this.#stopped; index++) {
      const clientOrderId = `order-${sender}-${index}`;
      if (await this.#place(clientOrderId)) {
        const now = performance.now();
        this.#longest = Math.max(this.#longest, now - heard);
        heard = now;
      }
    }
  }

  async #place(clientOrderId: string): Promise<boolean> {
    const order = { clientOrderId, ...BUY, price: "0.50000", quantity: "1000", timeInForce: "IOC" };
    try {
      const { status } = await this.#door.call<{ status: string }>("orders.place", order, TRADER);
      this.statuses.add(status);
      this.acknowledged.add(clientOrderId);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ retryable: true });
      this.unknown.add(clientOrderId);
      return false;
    }
  }
}

/** Client order ids in the market's journal, each as often as a command placed it. */
async function placed(door: InProcessNode): Promise<Map<string, number>> {
  const journal = await door.runtime.journal(MARKET);
  const number = INSTRUMENTS.find(({ symbol }) => symbol === SYMBOL)?.number ?? 0;
  const counts = new Map<string, number>();
  for await (const { first, count, payload } of journal.read(1)) {
    for (const { command } of decodeMarketRecords(number, first, count, payload)) {
      if (command.kind !== "place" || command.liquidity) continue;
      counts.set(command.clientOrderId, (counts.get(command.clientOrderId) ?? 0) + 1);
    }
  }
  return counts;
}

export async function expectOnce(door: InProcessNode, load: Load): Promise<void> {
  const counts = await placed(door);
  const lost = [...load.acknowledged].filter(id => !counts.has(id));
  const twice = [...counts].filter(([, count]) => count > 1);
  const unasked = [...counts.keys()].filter(id => !load.acknowledged.has(id) && !load.unknown.has(id));
  expect({ lost, twice, unasked }).toEqual({ lost: [], twice: [], unasked: [] });
}

export async function openAccounts(door: InProcessNode): Promise<void> {
  await door.broker.waitForServices(["risk.0", "risk.1", `matching.${SYMBOL}`], 20_000, 50);
  const terms = { currency: "USD", leverage: 30, liquidity: false, deposit: "1000000000" };
  await door.insist("accounts.open", { account: TRADER.accounts[0], ...terms });
  await door.insist("accounts.open", { account: PROVIDER.accounts[0], ...terms, liquidity: true });
  for (const [side, price] of [
    ["buy", "1.09000"],
    ["sell", "1.10000"],
  ] as const) {
    const quote = { clientOrderId: side, ...BUY, side, price, quantity: "1000000" };
    await door.insist("orders.place", quote, PROVIDER);
  }
}
