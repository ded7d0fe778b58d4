/**
 * A market from its journal: the newest snapshot that verifies, then the tail, command by command. Every
 * replayed record must come out byte for byte as it was journalled: replay and live agree, or the market does
 * not open.
 */
import { ByteWriter } from "../../engine/bytes.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { decodeMarketRecords } from "../../engine/market/record.ts";
import type { Clock } from "../clock.ts";
import type { Journal, JournalBatch, SnapshotStore } from "../journal/journal.ts";
import { MarketCore } from "./market-core.ts";

export class ReplayDiverged extends Error {
  readonly code = "REPLAY_DIVERGED";
  constructor(journal: string, sequence: number) {
    super(`Cannot open '${journal}' as its replay must equal its journal: differs at sequence ${sequence}`);
  }
}

/** The machine of the newest snapshot; a new one where there is none. Throws where the hash does not hold. */
export async function restoreMarket(
  instrument: Instrument,
  snapshots: SnapshotStore,
): Promise<MarketMachine> {
  const snapshot = await snapshots.newest();
  if (snapshot === undefined) return new MarketMachine(instrument);
  const machine = MarketMachine.restore(instrument, snapshot.bytes);
  if (machine.hash() !== snapshot.hash) {
    throw new ReplayDiverged(`snapshot of market.${instrument.symbol}`, snapshot.sequence);
  }
  return machine;
}

/** Applies a batch's commands again, one at each step; `same` says whether the record came out as it was. */
export function* replayBatch(
  core: MarketCore,
  batch: JournalBatch,
  writer: ByteWriter,
): Generator<{ readonly sequence: number; readonly same: boolean }> {
  const { machine } = core;
  const records = decodeMarketRecords(machine.instrument.number, batch.first, batch.count, batch.payload);
  let start = 0;
  for (const record of records) {
    const size =
      4 + new DataView(batch.payload.buffer, batch.payload.byteOffset + start, 4).getUint32(0, true);
    const recorded = batch.payload.subarray(start, start + size);
    start += size;
    if (record.sequence <= machine.sequence) {
      core.heard(record.command.time);
      continue;
    }
    writer.clear();
    core.replay(record.command, writer);
    const { sequence } = record;
    yield { sequence, same: sequence === machine.sequence && Buffer.compare(recorded, writer.view()) === 0 };
  }
}

export async function recoverMarket(
  instrument: Instrument,
  journal: Journal,
  snapshots: SnapshotStore,
  clock: Clock,
): Promise<MarketCore> {
  const core = new MarketCore(await restoreMarket(instrument, snapshots), clock);
  const writer = new ByteWriter();
  const { sequence } = core.machine;
  const newest = journal.runs().at(-1);
  // The snapshot's own last record too, where it is still there: the journal's time goes on from its.
  const from = newest !== undefined && sequence >= newest.first ? sequence : sequence + 1;
  for await (const batch of journal.read(from)) {
    for (const { sequence: replayed, same } of replayBatch(core, batch, writer)) {
      if (!same) throw new ReplayDiverged(journal.name, replayed);
    }
  }
  return core;
}
