/**
 * Keeps a shard's accounts above their margin levels: asks the monitor after each turn in which facts came,
 * records what it finds before anybody is told, and closes accounts out. Every half minute it asks whether a
 * day has begun. What fails is tried again: the monitor finds it anew.
 */
import type { ServiceBroker } from "moleculer";
import type { Finding } from "../../engine/account/guard/margin-monitor.ts";
import { formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { type AccountId, lots } from "../../engine/units.ts";
import type { Cancel } from "../../mixins/clock.ts";
import type { AlertKind } from "../../models/alert.model.ts";
import type { RaisedAlert } from "../alerts.service.ts";
import { formatMoney } from "../orders/money-text.ts";
import type { AccountRooms } from "./account-rooms.ts";
import { CloseOuts } from "./close-outs.ts";
import type { CommandDesk } from "./command-desk.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { RiskShard } from "./risk-shard.ts";

/** Marks are looked at this often at most. */
const LOOK_MS = 20;
/** Touched accounts in one turn of the event loop: a guard of the venue touches all there are. */
const ACCOUNTS_A_TURN = 500;
/** A close-out that got no further is taken up again after so long. */
const RETRY_MS = 5_000;
const DAY_CHECK_MS = 30_000;

export interface KeeperParts {
  readonly broker: ServiceBroker;
  readonly shard: RiskShard;
  readonly desk: OrderDesk;
  readonly commands: CommandDesk;
  readonly rooms: AccountRooms;
}

export class MarginKeeper {
  readonly #parts: KeeperParts;
  readonly #closeOuts: CloseOuts;
  readonly #days: Cancel;
  readonly #retries = new Set<Cancel>();
  #timer: Cancel | undefined;
  #turn: Cancel | undefined;
  #beginning = false;
  #closed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#closeOuts = new CloseOuts(parts, (kind, account, message) => this.#alert(kind, account, message));
    this.#days = parts.shard.timers.every(DAY_CHECK_MS, () => this.#run(this.#beginDay()));
    this.schedule();
  }

  /** Facts came. */
  schedule(): void {
    if (this.#closed) return;
    this.#timer ??= this.#parts.shard.timers.after(LOOK_MS, () => {
      this.#timer = undefined;
      this.#look();
    });
  }

  close(): void {
    this.#closed = true;
    this.#days();
    this.#timer?.();
    this.#turn?.();
    for (const cancel of this.#retries) cancel();
  }

  #look(): void {
    const { shard } = this.#parts;
    if (this.#closed || shard.isFailed) return;
    const byAccount = new Map<AccountId, Finding[]>();
    const { guardian } = shard.machine;
    for (const finding of guardian.look(shard.now, ACCOUNTS_A_TURN)) {
      const found = byAccount.get(finding.account);
      if (found === undefined) byAccount.set(finding.account, [finding]);
      else found.push(finding);
    }
    for (const [account, findings] of byAccount) this.#run(this.#deal(account, findings));
    this.#turn?.();
    if (guardian.monitor.waiting > 0) this.#turn = shard.timers.soon(() => this.#look());
  }

  #run(work: Promise<void>): void {
    work.catch(error => {
      if (!this.#closed) this.#parts.broker.logger.error("Cannot keep a margin level, trying again", error);
    });
  }

  /** In their order; then the account is looked at again, at once or, where it got no further, later. */
  async #deal(account: AccountId, findings: readonly Finding[]): Promise<void> {
    let again = 0;
    try {
      for (const finding of findings) {
        if (finding.kind !== "closeOut") await this.#record(finding);
        else if (!(await this.#closeOuts.run(account))) again = RETRY_MS;
      }
    } catch (error) {
      again = RETRY_MS;
      throw error;
    } finally {
      this.#releaseAfter(account, again);
    }
  }

  #releaseAfter(account: AccountId, wait: number): void {
    const { timers, machine } = this.#parts.shard;
    const retry = timers.after(wait, () => {
      this.#retries.delete(retry);
      machine.guardian.monitor.release(account);
      this.schedule();
    });
    this.#retries.add(retry);
  }

  async #record(finding: Exclude<Finding, { kind: "closeOut" }>): Promise<void> {
    const { shard, rooms } = this.#parts;
    const { account } = finding;
    const time = shard.now;
    switch (finding.kind) {
      case "call": {
        const { event, perMille, equity, marginUsed } = finding;
        await shard.record({ kind: "marginCall", time, account, event, perMille, equity, marginUsed });
        rooms.tell(account, { marginCall: { event, levelPerMille: perMille } });
        await this.#alert("marginCall", account, `The margin level is ${perMille} per mille: ${event}`);
        return;
      }
      case "deficit": {
        const { amount } = finding;
        await shard.record({ kind: "protectBalance", time, account, amount });
        await this.#alert("balanceProtected", account, `The house has paid ${formatMoney(amount)}`);
        return;
      }
      case "position": {
        const instrument = shard.instrument(finding.market);
        const [has, most] = [sizeOf(instrument, finding.lots), sizeOf(instrument, finding.maximum)];
        const message = `The position in ${instrument.symbol} is ${has}, its limit ${most}`;
        await this.#alert("positionLimit", account, message);
      }
    }
  }

  async #beginDay(): Promise<void> {
    const { shard } = this.#parts;
    if (this.#closed || shard.isFailed || this.#beginning) return;
    this.#beginning = true;
    try {
      for (const record of shard.machine.guardian.baselines(shard.now)) await shard.record(record);
    } finally {
      this.#beginning = false;
    }
  }

  async #alert(kind: AlertKind, account: AccountId, message: string): Promise<void> {
    const alert: RaisedAlert = { kind, subject: `account:${account}`, message };
    const { broker } = this.#parts;
    // What it tells of is recorded already: it is no reason to do that again.
    await broker.call("alerts.raise", alert).catch(error => broker.logger.warn("Cannot raise alert", error));
  }
}

function sizeOf(instrument: Instrument, size: number): string {
  return formatQuantity(instrument, lots(size));
}
