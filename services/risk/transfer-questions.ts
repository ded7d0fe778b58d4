/** A shard's transfers as they are asked for: their legs, what they count, until when they are pending. */
import { convertDown, convertUp } from "../../engine/account/position/conversion.ts";
import { formatDecimal, parseDecimal } from "../../engine/decimal.ts";
import { shardOf } from "../../engine/ids.ts";
import type { PaymentKind } from "../../engine/ledger/payment-limits.ts";
import type { TransactionKind } from "../../engine/ledger/transaction.ts";
import type { TransferAccount, TransferLeg, TransferMoney } from "../../engine/ledger/transfer.ts";
import {
  type AccountId,
  accountId,
  type Milliseconds,
  MONEY_DIGITS,
  type Money,
  money,
} from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import type { ShardParts } from "./shard-parts.ts";

/** A pending transfer that nobody ends is given up after so long. */
const PENDING_MS = 7 * 86_400_000;
/** Of what is bought, in millionths, rounded up. */
export const CONVERSION_FEE_PER_MILLION = 1_000n;
const RATE_DIGITS = 10;

export const TRANSFER_FORMS = ["deposit", "withdrawal", "transfer", "conversion", "adjustment"] as const;

export interface TransferParams {
  readonly account: number;
  readonly id: string;
  readonly form: (typeof TRANSFER_FORMS)[number];
  readonly currency: string;
  /** Above zero; below for an adjustment that takes. */
  readonly amount: string;
  /** Of a transfer: the account that gets it. */
  readonly to?: number;
  /** Of a conversion: the currency that is bought. */
  readonly toCurrency?: string;
  readonly reference: string;
  readonly by: string;
}

type Built = Pick<TransferMoney, "legs"> & Partial<TransferMoney>;

export function askTransfer(
  parts: ShardParts,
  shards: number,
  account: AccountId,
  asked: TransferParams,
): Promise<TransferView> {
  const { shard } = parts;
  const time = shard.now;
  const { id, reference, by } = asked;
  const none = { timeoutAt: 0 as Milliseconds, counted: 0n as Money, destination: accountId(0), rate: "" };
  const built = build(parts, shards, account, asked, (time + PENDING_MS) as Milliseconds);
  return parts.transfers.transfer({ kind: "transfer", time, account, id, reference, by, ...none, ...built });
}

function build(
  parts: ShardParts,
  shards: number,
  account: AccountId,
  asked: TransferParams,
  timeoutAt: Milliseconds,
): Built {
  const { form, currency } = asked;
  const amount = readAmount(asked.amount, form === "adjustment");
  switch (form) {
    case "deposit":
      return { ...pay(parts, form, "external", account, currency, amount), timeoutAt };
    case "withdrawal":
      return { ...pay(parts, form, account, "external", currency, amount), timeoutAt };
    case "adjustment": {
      const gives = amount > 0n;
      const [debit, credit] = gives ? (["house", account] as const) : ([account, "house"] as const);
      return { legs: [leg(form, debit, credit, currency, gives ? amount : -amount)], timeoutAt };
    }
    case "transfer": {
      const to = accountId(asked.to ?? 0);
      if (shardOf(to, shards) === parts.number) return { legs: [leg(form, account, to, currency, amount)] };
      return { legs: [leg(form, account, "transit", currency, amount)], destination: to };
    }
    case "conversion":
      return convert(parts, account, asked, amount);
  }
}

function leg(
  kind: TransactionKind,
  debit: TransferAccount,
  credit: TransferAccount,
  currency: string,
  amount: bigint,
): TransferLeg {
  return { kind, debit, credit, currency, amount: money(amount) };
}

function readAmount(text: string, signed: boolean): bigint {
  const amount = parseDecimal(text, MONEY_DIGITS);
  if (amount !== undefined && (amount > 0n || (signed && amount < 0n))) return amount;
  throw new Fault("VALIDATION_FAILED", `Cannot transfer money as 'amount' must be one: received ${text}`, {
    fields: [{ field: "amount", message: "The 'amount' must be a sum of money with at most 8 places" }],
  });
}

/** From or to a bank; it counts against the account's limits. */
function pay(
  { shard }: ShardParts,
  kind: PaymentKind,
  debit: TransferAccount,
  credit: TransferAccount,
  currency: string,
  amount: bigint,
): Built {
  const counted = shard.machine.money.counted(currency, amount);
  if (counted === undefined) throw markMissing();
  return { legs: [leg(kind, debit, credit, currency, amount)], counted };
}

/** At the middle of the marks; what is bought is rounded down, the fee on it up. */
function convert(
  { shard }: ShardParts,
  account: AccountId,
  { currency, toCurrency = "" }: TransferParams,
  amount: bigint,
): Built {
  if (currency === toCurrency) {
    throw new Fault("VALIDATION_FAILED", `Cannot convert money as the currencies must be two: ${currency}`);
  }
  const rate = shard.machine.money.rate(currency, toCurrency);
  if (rate === undefined) throw markMissing();
  const bought = convertDown(amount, rate);
  const fee = convertUp(bought, { numerator: CONVERSION_FEE_PER_MILLION, denominator: 1_000_000n });
  if (bought <= fee) throw new Fault("VALIDATION_FAILED", "Cannot convert money as it must buy something");
  const text = formatDecimal((rate.numerator * 10n ** BigInt(RATE_DIGITS)) / rate.denominator, RATE_DIGITS);
  const legs = [
    leg("conversion", account, "conversion", currency, amount),
    leg("conversion", "conversion", account, toCurrency, bought),
    leg("conversionFee", account, "fees", toCurrency, fee),
  ];
  return { legs, rate: text };
}

function markMissing(): Fault {
  return new Fault("TRANSFER_REJECTED", "Cannot transfer money as a mark must be there to value it", {
    rejection: "markMissing",
  });
}
