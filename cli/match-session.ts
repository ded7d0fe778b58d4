/**
 * `cambist match` without its pipes: lines in, text out. The engine alone: no risk checks, no accounts'
 * rights beyond the owner of an order, no clock. Each command reaches the machine with the next number of
 * shard 0.
 */
import { readAmendForm, readOrderForm } from "../engine/form/order-form.ts";
import { composeOrderId, marketOrigin } from "../engine/ids.ts";
import { formatPrice, type Instrument, parseDistance, parsePrice } from "../engine/instrument.ts";
import type { MarketCommand } from "../engine/market/command.ts";
import type { EventLog } from "../engine/market/event.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import type { Rejection } from "../engine/rejection.ts";
import type { AccountId, Milliseconds, Money, OrderId, Ticks } from "../engine/units.ts";
import type { ReplaceLine } from "./match-account-lines.ts";
import { applyAccountLine, type MatchHost } from "./match-accounts.ts";
import {
  type AmendLine,
  type CancelLine,
  type PhaseLine,
  type PlaceLine,
  type PriceLine,
  readMatchLine,
} from "./match-command.ts";
import { MatchDoor } from "./match-door.ts";
import { eventLine, rejectedLine } from "./match-event.ts";
import { applyList } from "./match-lists.ts";
import { bookText, ordersText } from "./match-state.ts";

const NOTHING_RESERVED = 0n as Money;

/** Hears each command that reached the machine, and its events, before the next one. */
export type CommandListener = (command: MarketCommand, events: EventLog, machine: MarketMachine) => void;

export class MatchSession {
  readonly #instrument: Instrument;
  readonly #machine: MarketMachine;
  readonly #door = new MatchDoor();
  readonly #listener: CommandListener | undefined;
  readonly #host: MatchHost;
  #placed = 0;

