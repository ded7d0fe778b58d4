/**
 * Eight writers race for one sequence on three replicas: exactly one wins each round, and what is stored then
 * is the winner's. 100 rounds; ROUNDS=1500 in the long run. This is what fence and leases rest on, so it is
 * asked of the server that is installed, whatever its version.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatsPorts } from "../../../mixins/nats/nats-connection.ts";
import { type Keys, KeyTaken, StreamMoved } from "../../../mixins/nats/ports.ts";
import { CAN_START_NATS, NatsServers } from "../../servers/nats-server.ts";

const ROUNDS = Number(process.env.ROUNDS ?? 100);
const WRITERS = 8;
const TIMEOUT_MS = 60_000 + ROUNDS * 200;

let servers: NatsServers | undefined;
let writers: NatsPorts[] = [];

beforeAll(async () => {
  if (!CAN_START_NATS) return;
  servers = await NatsServers.start();
  const { urls } = servers;
  // Each speaks to one of the servers: leader and others get the writes at the same time.
  writers = await Promise.all(
    Array.from({ length: WRITERS }, (_, at) =>
      NatsPorts.connect({ servers: [urls[at % urls.length] ?? ""], name: `writer ${at}`, replicas: 3 }),
    ),
  );
});
afterAll(async () => {
  await Promise.all(writers.map(writer => writer.close()));
  await servers?.remove();
});

/** Writers whose attempt succeeded; every other one has to be refused as `Refusal`. */
async function winners<Result>(
  attempts: readonly Promise<Result>[],
  Refusal: new (name: string, expected: number) => Error,
): Promise<{ readonly writer: number; readonly result: Result }[]> {
  const won: { readonly writer: number; readonly result: Result }[] = [];
  const settled = await Promise.allSettled(attempts);
  for (const [writer, attempt] of settled.entries()) {
    if (attempt.status === "fulfilled") won.push({ writer, result: attempt.value });
    else expect(attempt.reason).toBeInstanceOf(Refusal);
  }
  return won;
}

describe.skipIf(!CAN_START_NATS)(`${ROUNDS} rounds of ${WRITERS} writers on three replicas`, () => {
  test("appends that expect the same sequence of a stream", { timeout: TIMEOUT_MS }, async () => {
    const [first] = writers;
    await first?.streams.open("RACE");
    for (let round = 0; round < ROUNDS; round++) {
      const attempts = writers.map(({ streams }, writer) =>
        streams.append("RACE", round, { writer: String(writer) }, new Uint8Array([writer])),
      );
      const won = await winners(attempts, StreamMoved);
      expect(won.map(({ result }) => result)).toEqual([round + 1]);
      const stored = await first?.streams.get("RACE", round + 1);
      expect(stored?.headers.writer).toBe(String(won[0]?.writer));
    }
    expect(await first?.streams.state("RACE")).toEqual({ first: 1, last: ROUNDS });
  });

  test("a key that is created, taken over by its revision and removed", { timeout: TIMEOUT_MS }, async () => {
    const buckets: Keys[] = await Promise.all(writers.map(writer => writer.keys("race")));
    for (let round = 0; round < ROUNDS; round++) {
      const created = await winners(
        buckets.map((keys, writer) => keys.create("actor", `created by ${writer}`)),
        KeyTaken,
      );
      expect(created).toHaveLength(1);
      const revision = created[0]?.result ?? 0;
      const updated = await winners(
        buckets.map((keys, writer) => keys.update("actor", `updated by ${writer}`, revision)),
        KeyTaken,
      );
      expect(updated).toHaveLength(1);
      const newest = updated[0]?.result ?? 0;
      const removed = await winners(
        buckets.map((keys, writer) =>
          writer % 2 === 0 ? keys.remove("actor", newest) : keys.remove("actor", revision),
        ),
        KeyTaken,
      );
      expect(removed.map(({ writer }) => writer % 2)).toEqual([0]);
    }
  });
});
