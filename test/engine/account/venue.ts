/**
 * A venue without I/O: real market machines, real risk shards, and between them journals that are arrays of
 * decoded records. Records are heard when `deliver` is called, per shard and market, so a test chooses the
 * interleaving.
 */
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { LedgerCommand, OpenAccount, OrderRequest } from "../../../engine/account/command.ts";
import type { Answer } from "../../../engine/account/order/answer.ts";
import { isOpen, type OrderState, remainingLots } from "../../../engine/account/order/order.ts";
import type { ListRequest, QuotesRequest } from "../../../engine/account/order/request.ts";
import type { ListDecision } from "../../../engine/account/order/risk-desk.ts";
import type { Decision } from "../../../engine/account/order/wish.ts";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../../engine/account/record.ts";
import { ByteWriter } from "../../../engine/bytes.ts";
import { shardOf } from "../../../engine/ids.ts";
import { defineInstrument, type Instrument } from "../../../engine/instrument.ts";
import type {
  CancelAllAfter,
  MarketCommand,
  MassCancel,
  ResetProtection,
  SetProtection,
  ShardCommand,
} from "../../../engine/market/command.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { Phase } from "../../../engine/market/phase.ts";
import { decodeMarketRecords, encodeMarketRecord, type MarketRecord } from "../../../engine/market/record.ts";
import type { AmendTerms } from "../../../engine/market/terms.ts";
import {
  type AccountId,
  accountId,
  assert,
  type Lots,
  lots,
  type Milliseconds,
  type Money,
  milliseconds,
  type OrderId,
  type Ticks,
  ticks,
} from "../../../engine/units.ts";
import { withFeeTier } from "./fee-stamp.ts";

const forex = { lotStep: "1000", minimumQuantity: "1000" };
export const EURUSD = defineInstrument({ ...forex, symbol: "EURUSD", tickSize: "0.00001", number: 1 });
export const USDJPY = defineInstrument({ ...forex, symbol: "USDJPY", tickSize: "0.001", number: 2 });
export const EURJPY = defineInstrument({ ...forex, symbol: "EURJPY", tickSize: "0.001", number: 3 });
export const SHARE = defineInstrument({
  symbol: "ACME",
  base: "ACME",
  quote: "USD",
  tickSize: "0.01",
  lotStep: "1",
  minimumQuantity: "1",
  settlement: "spot",
  number: 4,
});

export const USD_1 = 100_000_000n;
/** The first `count` account ids from `from` that belong to a shard. */
export function accountsOf(shard: number, shards: number, count: number, from = 1): AccountId[] {
  const found: AccountId[] = [];
  for (let id = from; found.length < count; id++)
    if (shardOf(id, shards) === shard) found.push(accountId(id));
  return found;
}

export type Asking = Partial<Omit<OrderRequest, "lots" | "ticks" | "account" | "market">> & {
  readonly lots: number;
  readonly ticks?: number;
};

type Sent = "time" | "shard" | "number" | "account" | "liquidity" | "reference";
type Plain<Command> = Command extends ShardCommand ? Omit<Command, Sent> : never;
export type PlainCommand = Plain<MassCancel | CancelAllAfter | SetProtection | ResetProtection>;

export class Venue {
  readonly instruments: readonly Instrument[];
  readonly shards: number;
  readonly markets = new Map<number, MarketMachine>();
  readonly journals = new Map<number, MarketRecord[]>();
  readonly ledgers: LedgerCommand[][];
  readonly machines: AccountMachine[];
  readonly #numbers = new Map<string, number>();
  #clientIds = 0;
  #time = 0;

  constructor(instruments: readonly Instrument[], shards: number) {
    this.instruments = instruments;
    this.shards = shards;
    for (const instrument of instruments) {
      this.markets.set(instrument.number, new MarketMachine(instrument));
      this.journals.set(instrument.number, []);
    }
    this.machines = Array.from(
      { length: shards },
      (_, shard) => new AccountMachine(shard, shards, instruments),
    );
    this.ledgers = this.machines.map(() => []);
    for (let shard = 0; shard < shards; shard++) {
      this.record(shard, { kind: "owner", time: this.now(), epoch: 1 });
      for (const { number } of instruments)
        this.record(shard, { kind: "listMarket", time: this.now(), market: number });
    }
  }

