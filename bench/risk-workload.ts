/**
 * One risk shard with many accounts, made through the real machines: accounts open in its ledger, orders go
 * to a market each, and the shard hears the markets' records as its followers hand them over. All is seeded.
 *
 * Three pairs, US dollar accounts at 1:30. Accounts trade in pairs at one price, so half are long, half short
 * in every market that they have a position in; resting orders stand a hundred ticks and more from it.
 */
import { AccountMachine } from "../engine/account/account-machine.ts";
import type { OrderRequest } from "../engine/account/command.ts";
import { ByteWriter } from "../engine/bytes.ts";
import { defineInstrument, type Instrument } from "../engine/instrument.ts";
import type { PlaceOrder } from "../engine/market/command.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import { decodeMarketRecords, encodeMarketRecord, type MarketRecord } from "../engine/market/record.ts";
import {
  type AccountId,
  accountId,
  assert,
  type Lots,
  lots,
  type Milliseconds,
  type Money,
  milliseconds,
  type Side,
  type Ticks,
  ticks,
} from "../engine/units.ts";
import { SeededRandom } from "../mixins/seeded-random.ts";

const forex = { lotStep: "1000", minimumQuantity: "1000", settlement: "margin" } as const;
export const PAIRS: readonly Instrument[] = [
  defineInstrument({ ...forex, symbol: "EURUSD", tickSize: "0.00001", number: 1 }),
  defineInstrument({ ...forex, symbol: "GBPUSD", tickSize: "0.00001", number: 2 }),
  defineInstrument({ ...forex, symbol: "USDJPY", tickSize: "0.001", number: 3 }),
];
/** Price in ticks that each pair's first trades happen at. */
const MIDDLES: readonly number[] = [110_000, 125_000, 150_000];
const DEPOSIT = 100_000_000_000_000n as Money;
const LEVERAGE = 30;
/** Market commands that are encoded, decoded and heard together. */
const BATCH = 1_024;

export type Asked = Pick<OrderRequest, "account" | "market" | "side"> & {
  readonly lots: Lots;
  readonly ticks: Ticks;
};

export class RiskWorkload {
  readonly machine = new AccountMachine(0, 1, PAIRS);
  readonly #markets = new Map(PAIRS.map(pair => [pair.number, new MarketMachine(pair)]));
  readonly #numbers = new Map<number, number>();
  readonly #random = new SeededRandom(7);
  #ledger = 0;
  #names = 0;
  #time = 1_700_000_000_000;

