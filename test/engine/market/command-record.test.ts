/** Every kind of command comes out of a journal as it went in. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader, ByteWriter } from "../../../engine/bytes.ts";
import {
  CONTINGENCIES,
  type MarketCommand,
  type ShardCommand,
  TIMES_IN_FORCE,
} from "../../../engine/market/command.ts";
import { decodeCommandBatch, encodeCommandBatch } from "../../../engine/market/command-batch.ts";
import { readCommand, writeCommand } from "../../../engine/market/command-record.ts";
import { PHASES } from "../../../engine/market/phase.ts";
import {
  PEG_REFERENCES,
  SELF_TRADE_MODES,
  TRIGGER_KINDS,
  TRIGGER_SOURCES,
} from "../../../engine/market/terms.ts";

const whole = fc.maxSafeNat();
const ticks = fc.nat(2 ** 31 - 1);
const money = fc.bigInt({ min: -(2n ** 126n), max: 2n ** 126n });
const name = fc.string({ unit: fc.constantFrom(..."abcXYZ019.:/-"), minLength: 1, maxLength: 36 });
const side = fc.constantFrom("buy", "sell");
const yes = fc.constant(true as const);
const trail = fc.record({ by: fc.constantFrom("ticks", "perMille"), distance: ticks });
const peg = fc.record({ to: fc.constantFrom(...PEG_REFERENCES), offset: fc.integer() });
const trigger = fc.record(
  {
    ...{ kind: fc.constantFrom(...TRIGGER_KINDS), source: fc.constantFrom(...TRIGGER_SOURCES) },
    ...{ stopTicks: ticks, doubleTick: yes, trail, limitOffset: ticks },
  },
  { requiredKeys: ["kind", "source", "stopTicks"] },
);
const group = fc.integer({ min: 1 });
const selfTrade = fc.record(
  { mode: fc.constantFrom(...SELF_TRADE_MODES), group },
  { requiredKeys: ["mode"] },
);
const terms = fc.record(
  {
    ...{ trigger, displayLots: whole, hidden: yes, minimumLots: whole, allOrNone: yes, expireAt: whole },
    ...{ peg, slippageTicks: ticks, budget: money, slide: yes, selfTrade },
  },
  { requiredKeys: [] },
);
const amendTerms = fc.record(
  { stopTicks: ticks, minimumLots: whole, displayLots: whole, expireAt: whole, trail, peg },
  { requiredKeys: [] },
);
const bodyFields = {
  ...{ clientOrderId: name, side, type: fc.constantFrom("limit", "market"), postOnly: fc.boolean() },
  ...{ timeInForce: fc.constantFrom(...TIMES_IN_FORCE), lots: whole, ticks, reserved: money, terms },
};
const required = ["clientOrderId", "side", "type", "timeInForce", "postOnly", "lots", "ticks", "reserved"];
const distance = fc.oneof(
  fc.record({ by: fc.constant("ticks"), ticks }),
  fc.record({ by: fc.constant("money"), money }),
);
const leg = fc.record({ ...bodyFields, distance }, { requiredKeys: required as "side"[] });
const body = fc.record(bodyFields, { requiredKeys: required as "side"[] });
const shard = {
  ...{ time: whole, shard: fc.nat(1_023), number: whole, account: whole },
  ...{ liquidity: fc.boolean(), reference: whole },
};
const shardKeys = ["kind", ...Object.keys(shard)];

function kind(name: string, fields: Record<string, fc.Arbitrary<unknown>>, optional: string[] = []) {
  const all = { kind: fc.constant(name), ...shard, ...fields };
  const keys = [...shardKeys, ...Object.keys(fields).filter(key => !optional.includes(key))];
  return fc.record(all, { requiredKeys: keys as "kind"[] });
}

const scheduled = fc.record({ time: whole, index: fc.nat(65_535) });
const quote = fc.record({ side, lots: whole, ticks });
const shardCommands = fc.oneof(
  kind("place", bodyFields, ["terms"]),
  kind("amend", { orderId: whole, lots: whole, ticks, reserved: money, terms: amendTerms }, ["terms"]),
  kind("cancel", { orderId: whole, onlyIf: fc.constantFrom("new", "partlyFilled") }, ["onlyIf"]),
  kind("replace", { orderId: whole, onFailure: fc.constantFrom("stop", "allow"), order: body }),
  kind("replace", { orderId: whole, onFailure: fc.constant("stop"), filledLots: whole, order: body }),
  kind("list", { contingency: fc.constantFrom(...CONTINGENCIES), legs: fc.array(leg) }),
  kind("massCancel", { side }, ["side"]),
  kind("massQuote", {
    ...{ clientOrderId: name, postOnly: fc.boolean(), quotes: fc.array(quote), reserved: money },
  }),
  kind("cancelAllAfter", { timeoutMs: whole }),
  kind("protect", { windowMs: whole, quantityMax: whole, countMax: whole, deltaMax: whole }),
  kind("resetProtection", {}),
);
const commands = fc.oneof(
  { weight: 10, arbitrary: shardCommands },
  fc.record(
    {
      ...{ kind: fc.constant("phase"), time: whole, phase: fc.constantFrom(...PHASES), reason: name },
      scheduled,
    },
    { requiredKeys: ["kind", "time", "phase", "reason"] },
  ),
  fc.record({
    ...{ kind: fc.constant("price"), time: whole, which: fc.constantFrom("mark", "reference"), ticks },
  }),
  fc.record({ kind: fc.constant("clock"), time: whole }),
  fc.record({ kind: fc.constant("endOfDay"), time: whole, scheduled }, { requiredKeys: ["kind", "time"] }),
  fc.record({ kind: fc.constant("shardEpoch"), time: whole, shard: fc.nat(1_023), epoch: whole }),
  fc.record({ kind: fc.constant("owner"), time: whole, epoch: whole }),
);

test("and takes no byte more or less", () => {
  const writer = new ByteWriter();
  fc.assert(
    fc.property(commands, command => {
      writer.clear();
      writeCommand(writer, command as unknown as MarketCommand);
      const reader = new ByteReader(writer.copy());
      expect(readCommand(reader, 3)).toEqual(command);
      expect(reader.remaining).toBe(0);
    }),
    { numRuns: 2_000 },
  );
});

test("a batch on its way comes out whole and in order, or not at all", () => {
  fc.assert(
    fc.property(fc.array(shardCommands, { maxLength: 20 }), fc.nat(), (batch, at) => {
      const bytes = encodeCommandBatch(batch as unknown as ShardCommand[]);
      expect(decodeCommandBatch(bytes)).toEqual(batch);
      expect(() => decodeCommandBatch(bytes.subarray(0, at % bytes.length))).toThrow();
      expect(() => decodeCommandBatch(Uint8Array.of(...bytes, 0))).toThrow();
    }),
    { numRuns: 500 },
  );
});

test("no batch holds what a market's own host says", () => {
  fc.assert(
    fc.property(commands, command => {
      const bytes = encodeCommandBatch([command as unknown as ShardCommand]);
      const read = () => decodeCommandBatch(bytes);
      if ("number" in command) expect(read()).toEqual([command]);
      else expect(read).toThrow(/commands of a shard alone/);
    }),
  );
});

test("minus zero, which JSON can say, is written as zero", () => {
  const writer = new ByteWriter();
  const common = { time: -0, shard: 0, number: 1, account: 1, liquidity: false, reference: 0 };
  const command = { kind: "cancelAllAfter", ...common, timeoutMs: -0 };
  writeCommand(writer, command as unknown as MarketCommand);
  expect(readCommand(new ByteReader(writer.copy()), 3)).toEqual({ ...command, time: 0, timeoutMs: 0 });
});
