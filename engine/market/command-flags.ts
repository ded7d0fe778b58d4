/** The flags in the byte of a shard's command: which bits each kind may have, and what they mean. */
import { BODY_FLAGS, LIQUIDITY, TERMS } from "./body-record.ts";
import type { ShardCommand } from "./command.ts";

export const SELL = 2;
export const ONE_SIDE = 4;
export const POST_ONLY = 8;
export const ALLOW_FAILURE = 2;
export const FILLED_TOLD = 4;
export const CONDITION_SHIFT = 1;
export const OLD_TERMS = 64;
/** Flags that a command of each kind may have. */
export const KNOWN_FLAGS: Readonly<Record<ShardCommand["kind"], number>> = {
  place: LIQUIDITY | BODY_FLAGS,
  amend: LIQUIDITY | TERMS,
  cancel: LIQUIDITY | (3 << CONDITION_SHIFT),
  replace: LIQUIDITY | ALLOW_FAILURE | FILLED_TOLD,
  list: LIQUIDITY,
  massCancel: LIQUIDITY | SELL | ONE_SIDE,
  massQuote: LIQUIDITY | POST_ONLY,
  cancelAllAfter: LIQUIDITY,
  protect: LIQUIDITY,
  resetProtection: LIQUIDITY,
};
/** Up to layout 2. */
export const OLD_FLAGS: Readonly<Partial<Record<ShardCommand["kind"], number>>> = {
  place: 127,
  amend: LIQUIDITY | OLD_TERMS,
  cancel: LIQUIDITY,
};
