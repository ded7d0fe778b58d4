/**
 * What benches send to a market actor: 55 % limit orders around a drifting middle, 35 % cancels of orders
 * that were placed, 10 % market orders; without end, the same at every run. At most `OPEN_MAX` orders are
 * there to be cancelled, so a run of any length needs no more memory.
 */
import { composeOrderId } from "../engine/ids.ts";
import type { ShardCommand } from "../engine/market/command.ts";
import { cancelOrder, placeOrder } from "../engine/market/command-shape.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Ticks } from "../engine/units.ts";

const OPEN_MAX = 10_000;
const NOTHING_RESERVED = 0n as Money;

interface Placed {
  readonly orderId: OrderId;
  readonly account: AccountId;
}

/** A small linear congruential generator (Numerical Recipes). */
function randomSource(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Commands of shard 0, numbered from 1, for a market of this number. */
export function* actorCommands(market: number): Generator<ShardCommand, never> {
  const random = randomSource(42);
  const open: Placed[] = [];
  let orders = 0;
  let middle = 110_000;
  for (let number = 1; ; number++) {
    middle += random(3) - 1;
    const account = (1 + random(1_000)) as AccountId;
    const from = { time: 0 as Milliseconds, shard: 0, number, account, liquidity: false, reference: 0 };
    const roll = random(100);
    if (roll >= 55 && roll < 90 && open.length > 0) {
      const at = random(open.length);
      const victim = open[at];
      const last = open.pop();
      if (last !== undefined && at < open.length) open[at] = last;
      if (victim !== undefined) {
        yield cancelOrder({ ...from, account: victim.account }, victim.orderId);
        continue;
      }
    }
    const isMarket = roll >= 90;
    const side = random(2) === 0 ? "buy" : "sell";
    const orderId = composeOrderId(++orders, market);
    if (!isMarket && open.length < OPEN_MAX) open.push({ orderId, account });
    const away = (side === "buy" ? -1 : 1) * random(100);
    yield placeOrder(from, {
      clientOrderId: `order-${number}`,
      side,
      type: isMarket ? "market" : "limit",
      timeInForce: isMarket ? "IOC" : "GTC",
      postOnly: false,
      lots: (1 + random(50)) as Lots,
      ticks: (isMarket ? 0 : middle + away) as Ticks,
      reserved: NOTHING_RESERVED,
    });
  }
}

/** The first so many. */
export function firstCommands(count: number, market: number): ShardCommand[] {
  const commands = actorCommands(market);
  return Array.from({ length: count }, () => commands.next().value);
}
