/**
 * Close-bys as bytes: of a ledger's record, and of a snapshot, which tells those that are remembered for
 * their ids and those that wait for their market's record. A hash leaves out what a shard has none of.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { CLOSE_BYS_KEPT } from "../../limits.ts";
import {
  type AccountId,
  assert,
  type Lots,
  type Milliseconds,
  type Money,
  type OrderId,
} from "../../units.ts";
import { byNumber, readAscending } from "../order/ordered-record.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { ClosePositionsBy } from "./close-by.ts";

/** The least that one thing of each list takes. */
const BYTES_A_CLOSE_BY = 67;
const BYTES_OF_AN_ACCOUNT = 12;
const BYTES_OF_A_MARKET = 6;

export function writeCloseBy(writer: ByteWriter, command: ClosePositionsBy): void {
  writer.f64(command.account);
  writer.ascii(command.id);
  writer.u16(command.market);
  writer.f64(command.sequence);
  writer.f64(command.long);
  writer.f64(command.short);
  writer.f64(command.lots);
  writer.i128(command.profit);
}

export function readCloseBy(reader: ByteReader, time: Milliseconds): ClosePositionsBy {
  return {
    kind: "closeBy",
    time,
    account: reader.whole() as AccountId,
    id: reader.ascii(),
    market: reader.u16(),
    sequence: reader.whole(),
    long: reader.whole() as OrderId,
    short: reader.whole() as OrderId,
    lots: reader.whole() as Lots,
    profit: reader.i128() as Money,
  };
}

function writeAll(writer: ByteWriter, commands: readonly ClosePositionsBy[]): void {
  writer.u32(commands.length);
  for (const command of commands) {
    writer.f64(command.time);
    writeCloseBy(writer, command);
  }
}

function readAll(reader: ByteReader): ClosePositionsBy[] {
  return Array.from({ length: reader.count(BYTES_A_CLOSE_BY) }, () =>
    readCloseBy(reader, reader.integer() as Milliseconds),
  );
}

export function writeCloseBys(writer: ByteWriter, { closeBys }: ShardState, hashing: boolean): void {
  const { known, pending } = closeBys;
  if (hashing && known.size === 0) return;
  writer.u32(known.size);
  for (const [account, commands] of [...known].sort(byNumber)) {
    writer.f64(account);
    writeAll(writer, [...commands.values()]);
  }
  writer.u32(pending.size);
  for (const [market, commands] of [...pending].sort(byNumber)) {
    writer.u16(market);
    writeAll(writer, commands);
  }
}

export function readCloseBys(reader: ByteReader, state: ShardState): void {
  readAscending(reader, BYTES_OF_AN_ACCOUNT, () => {
    const account = state.known(reader.whole() as AccountId);
    const commands = readAll(reader);
    assert(commands.length > 0 && commands.length <= CLOSE_BYS_KEPT, "remembered close-bys are limited");
    for (const command of commands) {
      assert(command.account === account.id, "a close-by is its account's");
      state.closeBys.remember(command);
    }
    return account.id;
  });
  readAscending(reader, BYTES_OF_A_MARKET, () => {
    const market = reader.u16();
    const commands = readAll(reader);
    assert(commands.length > 0, "a market that is told has close-bys that wait for it");
    for (const command of commands) {
      assert(command.market === market, "a close-by waits for its own market");
      state.known(command.account);
      state.closeBys.wait(command);
    }
    return market;
  });
}
