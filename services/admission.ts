/** Who may use the venue at all: access rights of accounts, asked of their shards. */
import type { ServiceBroker } from "moleculer";
import type { AccessRight } from "../engine/account/guard/guard.ts";
import type { Principal } from "./principal.ts";
import { shardAction } from "./shard-action.ts";

/**
 * Not where each of the caller's accounts has the access right `noLogin`. Operators always may: one of them
 * has to lift it.
 */
export async function isAdmitted(broker: ServiceBroker, caller: Pick<Principal, "accounts" | "roles">) {
  if (caller.accounts.length === 0 || caller.roles.includes("operator")) return true;
  for (const account of caller.accounts) {
    const action = shardAction(broker, account, "access");
    const { access } = await broker.call<{ access: AccessRight }, object>(action, { account });
    if (access !== "noLogin") return true;
  }
  return false;
}
