/**
 * Depth folded from events against the market's own, over random commands, through records and checkpoints.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineInstrument } from "../../../engine/instrument.ts";
import type { MarketCommand } from "../../../engine/market/command.ts";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { accountId, lots, milliseconds, money, type OrderId, ticks } from "../../../engine/units.ts";
import type { MarketRoomEvent } from "../../../models/market-data.model.ts";
import { MarketRooms } from "../../../services/marketdata/market-rooms.ts";
import { MarketView } from "../../../services/marketdata/market-view.ts";

const instrument = defineInstrument({
  symbol: "EURUSD",
  number: 1,
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
});

const draw = fc.record({
  kind: fc.constantFrom("place", "place", "place", "amend", "cancel"),
  sell: fc.boolean(),
  price: fc.integer({ min: 95, max: 105 }),
  size: fc.integer({ min: 1, max: 9 }),
  order: fc.nat(40),
  market: fc.integer({ min: 0, max: 9 }).map(value => value === 0),
  timeInForce: fc.constantFrom("GTC", "GTC", "GTC", "IOC", "FOK"),
  postOnly: fc.integer({ min: 0, max: 5 }).map(value => value === 0),
});
type Draw = typeof draw extends fc.Arbitrary<infer Value> ? Value : never;

function commandOf(drawn: Draw, number: number, ids: readonly OrderId[]): MarketCommand {
  const common = {
    time: milliseconds(1_000 * number),
    shard: 0,
    number,
    account: accountId(7),
    liquidity: false,
    reference: 0,
  };
  const orderId = ids[drawn.order % Math.max(1, ids.length)];
  if (drawn.kind === "cancel" && orderId !== undefined) return { kind: "cancel", ...common, orderId };
  if (drawn.kind === "amend" && orderId !== undefined) {
    return {
      kind: "amend",
      ...common,
      orderId,
      lots: lots(drawn.size),
      ticks: ticks(drawn.price),
      reserved: money(0n),
    };
  }
  const type = drawn.market ? "market" : "limit";
  return {
    kind: "place",
    ...common,
    clientOrderId: String(number),
    side: drawn.sell ? "sell" : "buy",
    type,
    timeInForce: type === "market" ? "IOC" : drawn.timeInForce,
    postOnly: type === "limit" && drawn.timeInForce === "GTC" && drawn.postOnly,
    lots: lots(drawn.size),
    ticks: ticks(type === "market" ? 0 : drawn.price),
    reserved: money(0n),
  } as MarketCommand;
}

/** A client's book: a snapshot and then updates. */
class ClientBook {
  readonly levels = new Map<string, string>();
  last = 0;

  take(event: MarketRoomEvent): void {
    if (!("bids" in event)) return;
    if (event.first === undefined) this.levels.clear();
    else expect(event.first).toBe(this.last + 1);
    this.last = event.last;
    for (const [side, rows] of [["buy", event.bids] as const, ["sell", event.asks] as const]) {
      for (const [price, quantity, orders] of rows) {
        if (quantity === "0") this.levels.delete(`${side} ${price}`);
        else this.levels.set(`${side} ${price}`, `${quantity} ${orders}`);
      }
    }
  }
}

describe("a market's view", () => {
  it("has the market's depth after every command, and its subscribers have it too", () => {
    fc.assert(
      fc.property(fc.array(draw, { minLength: 1, maxLength: 120 }), drawn => {
        const machine = new MarketMachine(instrument);
        const view = new MarketView(instrument);
        const stayed = new ClientBook();
        const rooms = new MarketRooms(view, {
          now: () => 0,
          publish: event => stayed.take(event),
          phased: () => undefined,
          reference: () => undefined,
          orders: () => Promise.resolve({ sequence: 0, orders: [] }),
        });
        stayed.take(rooms.snapshot("book"));
        const ids: OrderId[] = [];
        let traded = 0;
        for (const [index, each] of drawn.entries()) {
          const command = commandOf(each, index + 1, ids);
          const events = decodeEvents(machine.apply(command));
          for (const event of events) if (event.event === "accepted") ids.push(event.orderId);
          const { bestBid, bestAsk, sequence } = machine;
          traded += events.filter(event => event.event === "traded").length;
          rooms.folded(view.fold({ market: 1, sequence, command, events, bestBid, bestAsk }));
          const depth = machine.depth(1_000);
          expect(view.levels.depth("buy")).toEqual(depth.bids);
          expect(view.levels.depth("sell")).toEqual(depth.asks);
        }
        const anew = new ClientBook();
        anew.take(rooms.snapshot("book"));
        expect(stayed.levels).toEqual(anew.levels);
        expect(stayed.last).toBe(anew.last);
        expect(view.statistics().trades).toBe(traded);
        const restored = new MarketView(instrument);
        restored.restart(MarketMachine.restore(instrument, machine.snapshot()));
        expect(restored.book().bids).toEqual(view.book().bids);
        expect(restored.sequence).toBe(view.sequence);
        rooms.close();
      }),
      { numRuns: 200 },
    );
  });

  it("skips a record that it has folded", () => {
    const view = new MarketView(instrument);
    const machine = new MarketMachine(instrument);
    const place: Draw = {
      kind: "place",
      sell: false,
      price: 100,
      size: 3,
      order: 0,
      market: false,
      timeInForce: "GTC",
      postOnly: false,
    };
    const command = commandOf(place, 1, []);
    const events = decodeEvents(machine.apply(command));
    const record = {
      market: 1,
      sequence: 1,
      command,
      events,
      bestBid: machine.bestBid,
      bestAsk: machine.bestAsk,
    };
    view.fold(record);
    view.fold(record);
    expect(view.book().bids).toEqual([["0.00100", "3000", 1]]);
  });
});
