/**
 * What went wrong, in plain words with what to do about it. A code that is not here is shown with the venue's
 * own message; rejections have their own list.
 */
import type { Failure } from "./failure.ts";
import { fields, list, text } from "./fields.ts";
import { rejectionWordsOf } from "./rejection-words.ts";

const FAULTS: ReadonlyMap<string, string> = new Map([
  ["NETWORK", "The venue cannot be reached. Check the connection and try again."],
  ["TIMEOUT", "The venue did not answer in time. Try again."],
  ["UNREADABLE", "The venue's answer could not be understood. Reload the page."],
  ["UNAUTHENTICATED", "The session has ended. Sign in again."],
  ["CREDENTIALS_INVALID", "The email or the password is not right."],
  ["FORBIDDEN", "This is not allowed for your user."],
  ["NOT_FOUND", "There is no such thing at the venue."],
  ["SYMBOL_UNKNOWN", "This market is not listed."],
  ["ACCOUNT_UNKNOWN", "There is no such account."],
  ["ACCOUNTS_LIMIT", "You have as many accounts as you may."],
  ["POSITION_UNKNOWN", "There is no such position any more."],
  ["ORDER_UNKNOWN", "There is no such order."],
  ["ORDER_NEVER_ACCEPTED", "The venue never took this order, and never will. You can send a new one."],
  ["ORDER_NOT_OPEN", "This order is no longer open."],
  ["TRANSFER_REJECTED", "The transfer was refused. No money was moved."],
  ["PROFILE_REJECTED", "The account could not carry this. Nothing has changed."],
  ["CLOSE_BY_REJECTED", "The positions were not closed. Nothing has changed."],
  ["AMEND_REJECTED", "The change was refused. The order stays as it was."],
  ["CLIENT_ORDER_ID_REUSED", "This order's id was already used for another order."],
  ["CLIENT_ORDER_ID_REVOKED", "The venue never took this order, and never will. You can send a new one."],
  ["EMAIL_TAKEN", "There is already a user with this email. Sign in instead."],
  ["TOO_MANY_REQUESTS", "Too many requests. Wait a moment and try again."],
  ["INTERNAL", "Something went wrong at the venue. Try again."],
  ["NOT_READY", "The venue is starting. Try again in a moment."],
  ["MAILBOX_FULL", "The venue is busy. Try again in a moment."],
  ["OUTCOME_UNKNOWN", "The venue has not confirmed this order. Check again: it will not be placed twice."],
]);

export function rejectionInWords(code: string): string {
  return rejectionWordsOf(code) ?? `The venue refused the order (${code}).`;
}

/** The fields that the venue could not read, each with what it said. */
function faultsInWords(failure: Failure): string {
  const { fields: faulty } = fields(failure.details ?? {}, "details");
  const messages = list(faulty ?? [], "fields", item => text(fields(item, "field"), "message"));
  return messages.length === 0 ? failure.message : messages.map(each => each.replace(/\.?$/, ".")).join(" ");
}

export function failureInWords(failure: Failure): string {
  if (failure.code === "VALIDATION_FAILED") return faultsInWords(failure);
  return FAULTS.get(failure.code) ?? rejectionWordsOf(failure.code) ?? failure.message;
}

/** Why an amend was refused, where the venue says so. */
export function rejectionOf(failure: Failure): string | undefined {
  if (failure.code !== "AMEND_REJECTED") return undefined;
  return text(fields(failure.details, "details"), "rejection");
}
