/**
 * What each record of a shard's own ledger changes. That an account isn't opened twice is the writer's
 * business.
 */
import { countOf, originOf, shardOf, shardOrigin } from "../ids.ts";
import { assert, unreachable } from "../units.ts";
import { Account, NO_LIMITS } from "./account.ts";
import type {
  DepositMoney,
  LedgerCommand,
  OpenAccount,
  RefuseOrder,
  RestrictTrading,
  RevokeOrder,
} from "./command.ts";
import { newOrder } from "./order.ts";
import type { ShardState } from "./shard-state.ts";

const ALL_ACCOUNTS = 0;

/** Records at or below the cursor are passed over; any other must be the next. */
export function foldLedgerRecord(state: ShardState, sequence: number, command: LedgerCommand): void {
  if (sequence <= state.ledgerSequence) return;
  assert(sequence === state.ledgerSequence + 1, "a ledger's records are heard in order, without a gap");
  state.ledgerSequence = sequence;
  switch (command.kind) {
    case "owner":
      assert(command.epoch > state.epoch, "a shard's epoch only goes up");
      state.epoch = command.epoch;
      return;
    case "open":
      openAccount(state, sequence, command);
      return;
    case "deposit":
      deposit(state, sequence, command);
      return;
    case "refuse":
      refuse(state, sequence, command);
      return;
    case "revoke":
      revoke(state, sequence, command);
      return;
    case "restrict":
      restrict(state, command);
      return;
    case "limit": {
      const { openOrdersMaximum, notionalMaximum, selfTradeGroup } = command;
      assert(openOrdersMaximum >= 0 && notionalMaximum >= 0n && selfTradeGroup >= 0, "limits are from 0");
      const account = state.known(command.account);
      const none = openOrdersMaximum === 0 && notionalMaximum === 0n && selfTradeGroup === 0;
      account.limits = none ? NO_LIMITS : { openOrdersMaximum, notionalMaximum, selfTradeGroup };
      state.touch(account);
      return;
    }
    case "listMarket":
      state.instrument(command.market);
      state.listed.add(command.market);
      return;
    default:
      unreachable(command);
  }
}

function restrict(state: ShardState, { account: id, state: restriction }: RestrictTrading): void {
  if (id === ALL_ACCOUNTS) {
    state.restriction = restriction;
    for (const account of state.accounts.values()) state.touch(account);
    return;
  }
  const account = state.known(id);
  account.restriction = restriction;
  state.touch(account);
}

function openAccount(state: ShardState, sequence: number, command: OpenAccount): void {
  const { account: id, currency, leverage, liquidity, deposit: amount, time } = command;
  assert(id > 0, "account 0 is the issuer's");
  assert(shardOf(id, state.shards) === state.shard, "an account opens in its own shard");
  assert(!state.accounts.has(id), "an account opens once");
  assert(Number.isInteger(leverage) && leverage >= 1, "leverage is an integer from 1");
  assert(amount >= 0n, "a first deposit is not negative");
  const account = new Account(id, currency, leverage, liquidity);
  state.accounts.set(id, account);
  account.balances.set(currency, 0n);
  state.touch(account);
  if (amount > 0n) payIn(state, account, currency, amount, sequence, time);
}

function deposit(state: ShardState, sequence: number, command: DepositMoney): void {
  const account = state.known(command.account);
  assert(command.amount > 0n, "a deposit is positive");
  state.touch(account);
  payIn(state, account, command.currency, command.amount, sequence, command.time);
}

function payIn(
  state: ShardState,
  account: Account,
  currency: string,
  amount: bigint,
  sequence: number,
  time: DepositMoney["time"],
): void {
  state.issuer.set(currency, (state.issuer.get(currency) ?? 0n) - amount);
  state.move(account, currency, amount, { kind: "deposit", market: undefined, sequence, part: 0, time });
}

function refuse(state: ShardState, sequence: number, command: RefuseOrder): void {
  const { orderId, request, rejection, time } = command;
  const account = state.known(request.account);
  assert(originOf(orderId) === shardOrigin(state.shard), "a shard's refusals have ids of its own");
  assert(countOf(orderId) > state.refusals, "the ids of a shard's refusals go up");
  state.refusals = countOf(orderId);
  const order = newOrder(orderId, request.market, sequence, time, request);
  order.status = "rejected";
  order.rejection = rejection;
  state.enter(account, order);
}

function revoke(state: ShardState, sequence: number, command: RevokeOrder): void {
  const { account: id, clientOrderId, time } = command;
  const account = state.known(id);
  assert(!account.ids.has(clientOrderId), "only an unused client order id is revoked");
  state.touch(account);
  if (account.liquidity) {
    account.keepPastId(clientOrderId, "revoked");
    return;
  }
  account.ids.set(clientOrderId, "revoked");
  state.outbox.addRevocation({ account: id, clientOrderId, time, sequence });
}
