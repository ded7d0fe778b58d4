/**
 * Closes an account out: records that it begins, takes the account's own orders out and hears that in the
 * markets' journals, and then, step by step, records what is to be closed and closes it by an ordinary
 * reduce-only market order, until the account is back above its level.
 *
 * Each step's order is named by the ledger record of the step. A shard that restarts has heard what became of
 * every order that it sent, so it goes on with a new step.
 */
import type { OrderRequest } from "../../engine/account/command.ts";
import type { Reduction } from "../../engine/account/guard/margin-command.ts";
import { formatQuantity } from "../../engine/instrument.ts";
import type { AccountId, Lots, Ticks } from "../../engine/units.ts";
import type { AlertKind } from "../../models/alert.model.ts";
import type { KeeperParts } from "./margin-keeper.ts";

type Alert = (kind: AlertKind, account: AccountId, message: string) => Promise<void>;

export class CloseOuts {
  readonly #parts: KeeperParts;
  readonly #alert: Alert;
  /** Accounts whose close-out is known to have got no further: said once. */
  readonly #stuck = new Set<AccountId>();

  constructor(parts: KeeperParts, alert: Alert) {
    this.#parts = parts;
    this.#alert = alert;
  }

  /** False where it got no further for now: no mark, or nobody to trade with. */
  async run(account: AccountId): Promise<boolean> {
    const { shard } = this.#parts;
    const { guardian } = shard.machine;
    if (guardian.closingSince(account) === undefined && !(await this.#begin(account))) return false;
    await this.#cancelOrders(account);
    for (;;) {
      const step = guardian.nextStep(account, shard.now);
      if (step === undefined) return this.#stop(account, "no mark to value it by");
      const { reduction, explanation } = step;
      const time = shard.now;
      if (reduction === undefined) {
        await shard.record({ kind: "closeOut", time, account, event: "end", explanation });
        this.#stuck.delete(account);
        await this.#tell(account, "end", "The close-out has ended");
        return true;
      }
      const stated = { event: "reduce", reduction, explanation } as const;
      const sequence = await shard.record({ kind: "closeOut", time, account, ...stated });
      const filled = await this.#close(account, sequence, reduction);
      const { symbol } = shard.instrument(reduction.market);
      if (filled === 0) return this.#stop(account, `nobody trades ${symbol} with it`);
      const size = formatQuantity(shard.instrument(reduction.market), filled);
      await this.#tell(account, "reduce", `Closed ${size} of ${symbol}: l${shard.machine.shard}-${sequence}`);
    }
  }

  /** False where the account is back above its level, or cannot be valued. */
  async #begin(account: AccountId): Promise<boolean> {
    const { shard } = this.#parts;
    const step = shard.machine.guardian.nextStep(account, shard.now);
    if (step === undefined) return false;
    const { explanation } = step;
    await shard.record({ kind: "closeOut", time: shard.now, account, event: "begin", explanation });
    await this.#tell(account, "begin", "The account is being closed out");
    return true;
  }

  /** The account's own orders, waiting ones too; resolves when the markets' journals say so. */
  async #cancelOrders(account: AccountId): Promise<void> {
    const { shard, commands } = this.#parts;
    const markets = shard.machine.guardian.marketsOfOrders(account);
    await Promise.all(
      markets.map(market => commands.tell<"massCancel">(account, market, { kind: "massCancel" })),
    );
  }

  /** Lots that were closed. */
  async #close(account: AccountId, sequence: number, reduction: Reduction): Promise<Lots> {
    const { shard, desk } = this.#parts;
    const { market, side, lots, ticket } = reduction;
    const request: OrderRequest = {
      ...{ account, market, side, lots, liquidity: false, reference: 0 },
      // No client can have used it: theirs have no such character.
      clientOrderId: `close-out#${shard.machine.shard}-${sequence}`,
      ...{ type: "market", timeInForce: "IOC", postOnly: false, ticks: 0 as Ticks },
      terms: { intent: "reduceOnly", ...(ticket === undefined ? {} : { position: ticket }) },
    };
    const { filledLots } = await desk.place({ request, forced: true });
    return filledLots;
  }

  async #stop(account: AccountId, why: string): Promise<false> {
    if (this.#stuck.has(account)) return false;
    this.#stuck.add(account);
    await this.#tell(account, "waits", `The close-out waits: ${why}`);
    return false;
  }

  async #tell(account: AccountId, event: string, message: string): Promise<void> {
    this.#parts.rooms.tell(account, { closeOut: { event, message } });
    await this.#alert("closeOut", account, message);
  }
}