  get now(): Milliseconds {
    return milliseconds(++this.#time);
  }

  openAccounts(count: number): void {
    this.machine.applyLedger(++this.#ledger, { kind: "owner", time: this.now, epoch: 1 });
    for (const { number } of PAIRS) {
      this.machine.applyLedger(++this.#ledger, { kind: "listMarket", time: this.now, market: number });
      this.#market(number).apply({ kind: "shardEpoch", time: this.now, shard: 0, epoch: 1 });
      this.machine.applyMarket(this.#ownRecord(number));
    }
    for (let id = 1; id <= count; id++) {
      const account = { account: accountId(id), currency: "USD", leverage: LEVERAGE, liquidity: false };
      this.machine.applyLedger(++this.#ledger, {
        kind: "open",
        time: this.now,
        ...account,
        deposit: DEPOSIT,
      });
    }
  }

  /** Trades between neighbours, `rounds` times over all accounts. */
  *crossing(accounts: number, rounds: number, market: number): Generator<Asked, void, undefined> {
    const middle = this.#middle(market);
    for (let round = 0; round < rounds; round++) {
      for (let id = 1; id + 1 <= accounts; id += 2) {
        const size = lots(1 + this.#below(5));
        const price = ticks(middle + this.#below(3) - 1);
        yield { account: accountId(id), market, side: "sell", lots: size, ticks: price };
        yield { account: accountId(id + 1), market, side: "buy", lots: size, ticks: price };
      }
    }
  }

  /** What rests at one price: a sell of a lot by each of the accounts from one id to another. */
  *makers(from: number, to: number, market: number): Generator<Asked, void, undefined> {
    const price = ticks(this.#middle(market));
    for (let id = from; id < to; id++) {
      yield { account: accountId(id), market, side: "sell", lots: lots(1), ticks: price };
    }
  }

  /** Takers of it, `each` lots an order. */
  *takers(from: number, to: number, each: number, market: number): Generator<Asked, void, undefined> {
    const price = ticks(this.#middle(market));
    for (let id = from; id < to; id += each) {
      const size = lots(Math.min(each, to - id));
      yield { account: accountId(id), market, side: "buy", lots: size, ticks: price };
    }
  }

  /** A buy that is the best of its market, each turn by another tick. */
  ticking(account: AccountId, market: number, turn: number): Asked {
    const price = ticks(this.#middle(market) - 50 + turn);
    return { account, market, side: "buy", lots: lots(1), ticks: price };
  }

  /** Orders of random accounts that rest, by turns in every pair. */
  *resting(accounts: number, each: number): Generator<Asked, void, undefined> {
    for (let order = 0; order < each; order++) {
      for (let id = 1; id <= accounts; id++) yield this.restingOf(accountId(id), order);
    }
  }

  /** The price that a market's first trades happened at. */
  middleOf(market: number): number {
    return this.#middle(market);
  }

  /** An order that doesn't trade. */
  restingOf(account: AccountId, turn: number): Asked {
    const pair = PAIRS[turn % PAIRS.length];
    assert(pair !== undefined, "there are pairs");
    const side: Side = this.#below(2) === 0 ? "buy" : "sell";
    const away = 100 + this.#below(1_000);
    const price = this.#middle(pair.number) + (side === "buy" ? -away : away);
    const size = lots(1 + this.#below(10));
    return { account, market: pair.number, side, lots: size, ticks: ticks(price) };
  }

  randomAccount(accounts: number): AccountId {
    return accountId(1 + this.#below(accounts));
  }

  /** In the shape that the door gives it, field by field. */
  request({ account, market, side, lots: size, ticks: price }: Asked): OrderRequest {
    return {
      account,
      clientOrderId: `b${++this.#names}`,
      market,
      side,
      type: "limit",
      timeInForce: "GTC",
      postOnly: false,
      lots: size,
      ticks: price,
      liquidity: false,
      reference: 0,
    };
  }

  /** What a market's journal says of these orders, in batches as a follower gets them. */
  *recordsOf(orders: Iterable<Asked>, market: number): Generator<MarketRecord[], void, undefined> {
    let batch: PlaceOrder[] = [];
    for (const asked of orders) {
      if (asked.market !== market) continue;
      batch.push(this.#command(asked));
      if (batch.length < BATCH) continue;
      yield this.#applied(market, batch);
      batch = [];
    }
    if (batch.length > 0) yield this.#applied(market, batch);
  }

  /** Hears records, and stores at once what a document store would be given. */
  hear(records: readonly MarketRecord[]): void {
    for (const record of records) this.machine.applyMarket(record);
  }

  store(): void {
    this.machine.documented(this.machine.takeChanges());
  }

  /** Numbers the transactions of all that was heard, as a shard does about once a second. */
  cut(): void {
    const cursors = PAIRS.map(({ number }) => [number, this.machine.cursor(number)] as const);
    this.machine.applyLedger(++this.#ledger, { kind: "cut", time: this.now, cursors });
  }

  #command(asked: Asked): PlaceOrder {
    const { market: _market, ...body } = this.request(asked);
    const number = (this.#numbers.get(asked.market) ?? 0) + 1;
    this.#numbers.set(asked.market, number);
    return { kind: "place", time: this.now, shard: 0, number, ...body, reserved: 0n as Money };
  }

  #applied(market: number, commands: readonly PlaceOrder[]): MarketRecord[] {
    const machine = this.#market(market);
    const writer = new ByteWriter(64 * commands.length);
    const first = machine.sequence + 1;
    for (const command of commands) {
      encodeMarketRecord(writer, command, machine.apply(command), machine.bestBid, machine.bestAsk);
    }
    return decodeMarketRecords(market, first, commands.length, writer.copy());
  }

  #ownRecord(market: number): MarketRecord {
    const { sequence, bestBid, bestAsk } = this.#market(market);
    const command = { kind: "shardEpoch", time: this.now, shard: 0, epoch: 1 } as const;
    return { market, sequence, command, events: [], bestBid, bestAsk };
  }

  #market(number: number): MarketMachine {
    const machine = this.#markets.get(number);
    assert(machine !== undefined, "each pair has its market");
    return machine;
  }

  #middle(market: number): number {
    const middle = MIDDLES[market - 1];
    assert(middle !== undefined, "each pair has its price");
    return middle;
  }

  #below(bound: number): number {
    return Math.floor(this.#random.uniform() * bound);
  }
}
