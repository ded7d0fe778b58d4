/** The bytes of a market's pegged orders in its snapshot, in the order in which they came. */
import { HIDDEN_FLAG, SELL_FLAG, UNSEEN_FLAG } from "../book/arena.ts";
import { readOrder } from "../book/audit.ts";
import type { Queues } from "../book/queues.ts";
import { flagsOf } from "../book/special-queues.ts";
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { type AccountId, assert, type Lots, type OrderId, TICKS_MAX } from "../units.ts";
import type { PeggedOrder } from "./peg-price.ts";
import type { Pegs } from "./pegs.ts";
import type { OrderTerms } from "./terms.ts";
import { partsOf, readTerms, writeTerms } from "./terms-record.ts";

const BYTES_A_PEG = 24;

export function writePegs(writer: ByteWriter, pegs: Pegs): void {
  const orders = pegs.orders();
  writer.u32(orders.length);
  for (const { orderId, peg, capTicks, parked } of orders) {
    writer.u8(parked === undefined ? 0 : 1);
    writer.f64(orderId);
    writer.u32(capTicks);
    writeTerms(writer, { peg, ...(parked === undefined ? undefined : kept(parked)) });
    if (parked === undefined) continue;
    writer.f64(parked.account);
    writer.f64(parked.lots);
    writer.f64(parked.totalLots);
    writer.u8(flagsOf(parked));
  }
}

/** `readId` reads the id of an order that is nowhere else. */
export function readPegs(reader: ByteReader, pegs: Pegs, queues: Queues, readId: () => OrderId): void {
  for (let left = reader.count(BYTES_A_PEG); left > 0; left--) pegs.restore(readPeg(reader, queues, readId));
}

function readPeg(reader: ByteReader, queues: Queues, readId: () => OrderId): PeggedOrder {
  const isParked = reader.bits(1) === 1;
  const orderId = isParked ? readId() : (reader.whole() as OrderId);
  const capTicks = reader.ticks();
  const { peg, ...terms } = readTerms(reader);
  assert(peg !== undefined && Math.abs(peg.offset) <= TICKS_MAX, "a pegged order has a peg");
  if (!isParked) {
    const slot = queues.find(orderId);
    assert(slot !== 0 && partsOf(terms) === 0, "a pegged order rests, with its terms, or is parked");
    assert(readOrder(queues, slot).hidden === true, "a pegged order is hidden");
    return { orderId, peg, capTicks, parked: undefined };
  }
  const account = reader.whole() as AccountId;
  const lots = reader.whole() as Lots;
  const totalLots = reader.whole() as Lots;
  const flags = reader.u8();
  const side = (flags & SELL_FLAG) === 0 ? "buy" : "sell";
  assert(lots > 0 && lots <= totalLots, "a parked order has a size");
  const parked = {
    orderId,
    account,
    side,
    ticks: capTicks,
    lots,
    totalLots,
    postOnly: false,
    ...kept(terms),
  } as const;
  assert(
    (flags & (HIDDEN_FLAG | UNSEEN_FLAG)) !== 0 && flagsOf(parked) === flags,
    "a parked order is hidden",
  );
  assert(partsOf(parked) === partsOf(terms), "a parked order has the terms of a pegged one");
  return { orderId, peg, capTicks, parked };
}

/** The terms of an order that is parked, and no others: a trigger is what an order that waits is known by. */
function kept({ hidden, minimumLots, allOrNone, selfTrade }: OrderTerms) {
  return {
    ...(hidden ? { hidden } : undefined),
    ...(minimumLots === undefined ? undefined : { minimumLots }),
    ...(allOrNone ? { allOrNone } : undefined),
    ...(selfTrade === undefined ? undefined : { selfTrade }),
  };
}
