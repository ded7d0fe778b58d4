/**
 * What accounts own, added up by other code than the shards': no actor, no order, no snapshot, a few sums
 * over the records. What a shard has folded must agree with it; a fault of one is not a fault of both.
 *
 * A position is the sum of its fills' sizes. What an account has been given and has traded away, Σ money
 * moved by the ledger − Σ value of fills, is its cash less what its positions cost, in each currency: that
 * holds to the last unit, however a shard divides a position's cost when part of it is closed.
 */
import type { LedgerCommand } from "../account/command.ts";
import type { Instrument } from "../instrument.ts";
import type { SettleTransfer, TransferLeg } from "../ledger/transfer.ts";
import type { MarketRecord } from "../market/record.ts";
import type { AccountId, Lots, Ticks } from "../units.ts";
import { assert } from "../units.ts";

export interface PlainAccount {
  readonly liquidity: boolean;
  /** Lots by market number; a spot market's assets are worth. */
  readonly lots: ReadonlyMap<number, number>;
  /** Cash less cost of positions, by currency, in money units. */
  readonly worth: ReadonlyMap<string, bigint>;
}

interface Adding extends PlainAccount {
  readonly lots: Map<number, number>;
  readonly worth: Map<string, bigint>;
}

export class PlainAccounts {
  readonly #instruments: ReadonlyMap<number, Instrument>;
  readonly #accounts = new Map<AccountId, Adding>();
  /** Legs of transfers that are neither settled nor given up. */
  readonly #pending = new Map<string, readonly TransferLeg[]>();

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = new Map(instruments.map(instrument => [instrument.number, instrument]));
  }

  /** Records that have been dropped touch no client: providers' accounts are then too small. */
  account(id: AccountId): PlainAccount | undefined {
    return this.#accounts.get(id);
  }

  hearLedger(command: LedgerCommand): void {
    switch (command.kind) {
      case "open": {
        const { account, liquidity, currency, deposit } = command;
        this.#accounts.set(account, { liquidity, lots: new Map(), worth: new Map() });
        this.#pay(account, currency, deposit);
        return;
      }
      case "deposit":
      case "credit":
        this.#pay(command.account, command.currency, command.amount);
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

  hearMarket({ market, events }: MarketRecord): void {
    const instrument = this.#instruments.get(market);
    assert(instrument !== undefined, "a market trades a known instrument");
    for (const event of events) {
      if (event.event !== "traded") continue;
      const bought = event.side === "buy" ? 1 : -1;
      this.#trade(instrument, event.account, bought, event.lots, event.ticks);
      this.#trade(instrument, event.makerAccount, -bought, event.lots, event.ticks);
    }
  }

  #trade(instrument: Instrument, id: AccountId, side: number, lots: Lots, ticks: Ticks): void {
    const account = this.#accounts.get(id);
    assert(account !== undefined, "an account opens before it trades");
    const size = side * lots;
    this.#pay(id, instrument.quote, -BigInt(size) * BigInt(ticks) * instrument.valuePerTickLot);
    if (instrument.settlement === "spot") {
      this.#pay(id, instrument.base, BigInt(size) * instrument.baseMoneyPerLot);
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
