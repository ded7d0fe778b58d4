/** Orders that depend on each other, as a trader sees them: together, each by what it is for. */
import type { Order } from "./client/wire.ts";
import { rejectionInWords } from "./client/words.ts";
import type { Instrument } from "./market/instrument.ts";
import { ORDER_KINDS } from "./market/order-kinds.ts";
import { type Outcome, outcomeOf } from "./order-words.ts";

export interface OrderGroup {
  readonly key: string;
  readonly orders: readonly Order[];
}

/** Members of one list stand together in its order, where the first of them stood. */
export function groupsOf(orders: readonly Order[]): readonly OrderGroup[] {
  const groups = new Map<string, Order[]>();
  for (const order of orders) {
    const key = order.list?.id ?? order.id;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups].map(([key, members]) => ({
    key,
    orders: members.sort((a, b) => (a.list?.leg ?? 0) - (b.list?.leg ?? 0)),
  }));
}

function exitInWords({ type }: Order): string {
  const { waits } = ORDER_KINDS[type];
  return waits === "stop" || waits === "trail" ? "Stop loss" : "Take profit";
}

/** What it is in its list: "Entry"; undefined of an order that is in none, or one of equals. */
export function roleInWords(order: Order): string | undefined {
  switch (order.list?.contingency) {
    case "bracket":
    case "OTOCO":
      return order.list.leg === 0 ? "Entry" : exitInWords(order);
    case "OTO":
      return order.list.leg === 0 ? "Entry" : "Follows the entry";
    default:
      return undefined;
  }
}

function isExit({ list }: Order): boolean {
  return (
    list !== undefined && list.leg > 0 && (list.contingency === "bracket" || list.contingency === "OTOCO")
  );
}

/** What the end of one does to the others of those that are still open: "One cancels the other". */
export function linkInWords(order: Order, group: readonly Order[]): string | undefined {
  if (order.list?.contingency === "OUO") return group.length > 1 ? "One reduces the other" : undefined;
  const linked = isExit(order) ? group.filter(isExit) : order.list?.contingency === "OCO" ? group : [];
  return linked.length > 1 ? "One cancels the other" : undefined;
}

/** The order for whose sake a list was refused, and its place; the others are only refused with it. */
export function culpritOf(orders: readonly Order[]): readonly [order: Order, leg: number] | undefined {
  const refused = orders.flatMap((order, leg) =>
    order.rejection === undefined ? [] : [[order, leg] as const],
  );
  return refused.find(([{ rejection }]) => rejection !== "listInvalid") ?? refused[0];
}

function joined(words: readonly string[]): string {
  const [first = "", ...others] = words;
  return [first, ...others.map(word => word.toLowerCase())].join(" and ");
}

/** What became of an entry, and of its exits. */
export function bracketOutcomeOf(orders: readonly Order[], instrument: Instrument | undefined): Outcome {
  const [culprit, leg] = culpritOf(orders) ?? [];
  if (culprit?.rejection !== undefined) {
    const which = leg === 0 ? "" : `${exitInWords(culprit)}: `;
    return { tone: "bad", text: `Refused: ${which}${rejectionInWords(culprit.rejection)}` };
  }
  const [entry, ...exits] = orders;
  if (entry === undefined) return { tone: "plain", text: "" };
  const { tone, text } = outcomeOf(entry, instrument);
  const open = exits.filter(({ status }) => status === "open" || status === "partiallyFilled");
  if (open.length === 0) return { tone, text };
  const names = joined(
    open.map(exit => {
      const price = exit.stopPrice ?? exit.price;
      return exit.awaits === "entry" || price === undefined
        ? exitInWords(exit)
        : `${exitInWords(exit)} at ${price}`;
    }),
  );
  const one = open.length === 1;
  const then = open.some(({ awaits }) => awaits === "entry")
    ? `${one ? "waits" : "wait"} for it to trade`
    : `${one ? "is" : "are"} placed`;
  return { tone, text: `${text} ${names} ${then}.` };
}
