/**
 * The socket rooms `account:ID` of a shard's clients: a snapshot when asked, then updates numbered without a
 * gap. Facts are told as they come; an account with positions is also told now and then what its marks have
 * made of them. Only accounts that somebody watches are published.
 */
import type { ServiceBroker } from "moleculer";
import type { Changes } from "../../engine/account/shard/outbox.ts";
import { type AccountId, accountId } from "../../engine/units.ts";
import type { Cancel } from "../../mixins/clock.ts";
import { viewAccount, viewBalance, viewPosition, viewTransaction } from "../orders/account-view.ts";
import { viewOrder } from "../orders/order-view.ts";
import { viewTransfer } from "../orders/transfer-view.ts";
import { viewExplainedOrder } from "./explanation-view.ts";
import type { RiskShard } from "./risk-shard.ts";

/** How often the marks of watched positions are told. */
const MARKS_MS = 500;

export class AccountRooms {
  readonly #broker: ServiceBroker;
  readonly #shard: RiskShard;
  /** Number of the newest update, by watched account. */
  readonly #last = new Map<AccountId, number>();
  readonly #timer: Cancel;

  constructor(broker: ServiceBroker, shard: RiskShard) {
    this.#broker = broker;
    this.#shard = shard;
    this.#timer = shard.timers.every(MARKS_MS, () => this.#publishMarks());
  }

  close(): void {
    this.#timer();
  }

  /** Begins to watch. */
  snapshot(account: AccountId) {
    const { machine } = this.#shard;
    const last = this.#last.get(account) ?? 0;
    this.#last.set(account, last);
    return {
      room: `account:${account}`,
      last,
      ...this.#money(account),
      orders: machine
        .openOrders(account)
        .map(order => viewOrder(this.#shard.instrument(order.market), order)),
    };
  }

  /** Nobody watches this room any more. */
  unwatch(room: string): void {
    const id = Number(room.slice("account:".length));
    if (Number.isSafeInteger(id)) this.#last.delete(accountId(id));
  }

  publish(changes: Changes): void {
    for (const account of changes.accounts) {
      if (!this.#last.has(account)) continue;
      const isOwn = (item: { readonly account: AccountId }) => item.account === account;
      const orders = changes.orders
        .filter(isOwn)
        .map(order => viewExplainedOrder(market => this.#shard.instrument(market), order));
      const transactions = changes.transactions.filter(isOwn).map(viewTransaction);
      const transfers = changes.transfers.filter(isOwn).map(viewTransfer);
      this.#update(account, {
        ...this.#money(account),
        ...(orders.length === 0 ? {} : { orders }),
        ...(transactions.length === 0 ? {} : { transactions }),
        ...(transfers.length === 0 ? {} : { transfers }),
      });
    }
  }

  /** Something that is no state of the account, to whoever watches it. */
  tell(account: AccountId, news: object): void {
    if (this.#last.has(account)) this.#update(account, news);
  }

  #publishMarks(): void {
    for (const account of this.#last.keys()) {
      if (this.#shard.machine.positions(account).length > 0) this.#update(account, this.#money(account));
    }
  }

  #money(account: AccountId) {
    const { machine } = this.#shard;
    return {
      account: viewAccount(machine, account, this.#shard.now),
      balances: machine.money.balances(account).map(viewBalance),
      positions: machine
        .positions(account)
        .map(position => viewPosition(this.#shard.instrument(position.market), position)),
    };
  }

  #update(account: AccountId, change: object): void {
    const number = (this.#last.get(account) ?? 0) + 1;
    this.#last.set(account, number);
    const room = `account:${account}`;
    void this.#broker.broadcast("room.updated", { room, first: number, last: number, ...change });
  }
}
