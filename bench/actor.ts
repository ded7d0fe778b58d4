/**
 * The market actor with its file journal: commands a second and latency with 1, 16, 256 and 1,024 commands in
 * flight, each durable (fdatasync) before it is answered. Beside it in the same run: the machine alone, and
 * the bare device (write + fdatasync of as many bytes). Workload: limit orders around a drifting mid,
 * cancels, market orders.
 */
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ByteWriter } from "../engine/bytes.ts";
import type { ShardCommand } from "../engine/market/command.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import { encodeMarketRecord } from "../engine/market/record.ts";
import type { Milliseconds } from "../engine/units.ts";
import { Actor } from "../mixins/actor/actor.ts";
import { MarketCore, type MarketMessage, type MarketReply } from "../mixins/actor/market-core.ts";
import { systemClock } from "../mixins/clock.ts";
import { FileJournalStore } from "../mixins/journal/file-journal-store.ts";
import { INSTRUMENTS } from "../services/instruments.ts";
import { firstCommands } from "./actor-workload.ts";
import { conditions, percentiles, saveResult } from "./report.ts";

const [instrument] = INSTRUMENTS;
if (instrument === undefined) throw new Error("Invariant: the venue lists instruments");
const EPOCH = 1;

interface Row {
  readonly inFlight: number;
  readonly commandsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

async function runActor(folder: string, all: readonly ShardCommand[], inFlight: number): Promise<Row> {
  if (instrument === undefined) throw new Error("Invariant: the venue lists instruments");
  const store = new FileJournalStore(join(folder, `flight-${inFlight}`), { segmentBytes: 64 << 20 });
  const journal = await store.open("market.BENCH");
  const core = new MarketCore(new MarketMachine(instrument), systemClock);
  const actor = new Actor<MarketMessage, MarketReply>({
    journal,
    core,
    onFailed: error => {
      throw error;
    },
  });
  await actor.send([{ command: { kind: "shardEpoch", time: 0 as Milliseconds, shard: 0, epoch: EPOCH } }]);
  const latencies = new Float64Array(all.length);
  let next = 0;
  const lane = async () => {
    while (next < all.length) {
      const index = next++;
      const command = all[index];
      if (command === undefined) return;
      const begun = performance.now();
      await actor.send([{ epoch: EPOCH, command }]);
      latencies[index] = performance.now() - begun;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - begun) / 1000;
  await store.close();
  const [p50, p99, worst] = percentiles(latencies, [0.5, 0.99, 1]);
  return {
    inFlight,
    commandsPerSecond: Math.round(all.length / seconds),
    p50Ms: p50 ?? 0,
    p99Ms: p99 ?? 0,
    worstMs: worst ?? 0,
  };
}

function runMachine(all: readonly ShardCommand[]): { commandsPerSecond: number; bytesPerCommand: number } {
  if (instrument === undefined) throw new Error("Invariant: the venue lists instruments");
  const machine = new MarketMachine(instrument);
  machine.apply({ kind: "shardEpoch", time: 0 as Milliseconds, shard: 0, epoch: EPOCH });
  const writer = new ByteWriter();
  let bytes = 0;
  const begun = performance.now();
  for (const [index, command] of all.entries()) {
    encodeMarketRecord(writer, command, machine.apply(command), machine.bestBid, machine.bestAsk);
    if (index % 1024 === 1023) {
      bytes += writer.length;
      writer.clear();
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  return {
    commandsPerSecond: Math.round(all.length / seconds),
    bytesPerCommand: Math.round((bytes + writer.length) / all.length),
  };
}

async function runDevice(folder: string, bytes: number, rounds: number): Promise<number> {
  const file = await open(join(folder, "device"), "w");
  const block = Buffer.alloc(bytes, 1);
  const latencies = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await file.write(block);
    await file.datasync();
    latencies[round] = performance.now() - begun;
  }
  await file.close();
  return percentiles(latencies, [0.5])[0] ?? 0;
}

const folder = await mkdtemp(join(tmpdir(), "cambist-bench-"));
try {
  const all = firstCommands(1_000_000, instrument.number);
  runMachine(all.slice(0, 200_000));
  const machine = runMachine(all);
  await runActor(join(folder, "warm"), all.slice(0, 200_000), 1024);
  const rows: Row[] = [];
  for (const [inFlight, count] of [
    [1, 5_000],
    [16, 50_000],
    [256, 400_000],
    [1024, 1_000_000],
  ] as const) {
    rows.push(await runActor(folder, all.slice(0, count), inFlight));
  }
  const deviceOneMs = await runDevice(folder, machine.bytesPerCommand, 2_000);
  const deviceBatchMs = await runDevice(folder, machine.bytesPerCommand * 1024, 500);
  console.table(rows);
  console.log(
    `machine and encoding alone: ${machine.commandsPerSecond} commands/s, ` +
      `${machine.bytesPerCommand} bytes each`,
  );
  console.log(
    `bare write + fdatasync, p50: ${deviceOneMs.toFixed(3)} ms for one record, ` +
      `${deviceBatchMs.toFixed(3)} ms for 1,024`,
  );
  await saveResult("actor", { conditions: conditions(), rows, machine, deviceOneMs, deviceBatchMs });
} finally {
  await rm(folder, { recursive: true, force: true });
}
