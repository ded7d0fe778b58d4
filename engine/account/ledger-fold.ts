/**
 * What each record of a shard's own ledger changes; each family of commands in a file of its own. That an
 * account isn't opened twice is the writer's business.
 */
import { assert, unreachable } from "../units.ts";
import { foldAccountCommand } from "./account-fold.ts";
import { foldCharge } from "./charge/charge-fold.ts";
import type { LedgerCommand } from "./command.ts";
import { foldGuardCommand } from "./guard/guard-fold.ts";
import { foldMarginCommand } from "./guard/margin-fold.ts";
import { foldTransferCommand } from "./money/transfer-fold.ts";
import { foldRefusal } from "./order/refusal-fold.ts";
import { foldCloseBy } from "./position/close-by.ts";
import { changeProfile } from "./profile-fold.ts";
import type { ShardState } from "./shard/shard-state.ts";

/** Records at or below the cursor are passed over; any other must be the next. */
export function foldLedgerRecord(state: ShardState, sequence: number, command: LedgerCommand): void {
  if (sequence <= state.ledgerSequence) return;
  assert(sequence === state.ledgerSequence + 1, "a ledger's records are heard in order, without a gap");
  state.ledgerSequence = sequence;
  switch (command.kind) {
    case "owner":
    case "listMarket":
    case "open":
    case "deposit":
    case "restrict":
    case "limit":
      foldAccountCommand(state, sequence, command);
      return;
    case "refuse":
    case "refuseAmend":
    case "revoke":
      foldRefusal(state, sequence, command);
      return;
    case "guard":
    case "baselines":
      foldGuardCommand(state, sequence, command);
      return;
    case "marginCall":
    case "closeOut":
    case "protectBalance":
      foldMarginCommand(state, sequence, command);
      return;
    case "profile":
      changeProfile(state, command);
      return;
    case "transfer":
    case "settle":
    case "void":
    case "timeOut":
    case "credit":
    case "cut":
      foldTransferCommand(state, sequence, command);
      return;
    case "feeTier":
    case "accountTier":
    case "swapPoints":
    case "rollover":
      foldCharge(state, sequence, command);
      return;
    case "closeBy":
      foldCloseBy(state, sequence, command);
      return;
    default:
      unreachable(command);
  }
}
