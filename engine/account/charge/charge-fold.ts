/** What each record of the charges family changes. See `charge.ts`. */
import { assert, unreachable } from "../../units.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { AssignFeeTier, ChargeCommand, Rollover } from "./charge.ts";

export function foldCharge(state: ShardState, sequence: number, command: ChargeCommand): void {
  switch (command.kind) {
    case "feeTier": {
      const { number, name, groups } = command;
      state.charges.define({ number, name, groups });
      return;
    }
    case "accountTier":
      assign(state, command);
      return;
    case "swapPoints": {
      const { long, short } = command;
      state.charges.points.set(state.instrument(command.market).number, { long, short });
      return;
    }
    case "rollover":
      rollOver(state, sequence, command);
      return;
    default:
      unreachable(command);
  }
}

function assign(state: ShardState, { account: id, tier, pinned }: AssignFeeTier): void {
  assert(state.charges.has(tier), "an account's fee tier is defined before it is given");
  const account = state.known(id);
  account.charges.tier = tier;
  account.charges.pinned = pinned;
  state.touch(account);
}

function rollOver(state: ShardState, sequence: number, command: Rollover): void {
  const { day, through, charges, volumes, time } = command;
  const { rolled } = state.charges;
  const goesOn = rolled.through !== 0 && day === rolled.day && (through === 0 || through > rolled.through);
  assert(goesOn || (rolled.through === 0 && day > rolled.day), "trade dates roll over once, in order");
  state.charges.rolled = { day, through };
  for (const [part, { account: id, market, kind, amount }] of charges.entries()) {
    const account = state.known(id);
    const { quote } = state.instrument(market);
    state.touch(account);
    state.move(account, quote, amount, { kind, market: undefined, sequence, part, time });
  }
  for (const volume of volumes) {
    assert(state.charges.has(volume.tier), "an account's fee tier is defined before it is given");
    const account = state.known(volume.account);
    account.charges.count(day, volume);
    state.touch(account);
  }
}
