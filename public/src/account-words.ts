/** What an account is, and how its margin stands, in words. */
import type { Account, MarginState } from "./client/account-wire.ts";
import { formatDecimal, parseDecimal } from "./decimal.ts";
import { MONEY_DIGITS, marginLevel } from "./market/valuation.ts";
import type { Outcome } from "./order-words.ts";

export const MARGIN_STATE_WORDS: Readonly<Record<MarginState, string>> = {
  normal: "Normal",
  marginCall: "Margin call",
  closeOut: "Closing out",
};

const WALLET_WORDS: Readonly<Record<string, string>> = {
  universal: "margin and spot",
  margin: "margin",
  spot: "spot",
};

/** "demo account 1001, margin and spot, netting, leverage 30 : 1". */
export function accountInWords(account: Account): string {
  const { id, environment, wallet, positionMode, parentId, leverage } = account;
  const what = `${environment} account ${id}`;
  const of = parentId === undefined ? "" : ` of ${parentId}`;
  return `${what}${of}, ${WALLET_WORDS[wallet] ?? wallet}, ${positionMode}, leverage ${leverage} : 1`;
}

function levelOf({ equity, marginUsed }: Account): string {
  const money = (text: string) => parseDecimal(text, MONEY_DIGITS) ?? 0n;
  const level = marginLevel(money(equity), money(marginUsed));
  return level === undefined ? "" : ` is ${formatDecimal(level, 1)}% and`;
}

/** What to tell of a change of the margin's state; undefined where there is none. */
export function marginNews(before: MarginState, account: Account): Outcome | undefined {
  const { marginState, marginCallLevel, closeOutLevel } = account;
  if (marginState === before) return undefined;
  switch (marginState) {
    case "normal":
      return { tone: "good", text: `The margin level is back above ${marginCallLevel}%.` };
    case "marginCall": {
      if (before === "closeOut")
        return { tone: "bad", text: "The close-out has ended; the margin call stands." };
      const text =
        `Margin call: the margin level${levelOf(account)} below ${marginCallLevel}%. ` +
        `Below ${closeOutLevel}% the venue closes positions.`;
      return { tone: "bad", text };
    }
    case "closeOut": {
      const text = `The level fell below ${closeOutLevel}%: the venue closes positions, largest loser first.`;
      return { tone: "bad", text };
    }
    default:
      return marginState satisfies never;
  }
}

/** The level goes on falling within a margin call. */
export function callExtended(levelPerMille: number): string {
  return `Margin call: the margin level has fallen to ${formatDecimal(BigInt(levelPerMille), 1)}%.`;
}
