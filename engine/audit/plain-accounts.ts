/**
 * What accounts own, added up by other code than the shards': no actor, no order, no snapshot, a few sums
 * over the records. What a shard has folded must agree with it; a fault of one is not a fault of both.
 *
 * A position is the sum of its fills' sizes. What an account has been given and has traded away, Σ money
 * moved by the ledger − Σ value of fills, is its cash less what its positions cost, in each currency: that
 * holds to the last unit, however a shard divides a position's cost when part of it is closed. So what closes
 * two positions against each other changes nothing here: it moves cost to cash, and as many lots either way.
 */

import type { FeeTier } from "../account/charge/fee-tier.ts";
import type { LedgerCommand } from "../account/command.ts";
import type { Instrument } from "../instrument.ts";
import type { SettleTransfer, TransferLeg } from "../ledger/transfer.ts";
import type { ShardCommand } from "../market/command.ts";
import type { MarketRecord } from "../market/record.ts";
import { type AccountId, assert } from "../units.ts";
import { PlainFees, type PlainFill } from "./plain-fees.ts";

export interface PlainAccount {
  readonly liquidity: boolean;
  /** Lots by market number; a spot market's assets are worth. */
  readonly lots: ReadonlyMap<number, number>;
  /** Cash less cost of positions, by currency, in money units. */
  readonly worth: ReadonlyMap<string, bigint>;
}

interface Adding extends PlainAccount {
  readonly shard: number;
  readonly lots: Map<number, number>;
  readonly worth: Map<string, bigint>;
}

export class PlainAccounts {
  readonly #instruments: ReadonlyMap<number, Instrument>;
  readonly #accounts = new Map<AccountId, Adding>();
  /** Legs of transfers that are neither settled nor given up. */
  readonly #pending = new Map<string, readonly TransferLeg[]>();
  /** By shard and number. */
  readonly #tiers = new Map<string, FeeTier>();
  readonly #fees = new PlainFees();

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = new Map(instruments.map(instrument => [instrument.number, instrument]));
  }

  /** Records that have been dropped touch no client: providers' accounts are then too small. */
  account(id: AccountId): PlainAccount | undefined {
    return this.#accounts.get(id);
  }

  hearLedger(shard: number, command: LedgerCommand): void {
    switch (command.kind) {
      case "open": {
        const { account, liquidity, currency, deposit } = command;
        this.#accounts.set(account, { shard, liquidity, lots: new Map(), worth: new Map() });
        this.#pay(account, currency, deposit);
        return;
      }
      case "deposit":
      case "credit":
        this.#pay(command.account, command.currency, command.amount);
        return;
      case "feeTier":
        this.#tiers.set(`${shard} ${command.number}`, command);
        return;
      case "rollover":
        for (const { account, market, amount } of command.charges) {
          this.#pay(account, this.#instrument(market).quote, amount);
        }
        return;
      case "transfer":
        if (command.timeoutAt === 0) this.#move(command.legs);
        else this.#pending.set(nameOf(command), command.legs);
        return;
      case "settle":
        this.#settle(command);
        return;
      case "void":
      case "timeOut":
        this.#pending.delete(nameOf(command));
        return;
      default:
    }
  }

  /** What is pending is still its owner's. */
  #settle(command: SettleTransfer): void {
    const legs = this.#pending.get(nameOf(command)) ?? [];
    this.#pending.delete(nameOf(command));
    const { amount } = command;
    this.#move(amount === 0n ? legs : legs.map(leg => ({ ...leg, amount })));
  }

  #move(legs: readonly TransferLeg[]): void {
    for (const { debit, credit, currency, amount } of legs) {
      if (typeof debit === "number") this.#pay(debit, currency, -amount);
      if (typeof credit === "number") this.#pay(credit, currency, amount);
    }
  }

  hearMarket(record: MarketRecord): void {
    const { market, command, events } = record;
    const instrument = this.#instrument(market);
    this.#fees.enter(record, "feeTier" in command ? this.#tierOf(command) : undefined);
    for (const event of events) {
      if (event.event !== "traded") continue;
      const { account, makerAccount, ticks, lots, side } = event;
      const { orderId, remaining, makerOrderId, makerRemaining } = event;
      const other = side === "buy" ? "sell" : "buy";
      this.#trade(instrument, account, { orderId, side, ticks, lots, role: "taker", remaining });
      this.#trade(instrument, makerAccount, {
        ...{ orderId: makerOrderId, side: other, ticks, lots },
        ...{ role: "maker", remaining: makerRemaining },
      });
    }
    this.#fees.leave(record);
  }

  #instrument(market: number): Instrument {
    const instrument = this.#instruments.get(market);
    assert(instrument !== undefined, "a market trades a known instrument");
    return instrument;
  }

  #tierOf({ account, feeTier = 0 }: Pick<ShardCommand, "account" | "feeTier">): FeeTier | undefined {
    return this.#tiers.get(`${this.#accounts.get(account)?.shard} ${feeTier}`);
  }

  #trade(instrument: Instrument, id: AccountId, fill: PlainFill): void {
    const account = this.#accounts.get(id);
    assert(account !== undefined, "an account opens before it trades");
    const { side, ticks, lots } = fill;
    const size = side === "buy" ? lots : -lots;
    const { quote, base, settlement } = instrument;
    const fee = this.#fees.of(instrument, fill);
    this.#pay(id, settlement === "spot" && side === "buy" ? base : quote, -fee);
    this.#pay(id, quote, -BigInt(size) * BigInt(ticks) * instrument.valuePerTickLot);
    if (settlement === "spot") {
      this.#pay(id, base, BigInt(size) * instrument.baseMoneyPerLot);
      return;
    }
    account.lots.set(instrument.number, (account.lots.get(instrument.number) ?? 0) + size);
  }

  #pay(id: AccountId, currency: string, amount: bigint): void {
    const account = this.#accounts.get(id);
    assert(account !== undefined, "an account opens before money moves on it");
    account.worth.set(currency, (account.worth.get(currency) ?? 0n) + amount);
  }
}

function nameOf({ account, id }: { readonly account: AccountId; readonly id: string }): string {
  return `${account} ${id}`;
}
