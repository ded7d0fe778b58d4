/** The facts of a data folder as they lie there: its journals and snapshots, opened to look at. */
import { join } from "node:path";
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { FileSnapshots } from "../../mixins/journal/file-snapshots.ts";
import { JournalFault } from "../../mixins/journal/journal-fault.ts";
import { JournalView } from "../../mixins/journal/journal-view.ts";
import type { Report } from "./report.ts";

export interface RecordedMarket {
  readonly instrument: Instrument;
  readonly journal: JournalView;
  readonly snapshots: FileSnapshots;
}

export interface RecordedShard {
  readonly shard: number;
  readonly ledger: JournalView;
  readonly snapshots: FileSnapshots;
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

/** Looks at all journals; undefined, with the differences told, where one cannot be opened. */
export async function openRecorded(
  dataDir: string,
  instruments: readonly Instrument[],
  shards: number,
  report: Report,
): Promise<Recorded | undefined> {
  const folderOf = (name: string) => join(dataDir, "journal", name);
  const snapshotsOf = (name: string) => new FileSnapshots(folderOf(name), name);
  const open = (name: string) => openJournal(folderOf(name), name, report);
  const markets: RecordedMarket[] = [];
  for (const instrument of instruments) {
    const name = `market.${instrument.symbol}`;
    const journal = await open(name);
    if (journal !== undefined) markets.push({ instrument, journal, snapshots: snapshotsOf(name) });
  }
  const opened: RecordedShard[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const ledger = await open(`ledger.${shard}`);
    if (ledger !== undefined) opened.push({ shard, ledger, snapshots: snapshotsOf(`risk.${shard}`) });
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
