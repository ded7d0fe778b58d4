/**
 * The socket rooms `account:ID` of a shard's clients: a snapshot when asked, then updates numbered without a
 * gap. Facts are told as they come; an account with positions is also told now and then what its marks have
 * made of them. Only accounts that the sockets of some node watch are published.
 *
 * Numbers begin at the time, a thousand a millisecond, so that those of a shard's next owner are higher.
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
const NUMBERS_PER_MS = 1_000;

interface Watched {
  /** Number of the newest update. */
  last: number;
  /** Nodes whose sockets watch. */
  readonly nodes: Set<string>;
}

export class AccountRooms {
  readonly #broker: ServiceBroker;
  readonly #shard: RiskShard;
  readonly #watched = new Map<AccountId, Watched>();
  readonly #timer: Cancel;

  constructor(broker: ServiceBroker, shard: RiskShard) {
    this.#broker = broker;
    this.#shard = shard;
    this.#timer = shard.timers.every(MARKS_MS, () => this.#publishMarks());
  }

  close(): void {
    this.#timer();
  }

  /** From here on `node` watches. */
  snapshot(account: AccountId, node: string) {
    const { machine } = this.#shard;
    const watched = this.#watched.get(account) ?? {
      last: this.#shard.now * NUMBERS_PER_MS,
      nodes: new Set(),
    };
    watched.nodes.add(node);
    this.#watched.set(account, watched);
    return {
      room: `account:${account}`,
      last: watched.last,
      ...this.#money(account),
      orders: machine
        .openOrders(account)
        .map(order => viewOrder(this.#shard.instrument(order.market), order)),
    };
  }

  /** Nobody watches this room at `node` any more. */
  unwatch(room: string, node: string): void {
    const id = Number(room.slice("account:".length));
    if (Number.isSafeInteger(id)) this.#leave(accountId(id), node);
  }

  /** A node has gone, and its sockets with it. */
  gone(node: string): void {
    for (const account of [...this.#watched.keys()]) this.#leave(account, node);
  }

  publish(changes: Changes): void {
    for (const account of changes.accounts) {
      if (!this.#watched.has(account)) continue;
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
    if (this.#watched.has(account)) this.#update(account, news);
  }

  #leave(account: AccountId, node: string): void {
    const nodes = this.#watched.get(account)?.nodes;
    nodes?.delete(node);
    if (nodes?.size === 0) this.#watched.delete(account);
  }

  #publishMarks(): void {
    for (const account of this.#watched.keys()) {
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
    const watched = this.#watched.get(account);
    if (watched === undefined) return;
    watched.last += 1;
    const number = watched.last;
    const room = `account:${account}`;
    void this.#broker.broadcast("room.updated", { room, first: number, last: number, ...change });
  }
}
