/**
 * Journals as bytes, and what replaying them gives: every record again, and the hashes of market and shards.
 * Used by the determinism test in this process and in its children.
 */
import { createHash } from "node:crypto";
import { MatchSession } from "../../../cli/match-session.ts";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../../engine/account/record.ts";
import { ByteWriter } from "../../../engine/bytes.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { decodeMarketRecords, encodeMarketRecord } from "../../../engine/market/record.ts";
import { SeededRandom } from "../../../mixins/seeded-random.ts";
import { LineMaker } from "../../fuzz/line-maker.ts";
import { onceIn, pick } from "../../fuzz/target.ts";
import { PLAIN } from "../../reference/commands.ts";
import { accountsOf, EURUSD, SHARE, USD_1, Venue } from "../account/venue.ts";

const SHARDS = 2;
const TRADED = [EURUSD, SHARE];
const INSTRUMENTS = new Map([PLAIN, ...TRADED].map(instrument => [instrument.symbol, instrument]));

export interface WrittenMarket {
  readonly symbol: string;
  readonly count: number;
  /** Records back to back, in base64. */
  readonly records: string;
  readonly hash: string;
}

export interface WrittenJournals {
  readonly markets: readonly WrittenMarket[];
  /** A shard's ledger: its commands, each in base64. */
  readonly ledgers: readonly (readonly string[])[];
  readonly shardHashes: readonly string[];
}

export interface Replay {
  /** Of all records that the markets made again. */
  readonly digest: string;
  readonly marketHashes: readonly string[];
  readonly shardHashes: readonly string[];
}

/** A market that has had every kind of line, from a seed. */
function writeMixed(seed: number, lines: number): WrittenMarket {
  const maker = new LineMaker(new SeededRandom(seed), PLAIN);
  const writer = new ByteWriter();
  let hash = "";
  let count = 0;
  const session = new MatchSession(PLAIN, (command, events, machine) => {
    encodeMarketRecord(writer, command, events, machine.bestBid, machine.bestAsk);
    count++;
  });
  for (let line = 0; line < lines; line++) session.apply(maker.sound());
  hash = session.hash();
  return { symbol: PLAIN.symbol, count, records: Buffer.from(writer.view()).toString("base64"), hash };
}

function tradeVenue(seed: number, steps: number): Venue {
  const random = new SeededRandom(seed);
  const venue = new Venue(TRADED, SHARDS);
  const accounts = [0, 1].flatMap(shard => accountsOf(shard, SHARDS, 3));
  for (const [index, account] of accounts.entries()) {
    venue.open(account, { liquidity: index % 3 === 0, leverage: 100, deposit: 1_000_000n * USD_1 });
  }
  for (let step = 0; step < steps; step++) {
    const account = pick(random, accounts);
    const side = onceIn(random, 2) ? "buy" : "sell";
    const asking = { side, lots: 1 + (random.integer() % 20), ticks: 995 + (random.integer() % 10) } as const;
    venue.send(venue.request(account, pick(random, TRADED).number, asking));
    venue.deliverAll();
    const [order] = venue.machineOf(account).openOrders(account);
    if (order !== undefined && onceIn(random, 4)) venue.cancel(order);
  }
  return venue;
}

export function writeJournals(seed: number, lines: number): WrittenJournals {
  const venue = tradeVenue(seed, lines >> 3);
  const markets = TRADED.map(({ symbol, number }) => {
    const machine = new MarketMachine(venue.markets.get(number)?.instrument ?? EURUSD);
    const writer = new ByteWriter();
    const records = venue.journals.get(number) ?? [];
    for (const { command } of records) {
      encodeMarketRecord(writer, command, machine.apply(command), machine.bestBid, machine.bestAsk);
    }
    const hash = venue.markets.get(number)?.hash() ?? "";
    return { symbol, count: records.length, records: Buffer.from(writer.view()).toString("base64"), hash };
  });
  const encode = (command: Parameters<typeof encodeLedgerCommand>[0]) =>
    Buffer.from(encodeLedgerCommand(command)).toString("base64");
  return {
    markets: [writeMixed(seed, lines), ...markets],
    ledgers: venue.ledgers.map(ledger => ledger.map(encode)),
    shardHashes: venue.machines.map(machine => machine.hash()),
  };
}

/** Markets from their commands, shards from their ledgers and every market's records. */
export function replay(journals: WrittenJournals): Replay {
  const digest = createHash("sha256");
  const machines = journals.ledgers.map((ledger, shard) => {
    const machine = new AccountMachine(shard, SHARDS, TRADED);
    for (const [index, bytes] of ledger.entries()) {
      machine.applyLedger(index + 1, decodeLedgerCommand(Buffer.from(bytes, "base64")));
    }
    return machine;
  });
  const marketHashes = journals.markets.map(({ symbol, count, records }) => {
    const instrument = INSTRUMENTS.get(symbol) ?? PLAIN;
    const market = new MarketMachine(instrument);
    const writer = new ByteWriter();
    for (const record of decodeMarketRecords(instrument.number, 1, count, Buffer.from(records, "base64"))) {
      writer.clear();
      const events = market.apply(record.command);
      encodeMarketRecord(writer, record.command, events, market.bestBid, market.bestAsk);
      digest.update(writer.view());
      if (symbol !== PLAIN.symbol) for (const machine of machines) machine.applyMarket(record);
    }
    return market.hash();
  });
  return { digest: digest.digest("hex"), marketHashes, shardHashes: machines.map(machine => machine.hash()) };
}
