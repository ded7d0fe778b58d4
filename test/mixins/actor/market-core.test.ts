/** Which records are a client's business: whatever an order of his goes through, whoever caused it. */
import { expect, it } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import type { PlaceOrder } from "../../../engine/market/command.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { accountId, lots, milliseconds, money, type Side, ticks } from "../../../engine/units.ts";
import { MarketCore, type MarketMessage } from "../../../mixins/actor/market-core.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";

const [instrument] = INSTRUMENTS;
if (instrument === undefined) throw new Error("Invariant: the venue lists a market");
const PROVIDER = 900;
const OTHER_PROVIDER = 901;
const CLIENT = 1_001;

class Market {
  readonly #core: MarketCore;
  readonly #writer = new ByteWriter();
  readonly #epoch: number;
  #number = 0;

  constructor(core: MarketCore, epoch = 1) {
    this.#core = core;
    this.#epoch = epoch;
    this.#tell({ command: { kind: "shardEpoch", time: milliseconds(0), shard: 0, epoch } });
  }

  /** Whether the record that this order makes is kept for ever. */
  place(account: number, side: Side, price: number, size: number): boolean {
    const command: PlaceOrder = {
      kind: "place",
      time: milliseconds(0),
      shard: 0,
      number: ++this.#number,
      account: accountId(account),
      liquidity: account < 1_000,
      reference: 0,
      clientOrderId: `order-${this.#number}`,
      side,
      type: "limit",
      timeInForce: "GTC",
      postOnly: false,
      lots: lots(size),
      ticks: ticks(price),
      reserved: money(0n),
    };
    return this.#tell({ epoch: this.#epoch, command });
  }

  #tell(message: MarketMessage): boolean {
    this.#core.handle(message, this.#writer);
    return this.#core.isClients(message);
  }
}

const coreOf = (machine: MarketMachine) => new MarketCore(machine, { now: () => 1 });

it("what providers do among themselves is nobody else's", () => {
  const market = new Market(coreOf(new MarketMachine(instrument)));
  expect(market.place(PROVIDER, "buy", 100_000, 10)).toBe(false);
  expect(market.place(OTHER_PROVIDER, "sell", 100_000, 10)).toBe(false);
});

it("a provider's order that fills a client's is the client's too", () => {
  const market = new Market(coreOf(new MarketMachine(instrument)));
  expect(market.place(CLIENT, "buy", 100_000, 10)).toBe(true);
  expect(market.place(PROVIDER, "buy", 90_000, 10)).toBe(false);
  expect(market.place(PROVIDER, "sell", 100_000, 4)).toBe(true);
  expect(market.place(PROVIDER, "sell", 100_001, 4)).toBe(false);
});

it("after a restart a maker that has not been heard yet may be a client", () => {
  const first = coreOf(new MarketMachine(instrument));
  new Market(first).place(CLIENT, "buy", 100_000, 10);
  const again = MarketMachine.restore(instrument, first.machine.snapshot());
  expect(new Market(coreOf(again), 2).place(PROVIDER, "sell", 100_000, 1)).toBe(true);
});
