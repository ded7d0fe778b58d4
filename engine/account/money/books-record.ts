/**
 * The shard's own ledger accounts, as bytes of a snapshot. The issuer stands where it always did. Up to
 * layout 3 there was no clearing account: then it is what the others leave over, as all of them sum to zero;
 * for the same reason no hash has it. A shard whose other accounts are empty leaves the section out of its
 * hash.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { SHARD_ACCOUNTS, type ShardAccount } from "../../ledger/ledger-account.ts";
import { assert } from "../../units.ts";
import { readAscending, readMoneys, writeMoneys } from "../order/ordered-record.ts";
import { totals } from "../shard/shard-check.ts";
import type { ShardState } from "../shard/shard-state.ts";

/** The least that the books of one account take. */
const BYTES_OF_BOOKS = 22;

export function writeBooks(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const books = SHARD_ACCOUNTS.map(account => [account, moneysOf(state, account)] as const).filter(
    ([account, moneys]) => {
      return moneys.size > 0 && account !== "issuer" && !(hashing && account === "clearing");
    },
  );
  if (hashing && books.length === 0) return;
  writer.u32(books.length);
  for (const [account, moneys] of books) {
    writer.u8(SHARD_ACCOUNTS.indexOf(account));
    writeMoneys(writer, moneys);
  }
}

export function readBooks(reader: ByteReader, state: ShardState, layout: number): void {
  if (layout < 4) {
    for (const [currency, amount] of totals(state)) state.books.add("clearing", currency, -amount);
    return;
  }
  readAscending(reader, BYTES_OF_BOOKS, () => {
    const index = reader.u8();
    const account = SHARD_ACCOUNTS[index];
    assert(account !== undefined && account !== "issuer", "a snapshot's books are of known accounts");
    assert(readInto(reader, state, account) > 0, "books that are told are not empty");
    return index;
  });
}

/** Currencies of which the account has something. */
export function moneysOf(state: ShardState, account: ShardAccount): Map<string, bigint> {
  return new Map([...state.books.of(account)].filter(([, amount]) => amount !== 0n));
}

/** Returns how many currencies there are. */
export function readInto(reader: ByteReader, state: ShardState, account: ShardAccount): number {
  const moneys = new Map<string, bigint>();
  readMoneys(reader, moneys);
  for (const [currency, amount] of moneys) {
    assert(amount !== 0n, "a balance that is told is not zero");
    state.books.add(account, currency, amount);
  }
  return moneys.size;
}
