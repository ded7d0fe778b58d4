/**
 * The facts of a venue as they lie there, in a data folder or in a cluster's streams: its journals and
 * snapshots, opened to look at.
 */
import { join } from "node:path";
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { FileSnapshots } from "../../mixins/journal/file-snapshots.ts";
import type { JournalBatch, JournalRun, SnapshotStore } from "../../mixins/journal/journal.ts";
import { JournalFault } from "../../mixins/journal/journal-fault.ts";
import { JournalView } from "../../mixins/journal/journal-view.ts";
import type { Report } from "./report.ts";

/** A journal up to the record that was its last at some moment. */
export interface RecordedJournal {
  readonly name: string;
  readonly last: number;
  /** Whether every record since the first is there. */
  readonly isWhole: boolean;
  /** What can be read, oldest first. */
  runs(): JournalRun[];
  /** Batches from the one that holds `from` to the one that holds `to`. */
  read(from: number, to: number): AsyncIterable<JournalBatch>;
}

export type RecordedSnapshots = Pick<SnapshotStore, "list" | "load">;

export interface RecordedMarket {
  readonly instrument: Instrument;
  readonly journal: RecordedJournal;
  readonly snapshots: RecordedSnapshots;
}

export interface RecordedShard {
  readonly shard: number;
  readonly ledger: RecordedJournal;
  readonly snapshots: RecordedSnapshots;
}

/** Everything that a venue of these instruments and shards has recorded. */
export interface Recorded {
  readonly instruments: readonly Instrument[];
  readonly markets: readonly RecordedMarket[];
  readonly shards: readonly RecordedShard[];
  /** Whether every record since the first is there, so that every state can be made from nothing. */
  readonly isWhole: boolean;
}

/** How far a shard has come in each journal. */
export interface Place {
  readonly ledger: number;
  /** By market number. */
  readonly cursors: ReadonlyMap<number, number>;
}

/** Where journals and snapshots are looked at. */
export interface RecordedSource {
  /** Undefined, with the difference told, where it cannot be opened. */
  journal(name: string): Promise<RecordedJournal | undefined>;
  snapshots(name: string): RecordedSnapshots;
}

/** Looks at all journals of a folder; undefined, with the differences told, where one cannot be opened. */
export function openRecorded(
  dataDir: string,
  instruments: readonly Instrument[],
  shards: number,
  report: Report,
): Promise<Recorded | undefined> {
  const folderOf = (name: string) => join(dataDir, "journal", name);
  const source: RecordedSource = {
    journal: name => openJournal(folderOf(name), name, report),
    snapshots: name => new FileSnapshots(folderOf(name), name),
  };
  return readRecorded(source, instruments, shards);
}

/** Markets first: what a ledger says of them is there by then. */
export async function readRecorded(
  source: RecordedSource,
  instruments: readonly Instrument[],
  shards: number,
): Promise<Recorded | undefined> {
  const markets: RecordedMarket[] = [];
  for (const instrument of instruments) {
    const name = `market.${instrument.symbol}`;
    const journal = await source.journal(name);
    if (journal !== undefined) markets.push({ instrument, journal, snapshots: source.snapshots(name) });
  }
  const opened: RecordedShard[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const ledger = await source.journal(`ledger.${shard}`);
    if (ledger !== undefined) opened.push({ shard, ledger, snapshots: source.snapshots(`risk.${shard}`) });
  }
  if (markets.length < instruments.length || opened.length < shards) return undefined;
  const journals = [...markets.map(({ journal }) => journal), ...opened.map(({ ledger }) => ledger)];
  const isWhole = journals.every(journal => journal.isWhole);
  return { instruments, markets, shards: opened, isWhole };
}

async function openJournal(folder: string, name: string, report: Report): Promise<JournalView | undefined> {
  try {
    const view = await JournalView.open(folder, name);
    if (view.unfinishedBytes > 0) {
      report.notes.push(`${name} ends with ${view.unfinishedBytes} bytes of an append that never finished`);
    }
    return view;
  } catch (error) {
    report.differs("journalDamaged", name, damageOf(error));
    return undefined;
  }
}

/** Why a journal cannot be read; throws what is no damage of it. */
export function damageOf(error: unknown): string {
  if (error instanceof JournalFault) return error.message;
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return error.message;
  throw error;
}

export function endOf({ markets }: Recorded, { ledger }: RecordedShard): Place {
  const cursors = new Map(markets.map(({ instrument, journal }) => [instrument.number, journal.last]));
  return { ledger: ledger.last, cursors };
}

export function placeOf(machine: AccountMachine, { instruments }: Recorded): Place {
  const cursors = new Map(instruments.map(({ number }) => [number, machine.cursor(number)]));
  return { ledger: machine.ledgerSequence, cursors };
}
