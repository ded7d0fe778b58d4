/** Lists of a snapshot whose keys go up, so that equal facts are equal bytes and nothing is told twice. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { assert } from "../../units.ts";

/** The least that a currency's amount takes. */
const BYTES_A_MONEY = 17;

function byText(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : 1;
}

export function byNumber(left: readonly [number, unknown], right: readonly [number, unknown]): number {
  return left[0] - right[0];
}

export function writeMoneys(writer: ByteWriter, moneys: ReadonlyMap<string, bigint>): void {
  writer.u32(moneys.size);
  for (const [currency, amount] of [...moneys].sort(byText)) {
    writer.ascii(currency);
    writer.i128(amount);
  }
}

export function readMoneys(reader: ByteReader, moneys: Map<string, bigint>): void {
  readAscending(reader, BYTES_A_MONEY, () => {
    const currency = reader.ascii();
    moneys.set(currency, reader.i128());
    return currency;
  });
}

/** Reads a list whose keys go up, so that nothing is in it twice; `bytes`: the least that one of it takes. */
export function readAscending(reader: ByteReader, bytes: number, read: () => string | number): void {
  let last: string | number | undefined;
  for (let left = reader.count(bytes); left > 0; left--) {
    const key = read();
    assert(last === undefined || key > last, "a snapshot's facts stand in canonical order");
    last = key;
  }
}
