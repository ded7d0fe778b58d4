/** The tickets of a hedging account's position as bytes of a snapshot, oldest first. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { assert, type Milliseconds, type OrderId } from "../../units.ts";
import type { Tickets } from "./position.ts";

const BYTES_A_TICKET = 56;

export function writeTickets(writer: ByteWriter, tickets: Tickets): void {
  writer.u32(tickets.size);
  for (const { id, lots, cost, openedAt, realised } of tickets.values()) {
    writer.f64(id);
    writer.f64(lots);
    writer.i128(cost);
    writer.f64(openedAt);
    writer.i128(realised);
  }
}

/** Fills an empty position. */
export function readTickets(reader: ByteReader, tickets: Tickets): void {
  for (let left = reader.count(BYTES_A_TICKET); left > 0; left--) {
    const id = reader.whole() as OrderId;
    assert(!tickets.has(id), "a ticket is told of once");
    const [lots, cost] = [reader.integer(), reader.i128()];
    assert(lots !== 0, "a ticket is not flat");
    tickets.set(id, { id, lots, cost, openedAt: reader.integer() as Milliseconds, realised: reader.i128() });
  }
}
