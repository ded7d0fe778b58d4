/** What a ledger's records about its owner, its markets and accounts change. */
import { shardOf } from "../ids.ts";
import { assert, unreachable } from "../units.ts";
import { Account, NO_LIMITS } from "./account.ts";
import type { AccountCommand, DepositMoney, LimitAccount, OpenAccount, RestrictTrading } from "./command.ts";
import { kindOrDefault, profileOrDefault } from "./profile.ts";
import type { ShardState } from "./shard/shard-state.ts";

const ALL_ACCOUNTS = 0;

export function foldAccountCommand(state: ShardState, sequence: number, command: AccountCommand): void {
  switch (command.kind) {
    case "owner":
      assert(command.epoch > state.epoch, "a shard's epoch only goes up");
      state.epoch = command.epoch;
      return;
    case "listMarket":
      state.instrument(command.market);
      state.listed.add(command.market);
      return;
    case "open":
      openAccount(state, sequence, command);
      return;
    case "deposit":
      deposit(state, sequence, command);
      return;
    case "restrict":
      restrict(state, command);
      return;
    case "limit":
      limit(state, command);
      return;
    default:
      unreachable(command);
  }
}

function limit(state: ShardState, command: LimitAccount): void {
  const { openOrdersMaximum, notionalMaximum, selfTradeGroup } = command;
  assert(openOrdersMaximum >= 0 && notionalMaximum >= 0n && selfTradeGroup >= 0, "limits are from 0");
  const account = state.known(command.account);
  const none = openOrdersMaximum === 0 && notionalMaximum === 0n && selfTradeGroup === 0;
  account.limits = none ? NO_LIMITS : { openOrdersMaximum, notionalMaximum, selfTradeGroup };
  state.touch(account);
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
  if (command.as !== undefined) account.kind = kindOrDefault(command.as);
  if (command.profile !== undefined) account.profile = profileOrDefault(command.profile);
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
  state.move(account, currency, amount, { kind: "deposit", market: undefined, sequence, part: 0, time });
}
