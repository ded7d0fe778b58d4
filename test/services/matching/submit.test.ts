/** What a market does with the bytes that a shard sends: all of a batch or nothing. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ShardCommand } from "../../../engine/market/command.ts";
import { encodeCommandBatch } from "../../../engine/market/command-batch.ts";
import { accountId, lots, milliseconds, money, ticks } from "../../../engine/units.ts";
import { startVenue, temporaryFolder, type Venue } from "../../venue.ts";

const ACCOUNT = accountId(1_002);
const SHARD = 0;

let venue: Venue;
let epoch: number;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder());
  await venue.openAccounts(ACCOUNT);
  ({ epoch } = await venue.call<{ epoch: number }>(`risk.${SHARD}.state`));
});

afterAll(() => venue.remove());

function order(number: number): ShardCommand {
  return {
    ...{ kind: "place", time: milliseconds(0), shard: SHARD, number, account: ACCOUNT },
    ...{ clientOrderId: `o-${number}`, side: "buy", type: "limit", timeInForce: "GTC", postOnly: false },
    ...{ lots: lots(1), ticks: ticks(100_000), liquidity: false, reference: 0, reserved: money(0n) },
  };
}

const state = () => venue.call<{ sequence: number; hash: string }>("matching.EURUSD.state");
const submit = (commands: unknown, of = epoch) =>
  venue.call("matching.EURUSD.submit", { epoch: of, commands });

it("takes nothing of bytes that are no batch", async () => {
  const before = await state();
  const batch = encodeCommandBatch([order(1), order(2)]);
  const later = Uint8Array.from(batch);
  later[0] = 99;
  const other = Uint8Array.from(batch);
  other[5] = 77;
  const bad = [
    new Uint8Array(),
    batch.subarray(0, batch.length - 1),
    Uint8Array.of(...batch, 7),
    later,
    other,
  ];
  for (const bytes of bad) {
    await expect(submit(bytes)).rejects.toMatchObject({ type: "BAD_REQUEST", retryable: false });
  }
  await expect(submit([order(1)])).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
  const { sequence, hash } = await state();
  expect({ sequence, hash }).toEqual({ sequence: before.sequence, hash: before.hash });
});

it("tells a gap and a stale epoch, and takes what comes twice once", async () => {
  expect(await submit(encodeCommandBatch([order(2)]))).toEqual({ admitted: "gap" });
  expect(await submit(encodeCommandBatch([order(1)]), epoch + 1)).toEqual({ admitted: "staleEpoch" });
  const { sequence } = await state();
  expect(await submit(encodeCommandBatch([order(1), order(2)]))).toEqual({ admitted: "ok" });
  expect(await submit(encodeCommandBatch([order(1), order(2)]))).toEqual({ admitted: "ok" });
  expect((await state()).sequence).toBe(sequence + 2);
});
