/**
 * Watches the margin levels of clients' accounts. A moved mark concerns only those whose level it can move:
 * accounts with something at stake in its market, or in a currency that is turned into their own through it.
 * Of these a sketch in doubles rules out nearly all; whoever is left is valued exactly.
 *
 * What is found is no fact until the shard has recorded it. Until then the account is held: it is not found
 * again. Worst case: an account's sketch is made anew after each fact that touches it.
 */
import type { AccountId, Lots, Milliseconds, Money } from "../../units.ts";
import type { Account } from "../account.ts";
import { marginUsed } from "../position/margin.ts";
import { equityOf } from "../position/valuation.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { positionMaximum } from "./guard.ts";
import type { CallEvent } from "./margin-command.ts";
import { callEventOf, levelsOf, perMilleOf, quietLevels } from "./margin-levels.ts";
import { Board, Sketch } from "./margin-sketch.ts";

export type Finding =
  | {
      readonly kind: "call";
      readonly account: AccountId;
      readonly event: CallEvent;
      readonly perMille: number;
      readonly equity: Money;
      readonly marginUsed: Money;
    }
  | { readonly kind: "closeOut"; readonly account: AccountId }
  /** Flat, and owes this much of its home currency. */
  | { readonly kind: "deficit"; readonly account: AccountId; readonly amount: Money }
  | {
      readonly kind: "position";
      readonly account: AccountId;
      readonly market: number;
      readonly lots: number;
      readonly maximum: Lots;
    };

export class MarginMonitor {
  readonly #state: ShardState;
  readonly #board: Board;
  readonly #sketches = new Map<Account, Sketch>();
  readonly #byMarket = new Map<number, Set<Sketch>>();
  readonly #held = new Set<AccountId>();
  /** Accounts and markets whose position is known to be above its limit. */
  readonly #exceeding = new Set<string>();

  constructor(state: ShardState) {
    this.#state = state;
    this.#board = new Board(state.conversion, state.marks);
  }

  /** Accounts whose level a market's mark can move. */
  concerned(market: number): number {
    return this.#byMarket.get(market)?.size ?? 0;
  }

  /** Accounts that facts have touched and no look has reached yet. */
  get waiting(): number {
    return this.#state.stirred.size;
  }

  /**
   * What has come to pass since the last look, as seen from a moment; the accounts in it are held. Of the
   * accounts that facts have touched at most so many are looked at: `waiting` says how many are left.
   */
  look(at: Milliseconds, accountsMaximum = Number.POSITIVE_INFINITY): Finding[] {
    const { marks, stirred } = this.#state;
    const findings: Finding[] = [];
    const due = new Set<Account>();
    for (const account of stirred) {
      if (due.size >= accountsMaximum) break;
      due.add(account);
      stirred.delete(account);
    }
    for (const account of due) this.#sketch(account, findings);
    marks.lookFrom(at);
    this.#board.refresh();
    const { values } = this.#board;
    for (const market of marks.takeMoved()) {
      for (const sketch of this.#byMarket.get(market) ?? []) {
        if (sketch.isExact || !sketch.isQuiet(values)) due.add(sketch.account);
      }
    }
    for (const account of due) {
      if (!this.#held.has(account.id)) this.#judge(account, findings);
    }
    marks.lookFrom(undefined);
    return findings;
  }

  /** What was found of the account is recorded, or has come to nothing: it is looked at again. */
  release(account: AccountId): void {
    this.#held.delete(account);
    const known = this.#state.accounts.get(account);
    if (known !== undefined) this.#state.stirred.add(known);
  }

  #sketch(account: Account, findings: Finding[]): void {
    const before = this.#sketches.get(account);
    for (const market of before?.markets ?? []) this.#byMarket.get(market)?.delete(before as Sketch);
    const sketch = new Sketch(account, this.#state.conversion, this.#board);
    Object.assign(sketch, quietLevels(account, levelsOf(this.#state.guardsOf(account))));
    if (sketch.markets.size === 0) this.#sketches.delete(account);
    else this.#sketches.set(account, sketch);
    for (const market of sketch.markets) {
      const concerned = this.#byMarket.get(market);
      if (concerned === undefined) this.#byMarket.set(market, new Set([sketch]));
      else concerned.add(sketch);
    }
    this.#checkPositions(account, findings);
  }

  /** A limit may be lowered below a position: nothing is closed for that, but somebody has to know. */
  #checkPositions(account: Account, findings: Finding[]): void {
    const guards = this.#state.guardsOf(account);
    for (const [market, { instrument, lots }] of account.exposures) {
      const key = `${account.id}:${market}`;
      const maximum = positionMaximum(guards, market, instrument.positionLimitLots) as Lots;
      if (Math.abs(lots) <= maximum) {
        this.#exceeding.delete(key);
      } else if (!this.#exceeding.has(key)) {
        this.#exceeding.add(key);
        findings.push({ kind: "position", account: account.id, market, lots, maximum });
      }
    }
  }

  #judge(account: Account, findings: Finding[]): void {
    const { conversion, marks } = this.#state;
    if (account.watch?.closeOut !== undefined) {
      findings.push({ kind: "closeOut", account: account.id });
      this.#held.add(account.id);
      return;
    }
    const equity = equityOf(account, conversion, marks);
    const used = marginUsed(account, conversion);
    if (equity === undefined || used === undefined) return;
    const levels = levelsOf(this.#state.guardsOf(account));
    const perMille = perMilleOf(equity, used);
    const event = callEventOf(account, levels, perMille);
    const count = findings.length;
    if (event !== undefined) {
      const figures = { perMille, equity: equity as Money, marginUsed: used as Money };
      findings.push({ kind: "call", account: account.id, event, ...figures });
    }
    if (perMille < levels.closeOut) findings.push({ kind: "closeOut", account: account.id });
    const flat = used === 0n && account.open.size + account.heldOrders.size === 0;
    if (flat && equity < 0n) {
      findings.push({ kind: "deficit", account: account.id, amount: -equity as Money });
    }
    if (findings.length > count) this.#held.add(account.id);
  }
}
