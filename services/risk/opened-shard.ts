/** Makes a shard of its journals, and all that runs beside it. */
import type { ServiceBroker } from "moleculer";
import { milliseconds } from "../../engine/units.ts";
import type { Tenure } from "../../mixins/actor/actor-host.ts";
import type { Journal } from "../../mixins/journal/journal.ts";
import { type Runtime, runtimeOf } from "../../mixins/runtime/runtime.ts";
import { ANSWER_MS, askAgain } from "../ask-again.ts";
import { chargeSettings } from "../fee-schedule.ts";
import type { Submitted } from "../matching/market-service.ts";
import { AccountRooms } from "./account-rooms.ts";
import { ChargeKeeper } from "./charge-keeper.ts";
import { CommandDesk } from "./command-desk.ts";
import { DocumentWriter } from "./document-writer.ts";
import { MarginKeeper } from "./margin-keeper.ts";
import type { Submit } from "./market-link.ts";
import { OrderDesk } from "./order-desk.ts";
import { PendingOrders } from "./pending-orders.ts";
import { ReduceWatch } from "./reduce-watch.ts";
import { RiskShard, type ShardOptions } from "./risk-shard.ts";
import { RolloverClock } from "./rollover-clock.ts";
import type { ShardParts } from "./shard-parts.ts";
import { TransferDesk } from "./transfer-desk.ts";

/** Which shard is opened, by whom. */
export interface Opening {
  readonly broker: ServiceBroker;
  readonly number: number;
  readonly tenure: Tenure;
}

/** Throws where it can't open; then nothing of it runs any more. */
export async function openShard(opening: Opening, ledger: Journal): Promise<ShardParts> {
  const { broker, number, tenure } = opening;
  const runtime = runtimeOf(broker);
  const beside: Partial<Pick<ShardParts, "documents" | "margins">> & { watch?: ReduceWatch } = {};
  const shard = await RiskShard.recover({
    ...portsOf(opening, runtime),
    ledger,
    onFacts: () => {
      beside.documents?.schedule();
      beside.margins?.schedule();
      beside.watch?.look();
    },
  });
  limitMarkAges(shard, runtime);
  const onFailed = (error: unknown) => tenure.fail(error);
  const rooms = new AccountRooms(broker, shard);
  const documents = new DocumentWriter(broker, shard, rooms);
  documents.begin();
  const pending = new PendingOrders();
  const desk = new OrderDesk(shard, number, pending);
  const commands = new CommandDesk(shard, number, desk, pending);
  const transfers = new TransferDesk({
    shard,
    orders: desk,
    stored: (account, id) => runtime.documents.money.transfer(String(account), id),
    demo: runtime.settings.demo,
    onFailed,
  });
  const margins = new MarginKeeper({ broker, shard, desk, commands, rooms });
  const watch = new ReduceWatch(shard, commands, error =>
    broker.logger.warn(`Cannot cancel what 'risk.${number}' has too much of`, error),
  );
  watch.look();
  Object.assign(beside, { documents, margins, watch });
  const settings = chargeSettings(runtime.settings.charges, runtime.instruments);
  const rollover = new RolloverClock(shard, settings, onFailed);
  const charges = new ChargeKeeper(shard, settings);
  const own = { shard, number, ledger };
  return { ...own, desk, commands, transfers, documents, rooms, margins, charges, rollover };
}

function portsOf(
  { broker, number, tenure }: Opening,
  runtime: Runtime,
): Omit<ShardOptions, "ledger" | "onFacts"> {
  const name = `risk.${number}`;
  const patience = { timers: runtime.timers, isOver: () => tenure.isOver };
  return {
    shard: number,
    shards: runtime.settings.shards,
    instruments: runtime.instruments,
    clock: runtime.clock,
    timers: runtime.timers,
    snapshots: runtime.snapshots(name),
    cursors: runtime.cursors,
    recordsPerSnapshot: runtime.settings.snapshotRecords,
    claim: tenure.claim,
    marketJournal: symbol => runtime.journal(`market.${symbol}`),
    recordEpoch: async (symbol, shard, epoch) => {
      const action = `matching.${symbol}.recordShardEpoch`;
      const ask = () =>
        broker.call<{ sequence: number }, object>(action, { shard, epoch }, { timeout: ANSWER_MS });
      return (await askAgain(ask, patience)).sequence;
    },
    submit: (symbol, epoch, { bytes: commands }) =>
      broker.call<Awaited<ReturnType<Submit>>, Submitted>(`matching.${symbol}.submit`, {
        epoch,
        commands,
      }),
    onFailed: error => tenure.fail(error),
    onRetry: error => broker.logger.warn(`Sending again what '${name}' asked`, error),
  };
}

function limitMarkAges({ machine }: RiskShard, { settings, instruments }: Runtime): void {
  const { markAges } = settings;
  for (const { symbol, number } of instruments) {
    machine.guardian.limitMarkAge(number, milliseconds(markAges[symbol] ?? markAges["*"] ?? 0));
  }
}
