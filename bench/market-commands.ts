/**
 * A workload as a market's commands, made once before any clock runs. A market names orders itself, by their
 * count: so an id of the workload becomes the id that the market will give to that order.
 */
import { composeOrderId, marketOrigin } from "../engine/ids.ts";
import type { MarketCommand } from "../engine/market/command.ts";
import { cancelOrder, placeOrder } from "../engine/market/command-shape.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Ticks } from "../engine/units.ts";
import { instrument } from "./instrument.ts";
import { CANCEL, LIMIT, MARKET, type Workload } from "./workload.ts";

const made = new WeakMap<Workload, readonly MarketCommand[]>();

export function marketCommands(workload: Workload): readonly MarketCommand[] {
  const known = made.get(workload);
  if (known !== undefined) return known;
  const commands: MarketCommand[] = [];
  const named = new Map<number, OrderId>();
  for (let index = 0; index < workload.length; index++) {
    commands.push(commandAt(workload, index, named));
  }
  made.set(workload, commands);
  return commands;
}

function commandAt(workload: Workload, index: number, named: Map<number, OrderId>): MarketCommand {
  const id = workload.ids[index] ?? 0;
  const [time, shard, number] = [index as Milliseconds, 0, index + 1];
  const [account, liquidity, reference] = [1 as AccountId, false, 0];
  const type = workload.types[index] ?? 0;
  if (type === CANCEL) {
    const orderId = named.get(id) ?? (0 as OrderId);
    return cancelOrder({ time, shard, number, account, liquidity, reference }, orderId);
  }
  named.set(id, composeOrderId(named.size + 1, marketOrigin(instrument.number)));
  const from = { time, shard, number, account, liquidity, reference };
  return placeOrder(from, {
    clientOrderId: "",
    side: workload.sides[index] === 0 ? "buy" : "sell",
    type: type === MARKET ? "market" : "limit",
    timeInForce: type === LIMIT ? "GTC" : "IOC",
    postOnly: false,
    lots: (workload.quantities[index] ?? 0) as Lots,
    ticks: (type === MARKET ? 0 : (workload.prices[index] ?? 0)) as Ticks,
    reserved: 0n as Money,
  });
}
