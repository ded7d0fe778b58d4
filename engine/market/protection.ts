/**
 * Market-maker protection. An account says how much it wants to trade as maker within a window at most. What
 * one aggressor takes is looked at when it has taken it: with the fill that is more than a limit the account
 * is `restricted`, its open orders are removed in the order of their ids, and no new order of it is taken
 * until it asks for a reset. Fills of an uncrossing have no maker and don't count. Limits and resets are
 * taken in every phase; new limits begin an empty window, and end no freeze.
 *
 * Costs: a fill of a protected account O(1), amortised over what leaves the window. Admitted worst case:
 * while anybody is protected, every row of the log is looked at once more.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { PROTECTED_ACCOUNTS_MAX, PROTECTION_LIMIT_MAX, PROTECTION_WINDOW_MS_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import { type AccountId, assert, type Lots } from "../units.ts";
import type { SetProtection } from "./command.ts";
import { COLUMN, EVENT_STRIDE, type EventLog, KIND_MASK, RESTRICTED, TRADED } from "./event.ts";
import { type FillEntry, FillWindow, type ProtectionLimits } from "./fill-window.ts";
import { readProtection, writeProtection } from "./quote-record.ts";
import type { Reaction } from "./reactions.ts";

/** Of an account in a snapshot: its limits, whether it is frozen, no entries. */
const BYTES_AN_ACCOUNT = 45;
const BYTES_AN_ENTRY = 32;
const NO_LOTS = 0 as Lots;
const NO_LIMITS: ProtectionLimits = { windowMs: 0, quantityMax: NO_LOTS, countMax: 0, deltaMax: NO_LOTS };

export interface ProtectedAccount {
  readonly account: number;
  readonly limits: ProtectionLimits;
  readonly frozen: boolean;
  readonly entries: readonly FillEntry[];
}

export class Protection implements Reaction {
  readonly #log: EventLog;
  readonly #removeAll: (account: AccountId) => void;
  readonly #windows = new Map<number, FillWindow>();
  readonly #frozen: Set<number>;
  #time = 0;
  /** Rows of the log from here on have not been looked at. */
  #row = 0;

  /** `frozen`: accounts whose new orders are refused; `removeAll` takes out an account's open orders. */
  constructor(log: EventLog, frozen: Set<number>, removeAll: (account: AccountId) => void) {
    this.#log = log;
    this.#frozen = frozen;
    this.#removeAll = removeAll;
  }

  get active(): boolean {
    return this.#windows.size !== 0;
  }

  /** Why limits are refused. */
  refusal({ account, windowMs, quantityMax, countMax, deltaMax }: SetProtection): Rejection | undefined {
    const most = Math.max(quantityMax, countMax, deltaMax);
    if (windowMs > PROTECTION_WINDOW_MS_MAX || most > PROTECTION_LIMIT_MAX) return "protectionOutOfRange";
    const full = windowMs !== 0 && this.#windows.size >= PROTECTED_ACCOUNTS_MAX;
    return full && !this.#windows.has(account) ? "accountsLimit" : undefined;
  }

  set({ account, windowMs, quantityMax, countMax, deltaMax }: SetProtection): void {
    this.skip();
    if (windowMs === 0) this.#windows.delete(account);
    else this.#windows.set(account, new FillWindow({ windowMs, quantityMax, countMax, deltaMax }));
  }

  reset(account: AccountId): void {
    this.#windows.get(account)?.clear();
    if (this.#frozen.delete(account)) this.#tell(account, 0);
  }

  begin(time: number): void {
    this.#time = time;
    this.#row = 0;
  }

  /** What the log holds so far is none of a maker's fills. */
  skip(): void {
    this.#row = this.#log.length;
  }

  /** Counts fills up to the first that is too much, and freezes that account. */
  react(): boolean {
    const log = this.#log;
    while (this.#row < log.length) {
      const at = this.#row++ * EVENT_STRIDE;
      if (((log.rows[at] ?? 0) & KIND_MASK) !== TRADED) continue;
      const account = log.rows[at + COLUMN.makerAccount] ?? 0;
      const window = this.#windows.get(account);
      if (window === undefined || this.#frozen.has(account)) continue;
      const isBuy = log.rows[at + COLUMN.side] === 1;
      if (!window.add(this.#time, log.rows[at + COLUMN.lots] ?? 0, isBuy)) continue;
      this.#freeze(account as AccountId, window);
      return true;
    }
    return false;
  }

  /** Who is protected or frozen, by account. */
  accounts(): ProtectedAccount[] {
    const accounts = [...new Set([...this.#windows.keys(), ...this.#frozen])].sort((a, b) => a - b);
    return accounts.map(account => {
      const window = this.#windows.get(account);
      const limits = window?.limits ?? NO_LIMITS;
      return { account, limits, frozen: this.#frozen.has(account), entries: window?.entries() ?? [] };
    });
  }

  write(writer: ByteWriter): void {
    const accounts = this.accounts();
    writer.u32(accounts.length);
    for (const { account, limits, frozen, entries } of accounts) {
      writer.f64(account);
      writeProtection(writer, limits);
      writer.u8(frozen ? 1 : 0);
      writer.u32(entries.length);
      for (const { time, lots, count, delta } of entries) {
        for (const number of [time, lots, count, delta]) writer.f64(number);
      }
    }
  }

  read(reader: ByteReader): void {
    let before = -1;
    for (let left = reader.count(BYTES_AN_ACCOUNT); left > 0; left--) {
      const account = reader.whole() as AccountId;
      const window = new FillWindow(readProtection(reader));
      const frozen = reader.bits(1) === 1;
      assert(account > before, "accounts stand in their order");
      const { windowMs, quantityMax, countMax, deltaMax } = window.limits;
      assert(frozen || windowMs > 0, "an account is protected or frozen");
      before = account;
      let last = -1;
      for (let entries = reader.count(BYTES_AN_ENTRY); entries > 0; entries--) {
        const time = reader.whole();
        assert(time > last, "what an account has traded stands in the order of time");
        window.restore({ time, lots: reader.whole(), count: reader.whole(), delta: reader.integer() });
        last = time;
      }
      const limits = Math.max(quantityMax, countMax, deltaMax);
      assert(windowMs > 0 || (limits === 0 && last < 0), "who is not protected has no limits and no fills");
      if (windowMs > 0) this.#windows.set(account, window);
      if (frozen) this.#frozen.add(account);
    }
  }

  check(): void {
    for (const [account, window] of this.#windows) {
      window.check();
      const empty = window.entries().length === 0;
      assert(empty || !this.#frozen.has(account), "who is frozen counts nothing");
    }
  }

  #freeze(account: AccountId, window: FillWindow): void {
    window.clear();
    this.#frozen.add(account);
    this.#tell(account, 1);
    this.#removeAll(account);
  }

  #tell(account: AccountId, frozen: number): void {
    this.#log.push(RESTRICTED, 0, account, 0, 0, 0, 0, frozen, 0, 0);
  }
}
