/** A data folder is opened again only with the shards and instruments that its journals were written with. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defineInstrument, type Instrument } from "../../../engine/instrument.ts";
import { confirmFounding } from "../../../mixins/runtime/founding.ts";
import { FoundingFile, FoundingKey } from "../../../mixins/runtime/founding-store.ts";
import { MemoryKeys } from "../ownership/memory-keys.ts";

const EURUSD = {
  symbol: "EURUSD",
  number: 1,
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
  maximumQuantity: "50000000",
};
const GBPUSD = { ...EURUSD, symbol: "GBPUSD", number: 2 };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-founding-"));
});

afterEach(() => rm(folder, { recursive: true }));

const list = (...specifications: (typeof EURUSD)[]): Instrument[] => specifications.map(defineInstrument);

it("opens with the same, and with more instruments", async () => {
  await confirmFounding(new FoundingFile(folder), 2, list(EURUSD));
  await confirmFounding(new FoundingFile(folder), 2, list(EURUSD));
  await confirmFounding(new FoundingFile(folder), 2, list(GBPUSD, EURUSD));
  await expect(confirmFounding(new FoundingFile(folder), 2, list(EURUSD))).rejects.toThrow("to list GBPUSD");
});

it.each([
  ["RISK_SHARDS", 3, EURUSD, "'RISK_SHARDS' must stay 2"],
  ["a tick", 2, { ...EURUSD, tickSize: "0.0001" }, "'tickSize of EURUSD' must stay 0.00001"],
  ["a lot step", 2, { ...EURUSD, lotStep: "100" }, "'lotStep of EURUSD' must stay 1000"],
  ["a number", 2, { ...EURUSD, number: 7 }, "'number of EURUSD' must stay 1"],
  ["a limit", 2, { ...EURUSD, maximumQuantity: "9000" }, "'maximumQuantity of EURUSD' must stay 50000000"],
  ["a symbol", 2, GBPUSD, "to list EURUSD"],
])("refuses another %s, and goes on refusing", async (_what, shards, specification, sentence) => {
  await confirmFounding(new FoundingFile(folder), 2, list(EURUSD));
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(
      confirmFounding(new FoundingFile(folder), shards, list(specification)),
    ).rejects.toMatchObject({
      code: "SETTING_INVALID",
      message: expect.stringContaining(sentence),
    });
  }
  await confirmFounding(new FoundingFile(folder), 2, list(EURUSD));
});

it("lies in a key where nodes share it, whoever comes first", async () => {
  const store = new FoundingKey(new MemoryKeys());
  const atOnce = (...specifications: (typeof EURUSD)[]) =>
    Promise.all([1, 2, 3].map(() => confirmFounding(store, 2, list(...specifications))));
  await atOnce(EURUSD);
  await atOnce(EURUSD, GBPUSD);
  await expect(atOnce(EURUSD)).rejects.toThrow("to list GBPUSD");
  await expect(confirmFounding(store, 3, list(EURUSD, GBPUSD))).rejects.toThrow("'RISK_SHARDS' must stay 2");
});
