/**
 * The lines of a drawn test that are about an account's orders together:
 *   quote 5 @ 99, 5 @ 98 / 4 @ 101, 4 @ 102 postOnly by 2 (bids, then asks) · cancelAllAfter 100 · massCancel
 *   protect 1000 quantity 10 count 3 delta 5 by 2 · resetProtection by 2 · massCancel sell by 2
 */
import type { Side } from "../../engine/units.ts";
import type { CommandForm } from "./commands.ts";

const QUOTE = /^quote([^/]*)\/(.*?)( postOnly)?(?: by (\d+))?$/;
const PROTECT = /^protect (\d+)(?: quantity (\d+))?(?: count (\d+))?(?: delta (\d+))?(?: by (\d+))?$/;
const OF_ACCOUNT = /^(?:resetProtection|cancelAllAfter (\d+))(?: by (\d+))?$/;
const MASS_CANCEL = /^massCancel(?: (buy|sell))?(?: by (\d+))?$/;

function levelsOf(side: Side, text: string): { side: Side; lots: number; ticks: number }[] {
  const levels = [...text.matchAll(/(\d+) @ (\d+)/g)];
  return levels.map(([, lots, ticks]) => ({ side, lots: Number(lots), ticks: Number(ticks) }));
}

/** Undefined where a line is about something else. */
export function readAccountCommand(text: string): CommandForm | undefined {
  const quote = QUOTE.exec(text);
  if (quote !== null) {
    const [, bids = "", asks = "", postOnly, account = "1"] = quote;
    const quotes = [...levelsOf("buy", bids), ...levelsOf("sell", asks)];
    return { kind: "massQuote", account: Number(account), postOnly: postOnly !== undefined, quotes };
  }
  const protect = PROTECT.exec(text);
  if (protect !== null) {
    const [windowMs, quantityMax, countMax, deltaMax, account] = protect.slice(1).map(Number);
    const limits = { quantityMax: quantityMax || 0, countMax: countMax || 0, deltaMax: deltaMax || 0 };
    return { kind: "protect", account: account || 1, windowMs: windowMs || 0, ...limits };
  }
  const ofAccount = OF_ACCOUNT.exec(text);
  if (ofAccount !== null) {
    const account = Number(ofAccount[2] ?? 1);
    if (ofAccount[1] === undefined) return { kind: "resetProtection", account };
    return { kind: "cancelAllAfter", account, timeoutMs: Number(ofAccount[1]) };
  }
  const massCancel = MASS_CANCEL.exec(text);
  if (massCancel !== null) {
    const form = { kind: "massCancel", account: Number(massCancel[2] ?? 1) } as const;
    return massCancel[1] === undefined ? form : { ...form, side: massCancel[1] as Side };
  }
  return undefined;
}
