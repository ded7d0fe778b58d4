/**
 * Transfers of accounts of a venue without I/O: decided and held at once, recorded when the ledger is told
 * to, so that orders and records of markets come between. What leaves for another shard is credited there
 * when that shard hears of it.
 */
import type { LedgerCommand } from "../../../engine/account/command.ts";
import { shardOf } from "../../../engine/ids.ts";
import {
  type TransferAccount,
  type TransferLeg,
  type TransferMoney,
  transitLeg,
} from "../../../engine/ledger/transfer.ts";
import type { Rejection } from "../../../engine/rejection.ts";
import { type AccountId, type Lots, type Milliseconds, type Money, money } from "../../../engine/units.ts";
import { USD_1, type Venue } from "./venue.ts";

export type Asked = Pick<TransferMoney, "account" | "legs"> & Partial<TransferMoney>;

export function leg(
  kind: TransferLeg["kind"],
  debit: TransferAccount,
  credit: TransferAccount,
  currency: string,
  amount: bigint,
): TransferLeg {
  return { kind, debit, credit, currency, amount: money(amount) };
}

/** A transfer that is settled at once and counts against no limit, where nothing else is asked. */
export function transferOf(venue: Venue, asked: Asked): TransferMoney {
  const time = venue.now();
  const defaults = { timeoutAt: 0 as Milliseconds, counted: 0n as Money, destination: 0 as AccountId };
  const texts = { id: `t${time}`, rate: "", reference: "", by: "" };
  return { kind: "transfer", time, ...defaults, ...texts, ...asked };
}

/** What is on its way to each shard's ledger. */
export class MoneyRoad {
  readonly #venue: Venue;
  #underWay: [shard: number, command: LedgerCommand][] = [];

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  /** Decides and holds; nobody has recorded it yet. */
  send(asked: Asked): Rejection | undefined {
    const command = transferOf(this.#venue, asked);
    const { money: desk, shard } = this.#venue.machineOf(command.account);
    const rejection = desk.decide(command);
    if (rejection !== undefined) return rejection;
    desk.hold(command);
    this.#underWay.push([shard, command]);
    return undefined;
  }

  /** False where there is nothing to end. */
  end(account: AccountId, id: string, how: "settle" | "void" | "timeOut", amount = 0n): boolean {
    const { money: desk, shard } = this.#venue.machineOf(account);
    if (!desk.holdEnd(account, id)) return false;
    const common = { time: this.#venue.now(), account, id, by: "" };
    const settled = { kind: "settle", ...common, amount: money(amount) } as const;
    const given = { ...common, reason: "test" };
    this.#underWay.push([shard, how === "settle" ? settled : { kind: how, ...given }]);
    return true;
  }

  /** Two tickets of an account's market against each other; its record comes later. */
  #closeBy(account: AccountId, market: number, part: number): Rejection | undefined {
    const { holdings, shard } = this.#venue.machineOf(account);
    const time = this.#venue.now();
    const here = holdings.positions(account).filter(each => each.market === market);
    const long = here.find(({ lots }) => lots > 0);
    const short = here.find(({ lots }) => lots < 0);
    if (long?.ticket === undefined || short?.ticket === undefined) return "positionUnknown";
    const lots = Math.ceil(Math.min(long.lots, -short.lots) / 2) as Lots;
    const tickets = [short.ticket, long.ticket] as const;
    const request = { account, id: `b${time}`, tickets, ...(part % 2 === 0 ? {} : { lots }) };
    const command = holdings.closeBys.decide(request, time);
    if (typeof command === "string") return command;
    holdings.closeBys.hold(command);
    this.#underWay.push([shard, command]);
    return undefined;
  }

  /** The same of whoever can; who has orders in the way cancels them. */
  closeAllBy(accounts: readonly AccountId[], { flavour, offset }: { flavour: number; offset: number }): void {
    for (const account of accounts) {
      for (const instrument of this.#venue.instruments) {
        const refused = this.#closeBy(account, instrument.number, flavour);
        if (refused === "positionBusy") this.#venue.sendPlain(account, instrument, { kind: "massCancel" });
      }
    }
    if (offset > 0) this.record();
  }

  /** The ledgers record everything that is on its way. */
  record(): void {
    const underWay = this.#underWay;
    this.#underWay = [];
    for (const [shard, command] of underWay) this.#venue.record(shard, command);
  }

  /** A shard credits what others have debited for its accounts. */
  credit(shard: number): void {
    for (const [origin, ledger] of this.#venue.ledgers.entries()) {
      for (const [index, command] of ledger.entries()) {
        const machine = this.#venue.machines[shard];
        if (command.kind !== "transfer" || index < (machine?.money.credited(origin) ?? 0)) continue;
        const gone = transitLeg(command);
        if (gone === undefined || shardOf(command.destination, this.#venue.shards) !== shard) continue;
        const { currency, amount } = gone;
        const named = { account: command.destination, currency, amount, reference: command.id };
        const common = { time: this.#venue.now(), origin, originSequence: index + 1 };
        this.#venue.record(shard, { kind: "credit", ...common, ...named });
      }
    }
  }

  /** Everything is recorded and credited; nothing is in transit any more. */
  finish(): void {
    this.record();
    for (const { shard } of this.#venue.machines) this.credit(shard);
  }
}

/** Numbers what has moved in a shard, as far as it has heard. */
export function cutLog(venue: Venue, { shard, money: desk }: Venue["machines"][number]): void {
  const cut = desk.cut(venue.now());
  if (cut !== undefined) venue.record(shard, cut);
}

/** What somebody does with money, of the choices of a step. */
export function moveMoney(
  road: MoneyRoad,
  venue: Venue,
  account: AccountId,
  to: AccountId,
  { flavour, lots, offset }: { flavour: number; lots: number; offset: number },
): void {
  const machine = venue.machineOf(account);
  const currency = ["USD", "EUR", "JPY"][lots % 3] ?? "USD";
  const amount = BigInt(lots) * 10n * USD_1;
  const pending = { timeoutAt: (venue.now() + 1_000) as Milliseconds, counted: money(amount / 2n) };
  const [first] = machine.money.transfers(account).filter(({ status }) => status === "pending");
  switch (flavour % 8) {
    case 0:
      road.send({ account, legs: [leg("deposit", "external", account, currency, amount)], ...pending });
      return;
    case 1:
      road.send({ account, legs: [leg("withdrawal", account, "external", currency, amount)], ...pending });
      return;
    case 2:
      if (account === to) return;
      if (venue.machineOf(to) === machine) {
        road.send({ account, legs: [leg("transfer", account, to, currency, amount)] });
      } else {
        const legs = [leg("transfer", account, "transit", currency, amount)];
        road.send({ account, legs, destination: to });
      }
      return;
    case 3: {
      const bought = leg(
        "conversion",
        "conversion",
        account,
        currency === "USD" ? "EUR" : "USD",
        amount / 3n,
      );
      const fee = leg("conversionFee", account, "fees", bought.currency, USD_1);
      road.send({
        account,
        legs: [leg("conversion", account, "conversion", currency, amount), bought, fee],
        rate: "0.33",
      });
      return;
    }
    case 4:
    case 5:
    case 6: {
      if (first === undefined) return;
      const how = offset > 2 ? "void" : offset < -2 ? "timeOut" : "settle";
      road.end(account, first.id, how, offset === 0 ? (first.legs[0]?.amount ?? 0n) / 3n : 0n);
      return;
    }
    default:
      road.record();
      if (offset > 0) road.credit(machine.shard);
      if (offset < 0) cutLog(venue, machine);
  }
}