  constructor(instrument: Instrument, listener?: CommandListener) {
    this.#instrument = instrument;
    this.#listener = listener;
    this.#machine = new MarketMachine(instrument);
    this.#host = {
      instrument,
      door: this.#door,
      common: (time, account) => this.#common(time, account),
      admit: orderId => this.#admit(orderId),
      send: command => this.#apply(command),
    };
  }

  /** The events of one line. Throws `LineFault` where it is no command. */
  apply(text: string): string {
    const line = readMatchLine(text);
    switch (line.command) {
      case "place":
        return this.#place(line);
      case "amend":
        return this.#amend(line);
      case "cancel":
        return this.#cancel(line);
      case "replace":
        return this.#replace(line);
      case "phase":
        return this.#phase(line);
      case "price":
        return this.#price(line);
      case "clock":
      case "endOfDay":
        return this.#apply({ kind: line.command, time: line.time as Milliseconds });
      case "list":
        return applyList(this.#host, line);
      default:
        return applyAccountLine(this.#host, line);
    }
  }

  /** All open orders, in pieces. */
  orders(): Generator<string, void, undefined> {
    return ordersText(this.#instrument, this.#door, this.#machine);
  }

  book(): string {
    return bookText(this.#instrument, this.#machine);
  }

  /** The market's own proof and hash, O(state): for tests and fuzzing. */
  check(): void {
    this.#machine.check();
  }

  hash(): string {
    return this.#machine.hash();
  }

  #phase({ phase, reason, time }: PhaseLine): string {
    const head = `{"event":"phase","phase":"${phase}","reason":${JSON.stringify(reason)}}\n`;
    return head + this.#apply({ kind: "phase", time: time as Milliseconds, phase, reason });
  }

  #price({ which, price, time }: PriceLine): string {
    const none = parseDistance(this.#instrument, price) === 0;
    const ticks = none ? (0 as Ticks) : parsePrice(this.#instrument, price);
    if (typeof ticks === "string") return `{"event":"rejected","command":"price","reason":"${ticks}"}\n`;
    const told = ticks === 0 ? "" : `,"price":"${formatPrice(this.#instrument, ticks)}"`;
    const head = `{"event":"price","which":"${which}"${told}}\n`;
    return head + this.#apply({ kind: "price", time: time as Milliseconds, which, ticks });
  }

  #place(line: PlaceLine): string {
    const door = this.#door;
    if (door.has(line.orderId)) return this.#refused(line, "orderIdDuplicate");
    const read = readOrderForm(this.#instrument, line);
    if (typeof read === "string") {
      door.refuse(line.orderId);
      return this.#refused(line, read);
    }
    const account = door.account(line.accountId);
    this.#admit(line.orderId);
    return this.#apply({
      kind: "place",
      ...this.#common(line.time, account),
      clientOrderId: line.orderId,
      side: line.side,
      ...read,
      reserved: NOTHING_RESERVED,
    });
  }

  #replace(line: ReplaceLine): string {
    const door = this.#door;
    const { newOrderId, onFailure } = line;
    const refuse = (why: Rejection) => rejectedLine(JSON.stringify(newOrderId), line.command, why);
    if (door.has(newOrderId)) return refuse("orderIdDuplicate");
    const read = readOrderForm(this.#instrument, line);
    if (typeof read === "string") {
      door.refuse(newOrderId);
      return refuse(read);
    }
    const count = door.countOf(line.orderId);
    const origin = marketOrigin(this.#instrument.number);
    const orderId = count === 0 ? (0 as OrderId) : composeOrderId(count, origin);
    const owner = this.#machine.order(orderId)?.account ?? door.account("");
    const account = line.accountId === undefined ? owner : door.account(line.accountId);
    this.#admit(newOrderId);
    const body = { clientOrderId: newOrderId, side: line.side, ...read, reserved: NOTHING_RESERVED };
    const common = this.#common(line.time, account);
    return this.#apply({ kind: "replace", ...common, orderId, onFailure, order: body });
  }

  #amend(line: AmendLine): string {
    const order = this.#open(line);
    if (order === undefined) return this.#refused(line, "orderUnknown");
    const read = readAmendForm(this.#instrument, line);
    if (typeof read === "string") return this.#refused(line, read);
    return this.#apply({
      kind: "amend",
      ...this.#common(line.time, order.account),
      orderId: order.orderId,
      ...read,
      reserved: NOTHING_RESERVED,
    });
  }

  #cancel(line: CancelLine): string {
    const order = this.#open(line);
    if (order === undefined) return this.#refused(line, "orderUnknown");
    return this.#apply({
      kind: "cancel",
      ...this.#common(line.time, order.account),
      orderId: order.orderId,
      ...(line.onlyIf === undefined ? undefined : { onlyIf: line.onlyIf }),
    });
  }

  /** Names the order with the next count. */
  #admit(orderId: string): void {
    this.#door.admit(orderId, ++this.#placed);
  }

  /** The order that a line names, where it rests and is of the account that the line names, if any. */
  #open(line: AmendLine | CancelLine): { orderId: OrderId; account: AccountId } | undefined {
    const count = this.#door.countOf(line.orderId);
    if (count === 0) return undefined;
    const order = this.#machine.order(composeOrderId(count, marketOrigin(this.#instrument.number)));
    if (order === undefined) return undefined;
    const named = line.accountId === undefined || this.#door.isNamed(order.account, line.accountId);
    return named ? order : undefined;
  }

  #common(time: number, account: AccountId) {
    return {
      time: time as Milliseconds,
      shard: 0,
      number: this.#machine.lastNumber(0) + 1,
      account,
      liquidity: false,
      reference: 0,
    };
  }

  #apply(command: MarketCommand): string {
    const log = this.#machine.apply(command);
    this.#listener?.(command, log, this.#machine);
    let text = "";
    for (let index = 0; index < log.length; index++) {
      text += eventLine(this.#instrument, this.#door, command.kind, log.rows, index);
    }
    return text;
  }

  #refused(line: PlaceLine | AmendLine | CancelLine, why: Rejection): string {
    return rejectedLine(JSON.stringify(line.orderId), line.command, why);
  }
}
