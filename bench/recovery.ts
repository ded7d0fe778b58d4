/**
 * How long a market of `ENTRIES` journal entries takes to open: the newest snapshot that verifies, and the
 * records after it. The journal is made by the actor itself, with its own snapshots; then it is opened as a
 * process does that has just taken the market over. `--store jetstream` does it in a NATS server with
 * JetStream at NATS_URL, where records lie as long as they do in files here.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MarketMachine } from "../engine/market/market-machine.ts";
import type { Milliseconds } from "../engine/units.ts";
import { Actor } from "../mixins/actor/actor.ts";
import { MarketCore, type MarketMessage, type MarketReply } from "../mixins/actor/market-core.ts";
import { recoverMarket } from "../mixins/actor/market-recovery.ts";
import { systemClock } from "../mixins/clock.ts";
import { FileJournalStore } from "../mixins/journal/file-journal-store.ts";
import { JetStreamJournalStore } from "../mixins/journal/jetstream-journal-store.ts";
import type { JournalStore } from "../mixins/journal/journal.ts";
import { NatsPorts } from "../mixins/nats/nats-connection.ts";
import { INSTRUMENTS } from "../services/instruments.ts";
import { MarketSnapshots } from "../services/matching/market-snapshots.ts";
import { actorCommands } from "./actor-workload.ts";
import { conditions, saveResult } from "./report.ts";

const LETTER = 512;
const LETTERS_IN_FLIGHT = 4;
const EPOCH = 1;
const [instrument] = INSTRUMENTS;
if (instrument === undefined) throw new Error("Invariant: the venue lists instruments");
const NAME = `market.${instrument.symbol}`;

const { values } = parseArgs({
  options: { store: { type: "string", default: "file" }, entries: { type: "string", default: "10000000" } },
});
const ENTRIES = Number(values.entries);

interface Opened {
  readonly store: JournalStore;
  close(): Promise<void>;
}

async function openStore(folder: string): Promise<Opened> {
  if (values.store === "file") {
    const store = new FileJournalStore(folder);
    return { store, close: () => store.close() };
  }
  const servers = (process.env.NATS_URL ?? "").split(",");
  const namespace = `bench-${process.pid}-`;
  const nats = await NatsPorts.connect({ servers, name: "bench", namespace });
  const [objects, archive] = [await nats.objects("objects"), await nats.objects("archive")];
  const ports = { streams: nats.streams, objects, archive };
  const store = new JetStreamJournalStore({ ...ports, clock: systemClock, node: "bench" });
  const close = async () => {
    await store.close();
    await nats.close();
  };
  return { store, close };
}

function fail(error: unknown): never {
  throw error;
}

/** Fills a journal as a market's own actor does; seconds that it took. */
async function fill({ store }: Opened, listed: typeof instrument & object): Promise<number> {
  const journal = await store.open(NAME);
  const core = new MarketCore(new MarketMachine(listed), systemClock);
  const { machine } = core;
  const taken = new MarketSnapshots({
    ...{ machine, journal, snapshots: store.snapshots(NAME), floor: () => 0, onFailed: fail },
  });
  const options = { journal, core, onSealed: () => taken.take(), onFailed: fail };
  const actor = new Actor<MarketMessage, MarketReply>(options);
  await actor.send([{ command: { kind: "shardEpoch", time: 0 as Milliseconds, shard: 0, epoch: EPOCH } }]);
  const commands = actorCommands(listed.number);
  let left = ENTRIES;
  const begun = performance.now();
  const lane = async () => {
    while (left > 0) {
      const size = Math.min(LETTER, left);
      left -= size;
      await actor.send(
        Array.from({ length: size }, () => ({ epoch: EPOCH, command: commands.next().value })),
      );
    }
  };
  await Promise.all(Array.from({ length: LETTERS_IN_FLIGHT }, lane));
  const seconds = (performance.now() - begun) / 1_000;
  await actor.stop();
  return seconds;
}

const folder = await mkdtemp(join(tmpdir(), "cambist-bench-"));
try {
  const filled = await openStore(folder);
  const filling = await fill(filled, instrument);
  await filled.close();
  const begun = performance.now();
  const { store, close } = await openStore(folder);
  const journal = await store.open(NAME);
  const opened = performance.now();
  const snapshots = store.snapshots(NAME);
  const sequence = (await snapshots.newest())?.sequence ?? 0;
  const core = await recoverMarket(instrument, journal, snapshots, systemClock);
  const row = {
    store: values.store,
    entries: journal.last,
    filledPerSecond: Math.round(ENTRIES / filling),
    replayed: journal.last - sequence,
    openMs: Math.round(opened - begun),
    recoverMs: Math.round(performance.now() - opened),
    sequence: core.machine.sequence,
  };
  console.table([row]);
  await close();
  await saveResult(`recovery-${values.store}`, { conditions: conditions(), row });
} finally {
  await rm(folder, { recursive: true, force: true });
}
