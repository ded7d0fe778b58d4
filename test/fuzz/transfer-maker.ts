/** A ledger's commands about transfers: each is one that could be written. */
import { SHARD_ACCOUNTS } from "../../engine/ledger/ledger-account.ts";
import { TRANSACTION_KINDS } from "../../engine/ledger/transaction.ts";
import type { TransferAccount, TransferCommand, TransferLeg } from "../../engine/ledger/transfer.ts";
import type { LedgerMakers } from "./ledger-maker.ts";
import type { ValueMaker } from "./value-maker.ts";

function makeAccount(value: ValueMaker): TransferAccount {
  return value.flag() ? value.word(SHARD_ACCOUNTS) : value.account();
}

function makeLeg(value: ValueMaker): TransferLeg {
  return {
    ...{ kind: value.word(TRANSACTION_KINDS), debit: makeAccount(value), credit: makeAccount(value) },
    ...{ currency: value.text(), amount: value.money() },
  };
}

const ended = (value: ValueMaker) => ({
  ...{ time: value.time(), account: value.account(), id: value.text(), reason: value.text() },
  by: value.text(),
});

export const TRANSFER_MAKERS: LedgerMakers<TransferCommand["kind"]> = {
  transfer: value => ({
    ...{ kind: "transfer", time: value.time(), account: value.account(), id: value.text() },
    ...{ legs: [makeLeg(value), ...value.list(7, () => makeLeg(value))], timeoutAt: value.time() },
    ...{ counted: value.money(), destination: value.account(), rate: value.text() },
    ...{ reference: value.text(), by: value.text() },
  }),
  settle: value => ({
    ...{ kind: "settle", time: value.time(), account: value.account(), id: value.text() },
    ...{ amount: value.money(), by: value.text() },
  }),
  void: value => ({ kind: "void", ...ended(value) }),
  timeOut: value => ({ kind: "timeOut", ...ended(value) }),
  cut: value => ({
    ...{ kind: "cut", time: value.time() },
    cursors: value.list(5, () => [value.below(8_192), value.whole()] as const),
  }),
  credit: value => ({
    ...{ kind: "credit", time: value.time(), origin: value.below(1_024), originSequence: value.whole() },
    ...{ account: value.account(), currency: value.text(), amount: value.money() },
    reference: value.text(),
  }),
};
