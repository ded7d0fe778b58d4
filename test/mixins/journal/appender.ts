/**
 * A child process to be killed: opens the journal in the folder given, says so ("open LAST"), then appends
 * batches of one to twenty records without end and says each number as it is acknowledged. Now and then a
 * client's command is in a batch; sealed segments get a snapshot and retention runs, so kills fall into those
 * too.
 */
import { writeSync } from "node:fs";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { appendTexts } from "../../contract/journal-records.ts";

const [, , folder = "", name = ""] = process.argv;
const store = new FileJournalStore(folder, { segmentBytes: 4_000 });
const journal = await store.open(name);
const snapshots = store.snapshots(name);
writeSync(1, `open ${journal.last}\n`);
let retaining = false;
for (;;) {
  // A client's command in about every third segment.
  const clients = Math.floor(journal.last / 90) % 3 === 0;
  const sealed = await appendTexts(journal, 1 + (journal.last % 20), clients, 30);
  writeSync(1, `${journal.last}\n`);
  if (!sealed) continue;
  await snapshots.save({
    sequence: journal.last,
    hash: `after ${journal.last}`,
    bytes: Buffer.from(`${journal.last}`),
  });
  if (retaining) continue;
  retaining = true;
  void journal.retain(journal.last).finally(() => {
    retaining = false;
  });
}
