/** Leases are heard of where they can be, and asked for while nothing is heard. */
import { beforeEach, expect, it } from "vitest";
import type { Keys } from "../../../mixins/nats/ports.ts";
import { LeaseTable } from "../../../mixins/ownership/lease-table.ts";
import { ManualTime } from "../../manual-timers.ts";
import { MemoryKeys } from "./memory-keys.ts";

const LEASE_MS = 1_000;

/** Keys that tell what a test makes them tell, and count how often they are listed. */
class WatchedKeys extends MemoryKeys {
  lists = 0;
  watches = 0;
  tell: (key: string, value: string | undefined) => void = () => undefined;
  end: () => void = () => undefined;

  override list(prefix?: string) {
    this.lists += 1;
    return super.list(prefix);
  }

  async watch(onChange: Parameters<NonNullable<Keys["watch"]>>[0], onEnd: () => void) {
    this.watches += 1;
    this.tell = (key, value) => onChange(key, value === undefined ? value : { key, value, revision: 1 });
    this.end = onEnd;
    return { close: onEnd };
  }
}

let keys: WatchedKeys;
let time: ManualTime;
let table: LeaseTable;

beforeEach(() => {
  keys = new WatchedKeys();
  time = new ManualTime();
  table = new LeaseTable({ keys, node: "a", leaseMs: LEASE_MS, timers: time.node() });
});

const names = async () => (await table.entries()).map(({ key }) => key);

it("asks until it hears, and again while it hears nothing", async () => {
  await keys.put("risk.0", "{}");
  expect(await names()).toEqual(["risk.0"]);
  expect(keys.lists).toBe(1);
  keys.tell("risk.1", "{}");
  expect(await names()).toEqual(["risk.1"]);
  keys.tell("risk.2", "{}");
  keys.tell("risk.1", undefined);
  expect(await names()).toEqual(["risk.2"]);
  expect([keys.lists, keys.watches]).toEqual([1, 1]);
  await time.pass(LEASE_MS / 2);
  expect(await names()).toEqual(["risk.0"]);
  keys.tell("risk.3", "{}");
  expect(await names()).toEqual(["risk.2", "risk.3"]);
});

it("watches anew when a watch has ended, from nothing", async () => {
  await table.entries();
  keys.tell("risk.1", "{}");
  keys.end();
  await keys.put("risk.0", "{}");
  expect(await names()).toEqual(["risk.0"]);
  expect(keys.watches).toBe(2);
  keys.tell("risk.2", "{}");
  expect(await names()).toEqual(["risk.2"]);
});

it("watches no more once it is closed", async () => {
  await table.entries();
  table.close();
  await table.entries();
  expect(keys.watches).toBe(1);
});
