/**
 * A market's journal applied again from the first record that is there, each run of it from the snapshot that
 * opens it. Every record must come out byte for byte, and every snapshot on the way must have the state's
 * hash.
 */
import { ByteWriter } from "../../engine/bytes.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { MarketCore } from "../../mixins/actor/market-core.ts";
import { replayBatch } from "../../mixins/actor/market-recovery.ts";
import type { JournalRun, Snapshot } from "../../mixins/journal/journal.ts";
import { JournalFault } from "../../mixins/journal/journal-fault.ts";
import { damageOf, type RecordedMarket } from "./recorded.ts";
import type { Report } from "./report.ts";

/** Nothing is decided here: every command has its time. */
const NO_CLOCK = { now: () => 0 };

/** Snapshots that verify and restore to their hash, by sequence; what is wrong with others is told. */
export async function goodSnapshots<Restored extends { hash(): string }>(
  name: string,
  snapshots: RecordedMarket["snapshots"],
  restore: (snapshot: Snapshot) => Restored,
  report: Report,
): Promise<Map<number, Snapshot>> {
  const good = new Map<number, Snapshot>();
  for (const sequence of await snapshots.list()) {
    try {
      const snapshot = await snapshots.load(sequence);
      report.count("snapshots");
      if (restore(snapshot).hash() === snapshot.hash) good.set(sequence, snapshot);
      else
        report.differs("snapshotDiffers", name, `the snapshot at ${sequence} does not restore to its hash`);
    } catch (error) {
      const kind = error instanceof JournalFault ? "snapshotDamaged" : "snapshotDiffers";
      report.differs(kind, name, error instanceof Error ? error.message : String(error));
    }
  }
  return good;
}

export function restoreAt({ instrument }: RecordedMarket, snapshot: Snapshot): MarketMachine {
  return MarketMachine.restore(instrument, snapshot.bytes);
}

/** False where the journal cannot be read to its end. */
export async function replayMarket(market: RecordedMarket, report: Report): Promise<boolean> {
  const { journal, snapshots } = market;
  const good = await goodSnapshots(journal.name, snapshots, each => restoreAt(market, each), report);
  for (const sequence of good.keys()) {
    if (sequence > journal.last) {
      const message = `the snapshot at ${sequence} is beyond the last record, ${journal.last}`;
      report.differs("snapshotDiffers", journal.name, message);
    }
  }
  try {
    for (const run of journal.runs()) await replayRun(market, run, good, report);
    return true;
  } catch (error) {
    report.differs("journalDamaged", journal.name, damageOf(error));
    return false;
  }
}

async function replayRun(
  market: RecordedMarket,
  run: JournalRun,
  snapshots: ReadonlyMap<number, Snapshot>,
  report: Report,
): Promise<void> {
  const { instrument, journal } = market;
  const opening = snapshots.get(run.first - 1);
  if (run.first > 1 && opening === undefined) {
    const message = `records ${run.first} to ${run.last} need the snapshot before them`;
    report.differs("snapshotDamaged", journal.name, message);
  }
  const machine = opening === undefined ? new MarketMachine(instrument) : restoreAt(market, opening);
  const core = new MarketCore(machine, NO_CLOCK);
  const writer = new ByteWriter();
  let applies = run.first === 1 || opening !== undefined;
  for await (const batch of journal.read(run.first, run.last)) {
    report.count("records", batch.count);
    report.progress(`Replaying ${journal.name}`, batch.first + batch.count - 1, journal.last);
    // What is read is checked, also where nothing can be applied any more.
    if (applies) applies = applyBatch(core, batch, snapshots, writer, report);
  }
}

function applyBatch(
  core: MarketCore,
  batch: Parameters<typeof replayBatch>[1],
  snapshots: ReadonlyMap<number, Snapshot>,
  writer: ByteWriter,
  report: Report,
): boolean {
  const name = `market.${core.machine.instrument.symbol}`;
  try {
    for (const { sequence, same } of replayBatch(core, batch, writer)) {
      if (!same) {
        report.differs("replayDiffers", name, `record ${sequence} comes out otherwise than it was recorded`);
        return false;
      }
      const snapshot = snapshots.get(sequence);
      if (snapshot === undefined || snapshot.hash === core.machine.hash()) continue;
      report.differs("snapshotDiffers", name, `the snapshot at ${sequence} is not what the records make`);
    }
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report.differs("foldBroken", name, `record ${core.machine.sequence + 1} cannot be applied: ${message}`);
    return false;
  }
}
