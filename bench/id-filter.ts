/**
 * What a shard's filter of used client order ids saves and costs: asked of an id that is new, beside the same
 * question to LMDB, which a new order asked before there was a filter; and what it adds to a snapshot. Both
 * hold a million ids; each figure is the best of five passes over 200,000 others.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import { IdFilter } from "../engine/account/order/id-filter.ts";
import { ByteReader, ByteWriter } from "../engine/bytes.ts";
import { accountId } from "../engine/units.ts";
import { conditions, sayAndSave, statement } from "./report.ts";

const USED = 1_000_000;
const ASKED = 200_000;
const PASSES = 5;
const ACCOUNTS = 97;
const WRITTEN_TOGETHER = 10_000;

const accountOf = (index: number) => accountId(1_001 + (index % ACCOUNTS));
const idsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `7f3c2a10-${name}-${index}`);

/** Nanoseconds for each of `count`, in the best pass. */
function best(count: number, pass: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < PASSES; times++) {
    const begun = performance.now();
    pass();
    least = Math.min(least, performance.now() - begun);
  }
  return Math.round((least * 1e6) / count);
}

const used = idsOf("order", USED);
const asked = idsOf("other", ASKED);
const filter = new IdFilter();
for (const [index, id] of used.entries()) filter.add(accountOf(index), id);

const folder = await mkdtemp(join(tmpdir(), "cambist-bench-"));
const root = open({ path: folder, noSubdir: false });
const stored = root.openDB<number, [number, string]>({ name: "clientOrderIds" });
for (let from = 0; from < USED; from += WRITTEN_TOGETHER) {
  await root.batch(() => {
    for (let index = from; index < from + WRITTEN_TOGETHER; index++) {
      stored.put([accountOf(index), used[index] ?? ""], index);
    }
  });
}

let maybe = 0;
const askFilter = best(ASKED, () => {
  maybe = 0;
  for (const [index, id] of asked.entries()) if (filter.mayHave(accountOf(index), id)) maybe++;
});
let found = 0;
const askLmdb = best(ASKED, () => {
  found = 0;
  for (const [index, id] of asked.entries()) if (stored.get([accountOf(index), id]) !== undefined) found++;
});
const writer = new ByteWriter();
const write = best(1, () => {
  writer.clear();
  filter.write(writer);
});
const read = best(1, () => IdFilter.read(new ByteReader(writer.view())));
await root.close();
await rm(folder, { recursive: true });

const lines = [
  "# A filter of used client order ids",
  "",
  statement(conditions()),
  `${USED} used ids, ${ASKED} new ones asked for; best of ${PASSES} passes.`,
  "",
  "| what | |",
  "|---|--:|",
  `| is an id new? the filter, ns | ${askFilter} |`,
  `| is an id new? LMDB, ns | ${askLmdb} |`,
  `| new ids that the filter isn't sure of, of ${ASKED} | ${maybe} |`,
  `| new ids that LMDB found | ${found} |`,
  `| the filter in a snapshot, bytes | ${writer.length} |`,
  `| to write it, µs | ${Math.round(write / 1_000)} |`,
  `| to read it, µs | ${Math.round(read / 1_000)} |`,
  "",
];
await sayAndSave("id-filter", lines.join("\n"));
