/** What `cambist match` does with lines about an account's orders together. */
import { type Instrument, parsePrice, parseQuantity } from "../engine/instrument.ts";
import { PROTECTION_LIMIT_MAX } from "../engine/limits.ts";
import type { MarketCommand, Quote } from "../engine/market/command.ts";
import type { Rejection } from "../engine/rejection.ts";
import type { AccountId, Lots, Milliseconds, Money } from "../engine/units.ts";
import type { AccountLine, MassQuoteLine, ProtectLine } from "./match-account-lines.ts";
import type { MatchDoor } from "./match-door.ts";
import { rejectedLine } from "./match-event.ts";

/** What every command of a shard carries. */
export interface Common {
  readonly time: Milliseconds;
  readonly shard: number;
  readonly number: number;
  readonly account: AccountId;
  readonly liquidity: boolean;
  readonly reference: number;
}

/** The session that the lines come from. */
export interface MatchHost {
  readonly instrument: Instrument;
  readonly door: MatchDoor;
  common(time: number, account: AccountId): Common;
  /** Names the order with the next count. */
  admit(orderId: string): void;
  send(command: MarketCommand): string;
}

const NO_LIMIT = 0 as Lots;

export function applyAccountLine(host: MatchHost, line: AccountLine): string {
  const common = host.common(line.time, host.door.account(line.accountId));
  switch (line.command) {
    case "massCancel": {
      const { side } = line;
      return host.send({ kind: "massCancel", ...common, ...(side === undefined ? undefined : { side }) });
    }
    case "massQuote":
      return massQuote(host, line, common);
    case "cancelAllAfter":
      return host.send({ kind: "cancelAllAfter", ...common, timeoutMs: line.timeoutMs });
    case "protect":
      return protect(host, line, common);
    case "resetProtection":
      return host.send({ kind: "resetProtection", ...common });
  }
}

/** A mass quote is refused whole where one of its quotes can't be read. */
function massQuote(
  { instrument, door, admit, send }: MatchHost,
  line: MassQuoteLine,
  common: Common,
): string {
  const names = line.quotes.map((_, level) => `${line.orderId}-${level + 1}`);
  const refuse = (why: Rejection) => rejectedLine(JSON.stringify(line.orderId), line.command, why);
  if (names.some(name => door.has(name))) return refuse("orderIdDuplicate");
  const quotes: Quote[] = [];
  for (const { side, quantity, price } of line.quotes) {
    const lots = parseQuantity(instrument, quantity);
    if (typeof lots === "string") return refuse(lots);
    const ticks = parsePrice(instrument, price);
    if (typeof ticks === "string") return refuse(ticks);
    quotes.push({ side, lots, ticks });
  }
  for (const name of names) admit(name);
  const body = { clientOrderId: line.orderId, postOnly: line.postOnly, quotes, reserved: 0n as Money };
  return send({ kind: "massQuote", ...common, ...body });
}

function protect({ instrument, send }: MatchHost, line: ProtectLine, common: Common): string {
  // A sum of many trades may be larger than any order.
  const sums = { ...instrument, minimumLots: NO_LIMIT, maximumLots: PROTECTION_LIMIT_MAX as Lots };
  const read = (text: string | undefined) => (text === undefined ? NO_LIMIT : parseQuantity(sums, text));
  const quantityMax = read(line.quantityMax);
  const deltaMax = read(line.deltaMax);
  if (typeof quantityMax === "string" || typeof deltaMax === "string") {
    return rejectedLine(undefined, line.command, "protectionOutOfRange");
  }
  const { windowMs, countMax } = line;
  return send({ kind: "protect", ...common, windowMs, quantityMax, countMax, deltaMax });
}
