/**
 * One account's owner: sends commands, sends them again when he hears nothing, asks what became of them, and
 * compares each answer with what is recorded. He gives up on nothing: every command of his comes to an
 * outcome, or the run has failed.
 */
import type { OrderRequest } from "../../engine/account/command.ts";
import { shardOf } from "../../engine/ids.ts";
import { accountId, lots, ticks } from "../../engine/units.ts";
import { wait } from "../../mixins/clock.ts";
import { ShardDoor } from "../../services/orders/shard-door.ts";
import type { OrderAnswer, OrderCommand } from "../../services/risk/order-batch.ts";
import { AnswerCheck } from "../check/answer-check.ts";
import type { Truth } from "../check/truth.ts";
import type { Chance } from "../kernel/chance.ts";
import type { Process } from "../kernel/process.ts";
import { type Failure, failureOf } from "./failure.ts";
import { SHARDS } from "./listed.ts";
import type { SimBroker } from "./sim-broker.ts";

export interface ClientWorld {
  readonly broker: SimBroker;
  readonly process: Process;
  readonly chance: Chance;
  readonly truth: Truth;
  /** Hears what the client did and was told. */
  readonly note: (words: string) => void;
  /** Hears what is not as it should be. */
  readonly onFailed: (error: unknown) => void;
}

export type Wish = Pick<OrderRequest, "market" | "side" | "type" | "timeInForce" | "postOnly"> & {
  readonly lots: number;
  readonly ticks: number;
};

export class AccountClient {
  readonly account: number;
  readonly #world: ClientWorld;
  /** As a gateway has one, but for itself. */
  readonly #door: ShardDoor;
  readonly #check: AnswerCheck;
  readonly #liquidity: boolean;
  /** Ids of orders that were told to be open, the newest last. */
  readonly #open: string[] = [];
  /** Commands that have come to an outcome, the newest last. */
  readonly #settled: OrderRequest[] = [];
  #names = 0;
  /** Commands that have no outcome yet, by what they are. */
  readonly pending = new Map<string, number>();
  done = 0;

