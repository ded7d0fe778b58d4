/** What accounts take, and what orders say that they are for, with the sizes just inside and outside. */
import { beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_KIND, type PositionMode, type Wallet } from "../../../engine/account/profile.ts";
import type { Instrument } from "../../../engine/instrument.ts";
import type { OrderTerms } from "../../../engine/market/terms.ts";
import type { AccountId, OrderId, Side } from "../../../engine/units.ts";
import { accountsOf, EURUSD, SHARE, USD_1, Venue } from "./venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
let venue: Venue;

function open(wallet: Wallet, positions: PositionMode): void {
  venue = new Venue([EURUSD, SHARE], 1);
  venue.open(maker, { liquidity: true, leverage: 1_000, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 100_000n * USD_1, as: { ...DEFAULT_KIND, wallet, positions } });
  venue.place(maker, EURUSD, { side: "buy", lots: 500, ticks: 109_990 });
  venue.place(maker, EURUSD, { side: "sell", lots: 500, ticks: 110_010 });
}

/** Rests away from the market. */
function ask(side: Side, lots: number, terms?: OrderTerms, instrument: Instrument = EURUSD) {
  const ticks = side === "buy" ? 90_000 : 120_000;
  return venue.request(trader, instrument.number, { side, lots, ticks, ...(terms && { terms }) });
}

const decide = (...asked: Parameters<typeof ask>) => venue.machineOf(trader).decide(ask(...asked));
const take = (side: Side, lots: number, terms?: OrderTerms) =>
  venue.place(trader, EURUSD, { side, lots, ...(terms && { terms }) });
const reduceOnly = { intent: "reduceOnly" } as const;
const tickets = () =>
  venue
    .machineOf(trader)
    .positions(trader)
    .map(({ ticket }) => ticket ?? (0 as OrderId));

describe("a wallet", () => {
  test.each([
    ["universal", undefined, undefined],
    ["margin", undefined, "walletNotAllowed"],
    ["spot", "walletNotAllowed", undefined],
  ] as const)("%s", (wallet, onMargin, onSpot) => {
    open(wallet, "netting");
    const refusal = (decision: ReturnType<typeof decide>) =>
      typeof decision === "string" ? decision : undefined;
    expect(refusal(decide("buy", 1))).toBe(onMargin);
    const share = venue.request(trader, SHARE.number, { side: "buy", lots: 1, ticks: 5_000 });
    expect(refusal(venue.machineOf(trader).decide(share))).toBe(onSpot);
  });
});

describe("a netting account", () => {
  beforeEach(() => open("universal", "netting"));

  test("reduces at most its position less what may close it already", () => {
    expect(decide("sell", 1, reduceOnly)).toBe("positionWouldIncrease");
    take("buy", 10);
    expect(decide("sell", 10, reduceOnly)).toEqual({ reserved: 0n });
    expect(decide("sell", 11, reduceOnly)).toBe("positionWouldIncrease");
    expect(decide("buy", 1, reduceOnly)).toBe("positionWouldIncrease");
    venue.send(ask("sell", 4, reduceOnly));
    expect(decide("sell", 6, reduceOnly)).toEqual({ reserved: 0n });
    expect(decide("sell", 7, reduceOnly)).toBe("positionWouldIncrease");
    venue.deliverAll();
    venue.send(ask("sell", 2));
    expect(decide("sell", 4, reduceOnly)).toEqual({ reserved: 0n });
    expect(decide("sell", 5, reduceOnly)).toBe("positionWouldIncrease");
    venue.check();
  });

  test("amends a reduce-only order up to the same", () => {
    take("buy", 10);
    const order = venue.place(trader, EURUSD, { side: "sell", lots: 6, ticks: 120_000, terms: reduceOnly });
    expect(venue.sendAmend(order, 11, 0)).toBe("positionWouldIncrease");
    expect(venue.sendAmend(order, 10, 0)).toEqual({ reserved: 0n });
    venue.deliverAll();
    venue.check();
  });

  test("opens only on the side of its position", () => {
    const openOnly = { intent: "openOnly" } as const;
    expect(decide("sell", 1, openOnly)).toHaveProperty("reserved");
    take("buy", 10);
    expect(decide("buy", 1, openOnly)).toHaveProperty("reserved");
    expect(decide("sell", 1, openOnly)).toBe("positionWouldReduce");
  });

  test("knows no tickets; a spot market no intents", () => {
    take("buy", 10);
    expect(decide("sell", 1, { ...reduceOnly, position: 1 as OrderId })).toBe("intentNotAllowed");
    expect(decide("sell", 1, reduceOnly, SHARE)).toBe("intentNotAllowed");
  });
});

describe("a hedging account", () => {
  beforeEach(() => {
    open("universal", "hedging");
    take("buy", 10);
    take("buy", 5);
    take("sell", 3);
  });

  test("reduces a ticket that is open and of the other side, to its size", () => {
    const [first, second, short] = tickets();
    const naming = (position: OrderId | undefined) => ({ ...reduceOnly, ...(position && { position }) });
    expect(decide("sell", 5, naming(second))).toEqual({ reserved: 0n });
    expect(decide("sell", 6, naming(second))).toBe("positionWouldIncrease");
    expect(decide("sell", 1, naming(short))).toBe("positionUnknown");
    expect(decide("buy", 3, naming(short))).toEqual({ reserved: 0n });
    expect(decide("sell", 1, naming(999 as OrderId))).toBe("positionUnknown");
    expect(decide("sell", 1, { position: first ?? (0 as OrderId) })).toBe("intentNotAllowed");
    expect(decide("sell", 1, { ...naming(first), intent: "openOnly" })).toBe("intentNotAllowed");
  });

  test("counts what closes the same ticket, and what closes the side, on their way and open", () => {
    const [first, second] = tickets();
    const naming = (position: OrderId | undefined) => ({ ...reduceOnly, ...(position && { position }) });
    venue.send(ask("sell", 4, naming(second)));
    expect(decide("sell", 2, naming(second))).toBe("positionWouldIncrease");
    expect(decide("sell", 1, naming(second))).toEqual({ reserved: 0n });
    venue.deliverAll();
    expect(decide("sell", 2, naming(second))).toBe("positionWouldIncrease");
    venue.send(ask("sell", 9, reduceOnly));
    expect(decide("sell", 2, naming(first))).toEqual({ reserved: 0n });
    expect(decide("sell", 3, naming(first))).toBe("positionWouldIncrease");
    expect(decide("sell", 3, reduceOnly)).toBe("positionWouldIncrease");
    venue.deliverAll();
    venue.check();
  });

  test("where only closing is allowed takes what is reduce-only", () => {
    venue.phase(EURUSD, "close-only");
    expect(decide("sell", 5)).toBe("positionWouldIncrease");
    expect(decide("sell", 15, reduceOnly)).toEqual({ reserved: 0n });
    expect(decide("sell", 16, reduceOnly)).toBe("positionWouldIncrease");
  });
});
