/**
 * Close-bys of a shard's accounts: decided and held by the machine, recorded, and told as the ledger holds
 * them. The same request id again tells what became of it the first time, and closes nothing twice.
 */
import type { ClosePositionsBy } from "../../engine/account/position/close-by.ts";
import type { CloseByRequest } from "../../engine/account/position/close-by-desk.ts";
import { formatQuantity, parseQuantity } from "../../engine/instrument.ts";
import { type AccountId, orderId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { CloseByView } from "../../models/account.model.ts";
import { formatMoney } from "../orders/money-text.ts";
import { timeText } from "../orders/order-view.ts";
import type { ShardParts } from "./shard-parts.ts";

export interface CloseByParams {
  readonly requestId: string;
  /** Tickets of one market, one long and one short. */
  readonly position: string;
  readonly by: string;
  /** Left out: as much as both have. */
  readonly quantity?: string;
}

export interface ClosedBy {
  readonly closed: CloseByView;
  readonly repeated: boolean;
}

function unknown(): Fault {
  return new Fault(
    "POSITION_UNKNOWN",
    "Cannot close positions as both must be open, one long and one short of one market",
  );
}

export class CloseBys {
  readonly #parts: ShardParts;
  /** By account and id; as many as the ledger's mailbox takes. */
  readonly #underWay = new Map<string, Promise<ClosePositionsBy>>();

  constructor(parts: ShardParts) {
    this.#parts = parts;
  }

  /** Throws POSITION_UNKNOWN, CLOSE_BY_REJECTED, or CLIENT_ORDER_ID_REUSED where the id means another. */
  async close(account: AccountId, asked: CloseByParams): Promise<ClosedBy> {
    const { closeBys } = this.#parts.shard.machine.holdings;
    const key = `${account}:${asked.requestId}`;
    const waiting = this.#underWay.get(key);
    const known = waiting === undefined ? closeBys.find(account, asked.requestId) : await waiting;
    if (known !== undefined) return { closed: this.#repeat(known, asked), repeated: true };
    const outcome = this.#record(this.#request(account, asked)).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, outcome);
    return { closed: this.#view(await outcome), repeated: false };
  }

  #request(account: AccountId, { requestId, position, by, quantity }: CloseByParams): CloseByRequest {
    const { shard } = this.#parts;
    const tickets = [orderId(Number(position)), orderId(Number(by))] as const;
    if (quantity === undefined) return { account, id: requestId, tickets };
    const market = shard.machine.holdings.closeBys.marketOf(account, tickets[0]);
    if (market === undefined) throw unknown();
    const lots = parseQuantity(shard.instrument(market), quantity);
    if (typeof lots !== "string") return { account, id: requestId, tickets, lots };
    const message = `The quantity was refused: ${lots}`;
    throw new Fault("VALIDATION_FAILED", `Cannot close positions: ${message}`, {
      fields: [{ field: "quantity", message }],
    });
  }

  async #record(request: CloseByRequest): Promise<ClosePositionsBy> {
    const { shard, desk } = this.#parts;
    const { closeBys } = shard.machine.holdings;
    desk.admit(request.account);
    const command = closeBys.decide(request, shard.now);
    if (command === "positionUnknown") throw unknown();
    if (typeof command === "string") {
      throw new Fault("CLOSE_BY_REJECTED", `Cannot close positions as it was refused: ${command}`, {
        rejection: command,
      });
    }
    closeBys.hold(command);
    try {
      await shard.record(command);
    } catch (error) {
      closeBys.release(command);
      throw error;
    }
    return command;
  }

  #repeat(known: ClosePositionsBy, { requestId, position, by, quantity }: CloseByParams): CloseByView {
    const closed = this.#view(known);
    const tickets = [known.long, known.short].map(String);
    const isSame = position !== by && tickets.includes(position) && tickets.includes(by);
    const lots = quantity && parseQuantity(this.#parts.shard.instrument(known.market), quantity);
    if (isSame && (lots === undefined || lots === known.lots)) return closed;
    throw new Fault(
      "CLIENT_ORDER_ID_REUSED",
      `Cannot close positions as the id must stand for one request: received ${requestId}`,
    );
  }

  #view({ id, market, long, short, lots, profit, time }: ClosePositionsBy): CloseByView {
    const instrument = this.#parts.shard.instrument(market);
    return {
      requestId: id,
      symbol: instrument.symbol,
      long: String(long),
      short: String(short),
      quantity: formatQuantity(instrument, lots),
      currency: instrument.quote,
      realisedProfit: formatMoney(profit),
      time: timeText(time),
    };
  }
}