  constructor(account: number, liquidity: boolean, world: ClientWorld) {
    this.account = account;
    this.#liquidity = liquidity;
    this.#world = world;
    this.#door = new ShardDoor({
      name: `risk.${shardOf(accountId(account), SHARDS)}`,
      timers: world.process.timers,
      carryOut: commands => this.#call("carryOut", { commands }),
    });
    this.#check = new AnswerCheck(world.truth, account, liquidity);
  }

  /** Until it is open. */
  async openAccount(currency: string, deposit: string): Promise<void> {
    const terms = { account: this.account, currency, leverage: 30, liquidity: this.#liquidity, deposit };
    for (;;) {
      try {
        await this.#call("open", terms);
        return;
      } catch (error) {
        this.#hear("open", failureOf(error));
        await this.#pause();
      }
    }
  }

  /** A new order, to its outcome. */
  async place(wish: Wish): Promise<void> {
    const clientOrderId = `c${++this.#names}`;
    const request: OrderRequest = {
      ...{ account: accountId(this.account), clientOrderId, reference: 0, liquidity: this.#liquidity },
      ...{ ...wish, lots: lots(wish.lots), ticks: ticks(wish.ticks) },
    };
    await this.#toItsEnd(`order ${clientOrderId}`, async () => {
      const { onFailed } = this.#world;
      // Copies that overtake each other, and a question before there is an answer.
      if (this.#world.chance.is(0.15)) this.#again(request).catch(onFailed);
      if (this.#world.chance.is(0.03)) this.#resolved(clientOrderId).catch(onFailed);
      const isFirst = !(await this.#placed(request));
      if (!isFirst) return true;
      await this.#pause();
      return this.#world.chance.is(0.3) && (await this.#resolved(clientOrderId));
    });
    this.#settled.push(request);
    if (this.#settled.length > 40) this.#settled.shift();
  }

  /** Whatever is open, or was when he last heard. */
  async cancel(): Promise<void> {
    const id = this.#takeOpen();
    if (id !== undefined) await this.#change({ kind: "cancel", account: this.account, id }, id);
  }

  async amend(quantity: string, price: string): Promise<void> {
    const id = this.#takeOpen();
    if (id === undefined) return;
    await this.#change({ kind: "amend", account: this.account, asked: { id, quantity, price } }, id);
    this.#open.push(id);
  }

  /** Money to another's account; the same id until it is known to have gone or been refused. */
  async transfer(to: number, currency: string, amount: string): Promise<void> {
    const id = `t${++this.#names}`;
    const asked = {
      account: this.account,
      id,
      form: "transfer",
      currency,
      amount,
      to,
      reference: "",
      by: "",
    };
    await this.#toItsEnd(`transfer ${id}`, async () => {
      try {
        await this.#call("transfer", asked);
      } catch (error) {
        const failure = failureOf(error);
        this.#hear(`transfer ${id}`, failure);
        if (failure.type === "TRANSFER_REJECTED") return true;
        await this.#pause();
        return false;
      }
      this.#check.transfer(id);
      return true;
    });
  }

  /** A command of before, once more, or the question what became of it. */
  async askAgain(): Promise<void> {
    const { chance } = this.#world;
    if (this.#settled.length === 0) return;
    const request = chance.pick(this.#settled);
    if (chance.is(0.5)) await this.#resolved(request.clientOrderId);
    else await this.#placed(request);
  }

  /** A name that was never used: it never will be. */
  async giveUp(): Promise<void> {
    const clientOrderId = `never${++this.#names}`;
    await this.#toItsEnd(`question ${clientOrderId}`, async () => {
      if (await this.#resolved(clientOrderId)) return true;
      await this.#pause();
      return false;
    });
  }

  async #change(command: Extract<OrderCommand, { kind: "amend" | "cancel" }>, id: string): Promise<void> {
    const { kind } = command;
    await this.#toItsEnd(`${kind} of ${id}`, async () => {
      try {
        this.#told(await this.#door.ask(command));
        return true;
      } catch (error) {
        const failure = failureOf(error);
        this.#hear(`${kind} ${id}`, failure);
        if (failure.type === "ORDER_UNKNOWN") this.#check.unknown(id);
        if (["ORDER_UNKNOWN", "ORDER_NOT_OPEN", "AMEND_REJECTED"].includes(failure.type)) return true;
        await this.#pause();
        return false;
      }
    });
  }

  async #again(request: OrderRequest): Promise<void> {
    await wait(this.#world.process.timers, this.#world.chance.within(0, 20));
    await this.#placed(request);
  }

  /** Whether the order's outcome is known now. */
  async #placed(request: OrderRequest): Promise<boolean> {
    const { clientOrderId } = request;
    try {
      this.#told(await this.#door.ask({ kind: "place", placing: { request } }));
      return true;
    } catch (error) {
      const failure = failureOf(error);
      this.#hear(`place ${clientOrderId}`, failure);
      if (failure.type === "CLIENT_ORDER_ID_REVOKED") this.#check.never(clientOrderId);
      else if (failure.type === "CLIENT_ORDER_ID_REUSED") this.#check.another(clientOrderId);
      else return false;
      return true;
    }
  }

  /** Whether it has an answer. */
  async #resolved(clientOrderId: string): Promise<boolean> {
    try {
      this.#told(await this.#door.ask({ kind: "resolve", account: this.account, clientOrderId }));
      return true;
    } catch (error) {
      const failure = failureOf(error);
      this.#hear(`resolve ${clientOrderId}`, failure);
      if (failure.type === "ORDER_NEVER_ACCEPTED") this.#check.never(clientOrderId);
      else if (failure.type === "ORDER_UNKNOWN") this.#check.unknown(clientOrderId);
      else return false;
      return true;
    }
  }

  #told({ order }: OrderAnswer): void {
    const { id, clientOrderId, status, sequence } = order;
    this.#world.note(`${this.account} hears ${clientOrderId} ${status} at ${sequence}`);
    if (this.#check.order(order) && !this.#open.includes(id)) this.#open.push(id);
  }

  #takeOpen(): string | undefined {
    if (this.#open.length === 0) return undefined;
    const [id] = this.#open.splice(this.#world.chance.between(0, this.#open.length - 1), 1);
    return id;
  }

  /** Tries until `attempt` says that there is an outcome. */
  async #toItsEnd(what: string, attempt: () => Promise<boolean>): Promise<void> {
    this.pending.set(what, this.#world.process.timers.monotonic());
    while (!(await attempt()));
    this.pending.delete(what);
    this.done++;
  }

  #call<Answer>(action: string, params: object): Promise<Answer> {
    const { broker } = this.#world;
    return broker.call(`risk.${shardOf(this.account, SHARDS)}.${action}`, params) as Promise<Answer>;
  }

  #hear(what: string, { type, message }: Failure): void {
    this.#world.note(`${this.account} hears of ${what}: ${type === "" ? message : type}`);
  }

  #pause(): Promise<void> {
    return wait(this.#world.process.timers, this.#world.chance.within(20, 400));
  }
}
