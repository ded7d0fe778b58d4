/**
 * What every implementation of Streams has to do, the simulated one too. `make` gives one that no other test
 * uses.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type StoredMessage, StreamMoved, StreamPurged, type Streams } from "../../mixins/nats/ports.ts";
import { until } from "../servers/until.ts";

export interface StreamsUnderTest {
  readonly streams: Streams;
  close(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (message: StoredMessage | undefined) => Buffer.from(message?.payload ?? []).toString();

export function streamsContract(implementation: string, make: () => Promise<StreamsUnderTest>): void {
  describe(`${implementation} as Streams`, () => {
    let streams: Streams;
    let close: () => Promise<void>;

    beforeEach(async () => {
      const made = await make();
      streams = made.streams;
      close = () => made.close();
    });
    afterEach(() => close());

    test("a message is stored after the sequence that is expected, with its headers", async () => {
      expect(await streams.open("A")).toEqual({ first: 1, last: 0 });
      expect(await streams.append("A", 0, { first: "1", crc: "ff" }, bytes("one"))).toBe(1);
      expect(await streams.append("A", 1, {}, bytes("two"))).toBe(2);
      expect(await streams.open("A")).toEqual({ first: 1, last: 2 });
      expect(await streams.get("A", 1)).toEqual({
        sequence: 1,
        headers: { first: "1", crc: "ff" },
        payload: expect.anything(),
      });
      expect([textOf(await streams.get("A", 2)), await streams.get("A", 3)]).toEqual(["two", undefined]);
    });

    test("another sequence than the last is refused and nothing is stored", async () => {
      await streams.open("A");
      await streams.append("A", 0, {}, bytes("one"));
      for (const expected of [0, 2]) {
        await expect(streams.append("A", expected, {}, bytes("late"))).rejects.toThrow(StreamMoved);
      }
      expect(await streams.state("A")).toEqual({ first: 1, last: 1 });
    });

    test("a subscription gets what is stored, then what comes, one after another", async () => {
      await streams.open("A");
      for (let at = 0; at < 300; at++) await streams.append("A", at, {}, bytes(`${at + 1}`));
      const seen: string[] = [];
      let handling = 0;
      const subscription = streams.subscribe(
        "A",
        11,
        async message => {
          handling += 1;
          expect(handling).toBe(1);
          await Promise.resolve();
          seen.push(textOf(message));
          handling -= 1;
        },
        error => seen.push(String(error)),
      );
      for (let at = 300; at < 400; at++) await streams.append("A", at, {}, bytes(`${at + 1}`));
      await until("all messages", () => seen.length >= 390);
      expect(seen).toEqual(Array.from({ length: 390 }, (_, at) => `${at + 11}`));
      await subscription.close();
      await streams.append("A", 400, {}, bytes("after"));
      expect(seen).toHaveLength(390);
    });

    test("what is purged is gone for readers, and a subscription says so", async () => {
      await streams.open("A");
      for (let at = 0; at < 5; at++) await streams.append("A", at, {}, bytes(`${at + 1}`));
      await streams.purge("A", 3);
      expect(await streams.state("A")).toEqual({ first: 4, last: 5 });
      expect([await streams.get("A", 3), textOf(await streams.get("A", 4))]).toEqual([undefined, "4"]);
      const failed = new Promise(resolve => {
        streams.subscribe("A", 2, () => undefined, resolve);
      });
      expect(await failed).toBeInstanceOf(StreamPurged);
      await streams.purge("A", 5);
      expect(await streams.state("A")).toEqual({ first: 6, last: 5 });
      expect(await streams.append("A", 5, {}, bytes("6"))).toBe(6);
    });

    test("a handler that fails ends its subscription and is heard of", async () => {
      await streams.open("A");
      await streams.append("A", 0, {}, bytes("one"));
      const failure = new Error("handler");
      const failed = new Promise(resolve => {
        streams.subscribe("A", 1, () => Promise.reject(failure), resolve);
      });
      expect(await failed).toBe(failure);
    });
  });
}
