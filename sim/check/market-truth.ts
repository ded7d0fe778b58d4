/** One market as its journal makes it, batch by batch as each is stored: replayed, compared byte by byte. */
import { ByteWriter } from "../../engine/bytes.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { collectsIn } from "../../engine/market/phases.ts";
import { decodeMarketRecords, type MarketRecord } from "../../engine/market/record.ts";
import { MarketCore } from "../../mixins/actor/market-core.ts";
import { replayBatch } from "../../mixins/actor/market-recovery.ts";
import type { JournalBatch } from "../../mixins/journal/journal.ts";
import { NumberCheck } from "./number-check.ts";
import { Violation } from "./violation.ts";

/** Batches between two looks at all of a machine. */
const CHECK_EVERY = 40;

export class MarketTruth {
  readonly instrument: Instrument;
  readonly machine: MarketMachine;
  readonly #core: MarketCore;
  readonly #writer = new ByteWriter();
  readonly #numbers: NumberCheck;
  #batches = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
    this.#numbers = new NumberCheck(instrument.symbol);
    this.machine = new MarketMachine(instrument);
    this.#core = new MarketCore(this.machine, { now: () => 0 });
  }

  hear(batch: JournalBatch): MarketRecord[] {
    const { symbol, number } = this.instrument;
    for (const { sequence, same } of replayBatch(this.#core, batch, this.#writer)) {
      if (!same)
        throw new Violation("replay", `record ${sequence} of ${symbol} is not what its command makes`);
    }
    const { bestBid, bestAsk, phase } = this.machine;
    if (bestBid !== 0 && bestAsk !== 0 && bestBid >= bestAsk && !collectsIn(phase)) {
      throw new Violation("machine", `the book of ${symbol} is crossed: ${bestBid} and ${bestAsk}`);
    }
    if (++this.#batches % CHECK_EVERY === 0) this.machine.check();
    const records = decodeMarketRecords(number, batch.first, batch.count, batch.payload);
    for (const { command } of records) this.#numbers.hear(command);
    return records;
  }
}
