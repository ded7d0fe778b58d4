/**
 * The bytes of records and snapshots: sound ones, which must be taken, and changed ones, which are refused by
 * an invariant or taken for what they say. Snapshots come from markets and shards that have traded.
 */

import { MatchSession } from "../../cli/match-session.ts";
import { TRADING_STATES } from "../../engine/account/command.ts";
import { encodeOrder } from "../../engine/account/order/order-record.ts";
import { encodeLedgerCommand } from "../../engine/account/record.ts";
import { ByteWriter } from "../../engine/bytes.ts";
import { EventLog } from "../../engine/market/event.ts";
import { encodeMarketRecord } from "../../engine/market/record.ts";
import { type AccountId, money } from "../../engine/units.ts";
import { SeededRandom } from "../../mixins/seeded-random.ts";
import { accountsOf, EURUSD, SHARE, USD_1, Venue } from "../engine/account/venue.ts";
import { PLAIN } from "../reference/commands.ts";
import { makeOrder } from "./account-maker.ts";
import { mutate } from "./byte-mutation.ts";
import { makeCommand, makeEvents } from "./command-maker.ts";
import { makeLedgerCommand } from "./ledger-maker.ts";
import { LineMaker } from "./line-maker.ts";
import { INSTRUMENTS, isRefusal, READER_NAMES, READERS, type ReaderName, SHARDS } from "./record-readers.ts";
import { Finding, onceIn, type Pace, pick, type Target } from "./target.ts";
import { ValueMaker } from "./value-maker.ts";

const INPUTS_A_TURN = 1_000;
const LINES = 3_000;
const STEPS = 300;
/** Snapshots are longer and restoring them makes whole machines, so they come less often. */
const OFTEN: readonly ReaderName[] = ["market", "market", "market", "ledger", "order"];
const SELDOM: readonly ReaderName[] = ["marketSnapshot", "shardSnapshot"];
const SELDOM_ONCE_IN = 40;

function marketCorpus(random: SeededRandom): { records: Uint8Array[]; snapshots: Uint8Array[] } {
  const maker = new LineMaker(random, PLAIN);
  const records: Uint8Array[] = [];
  const snapshots: Uint8Array[] = [];
  const writer = new ByteWriter();
  const session = new MatchSession(PLAIN, (command, events, machine) => {
    writer.clear();
    encodeMarketRecord(writer, command, events, machine.bestBid, machine.bestAsk);
    records.push(writer.copy());
    if (records.length % 40 === 1) snapshots.push(machine.snapshot());
  });
  for (let line = 0; line < LINES; line++) session.apply(maker.sound());
  return { records, snapshots };
}

function shardSnapshots(random: SeededRandom): Uint8Array[] {
  const venue = new Venue(INSTRUMENTS, SHARDS);
  const accounts = [0, 1].flatMap(shard => accountsOf(shard, SHARDS, 3));
  for (const [index, account] of accounts.entries()) {
    venue.open(account, { liquidity: index % 3 === 0, leverage: 100, deposit: 1_000_000n * USD_1 });
  }
  const snapshots: Uint8Array[] = [];
  for (let step = 0; step < STEPS; step++) {
    const account = pick(random, accounts);
    const instrument = pick(random, [EURUSD, SHARE]);
    const side = onceIn(random, 2) ? "buy" : "sell";
    const priced = { side, lots: 1 + (random.integer() % 20), ticks: 995 + (random.integer() % 10) } as const;
    const asking = onceIn(random, 8) ? ({ side, lots: 3 } as const) : priced;
    venue.send(venue.request(account, instrument.number, asking));
    venue.deliverAll();
    const [order] = venue.machineOf(account).openOrders(account);
    if (order !== undefined && onceIn(random, 4)) venue.cancel(order);
    const machine = venue.machines[0];
    if (onceIn(random, 20)) restrict(venue, account, random);
    if (onceIn(random, 20)) machine?.documented(machine.takeChanges());
    if (machine !== undefined && step % 15 === 0) snapshots.push(machine.snapshot());
  }
  return snapshots;
}

/** The kill switch lets go again more often than it sets in. */
function restrict(venue: Venue, account: AccountId, random: SeededRandom): void {
  const { shard } = venue.machineOf(account);
  const state = pick(random, ["active" as const, "active" as const, ...TRADING_STATES]);
  venue.record(shard, { kind: "restrict", time: venue.now(), account, state, reason: "fuzz" });
  const limits = { openOrdersMaximum: 500, notionalMaximum: money(0n), selfTradeGroup: 3 };
  venue.record(shard, { kind: "limit", time: venue.now(), account, ...limits });
}

export class RecordsTarget implements Target {
  readonly #writer = new ByteWriter();
  readonly #log = new EventLog();
  readonly #records: Uint8Array[];
  readonly #marketSnapshots: Uint8Array[];
  readonly #shardSnapshots: Uint8Array[];
  #other: Uint8Array = new Uint8Array();

  constructor() {
    const random = new SeededRandom(7);
    const { records, snapshots } = marketCorpus(random);
    this.#records = records;
    this.#marketSnapshots = snapshots;
    this.#shardSnapshots = shardSnapshots(random);
  }

  play(random: SeededRandom, pace: Pace): void {
    const value = new ValueMaker(random);
    for (let input = 0; input < INPUTS_A_TURN; input++) {
      const part = pick(random, onceIn(random, SELDOM_ONCE_IN) ? SELDOM : OFTEN);
      const sound = this.#make(part, value);
      const isSound = onceIn(random, 12);
      const bytes = isSound ? sound : mutate(sound, random, this.#other);
      if (part === "market" && !onceIn(random, 4)) setLength(bytes);
      this.#other = sound;
      pace.begin();
      const refused = check(part, bytes, isSound);
      pace.end(!refused, () => `${part}, ${bytes.length} bytes`);
    }
  }

  replay(part: string, bytes: Uint8Array): void {
    const name = READER_NAMES.find(known => known === part);
    if (name === undefined) throw new Error(`A reader is one of ${READER_NAMES.join(", ")}`);
    check(name, bytes, false);
  }

  /** Bytes that a writer made. */
  #make(part: ReaderName, value: ValueMaker): Uint8Array {
    const { random } = value;
    switch (part) {
      case "market":
        if (onceIn(random, 3)) return pick(random, this.#records);
        this.#writer.clear();
        for (let left = onceIn(random, 6) ? 3 : 1; left > 0; left--) {
          this.#log.clear();
          makeEvents(value, this.#log);
          encodeMarketRecord(this.#writer, makeCommand(value), this.#log, value.ticks(), value.ticks());
        }
        return this.#writer.copy();
      case "ledger":
        return encodeLedgerCommand(makeLedgerCommand(value));
      case "order":
        return encodeOrder(this.#writer, makeOrder(value));
      case "marketSnapshot":
        return pick(random, this.#marketSnapshots);
      case "shardSnapshot":
        return pick(random, this.#shardSnapshots);
    }
  }
}

/** Makes a record of one as long as it says, so that what is behind the length is looked at. */
function setLength(bytes: Uint8Array): void {
  if (bytes.length < 4) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (4 + view.getUint32(0, true) >= bytes.length) view.setUint32(0, bytes.length - 4, true);
}

/** Whether the bytes were refused; throws Finding. */
function check(part: ReaderName, bytes: Uint8Array, isSound: boolean): boolean {
  try {
    READERS[part](bytes);
    return false;
  } catch (error) {
    if (isRefusal(error) && !isSound) return true;
    throw new Finding(part, bytes, error);
  }
}
