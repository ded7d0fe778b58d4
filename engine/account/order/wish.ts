/** What is asked of a decision, and what it answers. */
import type { Instrument } from "../../instrument.ts";
import type { Rejection } from "../../rejection.ts";
import type { Milliseconds, Money } from "../../units.ts";
import type { Account } from "../account.ts";
import type { Notes } from "../guard/explanation.ts";
import type { Guard } from "../guard/guard.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { Claim } from "./claims.ts";

/**
 * `reserved`: what is set aside for it: margin in home money; for a spot order money of the currency that it
 * pays with (the quote for a buy, the base for a sell).
 */
export type Decision = { readonly reserved: Money } | Rejection;

/** Something that may go to a market. */
export interface Wish {
  readonly market: number;
  /** At most one of each side. */
  readonly claims: readonly Claim[];
  /** Orders by which the account's open ones would grow. */
  readonly orders: number;
  /** It holds a market order whose market was never quoted. */
  readonly blind: boolean;
  /** Where only closing is allowed: "shrinks" only makes orders smaller, "opens" never closes. */
  readonly manner?: "shrinks" | "opens" | undefined;
  /** It closes the account out: what its owner may do is no matter. */
  readonly forced?: true | undefined;
  /** Now; where it is left out nothing that depends on time is asked. */
  readonly at?: Milliseconds | undefined;
}

/** A wish with all that its checks look at. */
export interface Case {
  readonly state: ShardState;
  readonly account: Account;
  readonly instrument: Instrument;
  readonly guards: readonly Guard[];
  readonly wish: Wish;
  /** Told the figures of the check that fails; undefined where nobody asks why. */
  readonly notes: Notes | undefined;
}
