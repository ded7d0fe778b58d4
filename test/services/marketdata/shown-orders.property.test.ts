/** Orders folded from events are those that the market shows, in the order of their queues. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { decodeMarketRecords, encodeMarketRecord } from "../../../engine/market/record.ts";
import type { OrderTerms } from "../../../engine/market/terms.ts";
import type { Lots, Side, Ticks } from "../../../engine/units.ts";
import {
  type ChangedOrder,
  type ShownOrder,
  ShownOrders,
} from "../../../services/marketdata/shown-orders.ts";
import { type CommandForm, commandOf, PLAIN } from "../../reference/commands.ts";

const lots = fc.integer({ min: 1, max: 40 });
const ticks = fc.integer({ min: 95, max: 105 });
const terms: fc.Arbitrary<OrderTerms | undefined> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }).map(shown => ({ displayLots: shown as Lots })) },
  { weight: 1, arbitrary: fc.constant({ hidden: true as const }) },
  { weight: 1, arbitrary: fc.constant({ minimumLots: 2 as Lots }) },
);
const place = fc.record({
  ...{ kind: fc.constant("place" as const), account: fc.constant(1), type: fc.constant("limit" as const) },
  ...{ side: fc.constantFrom<Side>("buy", "sell"), postOnly: fc.constant(false), lots, ticks, terms },
  timeInForce: fc.constantFrom("GTC" as const, "GTC" as const, "IOC" as const),
});
const order = fc.integer({ min: 1, max: 60 });
const amend = fc.record({
  ...{ kind: fc.constant("amend" as const), account: fc.constant(1), order },
  ...{ lots: fc.oneof(fc.constant(0), lots), ticks: fc.oneof(fc.constant(0), ticks) },
});
const cancel = fc.record({ kind: fc.constant("cancel" as const), account: fc.constant(1), order });
const phase = fc.record({
  kind: fc.constant("phase" as const),
  phase: fc.constantFrom("continuous" as const, "opening-auction" as const),
});

const forms = fc.array(fc.oneof({ weight: 6, arbitrary: place }, amend, cancel, phase), { maxLength: 150 });

function shown(machine: MarketMachine, side: Side): ShownOrder[] {
  return [...machine.orders()]
    .filter(each => each.side === side && !each.hidden && each.minimumLots === undefined)
    .map(each => ({
      ...{ id: each.orderId, side, ticks: each.ticks },
      lots: each.shownLots ?? each.lots,
    }));
}

/** A reader of the room: what it makes of the rows. */
class Reader {
  orders: ShownOrder[] = [];

  take(rows: readonly ChangedOrder[]): void {
    for (const { last, ...row } of rows) {
      const at = this.orders.findIndex(each => each.id === row.id);
      if (row.lots === 0) this.orders.splice(at, at < 0 ? 0 : 1);
      else if (last || at < 0) {
        if (at >= 0) this.orders.splice(at, 1);
        this.orders.push(row);
      } else this.orders[at] = row;
    }
  }

  side(side: Side): ShownOrder[] {
    const sign = side === "buy" ? -1 : 1;
    const own = this.orders.filter(each => each.side === side);
    return own.sort((one, other) => sign * (one.ticks - other.ticks));
  }
}

type Form = typeof forms extends fc.Arbitrary<readonly (infer Each)[]> ? Each : never;

/** The view and a reader, told once in `every` commands, hold what the market shows. */
function follows(commands: readonly Form[], every: number): void {
  const machine = new MarketMachine(PLAIN);
  const orders = new ShownOrders(0, []);
  const reader = new Reader();
  const writer = new ByteWriter();
  for (const [index, { terms: asked, ...form }] of commands
    .map(each => ({ terms: undefined, ...each }))
    .entries()) {
    const plain = asked === undefined ? form : { ...form, terms: asked };
    const command = commandOf(plain as CommandForm, machine.lastNumber(0) + 1);
    writer.clear();
    encodeMarketRecord(writer, command, machine.apply(command), machine.bestBid, machine.bestAsk);
    for (const record of decodeMarketRecords(PLAIN.number, index + 1, 1, writer.copy())) orders.fold(record);
    if (index % every === 0) {
      reader.take(orders.take());
      expect([reader.side("buy"), reader.side("sell")]).toEqual([
        shown(machine, "buy"),
        shown(machine, "sell"),
      ]);
    }
    expect([orders.list("buy", 1_000), orders.list("sell", 1_000)]).toEqual([
      shown(machine, "buy"),
      shown(machine, "sell"),
    ]);
  }
}

const resting = (side: Side, size: number, price: number, own?: OrderTerms): Form => ({
  ...{ kind: "place" as const, account: 1 as const, type: "limit" as const, side, postOnly: false as const },
  ...{ lots: size as Lots, ticks: price as Ticks, terms: own, timeInForce: "GTC" as const },
});
const call = (next: "continuous" | "opening-auction") => ({ kind: "phase" as const, phase: next });
const iceberg = (displayLots: number): OrderTerms => ({ displayLots: displayLots as Lots });

test("an iceberg whose part has traded whole shows its next one behind the others, smaller or not", () => {
  const shows = [resting("sell", 6, 96, iceberg(4)), resting("sell", 40, 96), resting("buy", 27, 96)];
  follows(shows, 1);
});

test("an iceberg keeps its place over an uncrossing", () => {
  const bids = [resting("buy", 39, 99, iceberg(7)), resting("buy", 15, 99)];
  follows([call("opening-auction"), resting("sell", 16, 97), ...bids, call("continuous")], 1);
});

test("whatever happens, and however seldom changes are told", () => {
  fc.assert(fc.property(forms, fc.integer({ min: 1, max: 7 }), follows), { numRuns: 300 });
});
