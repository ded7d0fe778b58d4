/** What a `profile` record changes: leverage and profile of one account, whole. */
import { assert } from "../units.ts";
import { type ChangeProfile, profileOrDefault } from "./profile.ts";
import type { ShardState } from "./shard/shard-state.ts";

export function changeProfile(state: ShardState, command: ChangeProfile): void {
  const { leverage } = command;
  assert(Number.isInteger(leverage) && leverage >= 1, "leverage is an integer from 1");
  const account = state.known(command.account);
  account.leverage = leverage;
  account.profile = profileOrDefault(command);
  state.touch(account);
}
