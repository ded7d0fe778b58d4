/** What `cambist match` does with lines that place orders which depend on each other. */
import { isRefused, readListForm } from "../engine/form/list-form.ts";
import type { Rejection } from "../engine/rejection.ts";
import type { Money } from "../engine/units.ts";
import type { MatchHost } from "./match-accounts.ts";
import { rejectedLine } from "./match-event.ts";
import type { ListLine } from "./match-list-lines.ts";

const NOTHING_RESERVED = 0n as Money;

/** A list is refused whole; its ids are used up unless one of them is in use. */
export function applyList({ instrument, door, common, admit, send }: MatchHost, line: ListLine): string {
  const names = line.legs.map(({ orderId }) => orderId);
  const refuse = (reasons: readonly Rejection[]) =>
    reasons.map((why, at) => rejectedLine(JSON.stringify(names[at]), line.command, why)).join("");
  const isUsed = (name: string, at: number) => door.has(name) || names.indexOf(name) !== at;
  if (names.some(isUsed)) {
    return refuse(names.map((name, at) => (isUsed(name, at) ? "orderIdDuplicate" : "listInvalid")));
  }
  const read = readListForm(instrument, line);
  if (isRefused(read)) {
    for (const name of names) door.refuse(name);
    return refuse(read);
  }
  for (const name of names) admit(name);
  const legs = read.legs.map((leg, at) => {
    return { ...leg, clientOrderId: names[at] ?? "", reserved: NOTHING_RESERVED };
  });
  const account = door.account(line.accountId);
  return send({ kind: "list", ...common(line.time, account), contingency: read.contingency, legs });
}
