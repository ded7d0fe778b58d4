/**
 * Who calls: put into the context by the gateway after it has checked the token, or by a service for its own
 * account.
 */
import type { Context } from "moleculer";
import { type AccountId, accountId } from "../engine/units.ts";
import { Fault } from "../mixins/fault.ts";

export type Role = "trader" | "liquidity" | "operator";

export interface Principal {
  readonly userId: string;
  readonly accounts: readonly number[];
  readonly roles: readonly Role[];
}

export interface PrincipalMeta {
  principal?: Principal;
}

export function principalOf(ctx: Context<unknown, PrincipalMeta>): Principal {
  const principal = ctx.meta.principal;
  if (principal === undefined)
    throw new Fault("UNAUTHENTICATED", "Cannot act as the caller must be signed in");
  return principal;
}

/** The account asked for, or the caller's first. FORBIDDEN where it is someone else's. */
export function ownAccount(principal: Principal, asked: string | undefined): AccountId {
  const [first] = principal.accounts;
  const id = asked === undefined ? first : Number(asked);
  if (id === undefined || !principal.accounts.includes(id)) {
    throw new Fault("FORBIDDEN", `Cannot use account as it must be your own: received ${asked ?? "none"}`);
  }
  return accountId(id);
}
