/** What must hold of all the money there is, whenever every shard has heard the same. */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import { isSpotAccount } from "../venue/listed.ts";
import { Violation } from "./violation.ts";

/**
 * Money and positions sum to zero over the shards. An account that trades spot by limit orders only has no
 * less in any currency than what its orders and transfers tie up of it.
 */
export function checkMoney(shards: readonly AccountMachine[]): void {
  const sums = new Map<string, bigint>();
  for (const shard of shards) {
    for (const [currency, amount] of shard.money.totals()) add(sums, currency, amount);
    for (const [currency, { positions }] of shard.money.clearing())
      add(sums, `${currency} cleared`, positions);
    for (const [market, size] of shard.lotsByMarket())
      add(sums, `positions in market ${market}`, BigInt(size));
    for (const account of shard.accounts()) {
      if (!isSpotAccount(account)) continue;
      for (const { currency, available } of shard.money.balances(account)) {
        if (available >= 0n) continue;
        throw new Violation("money", `account ${account} has ${available} units of ${currency} left`);
      }
    }
  }
  for (const [what, sum] of sums) {
    if (sum !== 0n) throw new Violation("money", `all ${what} sums to ${sum}, not to zero`);
  }
}

function add(sums: Map<string, bigint>, key: string, amount: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
}
