/** Tickets closed against each other, in numbers to check by hand: a lot is EUR 1,000, a tick USD 0.01. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../../engine/account/account-machine.ts";
import type { ClosePositionsBy } from "../../../../engine/account/position/close-by.ts";
import { DEFAULT_KIND } from "../../../../engine/account/profile.ts";
import { CLOSE_BYS_KEPT } from "../../../../engine/limits.ts";
import type { OrderTerms } from "../../../../engine/market/terms.ts";
import { type AccountId, assert, type Lots, type OrderId } from "../../../../engine/units.ts";
import { replayed } from "../closing.ts";
import { type Asking, accountsOf, EURUSD, USD_1, USDJPY, Venue } from "../venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
const NOBODYS = 99 as OrderId;
let venue: Venue;
let machine: AccountMachine;
let long: OrderId;
let short: OrderId;

/** Trades at a price with the provider, and returns the ticket. */
function open(lots: number, ticks: number, market = EURUSD): OrderId {
  const size = Math.abs(lots);
  const [side, other] = lots > 0 ? (["buy", "sell"] as const) : (["sell", "buy"] as const);
  venue.place(maker, market, { side: other, lots: size, ticks });
  return venue.place(trader, market, { side, lots: size }).id;
}

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY], 1);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 100_000n * USD_1, as: { ...DEFAULT_KIND, positions: "hedging" } });
  machine = venue.machineOf(trader);
  long = open(10, 110_000);
  short = open(-4, 110_200);
});

function decide(id = "b1", tickets: [OrderId, OrderId] = [long, short], lots?: number) {
  const asked = lots === undefined ? {} : { lots: lots as Lots };
  return machine.holdings.closeBys.decide({ account: trader, id, tickets, ...asked }, venue.now());
}

function decided(...asked: Parameters<typeof decide>): ClosePositionsBy {
  const command = decide(...asked);
  assert(typeof command !== "string", "it is let through");
  machine.holdings.closeBys.hold(command);
  return command;
}

const tickets = () => machine.positions(trader).map(({ ticket, lots, cost }) => [ticket, lots, cost / USD_1]);
const cash = () => machine.money.balances(trader)[0]?.total ?? 0n;

describe("two tickets against each other", () => {
  test("leave what the larger one has more, and pay what both have won", () => {
    // 4 lots bought at 1.10000 and sold at 1.10200: 200 ticks × 4 × 0.01 = 8.
    const command = decided("b1", [short, long]);
    expect(command).toMatchObject({ long, short, lots: 4, profit: 8n * USD_1 });
    venue.record(0, command);
    expect(tickets()).toEqual([[long, 6, 6_600n]]);
    expect(machine.positions(trader)[0]?.realisedProfit).toBe(8n * USD_1);
    expect(cash()).toBe(100_008n * USD_1);
    venue.check();
    expect(replayed(venue).hash()).toBe(machine.hash());
  });

  test("in part, and again by another id", () => {
    venue.record(0, decided("b1", [long, short], 1));
    expect(tickets()).toEqual([
      [long, 9, 9_900n],
      [short, -3, -3_306n],
    ]);
    venue.record(0, decided("b2"));
    expect(tickets()).toEqual([[long, 6, 6_600n]]);
    expect(cash()).toBe(100_008n * USD_1);
    venue.check();
    const restored = AccountMachine.restore(0, 1, venue.instruments, machine.snapshot());
    expect(restored.hash()).toBe(machine.hash());
    expect(restored.holdings.closeBys.find(trader, "b1")).toMatchObject({ lots: 1 });
  });

  test("a loss counts as one", () => {
    const dear = open(5, 110_300);
    venue.record(0, decided("b1", [dear, short]));
    expect(cash()).toBe(99_996n * USD_1);
    expect(machine.summary(trader).equity).toBeDefined();
    venue.check();
  });

  test("change right behind the record at which it was decided, also where that comes last", () => {
    const command = decided();
    open(3, 110_150);
    venue.record(0, command);
    open(2, 110_150);
    const again = new AccountMachine(0, 1, venue.instruments);
    for (const [index, each] of (venue.ledgers[0] ?? []).entries()) again.applyLedger(index + 1, each);
    // Of money nothing waits, and of the market everything: a snapshot in between keeps what is to come.
    const middle = AccountMachine.restore(0, 1, venue.instruments, again.snapshot());
    expect(middle.hash()).toBe(again.hash());
    for (const records of venue.journals.values()) for (const record of records) middle.applyMarket(record);
    middle.check();
    expect(middle.hash()).toBe(machine.hash());
    expect(middle.positions(trader)).toEqual(machine.positions(trader));
  });

  test("are remembered by their newest ids", () => {
    const large = [open(400, 110_000), open(-400, 110_000)] as [OrderId, OrderId];
    for (let count = 0; count <= CLOSE_BYS_KEPT; count++) venue.record(0, decided(`c${count}`, large, 1));
    const { closeBys } = machine.holdings;
    expect(closeBys.find(trader, "c0")).toBeUndefined();
    expect(closeBys.find(trader, "c1")).toBeDefined();
    expect(replayed(venue).hash()).toBe(machine.hash());
  });
});

