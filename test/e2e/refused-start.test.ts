/** What the real process does with a data folder that it must not open: says why, and ends. */
import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../venue.ts";
import { VenueProcess } from "./venue-process.ts";

/** Behind the segment's header of 128 bytes and the first frame's of 32. */
const FIRST_PAYLOAD = 128 + 32;
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const venue = await VenueProcess.start(folder);
  expect(await venue.end()).toBe(0);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (environment: Record<string, string> = {}) =>
  VenueProcess.run(["start"], { DATA_DIR: folder, PORT: "0", ...environment });

async function flip(file: string, offset: number): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  await writeFile(file, bytes);
}

describe("a start that must not succeed", () => {
  it.each(["1", "3"])("is refused with RISK_SHARDS %s where there were 2", async shards => {
    const { code, output } = await start({ RISK_SHARDS: shards });
    expect(code).not.toBe(0);
    expect(output).toContain(`'RISK_SHARDS' must stay 2`);
    expect(output).toContain(`received ${shards}`);
    expect(output).not.toContain("Invariant");
  });

  it("is refused while another process has the folder, which goes on", { timeout: 30_000 }, async () => {
    const first = await VenueProcess.start(folder);
    const { code, output } = await start();
    expect(code).toBe(1);
    expect(output).toContain(`process ${first.pid} has it open`);
    expect((await fetch(`${first.address}/api/v1/ready`)).status).toBe(200);
    expect(await first.end()).toBe(0);
  });

  it.each(["ledger.1", "market.EURJPY"])("ends with the place where %s is damaged", async name => {
    const segment = join(folder, "journal", name, "0000000000000001.segment");
    await flip(segment, FIRST_PAYLOAD + 8);
    const { code, output } = await start();
    await flip(segment, FIRST_PAYLOAD + 8);
    expect(code).toBe(1);
    expect(output).toContain(`${segment} at byte 128`);
  });

  it("is none with a torn tail: what was cut is told", async () => {
    const [segment = ""] = (await readdir(join(folder, "journal", "ledger.1")))
      .filter(name => name.endsWith(".segment"))
      .slice(-1);
    const path = join(folder, "journal", "ledger.1", segment);
    await appendFile(path, "CJF1 and not much more");
    const venue = await VenueProcess.start(folder);
    expect(venue.output).toContain(`Cut 22 bytes of an append that never finished off ${path}`);
    expect(await venue.end()).toBe(0);
  });

  it("succeeds once what was wrong is right again", async () => {
    const venue = await VenueProcess.start(folder);
    expect(await venue.end()).toBe(0);
  });
});
