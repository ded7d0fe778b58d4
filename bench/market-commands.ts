/**
 * A workload as a market's commands, made once before any clock runs. A market names orders itself, by their
 * count: `workload.orderIds` are the ids that it will give to them, where the workload leaves no id out.
 */
import type { MarketCommand } from "../engine/market/command.ts";
import { amendOrder, cancelOrder, placeOrder, shapedTerms } from "../engine/market/command-shape.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Ticks } from "../engine/units.ts";
import { CANCEL, LIMIT, MARKET, type Workload } from "./workload.ts";

const NOTHING_RESERVED = 0n as Money;

const made = new WeakMap<Workload, readonly MarketCommand[]>();

export function marketCommands(workload: Workload): readonly MarketCommand[] {
  const known = made.get(workload);
  if (known !== undefined) return known;
  const commands = Array.from({ length: workload.length }, (_, index) => commandAt(workload, index));
  made.set(workload, commands);
  return commands;
}

/** Commands `from` … `to` again, as a decoder hands them over: new in memory, and of the shapes of before. */
export function freshCommands(
  commands: readonly MarketCommand[],
  from: number,
  to: number,
): readonly MarketCommand[] {
  return commands.slice(from, to).map(freshCommand);
}

function freshCommand(command: MarketCommand): MarketCommand {
  switch (command.kind) {
    case "place":
      return placeOrder(command, { ...command, terms: command.terms && shapedTerms(command.terms) });
    case "cancel":
      return cancelOrder(command, command.orderId, command.onlyIf);
    case "amend":
      return amendOrder(command, command);
    default:
      return { ...command };
  }
}

function commandAt(workload: Workload, index: number): MarketCommand {
  const { types, orderIds, sides, prices, quantities } = workload;
  const type = types[index] ?? 0;
  const from = {
    time: index as Milliseconds,
    shard: 0,
    number: index + 1,
    account: 1 as AccountId,
    liquidity: false,
    reference: 0,
  };
  if (type === CANCEL) return cancelOrder(from, (orderIds[index] ?? 0) as OrderId);
  return placeOrder(from, {
    clientOrderId: "",
    side: sides[index] === 0 ? "buy" : "sell",
    type: type === MARKET ? "market" : "limit",
    timeInForce: type === LIMIT ? "GTC" : "IOC",
    postOnly: false,
    lots: (quantities[index] ?? 0) as Lots,
    ticks: (type === MARKET ? 0 : (prices[index] ?? 0)) as Ticks,
    reserved: NOTHING_RESERVED,
  });
}
