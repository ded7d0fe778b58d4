/**
 * Journals alone: what one append takes, and records a second, with batches of 1, 16, 256 and 1,024 records
 * of 96 bytes, one append in flight, each durable. In the same run, taking turns: the file journal; the bare
 * device, once as write and fdatasync and once as a write to a file opened with O_DSYNC, of as many bytes, by
 * the same node:fs; and, where NATS_ONE and NATS_THREE name servers, JetStream on one server and on three
 * replicas. `ratio` is the median over that of the file journal.
 *
 * Left out: making the records, followers, compression (it comes with retention, not with an append). Sealing
 * a segment of 4 MiB and making the next one is in it: that is the worst of the large batches.
 */
import { constants, fdatasync, write } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileJournalStore } from "../mixins/journal/file-journal-store.ts";
import type { Journal } from "../mixins/journal/journal.ts";
import { servedStores } from "./journal-servers.ts";
import { conditions, percentiles, saveResult } from "./report.ts";

const RECORD_BYTES = 96;
const ROUNDS = 4;
/** Frame header and the lengths of records: the bare device writes them too. */
const FRAME_BYTES = 32;
const APPENDS: ReadonlyMap<number, number> = new Map([
  [1, 2_000],
  [16, 2_000],
  [256, 1_000],
  [1_024, 500],
]);

type Append = () => Promise<unknown>;

function payloadOf(records: number): Buffer {
  const payload = Buffer.alloc(records * (4 + RECORD_BYTES), 0x61);
  for (let record = 0; record < records; record++)
    payload.writeUInt32LE(RECORD_BYTES, record * (4 + RECORD_BYTES));
  return payload;
}

function journalAppend(journal: Journal, records: number): Append {
  // The journal keeps what it is given, and here nobody changes it: one payload serves all.
  const payload = payloadOf(records);
  return () => journal.append(journal.last, records, payload, true);
}

function bareAppend(handle: FileHandle, records: number, synchronous: boolean): Append {
  const bytes = Buffer.alloc(FRAME_BYTES + payloadOf(records).length, 0x61);
  let position = 0;
  return () =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null) => (error === null ? resolve(undefined) : reject(error));
      write(handle.fd, bytes, 0, bytes.length, position, error => {
        if (error !== null || synchronous) done(error);
        else fdatasync(handle.fd, done);
      });
      position += bytes.length;
    });
}

async function measure(append: Append, samples: number[], times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    await append();
    samples.push(performance.now() - start);
  }
}

function summary(samples: readonly number[], records: number) {
  const total = samples.reduce((sum, sample) => sum + sample, 0);
  const [p50, p99, worst] = percentiles(Float64Array.from(samples), [0.5, 0.99, 1]).map(value =>
    Number(value.toFixed(3)),
  );
  return {
    p50Ms: p50,
    p99Ms: p99,
    worstMs: worst,
    recordsPerSecond: Math.round((samples.length * records * 1000) / total),
  };
}

async function run(folder: string): Promise<object[]> {
  const store = new FileJournalStore(folder);
  const served = await servedStores();
  const results: object[] = [];
  for (const [records, appends] of APPENDS) {
    const journal = await store.open(`batch.${records}`);
    const plain = await open(join(folder, `plain.${records}`), "w");
    const synchronous = await open(
      join(folder, `synchronous.${records}`),
      constants.O_CREAT | constants.O_WRONLY | constants.O_DSYNC,
    );
    const contestants = [
      { name: "file journal", append: journalAppend(journal, records), samples: [] as number[] },
      { name: "write + fdatasync", append: bareAppend(plain, records, false), samples: [] as number[] },
      { name: "write with O_DSYNC", append: bareAppend(synchronous, records, true), samples: [] as number[] },
    ];
    for (const { name, store: remote } of served) {
      const append = journalAppend(await remote.open(`batch.${records}`), records);
      contestants.push({ name, append, samples: [] });
    }
    for (const { append } of contestants) await measure(append, [], 50);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { append, samples } of contestants) await measure(append, samples, appends / ROUNDS);
    }
    const own = summary(contestants[0]?.samples ?? [], records).p50Ms ?? 0;
    for (const { name, samples } of contestants) {
      const told = summary(samples, records);
      const ratio = Number(((told.p50Ms ?? 0) / own).toFixed(2));
      const result = { records, contestant: name, appends, ...told, ratio };
      console.info(JSON.stringify(result));
      results.push(result);
    }
    await plain.close();
    await synchronous.close();
    await journal.close();
  }
  await store.close();
  for (const { close } of served) await close();
  return results;
}

const folder = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), "cambist-bench-journal-"));
try {
  const results = await run(folder);
  const name = process.env.NATS_ONE === undefined ? "journal" : "journal-jetstream";
  await saveResult(name, { conditions: conditions(), recordBytes: RECORD_BYTES, results });
} finally {
  await rm(folder, { recursive: true });
}
