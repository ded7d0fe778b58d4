/**
 * Dead-man timers: an account says after how long all its open orders go, and has to say it again before. A
 * timer is due at a time, it fires in the first command of that time or later, in whichever phase, and is
 * then off. Equal ones fire in the order of their accounts.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { CANCEL_ALL_AFTER_MS_MAX, DEAD_MAN_TIMERS_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import { type AccountId, assert } from "../units.ts";
import type { CancelAllAfter } from "./command.ts";
import { Deadlines } from "./deadlines.ts";
import type { Timed } from "./timers.ts";

const BYTES_A_TIMER = 16;

export class DeadMan implements Timed {
  readonly #times = new Deadlines();
  readonly #removeAll: (account: AccountId) => void;

  /** `removeAll` takes out an account's open orders. */
  constructor(removeAll: (account: AccountId) => void) {
    this.#removeAll = removeAll;
  }

  get next(): number {
    return this.#times.next;
  }

  onSooner(tell: (time: number) => void): void {
    this.#times.onSooner = tell;
  }

  refusal({ account, timeoutMs }: CancelAllAfter): Rejection | undefined {
    if (timeoutMs > CANCEL_ALL_AFTER_MS_MAX) return "timeoutOutOfRange";
    const full = this.#times.size >= DEAD_MAN_TIMERS_MAX && this.#times.timeOf(account) === undefined;
    return full && timeoutMs !== 0 ? "accountsLimit" : undefined;
  }

  /** Sets an account's timer, in place of the one that runs; off where the timeout is 0. */
  set({ account, time, timeoutMs }: CancelAllAfter): void {
    if (timeoutMs === 0) this.#times.clear(account);
    else this.#times.set(account, time + timeoutMs);
  }

  expire(now: number): void {
    for (let account = this.#times.takeDue(now); account !== undefined; account = this.#times.takeDue(now)) {
      this.#removeAll(account as AccountId);
    }
  }

  /** Accounts and when their timers fire, by account. */
  entries(): [number, number][] {
    return this.#times.entries();
  }

  write(writer: ByteWriter): void {
    const timers = this.#times.entries();
    writer.u32(timers.length);
    for (const [account, time] of timers) {
      writer.f64(account);
      writer.f64(time);
    }
  }

  read(reader: ByteReader): void {
    let before = -1;
    for (let left = reader.count(BYTES_A_TIMER); left > 0; left--) {
      const account = reader.whole();
      assert(account > before, "accounts stand in their order");
      before = account;
      this.#times.set(account, reader.integer());
    }
  }

  check(): void {
    this.#times.check();
  }
}
