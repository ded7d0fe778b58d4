/**
 * What leaves a stream and what stays readable, and that a crash at any step leaves a journal that opens with
 * nothing lost that should be there. A crash is a server whose n-th change, and every one after it, fails.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withDropped } from "../../../mixins/journal/dropped-runs.ts";
import { FolderObjects } from "../../../mixins/journal/folder-objects.ts";
import type { JetStreamJournalStore } from "../../../mixins/journal/jetstream-journal-store.ts";
import type { Journal } from "../../../mixins/journal/journal.ts";
import { JournalCorrupt, JournalGap } from "../../../mixins/journal/journal-fault.ts";
import type { Objects, Streams } from "../../../mixins/nats/ports.ts";
import { appendTexts, expectedTexts, readTexts } from "../../contract/journal-records.ts";
import { CAN_START_NATS, HAS_NATS, NatsServer } from "../../servers/nats-server.ts";
import { until } from "../../servers/until.ts";
import { freshNamespace, type StreamNode, startStreamNode } from "./stream-stores.ts";

const NAME = "market.EURUSD";
const STREAM = "CAMBIST_market_EURUSD";
const SEGMENT_BYTES = 1_000;
/** Records that a segment of `fill` holds. */
const RECORDS = 10;

let server: NatsServer | undefined;
let urls: string[] = [];
let namespace = "";
let node: StreamNode;
let others: StreamNode[] = [];

beforeAll(async () => {
  if (CAN_START_NATS) server = await NatsServer.start();
  urls = [server?.url ?? process.env.TEST_NATS_URL ?? ""];
});
afterAll(() => server?.process.remove());

/**
 * Fills one segment for each letter: C with a client's command in it, L without; x leaves out the snapshot at
 * its end. One more record begins the next segment.
 */
async function fill(store: JetStreamJournalStore, segments: string): Promise<Journal> {
  const journal = await store.open(NAME);
  for (const [segment] of segments.matchAll(/[CL]x?/g)) {
    let sealed = false;
    while (!sealed) sealed = await appendTexts(journal, 2, segment.startsWith("C"), 100);
    if (!segment.endsWith("x")) await snapshotAt(store, journal.last);
  }
  await appendTexts(journal, 1, true, 100);
  return journal;
}

function snapshotAt(store: JetStreamJournalStore, sequence: number): Promise<void> {
  const bytes = Buffer.from(`${sequence}`);
  return store.snapshots(NAME).save({ sequence, hash: `after ${sequence}`, bytes });
}

async function otherNode(settings: Parameters<typeof startStreamNode>[2] = {}): Promise<StreamNode> {
  const started = await startStreamNode(urls, namespace, { segmentBytes: SEGMENT_BYTES, ...settings });
  others.push(started);
  return started;
}

/** What is archived, in units of a segment: a kept, d dropped. */
async function archived(): Promise<string> {
  const found = (await node.archive.list(`${NAME}/`)).map(name => {
    const [, first, last, kind] = /(\d+)-(\d+)\.(segment|dropped)$/.exec(name) ?? [];
    return { first: Number(first), last: Number(last), kind };
  });
  const kept = found.filter(({ kind }) => kind === "segment").map(run => ({ ...run, letter: "a" }));
  const dropped = withDropped(
    [],
    found.filter(({ kind }) => kind === "dropped"),
  ).map(run => ({ ...run, letter: "d" }));
  return [...kept, ...dropped]
    .sort((a, b) => a.first - b.first)
    .map(({ first, last, letter }) => {
      const [from, to] = [Math.floor(first / RECORDS), Math.ceil(last / RECORDS) - 1];
      return `${from === to ? from : `${from}-${to}`}${letter}`;
    })
    .join(" ");
}

/** Every record of every run, which is what it was when it was appended. */
async function checkRuns(journal: Journal): Promise<void> {
  for (const run of journal.runs()) {
    const read = await readTexts(journal, run.first, run.last);
    const [before = 0] = [run.first - 1].filter(first => first > 0);
    expect(read.slice(0, run.last - before)).toEqual(expectedTexts(run.first, run.last, 100));
  }
}