describe("is refused", () => {
  test("where the two are not opposite tickets of one market, or have less", () => {
    const other = open(-4, 150_000, USDJPY);
    const second = open(1, 110_000);
    expect(decide("b1", [long, other])).toBe("positionUnknown");
    expect(decide("b1", [long, second])).toBe("positionUnknown");
    expect(decide("b1", [long, NOBODYS])).toBe("positionUnknown");
    expect(decide("b1", [NOBODYS, short])).toBe("positionUnknown");
    expect(decide("b1", [long, long])).toBe("positionUnknown");
    expect(decide("b1", [long, short], 5)).toBe("positionWouldIncrease");
  });

  test("while trading is halted or forbidden", () => {
    const stop = { kind: "restrict", account: trader, reason: "" } as const;
    venue.record(0, { ...stop, time: venue.now(), state: "halted" });
    expect(decide()).toBe("tradingHalted");
    venue.record(0, { ...stop, time: venue.now(), state: "reducing" });
    expect(decide()).toMatchObject({ lots: 4 });
  });

  const reduceOnly = { terms: { intent: "reduceOnly" } satisfies OrderTerms };
  const BUSY: readonly [string, Asking, boolean][] = [
    ["a reduce-only order that rests", { side: "sell", lots: 1, ticks: 120_000, ...reduceOnly }, true],
    ["one of the other side", { side: "buy", lots: 1, ticks: 90_000, ...reduceOnly }, true],
    ["an order that only opens", { side: "buy", lots: 1, ticks: 90_000 }, false],
  ];

  test.each(BUSY)("by %s", (_name, asking, busy) => {
    venue.send(venue.request(trader, EURUSD.number, asking));
    expect(decide()).toBe("positionBusy");
    venue.deliverAll();
    if (busy) expect(decide()).toBe("positionBusy");
    else expect(decide()).toMatchObject({ lots: 4 });
  });

  test("while the order that opened one of them may trade more", () => {
    const order = venue.place(trader, EURUSD, { side: "buy", lots: 5, ticks: 109_000 });
    venue.place(maker, EURUSD, { side: "sell", lots: 2, ticks: 109_000 });
    expect(decide("b1", [order.id, short])).toBe("positionBusy");
    expect(decide("b1", [long, short])).toMatchObject({ lots: 4 });
  });
});

describe("on its way to the ledger", () => {
  test("nothing that may change a ticket of the market is let through, until it is there", () => {
    const command = decided();
    const refused = (asking: Asking) => machine.decide(venue.request(trader, EURUSD.number, asking));
    const closes: Asking = { side: "sell", lots: 1, ticks: 120_000, terms: { intent: "reduceOnly" } };
    expect(refused(closes)).toBe("positionBusy");
    expect(decide("b2")).toBe("positionBusy");
    expect(refused({ ...closes, terms: { intent: "openOnly" } })).toMatchObject({});
    const request = venue.request(trader, EURUSD.number, closes);
    expect(machine.explainer.order(request, venue.now())).toMatchObject({ formula: "closeBy" });
    venue.record(0, command);
    expect(refused(closes)).toMatchObject({ reserved: 0n });
  });

  test("a ledger that does not take it, or a new owner, sets them free", () => {
    machine.holdings.closeBys.release(decided());
    decided();
    machine.dropHolds();
    expect(decide()).toMatchObject({ lots: 4 });
  });
});
