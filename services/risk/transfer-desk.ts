/**
 * Transfers of a shard's accounts: idempotent by (account, id) for ever, decided and held by the machine,
 * recorded, and told as a journal holds them. One that is pending is ended once: settled, given up, or timed
 * out here. In a demo what comes from and goes to a bank settles by itself.
 */
import { countedAs } from "../../engine/account/money/transfer-fold.ts";
import type { TransferCommand, TransferMoney } from "../../engine/ledger/transfer.ts";
import { type AccountId, assert, money } from "../../engine/units.ts";
import type { Cancel } from "../../mixins/clock.ts";
import type { Awaitable } from "../../mixins/documents/documents.ts";
import { Fault } from "../../mixins/fault.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import { formatMoney } from "../orders/money-text.ts";
import { viewTransfer } from "../orders/transfer-view.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { RiskShard } from "./risk-shard.ts";

/** How often time-outs are looked for. */
const TIME_OUT_MS = 1_000;

export interface TransferPorts {
  readonly shard: RiskShard;
  readonly orders: OrderDesk;
  /** A transfer that has left memory. */
  readonly stored: (account: AccountId, id: string) => Awaitable<TransferView | undefined>;
  /** Whether payments settle by themselves. */
  readonly demo: boolean;
  readonly onFailed: (error: unknown) => void;
}

export interface Ending {
  readonly account: AccountId;
  readonly id: string;
  readonly how: "settle" | "void" | "timeOut";
  /** What of its only leg is posted; 0 for all of it. */
  readonly amount: bigint;
  readonly reason: string;
  readonly by: string;
}

export class TransferDesk {
  readonly #ports: TransferPorts;
  /** By account and id; as many as the ledger's mailbox takes. */
  readonly #underWay = new Map<string, Promise<TransferView>>();
  readonly #timer: Cancel;

  constructor(ports: TransferPorts) {
    this.#ports = ports;
    const { timers } = ports.shard;
    this.#timer = timers.every(TIME_OUT_MS, () => this.#timeOut().catch(error => this.#failed(error)));
  }

  close(): void {
    this.#timer();
  }

  /** Throws TRANSFER_REJECTED, or TRANSFER_ID_REUSED where the id stands for another transfer. */
  async transfer(command: TransferMoney): Promise<TransferView> {
    const key = `${command.account}:${command.id}`;
    const waiting = this.#underWay.get(key);
    if (waiting !== undefined) return sameTransfer(await waiting, command);
    const outcome = this.#transferOnce(command).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, outcome);
    return outcome;
  }

  async #transferOnce(command: TransferMoney): Promise<TransferView> {
    const found = this.find(command.account, command.id);
    const known = found instanceof Promise ? await found : found;
    return known === undefined ? this.#transfer(command) : sameTransfer(known, command);
  }

  /** As memory or the documents know it. */
  find(account: AccountId, id: string): Awaitable<TransferView | undefined> {
    const { machine } = this.#ports.shard;
    const state = machine.money.transfer(account, id);
    return typeof state === "object" ? viewTransfer(state) : this.#ports.stored(account, id);
  }

  async #transfer(command: TransferMoney): Promise<TransferView> {
    const { orders, shard, demo } = this.#ports;
    const { account, id } = command;
    orders.admit(account);
    const rejection = shard.machine.money.decide(command);
    if (rejection !== undefined) {
      throw new Fault("TRANSFER_REJECTED", `Cannot transfer money as it was refused: ${rejection}`, {
        rejection,
      });
    }
    shard.machine.money.hold(command);
    await this.#record(command);
    const settles = demo && command.timeoutAt !== 0 && countedAs(command) !== undefined;
    if (settles) return this.end({ account, id, how: "settle", amount: 0n, reason: "", by: "" });
    return this.#found(account, id);
  }

  /** Throws TRANSFER_UNKNOWN or TRANSFER_NOT_PENDING. */
  async end({ account, id, how, amount, reason, by }: Ending): Promise<TransferView> {
    const { shard } = this.#ports;
    if (!shard.machine.money.holdEnd(account, id)) {
      const known = await this.find(account, id);
      if (known === undefined) {
        throw new Fault("TRANSFER_UNKNOWN", `Cannot end transfer as its id must be known: received ${id}`);
      }
      throw new Fault("TRANSFER_NOT_PENDING", `Cannot end transfer as it must be pending: received ${id}`);
    }
    const common = { time: shard.now, account, id, by };
    if (how === "settle") await this.#record({ kind: how, ...common, amount: money(amount) });
    else await this.#record({ kind: how, ...common, reason });
    return this.#found(account, id);
  }

  async #found(account: AccountId, id: string): Promise<TransferView> {
    const found = await this.find(account, id);
    assert(found !== undefined, "a recorded transfer is in memory or in a document");
    return found;
  }

  /** What the ledger has not taken is held no longer. */
  async #record(command: Exclude<TransferCommand, { kind: "credit" | "cut" }>): Promise<void> {
    const { shard } = this.#ports;
    try {
      await shard.record(command);
    } catch (error) {
      shard.machine.money.heard(command);
      throw error;
    }
  }

  /** A ledger that takes no record now is asked again a second later. */
  #failed(error: unknown): void {
    if (!(error instanceof Fault && error.retryable)) this.#ports.onFailed(error);
  }

  async #timeOut(): Promise<void> {
    const { shard } = this.#ports;
    if (shard.isFailed) return;
    for (const { account, id } of shard.machine.money.due(shard.now)) {
      if (!shard.machine.money.holdEnd(account, id)) continue;
      const common = { time: shard.now, account, id, by: "" };
      await this.#record({ kind: "timeOut", ...common, reason: "its time is up" });
    }
  }
}

/** The outcome of a repeat. */
function sameTransfer(known: TransferView, { id, legs, destination }: TransferMoney): TransferView {
  const [first] = known.legs;
  const [asked] = legs;
  const isSame =
    known.legs.length === legs.length &&
    first?.kind === asked?.kind &&
    first?.debit === String(asked?.debit) &&
    first?.credit === String(asked?.credit) &&
    first?.currency === asked?.currency &&
    known.legs[1]?.currency === legs[1]?.currency &&
    (known.destinationId ?? "0") === String(destination);
  if (!isSame || asked === undefined || !hasAmount(first?.amount, asked.amount)) {
    throw new Fault(
      "TRANSFER_ID_REUSED",
      `Cannot transfer money as the id must stand for one transfer: received ${id}`,
    );
  }
  return known;
}

function hasAmount(text: string | undefined, amount: bigint): boolean {
  return text === formatMoney(money(amount));
}
