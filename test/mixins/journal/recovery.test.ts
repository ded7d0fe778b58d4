/**
 * What opening makes of torn and damaged files. The journal under test has three small segments; the newest
 * holds several frames. Torn: cut, reported, kept beside. Damaged: refuses to open (or, in a sealed segment,
 * to be read there) and names file and offset. Never: a record that is not what was appended.
 */
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import type { JournalRecovery } from "../../../mixins/journal/journal.ts";
import { JournalCorrupt } from "../../../mixins/journal/journal-fault.ts";
import { appendTexts, expectedTexts, readTexts } from "../../contract/journal-records.ts";

const NAME = "market.EURUSD";
const RECORD_BYTES = 60;

let root: string;
let original: string;
/** Path of the newest segment inside a copy, and where its last frame begins and ends. */
let newest: string;
let lastFrame: {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
};
let files: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "cambist-recovery-"));
  original = join(root, "original");
  const store = new FileJournalStore(original, { segmentBytes: 900 });
  const journal = await store.open(NAME);
  while (journal.last < 24) await appendTexts(journal, 2, journal.last % 3 === 0, RECORD_BYTES);
  const folder = join("journal", NAME);
  files = (await readdir(join(original, folder))).sort().map(file => join(folder, file));
  newest = files.at(-1) ?? "";
  const start = (await readFile(join(original, newest))).length;
  const first = journal.last + 1;
  await appendTexts(journal, 2, true, RECORD_BYTES);
  lastFrame = { start, end: (await readFile(join(original, newest))).length, first, last: journal.last };
  await store.close();
  expect(files.length).toBe(3);
});
afterAll(() => rm(root, { recursive: true }));

interface Opened {
  readonly last: number;
  readonly texts: string[];
  readonly recovery: JournalRecovery | undefined;
  readonly torn: Buffer | undefined;
}

let copies = 0;

/**
 * Opens a changed copy of the journal, reads all of it, and appends to it; throws what opening or reading
 * throws.
 */
async function openChanged(change: (copy: string) => Promise<void>): Promise<Opened> {
  copies += 1;
  const copy = join(root, `copy-${copies}`);
  await cp(original, copy, { recursive: true });
  await change(copy);
  const store = new FileJournalStore(copy, { segmentBytes: 900 });
  try {
    const journal = await store.open(NAME);
    const { last, recovery } = journal;
    const texts = await readTexts(journal);
    const torn = recovery === undefined ? undefined : await readFile(`${recovery.file}.torn`);
    await appendTexts(journal, 1, true, RECORD_BYTES);
    expect(await readTexts(journal)).toEqual([...texts, ...expectedTexts(last + 1, last + 1, RECORD_BYTES)]);
    return { last, texts, recovery, torn };
  } finally {
    await store.close();
    await rm(copy, { recursive: true });
  }
}

async function flip(path: string, offset: number, mask: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ mask;
  await writeFile(path, bytes);
}

/** Opened with everything before the last frame, and the cut reported. */
function expectCut(opened: Opened, cutBytes: number): void {
  expect(opened.last).toBe(lastFrame.first - 1);
  expect(opened.texts).toEqual(expectedTexts(1, lastFrame.first - 1, RECORD_BYTES));
  expect(opened.recovery).toMatchObject({ offset: lastFrame.start, cutBytes });
  expect(opened.recovery?.file.endsWith(newest)).toBe(true);
  expect(opened.torn?.length).toBe(cutBytes);
}

