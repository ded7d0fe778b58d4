/** One node, and all it has lies in its data folder. */
import type { Instrument } from "../../engine/instrument.ts";
import type { DataFolder } from "../data-folder.ts";
import { FileJournalStore } from "../journal/file-journal-store.ts";
import type { JournalRecovery } from "../journal/journal.ts";
import { LocalOwnership } from "../ownership/local-ownership.ts";
import { LocalCursors, sharedFollowers } from "./cursors.ts";
import { confirmFounding } from "./founding.ts";
import { FoundingFile } from "./founding-store.ts";
import { confirmAlone } from "./home.ts";
import { LocalJournals } from "./hosted-journals.ts";
import type { RuntimePorts } from "./runtime-ports.ts";
import type { Settings } from "./settings.ts";

/** Throws SettingInvalid where the folder was founded with something else. */
export async function openEmbedded(
  folder: DataFolder,
  settings: Settings,
  instruments: readonly Instrument[],
  onCut: (cut: JournalRecovery) => void,
): Promise<RuntimePorts> {
  const { dataDir, segmentBytes, shards } = settings;
  await confirmAlone(dataDir);
  await confirmFounding(new FoundingFile(dataDir), shards, instruments);
  const journals = new LocalJournals(new FileJournalStore(dataDir, { segmentBytes }), onCut);
  const ownership = await LocalOwnership.open(folder);
  const projection = settings.stores.influx === undefined ? ["marketdata"] : [];
  const cursors = new LocalCursors([...sharedFollowers(settings), ...projection]);
  return {
    journals,
    ownership,
    cursors,
    keys: () => undefined,
    close: async () => {
      await cursors.close();
      await ownership.close();
      await journals.close();
    },
  };
}