describe.skipIf(!HAS_NATS)("retention of a journal in a stream", () => {
  beforeEach(async () => {
    namespace = freshNamespace();
    node = await startStreamNode(urls, namespace, { segmentBytes: SEGMENT_BYTES });
    others = [];
  });
  afterEach(async () => {
    for (const each of [node, ...others]) await each.close();
  });

  test("a segment with a client's command is archived, another dropped; what is kept is read", async () => {
    const journal = await fill(node.store, "CLLCL");
    const retained = await journal.retain(journal.last);
    expect(retained).toMatchObject({ droppedSegments: 2, droppedRecords: 20, compressedSegments: 2 });
    expect(await archived()).toBe("0a 1-2d 3a");
    expect(journal.runs()).toEqual([
      { first: 1, last: 10 },
      { first: 31, last: 51 },
    ]);
    expect((await node.ports.streams.state(STREAM)).first).toBe(21);
    await expect(readTexts(journal, 1)).rejects.toThrow(JournalGap);
    const reader = await (await otherNode()).store.reader(NAME);
    await checkRuns(journal);
    await checkRuns(reader);
    await journal.close();
    const again = await node.store.open(NAME);
    expect(again.runs()).toEqual(journal.runs());
    await appendTexts(again, 1, true, 100);
    await checkRuns(again);
  });

  test("nothing goes that a follower, the cursor or the older of two snapshots has not passed", async () => {
    const journal = await fill(node.store, "CCLL");
    expect((await journal.retain(9)).compressedSegments).toBe(0);
    let release: () => void = () => undefined;
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    const follower = journal.follow(21, () => gate);
    expect(await journal.retain(journal.last)).toMatchObject({ compressedSegments: 2, droppedSegments: 0 });
    expect([await archived(), follower.cursor]).toEqual(["0a 1a", 20]);
    expect(journal.runs()).toEqual([{ first: 1, last: 41 }]);
    release();
  });

  test("without the snapshot that opens what follows a segment is archived, whatever is in it", async () => {
    const journal = await fill(node.store, "LxLL");
    await journal.retain(journal.last);
    expect(await archived()).toBe("0a 1d");
    await checkRuns(journal);
    const kept = await node.store.snapshots(NAME).list();
    expect(kept).toEqual([20, 30]);
  });

  test("snapshots stay that open a run, that are the newest two or that a segment may need", async () => {
    const journal = await fill(node.store, "LCLLCC");
    const { removedSnapshots } = await journal.retain(journal.last);
    expect(await archived()).toBe("0d 1a 2-3d 4a 5a");
    expect([await node.store.snapshots(NAME).list(), removedSnapshots]).toEqual([[10, 40, 50, 60], 2]);
  });

  test("what is younger than wanted stays in the stream", async () => {
    let now = 1_000_000;
    const young = await otherNode({ clock: { now: () => now }, keepMs: 5_000 });
    const journal = await fill(young.store, "CCC");
    expect((await journal.retain(journal.last)).compressedSegments).toBe(0);
    now += 5_000;
    expect((await journal.retain(journal.last)).compressedSegments).toBe(3);
  });

  test("a reader that was far behind goes on from the archive, and hears all", async () => {
    const far = await otherNode();
    const reader = await far.store.reader(NAME);
    const seen: number[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    const follower = reader.follow(1, async batch => {
      await gate;
      seen.push(batch.first);
    });
    const journal = await fill(node.store, "CCCC");
    await journal.retain(journal.last);
    release();
    await until("the follower", () => follower.cursor === journal.last);
    expect(seen).toEqual([...Array.from({ length: 20 }, (_, at) => 1 + 2 * at), 41]);
    await checkRuns(reader);
  });

  test("a payload that had an object of its own is in the archive, and the object goes", async () => {
    const large = await otherNode({ segmentBytes: 1_500_000 });
    const journal = await large.store.open(NAME);
    await appendTexts(journal, 20_000, true, 100);
    await appendTexts(journal, 1, true, 100);
    expect((await large.objects.list("")).filter(name => name.endsWith(".payload"))).toHaveLength(1);
    expect((await journal.retain(20_000)).compressedSegments).toBe(1);
    expect((await large.objects.list("")).filter(name => name.endsWith(".payload"))).toEqual([]);
    expect(await readTexts(journal)).toEqual(expectedTexts(1, 20_001, 100));
  });

  test("an archived segment that is damaged is told; its copy in files is as it was written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cambist-archive-"));
    const copies = new FolderObjects(folder);
    const copying = await otherNode({ copies });
    const journal = await fill(copying.store, "CC");
    await journal.retain(journal.last);
    const [object = "", second = ""] = (await node.archive.list(`${NAME}/`)).sort();
    expect(await copies.list(`${NAME}/`)).toEqual([object, second]);
    const bytes = Buffer.from((await node.archive.get(second)) ?? []);
    bytes[200] = 255 - (bytes[200] ?? 0);
    await node.archive.put(second, bytes);
    const reader = await (await otherNode()).store.reader(NAME);
    await expect(readTexts(reader, 11, 15)).rejects.toThrow(JournalCorrupt);
    await node.archive.put(second, (await copies.get(second)) ?? new Uint8Array());
    await checkRuns(reader);
    await copies.remove(object);
    expect(await copies.list("")).toEqual([second]);
    await rm(folder, { recursive: true });
  });

  test("what is in neither stream nor archive and was not dropped is damage", async () => {
    const journal = await fill(node.store, "CCC");
    await journal.retain(journal.last);
    await journal.close();
    const [, second = ""] = (await node.archive.list(`${NAME}/`)).sort();
    await node.archive.remove(second);
    await expect(node.store.open(NAME)).rejects.toThrow("records 11 to 30");
  });
});

