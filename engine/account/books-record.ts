/**
 * The shard's own ledger accounts and what is reserved of its clients' money, as bytes of a snapshot. The
 * issuer stands where it always did. Up to layout 3 there was no clearing account: then it is what the others
 * leave over, as all of them sum to zero; for the same reason no hash has it. A shard whose other accounts
 * are empty leaves the section out of its hash.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { SHARD_ACCOUNTS, type ShardAccount } from "../ledger/ledger-account.ts";
import { type AccountId, assert } from "../units.ts";
import { byNumber, readAscending, readMoneys, writeMoneys } from "./ordered-record.ts";
import { totals } from "./shard-check.ts";
import type { ShardState } from "./shard-state.ts";

/** The least that one thing of each list takes. */
const BYTES_OF_BOOKS = 22;
const BYTES_OF_RESERVATIONS = 29;

export function writeBooks(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const books = SHARD_ACCOUNTS.map(account => [account, moneysOf(state, account)] as const).filter(
    ([account, moneys]) => {
      return moneys.size > 0 && account !== "issuer" && !(hashing && account === "clearing");
    },
  );
  const reserving = [...state.accounts].filter(([, account]) => account.reservations().size > 0);
  if (hashing && books.length + reserving.length === 0) return;
  writer.u32(books.length);
  for (const [account, moneys] of books) {
    writer.u8(SHARD_ACCOUNTS.indexOf(account));
    writeMoneys(writer, moneys);
  }
  writer.u32(reserving.length);
  for (const [id, account] of reserving.sort(byNumber)) {
    writer.f64(id);
    writeMoneys(writer, account.reservations());
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
  readAscending(reader, BYTES_OF_RESERVATIONS, () => {
    const account = state.known(reader.whole() as AccountId);
    const moneys = new Map<string, bigint>();
    readMoneys(reader, moneys);
    for (const [currency, amount] of moneys) account.reserve(currency, amount);
    assert(moneys.size > 0 && moneys.size === account.reservations().size, "what is reserved is there");
    return account.id;
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
