/** `cambist match` where a price band starts an auction: the instrument's file, and what is told of it. */
import { expect, test } from "vitest";
import { MatchSession } from "../../cli/match-session.ts";
import { defineInstrument } from "../../engine/instrument.ts";

test("a price out of bounds starts an auction, which the clock ends", () => {
  const steps = { symbol: "TEST", tickSize: "0.25", lotStep: "1", minimumQuantity: "1" };
  const priceBands = { static: "2", onBreach: "auction", auctionSeconds: 3 } as const;
  const session = new MatchSession(defineInstrument({ ...steps, priceBands }));
  const limit = { command: "place", type: "limit" };
  const commands = [
    { command: "price", which: "reference", price: "5" },
    { ...limit, orderId: "1", side: "sell", quantity: "2", price: "7.25" },
    { ...limit, orderId: "2", side: "buy", quantity: "1", price: "7.5" },
    { command: "clock", time: 3_000 },
  ];
  const lines = commands.flatMap(command => session.apply(JSON.stringify(command)).split("\n"));
  expect(lines.filter(line => /phase|traded/.test(line))).toEqual([
    '{"event":"phase","phase":"volatility-auction","reason":"priceBand","price":"7.25"}',
    '{"event":"phase","phase":"continuous","reason":"auctionEnd"}',
    expect.stringContaining('"event":"traded","price":"7.25","quantity":"1"'),
  ]);
});
