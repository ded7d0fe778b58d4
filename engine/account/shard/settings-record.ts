/**
 * What a shard and its accounts are told beyond money and orders, as bytes of a snapshot: the kill switch,
 * limits, protections that have set in. Only accounts that have any of it are there, in the order of their
 * ids; a shard that has none of it leaves the section out of its hash.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { type AccountId, assert } from "../../units.ts";
import { type Account, NO_LIMITS } from "../account.ts";
import { readLimits, writeLimits } from "../account-record.ts";
import { TRADING_STATES } from "../command.ts";
import type { ShardState } from "./shard-state.ts";

/** The least that one account takes. */
const BYTES_AN_ACCOUNT = 45;
const BYTES_A_MARKET = 2;

function isSet({ restriction, limits, frozen }: Account): boolean {
  return restriction !== "active" || frozen.size > 0 || limits !== NO_LIMITS;
}

export function writeSettings(writer: ByteWriter, state: ShardState, hashing: boolean): void {
  const set = [...state.accounts.values()].filter(isSet).sort((one, other) => one.id - other.id);
  if (hashing && set.length === 0 && state.restriction === "active") return;
  writer.u8(TRADING_STATES.indexOf(state.restriction));
  writer.u32(set.length);
  for (const { id, restriction, limits, frozen } of set) {
    writer.f64(id);
    writer.u8(TRADING_STATES.indexOf(restriction));
    writeLimits(writer, limits);
    writer.u32(frozen.size);
    for (const market of [...frozen].sort((one, other) => one - other)) writer.u16(market);
  }
}

export function readSettings(reader: ByteReader, state: ShardState): void {
  state.restriction = reader.choice(TRADING_STATES);
  let last = 0;
  for (let left = reader.count(BYTES_AN_ACCOUNT); left > 0; left--) {
    const account = state.known(reader.whole() as AccountId);
    assert(account.id > last, "a snapshot's settings stand in canonical order");
    last = account.id;
    account.restriction = reader.choice(TRADING_STATES);
    const limits = readLimits(reader);
    const none =
      limits.openOrdersMaximum === 0 && limits.notionalMaximum === 0n && limits.selfTradeGroup === 0;
    account.limits = none ? NO_LIMITS : limits;
    let before = -1;
    for (let markets = reader.count(BYTES_A_MARKET); markets > 0; markets--) {
      const market = reader.u16();
      assert(market > before, "frozen markets stand in canonical order");
      before = market;
      account.freeze(market, true);
    }
    assert(isSet(account), "an account whose settings are told has some");
  }
}