  now(): Milliseconds {
    return milliseconds(++this.#time);
  }

  /** Lets time go by without anything happening. */
  wait(duration: number): void {
    this.#time += duration;
  }

  machineOf(account: AccountId): AccountMachine {
    const machine = this.machines[shardOf(account, this.shards)];
    assert(machine !== undefined, "every account has a shard");
    return machine;
  }

  /** Appends to a shard's ledger, through the codec, and applies it. */
  record(shard: number, command: LedgerCommand): void {
    const ledger = this.ledgers[shard];
    assert(ledger !== undefined, "the shard exists");
    ledger.push(decodeLedgerCommand(encodeLedgerCommand(command)));
    this.machines[shard]?.applyLedger(ledger.length, command);
  }

  open(
    account: AccountId,
    options: Partial<Pick<OpenAccount, "currency" | "leverage" | "liquidity" | "as" | "profile">> & {
      deposit?: bigint;
    },
  ) {
    this.record(shardOf(account, this.shards), {
      kind: "open",
      time: this.now(),
      account,
      currency: options.currency ?? "USD",
      leverage: options.leverage ?? 30,
      liquidity: options.liquidity ?? false,
      deposit: (options.deposit ?? 0n) as Money,
      ...(options.as === undefined ? {} : { as: options.as }),
      ...(options.profile === undefined ? {} : { profile: options.profile }),
    });
  }

  request(account: AccountId, market: number, asking: Asking): OrderRequest {
    return {
      account,
      market,
      clientOrderId: `c${++this.#clientIds}`,
      side: "buy",
      type: asking.ticks === undefined ? "market" : "limit",
      timeInForce: asking.ticks === undefined ? "IOC" : "GTC",
      postOnly: false,
      reference: 0,
      liquidity: this.machineOf(account).account(account)?.liquidity ?? false,
      ...asking,
      lots: lots(asking.lots),
      ticks: ticks(asking.ticks ?? 0),
    };
  }

  /** Decides; records a refusal, or holds and sends to the market, whose record nobody has heard yet. */
  send(request: OrderRequest): Decision {
    const machine = this.machineOf(request.account);
    const at = this.now();
    const decision = machine.decide(request, at);
    if (typeof decision === "string") {
      const asked = { request, explanation: machine.explainer.order(request, at), time: at };
      const orderId = machine.takeRefusalId();
      this.record(machine.shard, { kind: "refuse", orderId, rejection: decision, ...asked });
      return decision;
    }
    const number = this.#next(machine.shard, request.market);
    machine.desk.holdOrder(number, request);
    const { market, ...asked } = request;
    const sent = { time: this.now(), shard: machine.shard, number, reserved: decision.reserved };
    this.submit(market, { kind: "place", ...asked, ...sent });
    return decision;
  }

  sendAmend(order: OrderState, newLots: number, newTicks: number, terms?: AmendTerms): Decision {
    const machine = this.machineOf(order.account);
    const decision = machine.decideAmend(order, newLots as Lots, newTicks as Ticks, terms);
    if (typeof decision === "string") return decision;
    const number = this.#next(machine.shard, order.market);
    machine.holdAmend(order.market, number, order.id, newLots as Lots, newTicks as Ticks, terms);
    const sizes = { lots: newLots as Lots, ticks: newTicks as Ticks, reserved: decision.reserved };
    const change = terms === undefined ? sizes : { ...sizes, terms };
    this.submit(order.market, { kind: "amend", ...this.#from(order, number), ...change });
    return decision;
  }

  sendCancel(order: OrderState): void {
    const number = this.#next(this.machineOf(order.account).shard, order.market);
    this.submit(order.market, { kind: "cancel", ...this.#from(order, number) });
  }

  sendReplace(order: OrderState, request: OrderRequest, onFailure: "stop" | "allow"): Decision {
    const { desk, shard } = this.machineOf(order.account);
    const asked = { order, onFailure, request };
    const decision = desk.decideReplace(asked);
    if (typeof decision === "string") return decision;
    const number = this.#next(shard, order.market);
    desk.holdReplace(number, asked);
    const { market, account: _account, liquidity: _liquidity, reference: _reference, ...body } = request;
    const told = onFailure === "stop" ? { onFailure, filledLots: order.filledLots } : { onFailure };
    const entering = { ...told, order: { ...body, reserved: decision.reserved } };
    this.submit(market, { kind: "replace", ...this.#from(order, number), ...entering });
    return decision;
  }

  sendList(request: ListRequest): ListDecision {
    const { desk, shard } = this.machineOf(request.account);
    const { market, legs, contingency, ...common } = request;
    const decision = desk.decideList(request);
    if (typeof decision === "string") return decision;
    const number = this.#next(shard, market);
    desk.holdList(number, request);
    const bodies = legs.map((leg, index) => ({
      ...leg,
      reserved: decision.reserved[index] ?? (0n as Money),
    }));
    this.submit(market, {
      kind: "list",
      time: this.now(),
      shard,
      number,
      ...common,
      contingency,
      legs: bodies,
    });
    return decision;
  }

  sendQuotes(request: QuotesRequest): Decision {
    const { desk, shard } = this.machineOf(request.account);
    const { market, ...asked } = request;
    const decision = desk.decideQuotes(request);
    if (typeof decision === "string") return decision;
    const number = this.#next(shard, market);
    desk.holdQuotes(number, request);
    const { reserved } = decision;
    this.submit(market, { kind: "massQuote", time: this.now(), shard, number, ...asked, reserved });
    return decision;
  }

  /** A command that is neither decided nor held. */
  sendPlain(account: AccountId, { number: market }: Instrument, plain: PlainCommand): void {
    const { shard } = this.machineOf(account);
    const number = this.#next(shard, market);
    const liquidity = this.machineOf(account).account(account)?.liquidity ?? false;
    this.submit(market, { time: this.now(), shard, number, account, liquidity, reference: 0, ...plain });
  }

  /** Goes to another phase; nobody has heard the record yet. */
  sendPhase({ number }: Instrument, phase: Phase): void {
    this.submit(number, { kind: "phase", time: this.now(), phase, reason: "test" });
  }

  phase(instrument: Instrument, phase: Phase): void {
    this.sendPhase(instrument, phase);
    this.deliverAll();
  }

  #from(order: OrderState, number: number) {
    const { account, liquidity, id } = order;
    const shard = this.machineOf(account).shard;
    return { time: this.now(), shard, number, account, liquidity, reference: 0, orderId: id };
  }

  #next(shard: number, market: number): number {
    const key = `${shard}:${market}`;
    const number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** Applies to the market and appends the record to its journal, through the codec. */
  submit(market: number, command: MarketCommand): void {
    const machine = this.markets.get(market);
    const journal = this.journals.get(market);
    assert(machine !== undefined && journal !== undefined, "the market exists");
    const writer = new ByteWriter();
    const sent = withFeeTier(account => this.machineOf(account), command);
    encodeMarketRecord(writer, sent, machine.apply(sent), machine.bestBid, machine.bestAsk);
    journal.push(...decodeMarketRecords(market, machine.sequence, 1, writer.copy()));
  }

  /** Lets a shard hear the next record of a market, if there is one. */
  deliver(shard: number, market: number): Answer | undefined {
    const machine = this.machines[shard];
    const record = this.journals.get(market)?.[machine?.cursor(market) ?? 0];
    return record === undefined ? undefined : machine?.applyMarket(record);
  }

  /** Lets a shard hear all of a market; returns the last answer. */
  deliverMarket(shard: number, market: number): Answer | undefined {
    let answer: Answer | undefined;
    const { length } = this.journals.get(market) ?? [];
    const machine = this.machines[shard];
    while ((machine?.cursor(market) ?? length) < length) answer = this.deliver(shard, market) ?? answer;
    return answer;
  }

  /** Lets every shard hear everything; returns the last answer. */
  deliverAll(): Answer | undefined {
    let answer: Answer | undefined;
    for (const shard of this.machines.keys()) {
      for (const market of this.journals.keys()) answer = this.deliverMarket(shard, market) ?? answer;
    }
    return answer;
  }

  /** A whole order, from decision to answer. */
  place(account: AccountId, instrument: Instrument, asking: Asking): OrderState {
    const request = this.request(account, instrument.number, asking);
    const decision = this.send(request);
    const answer = this.deliverAll();
    const machine = this.machineOf(account);
    if (typeof decision !== "string") {
      assert(answer?.order !== undefined, "an order that was sent is answered");
      return answer.order;
    }
    const outcome = machine.outcome(account, request.clientOrderId);
    assert(typeof outcome === "object", "a client's refusal is remembered");
    return outcome;
  }

  amend(order: OrderState, newLots: number, newTicks: number, terms?: AmendTerms): Answer | Decision {
    const decision = this.sendAmend(order, newLots, newTicks, terms);
    return typeof decision === "string" ? decision : (this.deliverAll() ?? decision);
  }

  cancel(order: OrderState): Answer | undefined {
    this.sendCancel(order);
    return this.deliverAll();
  }

  order(account: AccountId, id: OrderId): OrderState | undefined {
    return this.machineOf(account).order(id);
  }

  /** Every machine's own invariants, and money and lots over all of them. */
  check(): void {
    const money = new Map<string, bigint>();
    const held = new Map<number, number>();
    for (const machine of this.machines) {
      machine.check();
      for (const [currency, { positions }] of machine.money.clearing())
        money.set(currency, (money.get(currency) ?? 0n) + positions);
      for (const [market, amount] of machine.lotsByMarket()) {
        held.set(market, (held.get(market) ?? 0) + amount);
      }
    }
    for (const [currency, sum] of money)
      assert(sum === 0n, `clearing holds what positions cost in ${currency}`);
    for (const [market, sum] of held) assert(sum === 0, `all positions of market ${market} sum to zero`);
  }
  /** Once everything is heard: a market's open orders are those of the shards, and they agree on each. */
  checkMarkets(): void {
    for (const [number, market] of this.markets) {
      const unpegged = [...market.pegged()].flatMap(({ parked }) => parked ?? []);
      const beside = [...market.armed(), ...market.parked(), ...market.pending(), ...unpegged];
      const inMarket = [...market.orders(), ...market.unpriced(), ...beside];
      for (const { orderId, account, lots: left, totalLots, ticks: limit, minimumLots } of inMarket) {
        const order = this.order(account, orderId);
        assert(order !== undefined && isOpen(order), "a market's open order is open in its shard");
        assert(remainingLots(order) === left, "a shard and a market agree on what is left of an order");
        assert(order.lots === totalLots || limit === 0, "they agree on its size");
        assert(order.ticks === limit, "they agree on its limit");
        assert(order.terms?.minimumLots === minimumLots, "they agree on its minimum");
      }
      for (const { orderId, account, trigger } of market.armed()) {
        const order = this.order(account, orderId);
        assert(order?.awaits === "trigger", "an armed order waits in its shard");
        const known = order.terms?.trigger;
        const moves = trigger.trail !== undefined;
        assert(moves || known?.stopTicks === trigger.stopTicks, "they agree on its stop price");
      }
      const open = this.machines.flatMap(machine =>
        [...machine.accounts()].flatMap(account => machine.openOrders(account)),
      );
      const here = open.filter(order => order.market === number);
      assert(here.length === inMarket.length, "a shard's open order is open in its market");
      const waiting = here.filter(order => order.awaits !== undefined);
      assert(waiting.length === beside.length, "only orders beside the book wait");
      for (const machine of this.machines) {
        assert(machine.phase(number) === market.phase, "a shard knows the phase");
      }
    }
  }
}
