/**
 * The account: figures, positions, open orders and the latest closed ones. The account's room is the truth;
 * between two of its messages profit and equity follow the quotes. What the venue says replaces what was
 * reckoned here.
 */
import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import { callExtended, marginNews } from "../account-words.ts";
import type { Account, AccountMessage, Balance, MarginState, Position } from "../client/account-wire.ts";
import { decodeAccountMessage } from "../client/decoding.ts";
import { type Failure, failureOf } from "../client/failure.ts";
import type { Order } from "../client/wire.ts";
import { formatDecimal, parseDecimal } from "../decimal.ts";
import { keyOf } from "../market/position.ts";
import { MONEY_DIGITS, marginLevel, profitOf } from "../market/valuation.ts";
import { fillInWords } from "../order-words.ts";
import { venue } from "../venue.ts";
import { useMarkets } from "./markets.ts";
import { useNotices } from "./notices.ts";

/** Kept with the tab: after a reload one looks at the same account. */
const CHOSEN = "cambist.account";
const CLOSED_MAX = 300;
const HISTORY_PAGE = 100;

export function isOpen(order: Order): boolean {
  return order.status === "open" || order.status === "partiallyFilled";
}

const money = (text: string | undefined): bigint => parseDecimal(text ?? "0", MONEY_DIGITS) ?? 0n;

export const useAccount = defineStore("account", () => {
  const markets = useMarkets();
  const notices = useNotices();
  const account = shallowRef<Account>();
  /** All of the user's, as they were when the page asked. */
  const accounts = shallowRef<readonly Account[]>([]);
  const balances = shallowRef<readonly Balance[]>([]);
  const positions = shallowRef<readonly Position[]>([]);
  const open = shallowRef<ReadonlyMap<string, Order>>(new Map());
  const closed = shallowRef<ReadonlyMap<string, Order>>(new Map());
  /** The newest message that told of money that moved. */
  const moved = shallowRef<Pick<AccountMessage, "transactions" | "transfers">>();
  const loading = ref(true);
  const stale = ref(true);
  const failure = shallowRef<Failure>();
  let leave: () => void = () => {};
  let started = 0;
  /** As the room last told it. */
  let marginState: MarginState = "normal";

  const openOrders = computed(() =>
    [...open.value.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
  );
  const closedOrders = computed(() =>
    [...closed.value.values()].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1)),
  );
  const fills = computed(() =>
    [...open.value.values(), ...closed.value.values()]
      .flatMap(order =>
        order.fills.map((fill, index) => ({ order, fill, key: fill.id ?? `${order.id}.${index}` })),
      )
      .sort((a, b) => (a.fill.time < b.fill.time ? 1 : -1))
      .slice(0, CLOSED_MAX),
  );

  /** Unrealised profit by position, by the quotes of now; the venue's own figure where quotes are missing. */
  const profits = computed(() => {
    const currency = account.value?.currency ?? "USD";
    return new Map(
      positions.value.map(position => {
        const instrument = markets.instrument(position.symbol);
        const now = instrument && profitOf(instrument, position, currency, markets.tickerOf);
        return [keyOf(position), now ?? money(position.unrealisedProfit)] as const;
      }),
    );
  });
  const profit = computed(() => [...profits.value.values()].reduce((sum, each) => sum + each, 0n));

  const figures = computed(() => {
    const current = account.value;
    if (current === undefined) return undefined;
    const balance = money(current.balance);
    const equity = balance + profit.value;
    const used = money(current.marginUsed);
    const level = marginLevel(equity, used);
    return {
      currency: current.currency,
      balance: formatDecimal(balance, MONEY_DIGITS),
      equity: formatDecimal(equity, MONEY_DIGITS),
      profit: formatDecimal(profit.value, MONEY_DIGITS),
      marginUsed: formatDecimal(used, MONEY_DIGITS),
      freeMargin: formatDecimal(equity - used, MONEY_DIGITS),
      level: level === undefined ? undefined : formatDecimal(level, 1),
    };
  });

  function merge(orders: readonly Order[]): void {
    const nowOpen = new Map(open.value);
    const nowClosed = new Map(closed.value);
    for (const order of orders) {
      const before = nowOpen.get(order.id);
      if (before !== undefined && before.filledQuantity !== order.filledQuantity) {
        notices.tell("good", fillInWords(order, markets.instrument(order.symbol)));
      }
      if (isOpen(order)) {
        nowOpen.set(order.id, order);
      } else {
        nowOpen.delete(order.id);
        nowClosed.set(order.id, order);
      }
    }
    for (const oldest of [...nowClosed.keys()].slice(0, Math.max(0, nowClosed.size - CLOSED_MAX))) {
      nowClosed.delete(oldest);
    }
    open.value = nowOpen;
    closed.value = nowClosed;
  }

  function take(message: AccountMessage): void {
    if (message.account !== undefined) {
      const change = marginNews(marginState, message.account);
      if (change !== undefined) notices.tell(change.tone, change.text);
      marginState = message.account.marginState;
      account.value = message.account;
    }
    if (message.marginCall?.event === "extend") {
      notices.tell("bad", callExtended(message.marginCall.levelPerMille));
    }
    if (message.transactions.length + message.transfers.length > 0) moved.value = message;
    if (message.balances !== undefined) balances.value = message.balances;
    if (message.positions !== undefined) {
      positions.value = message.positions.filter(position => /[1-9]/.test(position.quantity));
    }
    if (message.orders !== undefined) merge(message.orders);
  }

  /** Closed orders, newest first from the venue, kept oldest first. */
  async function loadHistory(accountId: string): Promise<void> {
    try {
      const { items } = await venue.rest.orders({ accountId, limit: HISTORY_PAGE });
      if (accountId !== account.value?.id) return;
      const earlier = items.filter(order => !isOpen(order)).reverse();
      closed.value = new Map([...earlier, ...closed.value.values()].map(order => [order.id, order]));
    } catch (caught) {
      notices.tell("bad", `Earlier orders could not be loaded. ${failureOf(caught).message}`);
    }
  }

  async function start(): Promise<void> {
    stop();
    const number = ++started;
    try {
      const all = await venue.rest.accounts();
      // Another start is on its way.
      if (number !== started) return;
      accounts.value = all;
      const chosen = sessionStorage.getItem(CHOSEN);
      const current = all.find(({ id }) => id === chosen) ?? all[0];
      account.value = current;
      if (current === undefined) loading.value = false;
      else follow(current.id);
    } catch (caught) {
      if (number !== started) return;
      failure.value = failureOf(caught);
      loading.value = false;
    }
  }

  function follow(id: string): void {
    leave = venue.rooms.follow(`account:${id}`, {
      decode: decodeAccountMessage,
      snapshot: message => {
        open.value = new Map();
        take(message);
        loading.value = false;
        void loadHistory(id);
      },
      update: take,
      stale: value => {
        stale.value = value;
      },
    });
  }

  /** Another of the user's accounts: what is shown and traded is then its. */
  async function choose(id: string): Promise<void> {
    sessionStorage.setItem(CHOSEN, id);
    await start();
  }

  function stop(): void {
    leave();
    leave = () => {};
    account.value = undefined;
    marginState = "normal";
    balances.value = [];
    positions.value = [];
    open.value = new Map();
    closed.value = new Map();
    failure.value = undefined;
    loading.value = true;
  }

  return {
    account,
    accounts,
    figures,
    balances,
    positions,
    moved,
    profits,
    openOrders,
    closedOrders,
    fills,
    loading,
    stale,
    failure,
    start,
    choose,
    stop,
  };
});
