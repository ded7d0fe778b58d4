/** The fee tier of a command's account, as the account's shard stamps it. */
import type { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { MarketCommand } from "../../../engine/market/command.ts";
import type { AccountId } from "../../../engine/units.ts";

export function withFeeTier(
  machineOf: (account: AccountId) => AccountMachine,
  command: MarketCommand,
): MarketCommand {
  if (!("number" in command)) return command;
  const feeTier = machineOf(command.account).charges.tierOf(command.account);
  return feeTier === undefined ? command : { ...command, feeTier };
}