describe.skipIf(!HAS_NATS)("a crash while a journal is retained", () => {
  /** Changes that the server makes until it fails. */
  let changesLeft = Number.POSITIVE_INFINITY;

  async function change<Output>(action: () => Promise<Output>): Promise<Output> {
    changesLeft -= 1;
    if (changesLeft < 0) throw new Error("crashed");
    return action();
  }
  function failingObjects(objects: Objects): Objects {
    return {
      put: (name, bytes) => change(() => objects.put(name, bytes)),
      get: name => objects.get(name),
      list: prefix => objects.list(prefix),
      remove: name => change(() => objects.remove(name)),
    };
  }
  function failingStreams(streams: Streams): Streams {
    return {
      open: stream => streams.open(stream),
      state: stream => streams.state(stream),
      append: (...call) => change(() => streams.append(...call)),
      get: (stream, sequence) => streams.get(stream, sequence),
      subscribe: (...call) => streams.subscribe(...call),
      purge: (stream, sequence) => change(() => streams.purge(stream, sequence)),
    };
  }

  test("at any step leaves what opens, and what is retained the next time", async () => {
    let crashed = true;
    for (let steps = 0; crashed; steps++) {
      namespace = freshNamespace();
      node = await startStreamNode(urls, namespace);
      const failing = await startStreamNode(urls, namespace, {
        segmentBytes: SEGMENT_BYTES,
        streams: failingStreams(node.ports.streams),
        objects: failingObjects(node.objects),
        archive: failingObjects(node.archive),
      });
      changesLeft = Number.POSITIVE_INFINITY;
      const journal = await fill(failing.store, "CLLCL");
      changesLeft = steps;
      crashed = await journal.retain(journal.last).then(
        () => false,
        () => true,
      );
      changesLeft = Number.POSITIVE_INFINITY;
      await failing.close();
      const after = await startStreamNode(urls, namespace, { segmentBytes: SEGMENT_BYTES });
      const reopened = await after.store.open(NAME);
      expect(reopened.last).toBe(51);
      await checkRuns(reopened);
      const kept = reopened.runs();
      expect(kept[0]?.first).toBe(1);
      expect(kept.at(-1)).toMatchObject({ last: 51 });
      await reopened.retain(51);
      expect(await archived()).toBe("0a 1-2d 3a");
      await checkRuns(reopened);
      for (const run of reopened.runs().slice(1)) {
        expect((await after.store.snapshots(NAME).load(run.first - 1)).hash).toBe(`after ${run.first - 1}`);
      }
      await after.close();
      await node.close();
      if (!crashed) expect(steps).toBeGreaterThan(8);
    }
  });
});
