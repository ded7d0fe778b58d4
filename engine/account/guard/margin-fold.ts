/** What a ledger's records about margin calls, close-outs and protection change. */
import { payment } from "../../ledger/posting.ts";
import { assert, unreachable } from "../../units.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { MarginCommand, RecordCloseOut } from "./margin-command.ts";

export function foldMarginCommand(state: ShardState, sequence: number, command: MarginCommand): void {
  const account = state.known(command.account);
  const watch = account.watched();
  switch (command.kind) {
    case "marginCall":
      watch.calledPerMille = command.event === "leave" ? undefined : command.perMille;
      state.touch(account);
      return;
    case "closeOut":
      foldCloseOut(state, sequence, command);
      return;
    case "protectBalance": {
      const { time, amount } = command;
      assert(amount > 0n, "a protection pays something");
      const cause = { kind: "protection", market: undefined, sequence, part: 0, time } as const;
      state.post(payment("house", { account: account.id, part: "cash" }, account.currency, amount), cause);
      return;
    }
    default:
      unreachable(command);
  }
}

function foldCloseOut(state: ShardState, sequence: number, command: RecordCloseOut): void {
  const account = state.known(command.account);
  const watch = account.watched();
  state.touch(account);
  switch (command.event) {
    case "begin":
      assert(watch.closeOut === undefined, "a close-out begins once");
      watch.closeOut = sequence;
      watch.stopOut(command.time);
      return;
    case "reduce":
      assert(watch.closeOut !== undefined, "a step is one of a close-out");
      return;
    case "end":
      assert(watch.closeOut !== undefined, "a close-out that ends has begun");
      watch.closeOut = undefined;
      return;
    default:
      unreachable(command.event);
  }
}
