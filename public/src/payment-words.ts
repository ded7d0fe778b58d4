/** Payments in and out, transfers and conversions: what is asked, what became of it, and why not. */
import type { Failure } from "./client/failure.ts";
import { fields, optionalText } from "./client/fields.ts";
import type { PaymentKind, Transfer, TransferStatus } from "./client/money-wire.ts";
import { rejectionWordsOf } from "./client/rejection-words.ts";
import { failureInWords } from "./client/words.ts";
import { readDecimal } from "./decimal.ts";
import { kindInWords } from "./money-words.ts";
import { type Outcome, readableMoney } from "./order-words.ts";

export const PAYMENT_WORDS: Readonly<Record<PaymentKind, string>> = {
  deposits: "Deposit",
  withdrawals: "Withdraw",
  transfers: "Transfer",
  conversions: "Convert",
};

export const TRANSFER_STATUS_WORDS: Readonly<Record<TransferStatus, string>> = {
  pending: "Pending",
  settled: "Settled",
  voided: "Given up",
  timedOut: "Timed out",
};

/** Words of orders that say something else of money. */
const REFUSALS: Readonly<Record<string, string>> = {
  balanceInsufficient: "There is not so much available.",
  markMissing: "There is no price yet to value it with. Try again shortly.",
};

const FAULTS: Readonly<Record<string, string>> = {
  TRANSFER_ID_REUSED: "This was already sent with other figures. Close the form and begin anew.",
  OUTCOME_UNKNOWN: "The venue has not confirmed it. Send it again: it will not be done twice.",
};

export interface PaymentForm {
  readonly kind: PaymentKind;
  readonly amount: string;
  readonly currency: string;
  readonly toCurrency: string;
  readonly toAccountId: string;
}

/** What is wrong with a form, by field. */
export function paymentProblems(form: PaymentForm): ReadonlyMap<"amount" | "to", string> {
  const problems = new Map<"amount" | "to", string>();
  const amount = readDecimal(form.amount);
  if (amount === undefined || !/[1-9]/.test(amount) || amount.startsWith("-")) {
    problems.set("amount", "How much? More than nothing.");
  } else if (!/^\d{1,15}(\.\d{1,8})?$/.test(amount)) {
    problems.set("amount", "At most eight places after the point.");
  }
  if (form.kind === "transfers" && form.toAccountId === "") problems.set("to", "To which account?");
  if (form.kind === "conversions" && form.toCurrency === form.currency) {
    problems.set("to", "Choose another currency.");
  }
  return problems;
}

/** "Deposit, 100.00 USD". */
export function transferInWords({ legs, destinationId, accountId }: Transfer): string {
  const [first, second] = legs;
  if (first === undefined) return "";
  const { kind, amount, currency, debit } = first;
  const what = `${kindInWords(kind)}, ${readableMoney(amount)} ${currency}`;
  if (kind === "conversion" && second !== undefined) {
    return `${what} into ${readableMoney(second.amount)} ${second.currency}`;
  }
  if (kind !== "transfer") return what;
  return debit === accountId ? `${what} to ${destinationId ?? first.credit}` : `${what} from ${debit}`;
}

export function paymentOutcome(transfer: Transfer): Outcome {
  const what = transferInWords(transfer);
  switch (transfer.status) {
    case "settled":
      return { tone: "good", text: `${what}: done.` };
    case "pending":
      return { tone: "plain", text: `${what}: asked for. It waits to be settled.` };
    case "voided":
    case "timedOut":
      return { tone: "bad", text: `${what}: ${transfer.reason ?? "given up"}.` };
    default:
      return transfer.status satisfies never;
  }
}

export function paymentFailure(failure: Failure): string {
  if (failure.code === "TRANSFER_REJECTED") {
    const rejection = optionalText(fields(failure.details ?? {}, "details"), "rejection") ?? "";
    return REFUSALS[rejection] ?? rejectionWordsOf(rejection) ?? failure.message;
  }
  return FAULTS[failure.code] ?? failureInWords(failure);
}
