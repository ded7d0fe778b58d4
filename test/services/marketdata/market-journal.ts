/** A market of random orders and its journal on disk, with snapshots where segments are full. */
import { ByteWriter } from "../../../engine/bytes.ts";
import { defineInstrument } from "../../../engine/instrument.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { encodeMarketRecord } from "../../../engine/market/record.ts";
import { accountId, lots, milliseconds, money, ticks } from "../../../engine/units.ts";
import type { FileJournal } from "../../../mixins/journal/file-journal.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import type { SnapshotStore } from "../../../mixins/journal/journal.ts";
import { SeededRandom } from "../../../mixins/seeded-random.ts";

export const instrument = defineInstrument({
  symbol: "EURUSD",
  number: 1,
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
});
export const START = Date.parse("2026-03-03T13:00:00Z");
const NAME = "market.EURUSD";

export class MarketJournal {
  readonly journal: FileJournal;
  readonly snapshots: SnapshotStore;
  readonly machine = new MarketMachine(instrument);
  /** Lots that have changed hands. */
  traded = 0;
  readonly #journals: FileJournalStore;
  readonly #random = new SeededRandom(3);

  private constructor(journals: FileJournalStore, journal: FileJournal) {
    this.#journals = journals;
    this.journal = journal;
    this.snapshots = journals.snapshots(NAME);
  }

  static async open(folder: string, segmentBytes = 4_000): Promise<MarketJournal> {
    const journals = new FileJournalStore(folder, { segmentBytes });
    return new MarketJournal(journals, await journals.open(NAME));
  }

  /** Appends random orders, a quarter of a second apart, so many a batch. */
  async trade(batches: number, liquidity: boolean, size = 10): Promise<void> {
    const { journal, machine } = this;
    const writer = new ByteWriter();
    for (let batch = 0; batch < batches; batch++) {
      writer.clear();
      for (let index = 0; index < size; index++) this.#place(writer, liquidity);
      const { sealed } = await journal.append(journal.last, size, writer.view().slice(), !liquidity);
      if (sealed) {
        const snapshot = { sequence: machine.sequence, hash: machine.hash(), bytes: machine.snapshot() };
        await this.snapshots.save(snapshot);
      }
    }
  }

  close(): Promise<void> {
    return this.#journals.close();
  }

  #place(writer: ByteWriter, liquidity: boolean): void {
    const random = this.#random;
    const { machine } = this;
    const number = machine.sequence + 1;
    const log = machine.apply({
      kind: "place",
      time: milliseconds(START + number * 250),
      shard: 0,
      number,
      account: accountId(1),
      liquidity,
      reference: 0,
      clientOrderId: String(number),
      side: random.uniform() < 0.5 ? "buy" : "sell",
      type: "limit",
      timeInForce: "GTC",
      postOnly: false,
      lots: lots(random.between(1, 9)),
      ticks: ticks(random.between(95, 105)),
      reserved: money(0n),
    });
    for (let row = 0; row < log.length; row++)
      if (log.rows[row * 10] === 3) this.traded += log.rows[row * 10 + 5] ?? 0;
    const command = { kind: "owner", time: milliseconds(START + number * 250), epoch: 1 } as const;
    encodeMarketRecord(writer, command, log, machine.bestBid, machine.bestAsk);
  }
}
