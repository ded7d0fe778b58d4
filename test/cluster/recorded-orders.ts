/**
 * What the journals of a cluster hold of each client order id, read by a program that is no node of it: the
 * last word on what was accepted, how often, and what never was.
 */
import type { MarketEvent } from "../../engine/market/market-event.ts";
import { systemClock } from "../../mixins/clock.ts";
import { JetStreamJournalStore } from "../../mixins/journal/jetstream-journal-store.ts";
import type { Journal } from "../../mixins/journal/journal.ts";
import { marketRecordsOf } from "../../mixins/journal/market-batches.ts";
import { NatsPorts } from "../../mixins/nats/nats-connection.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import { decodeLedgerBatch } from "../../services/risk/shard-recovery.ts";
import type { Told, Trader } from "./traffic.ts";

export interface Tally {
  readonly acknowledged: number;
  readonly records: number;
  /** Told to a trader, and in no journal. */
  readonly lost: readonly string[];
  /** In the journals more than once. */
  readonly doubled: readonly string[];
  /** Told another id than the journals have, or "never" of what they have. */
  readonly wrong: readonly string[];
}

interface Recorded {
  /** By account and client order id: ids of the orders that were accepted or refused. */
  readonly orders: Map<string, string[]>;
  readonly revoked: Set<string>;
  records: number;
}

function keyOf(account: number | string, clientOrderId: string): string {
  return `${account} ${clientOrderId}`;
}

/** Compares what the traders were told with what `servers` hold. */
export async function tally(
  servers: readonly string[],
  shards: number,
  traders: readonly Trader[],
): Promise<Tally> {
  const recorded = await readRecorded(servers, shards);
  const lost: string[] = [];
  const wrong: string[] = [];
  let acknowledged = 0;
  for (const { accountId, told } of traders) {
    for (const [clientOrderId, outcome] of told) {
      acknowledged++;
      judge(recorded, keyOf(accountId, clientOrderId), outcome, lost, wrong);
    }
  }
  const doubled = [...recorded.orders].filter(([, ids]) => ids.length > 1).map(([key]) => key);
  return { acknowledged, records: recorded.records, lost, doubled, wrong };
}

function judge(recorded: Recorded, key: string, told: Told, lost: string[], wrong: string[]): void {
  const ids = recorded.orders.get(key);
  if (told === "never") {
    if (ids !== undefined || !recorded.revoked.has(key)) wrong.push(key);
  } else if (ids === undefined) lost.push(key);
  else if (!ids.includes(told.id)) wrong.push(key);
}

async function readRecorded(servers: readonly string[], shards: number): Promise<Recorded> {
  const nats = await NatsPorts.connect({ servers, name: "tally" });
  const journals = new JetStreamJournalStore({
    streams: nats.streams,
    objects: await nats.objects("cambist_objects"),
    archive: await nats.objects("cambist_archive"),
    clock: systemClock,
    node: "tally",
  });
  const recorded: Recorded = { orders: new Map(), revoked: new Set(), records: 0 };
  try {
    for (let shard = 0; shard < shards; shard++) {
      await readLedger(await journals.reader(`ledger.${shard}`), recorded);
    }
    for (const { symbol, number } of INSTRUMENTS) {
      await readMarket(await journals.reader(`market.${symbol}`), number, recorded);
    }
  } finally {
    await journals.close();
    await nats.close();
  }
  return recorded;
}

async function readLedger(ledger: Journal, recorded: Recorded): Promise<void> {
  for await (const batch of ledger.read(ledger.oldest)) {
    recorded.records += batch.count;
    for (const command of decodeLedgerBatch(batch)) {
      if (command.kind === "refuse") {
        note(
          recorded,
          keyOf(command.request.account, command.request.clientOrderId),
          String(command.orderId),
        );
      } else if (command.kind === "revoke") {
        recorded.revoked.add(keyOf(command.account, command.clientOrderId));
      }
    }
  }
}

async function readMarket(journal: Journal, market: number, recorded: Recorded): Promise<void> {
  for await (const batch of journal.read(journal.oldest)) {
    recorded.records += batch.count;
    for (const { command, events } of marketRecordsOf(market, batch)) {
      if (command.kind !== "place" || command.liquidity) continue;
      const id = idOf(events, command.account);
      note(recorded, keyOf(command.account, command.clientOrderId), String(id));
    }
  }
}

/** Of the order that a record's command has placed. */
function idOf(events: readonly MarketEvent[], account: number): number | undefined {
  for (const event of events) {
    if (event.event !== "accepted" && event.event !== "rejected") continue;
    if (event.account === account) return event.orderId;
  }
  return undefined;
}

function note({ orders }: Recorded, key: string, id: string): void {
  const known = orders.get(key);
  if (known === undefined) orders.set(key, [id]);
  else known.push(id);
}
