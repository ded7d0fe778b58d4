/**
 * A shard that meets a record which breaks an invariant has taken in half of it: nothing of that state may
 * be kept, or the next start would begin behind the record as if all of it had counted.
 */
import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { shardOf } from "../../../engine/ids.ts";
import { encodeCommandBatch } from "../../../engine/market/command-batch.ts";
import { accountId, lots, milliseconds, money, ticks } from "../../../engine/units.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { runtimeOf } from "../../../mixins/runtime/runtime.ts";
import { startVenue, temporaryFolder } from "../../venue.ts";

const NEVER_OPENED = 4_444;
const BROKEN = shardOf(accountId(NEVER_OPENED), 2);

const place = {
  kind: "place",
  shard: BROKEN,
  number: 1,
  time: milliseconds(0),
  account: accountId(NEVER_OPENED),
  clientOrderId: "ghost",
  side: "buy",
  type: "limit",
  timeInForce: "GTC",
  postOnly: false,
  lots: lots(1),
  ticks: ticks(100_000),
  liquidity: false,
  reference: 0,
  reserved: money(0n),
} as const;

it("saves nothing of a state that has failed", async () => {
  const folder = await temporaryFolder();
  const venue = await startVenue(folder);
  const failed = new Promise<unknown>(resolve => {
    runtimeOf(venue.broker).onFatal = resolve;
  });
  const { epoch } = await venue.call<{ epoch: number }>(`risk.${BROKEN}.state`);
  await venue.call("matching.EURUSD.submit", {
    epoch,
    commands: encodeCommandBatch([place]),
  });
  expect(String(await failed)).toContain("an account opens before it trades");
  await venue.stop();
  const store = new FileJournalStore(folder);
  expect(await store.snapshots(`risk.${BROKEN}`).list()).toEqual([]);
  expect(await store.snapshots(`risk.${1 - BROKEN}`).list()).toHaveLength(1);
  await rm(folder, { recursive: true });
});
