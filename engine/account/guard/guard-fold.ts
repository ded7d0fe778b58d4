/** What a ledger's records about guards and days change. */
import { assert, unreachable } from "../../units.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { GuardCommand, SetGuard } from "./guard.ts";
import { STOP_OUTS_KEPT } from "./watch.ts";

export function foldGuardCommand(state: ShardState, sequence: number, command: GuardCommand): void {
  switch (command.kind) {
    case "guard":
      setGuard(state, sequence, command);
      return;
    case "baselines":
      if (command.last) state.guards.day = Math.max(state.guards.day, command.day);
      for (const { account, equity, paid } of command.baselines) {
        state.known(account).watched().begin(command.day, equity, paid);
      }
      return;
    default:
      unreachable(command);
  }
}

function setGuard(state: ShardState, sequence: number, command: SetGuard): void {
  const { scope, account: id, guard } = command;
  assert(guard.stopOutsMaximum <= STOP_OUTS_KEPT, "a guard counts as many stop-outs as are kept");
  assert(guard.notionalMaximum >= 0n && guard.dailyLossMaximum >= 0n, "limits are from 0");
  state.guards.set(sequence, command);
  if (scope === "account") {
    const account = state.known(id);
    account.guard = guard;
    state.touch(account);
    return;
  }
  for (const account of state.accounts.values()) state.touch(account);
}
