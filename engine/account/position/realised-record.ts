/** What accounts have realised on margin, as bytes of a snapshot: of those alone that have any of it. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { type AccountId, assert } from "../../units.ts";
import type { ShardState } from "../shard/shard-state.ts";

/** The least that one thing of each list takes. */
const BYTES_AN_ACCOUNT = 16;
const BYTES_A_CURRENCY = 17;
const BYTES_A_POSITION = 18;

export function writeRealised(writer: ByteWriter, state: ShardState): void {
  const told = [...state.accounts.values()].filter(({ realised }) => realised !== undefined);
  writer.u32(told.length);
  for (const { id, realised, exposures } of told) {
    writer.f64(id);
    writer.u32(realised?.size ?? 0);
    for (const [currency, amount] of realised ?? []) {
      writer.ascii(currency);
      writer.i128(amount);
    }
    const positions = [...exposures].filter(([, exposure]) => exposure.realised !== 0n);
    writer.u32(positions.length);
    for (const [market, exposure] of positions) {
      writer.u16(market);
      writer.i128(exposure.realised);
    }
  }
}

export function readRealised(reader: ByteReader, state: ShardState): void {
  for (let left = reader.count(BYTES_AN_ACCOUNT); left > 0; left--) {
    const account = state.known(reader.whole() as AccountId);
    assert(account.realised === undefined, "what an account has realised is told of once");
    for (let currencies = reader.count(BYTES_A_CURRENCY); currencies > 0; currencies--) {
      const currency = reader.ascii();
      account.realised ??= new Map();
      assert(!account.realised.has(currency), "what is realised in a currency is told of once");
      account.realised.set(currency, reader.i128());
    }
    for (let positions = reader.count(BYTES_A_POSITION); positions > 0; positions--) {
      const exposure = account.exposure(state.instrument(reader.u16()));
      assert(exposure.realised === 0n, "what a position has realised is told of once");
      exposure.realised = reader.i128();
      assert(exposure.realised !== 0n, "what is told to be realised is not nothing");
    }
  }
}