describe("a torn tail", () => {
  test("is cut wherever the last frame ends early", async () => {
    for (let length = lastFrame.start + 1; length < lastFrame.end; length++) {
      const opened = await openChanged(copy => truncate(join(copy, newest), length));
      expectCut(opened, length - lastFrame.start);
    }
  });

  test("nothing is reported where the cut is between frames", async () => {
    const opened = await openChanged(copy => truncate(join(copy, newest), lastFrame.start));
    expect([opened.last, opened.recovery]).toEqual([lastFrame.first - 1, undefined]);
  });

  test.each(["zeros", "other bytes"])("%s behind the last whole frame are cut", async what => {
    const tail = Buffer.alloc(5_000, what === "zeros" ? 0 : "not a frame ");
    const opened = await openChanged(async copy => {
      const bytes = await readFile(join(copy, newest));
      await writeFile(join(copy, newest), Buffer.concat([bytes.subarray(0, lastFrame.start), tail]));
    });
    expectCut(opened, tail.length);
  });

  test.each([0, 1, 64, 127])("a new segment of %i bytes begins anew", async length => {
    const opened = await openChanged(async copy => {
      await truncate(join(copy, newest), length);
    });
    const first = Number.parseInt(newest.split("/").at(-1) ?? "", 10);
    expect(opened.texts).toEqual(expectedTexts(1, first - 1, RECORD_BYTES));
    expect(opened.recovery).toMatchObject({ offset: 0, cutBytes: length });
  });
});

describe("damage", () => {
  test("a flipped byte anywhere in the last frame refuses to open", async () => {
    for (let offset = lastFrame.start; offset < lastFrame.end; offset++) {
      const opening = openChanged(copy => flip(join(copy, newest), offset, 1 << (offset % 8)));
      const error = await opening.catch((caught: unknown) => caught);
      expect(error, `at ${offset}`).toBeInstanceOf(JournalCorrupt);
      expect(error).toMatchObject({ code: "JOURNAL_CORRUPT", offset: lastFrame.start });
    }
  });

  test("flipped bytes anywhere are refused with file and offset, never read", async () => {
    const sizes = await Promise.all(files.map(async file => (await readFile(join(original, file))).length));
    const place = fc.nat({ max: files.length - 1 }).chain(file =>
      fc.record({
        file: fc.constant(file),
        offset: fc.nat({ max: (sizes[file] ?? 1) - 1 }),
        mask: fc.integer({ min: 1, max: 255 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(place, async ({ file, offset, mask }) => {
        const path = files[file] ?? "";
        const error = await openChanged(copy => flip(join(copy, path), offset, mask)).catch(
          (caught: unknown) => caught,
        );
        expect(error).toBeInstanceOf(JournalCorrupt);
        if (!(error instanceof JournalCorrupt)) return;
        expect(error.file.endsWith(path)).toBe(true);
        expect(error.offset).toBeLessThanOrEqual(offset);
        expect(error.message).toContain(`${path} at byte ${error.offset}`);
      }),
      { numRuns: process.env.CAMBIST_FULL === "1" ? 2_000 : 150 },
    );
  });

  test("a frame of zeros before a valid one refuses", async () => {
    const opening = openChanged(async copy => {
      const bytes = await readFile(join(copy, newest));
      bytes.fill(0, 128, 160);
      await writeFile(join(copy, newest), bytes);
    });
    await expect(opening).rejects.toMatchObject({ code: "JOURNAL_CORRUPT", offset: 128 });
  });

  test("a sealed segment that ends early is refused where it is read", async () => {
    const path = files[0] ?? "";
    const { length } = await readFile(join(original, path));
    for (const cut of [1, 40, length - 130]) {
      const opening = openChanged(copy => truncate(join(copy, path), length - cut));
      await expect(opening).rejects.toThrow(JournalCorrupt);
    }
  });

  test.each([0, 1])("segment %i missing refuses to open", async at => {
    await expect(openChanged(copy => rm(join(copy, files[at] ?? "")))).rejects.toThrow(
      "the segment before it",
    );
  });

  test("a segment of another journal, or under another name, refuses to open", async () => {
    const folder = join("journal", "market.GBPUSD");
    const swapped = openChanged(async copy => {
      const store = new FileJournalStore(copy, { segmentBytes: 900 });
      await appendTexts(await store.open("market.GBPUSD"), 2);
      await store.close();
      const foreign = join(copy, folder, `${"1".padStart(16, "0")}.segment`);
      await cp(foreign, join(copy, files[0] ?? ""));
    });
    await expect(swapped).rejects.toThrow("must be of journal market.EURUSD: found market.GBPUSD");
    const renamed = openChanged(copy => cp(join(copy, files[0] ?? ""), join(copy, files[1] ?? "")));
    await expect(renamed).rejects.toThrow("a segment must begin with");
  });
});
