/**
 * The room feed: whatever the order of joins, updates, snapshots and holes, every member ends with the same
 * view.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { HELD_MAX, RoomFeed, type RoomMember, type RoomMessage } from "../../../services/api/room-feed.ts";

/** A producer whose snapshots are taken late, and whose updates may get lost or wait. */
class Producer {
  last = 0;
  told = 0;
  readonly fetches: { resolve(message: RoomMessage): void; reject(error: Error): void }[] = [];

  snapshot(): Promise<RoomMessage> {
    return new Promise((resolve, reject) => this.fetches.push({ resolve, reject }));
  }

  /** Answers the oldest question with the state now. */
  answer(): boolean {
    const fetch = this.fetches.shift();
    fetch?.resolve({ room: "r", last: this.last });
    return fetch !== undefined;
  }

  flush(): RoomMessage {
    const message = { room: "r", first: this.told + 1, last: this.last };
    this.told = this.last;
    return message;
  }
}

/** A client that follows the protocol to the letter: a hole or an overlap is a failure. */
class Client implements RoomMember {
  view: number | undefined;
  inRoom = false;
  answers = 0;
  error: unknown;

  accepted(): void {
    expect(this.view).toBeUndefined();
    this.answers++;
  }

  refused(error: unknown): void {
    this.error = error;
  }

  send(event: "snapshot" | "update", message: RoomMessage): void {
    if (event === "snapshot") {
      this.view = message.last;
    } else {
      expect(message.first).toBe((this.view ?? Number.NaN) + 1);
      this.view = message.last;
    }
  }

  joined(): void {
    this.inRoom = true;
  }

  left(): void {
    this.inRoom = false;
  }
}

function makeFeed(producer: Producer, clients: readonly Client[]): RoomFeed {
  return new RoomFeed("r", {
    snapshot: () => producer.snapshot(),
    broadcast: (event, message) => {
      for (const client of clients) if (client.inRoom) client.send(event, message);
    },
  });
}

const settle = () => new Promise(resolve => setImmediate(resolve));

type Step =
  | { readonly do: "change" | "flush" | "lose" | "move" | "answer" | "settle" }
  | { readonly do: "join" | "leave"; readonly who: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("change", "flush", "answer", "settle") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("lose", "move") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("join", "leave"), who: fc.nat(3) }) },
) as fc.Arbitrary<Step>;

async function run(steps: readonly Step[]): Promise<void> {
  const producer = new Producer();
  const clients = Array.from({ length: 4 }, () => new Client());
  const present = new Set<Client>();
  const feed = makeFeed(producer, clients);
  for (const each of steps) {
    switch (each.do) {
      case "change":
        producer.last++;
        break;
      case "flush":
        if (producer.last > producer.told) feed.update(producer.flush());
        break;
      case "lose":
        if (producer.last > producer.told) producer.flush();
        break;
      case "move":
        producer.last += 1_000;
        producer.told = producer.last;
        feed.renew();
        break;
      case "answer":
        producer.answer();
        break;
      case "settle":
        await settle();
        break;
      case "join": {
        const client = clients[each.who];
        if (client === undefined || present.has(client)) break;
        client.view = undefined;
        client.answers = 0;
        present.add(client);
        feed.join(client);
        break;
      }
      case "leave": {
        const client = clients[each.who];
        if (client === undefined || !present.delete(client)) break;
        feed.leave(client);
        break;
      }
    }
  }
  // From here on nothing is lost: all views have to come to the producer's.
  for (let round = 0; round < 3; round++) {
    while (producer.answer()) await settle();
    producer.last++;
    feed.update(producer.flush());
    await settle();
  }
  while (producer.answer()) await settle();
  for (const client of present) {
    expect(client.error).toBeUndefined();
    expect(client.answers).toBe(1);
    expect(client.view).toBe(producer.last);
  }
  feed.close();
}

test("every member sees a snapshot, then all updates, whatever happens around it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => run(steps)),
    { numRuns: 500 },
  );
});

test("a snapshot inside an update is fetched again, and nobody is refused for it", async () => {
  await run([
    { do: "join", who: 0 },
    { do: "answer" },
    { do: "change" },
    { do: "settle" },
    { do: "join", who: 1 },
    { do: "join", who: 2 },
    { do: "answer" },
  ]);
});

test("a failed snapshot refuses the newcomer and leaves members as they are", async () => {
  const producer = new Producer();
  const clients = [new Client(), new Client()] as const;
  const feed = makeFeed(producer, clients);
  feed.join(clients[0]);
  producer.answer();
  await settle();
  feed.join(clients[1]);
  producer.fetches.shift()?.reject(new Error("away"));
  await settle();
  expect(clients[1].error).toEqual(new Error("away"));
  expect(feed.size).toBe(1);
  producer.last++;
  feed.update(producer.flush());
  expect(clients[0].view).toBe(1);
});

test("what is held while a snapshot is fetched is bounded", async () => {
  const producer = new Producer();
  const client = new Client();
  const feed = makeFeed(producer, [client]);
  feed.join(client);
  for (let count = 0; count < 3 * HELD_MAX; count++) {
    producer.last++;
    feed.update(producer.flush());
  }
  producer.answer();
  await settle();
  while (producer.answer()) await settle();
  expect(client.view).toBe(producer.last);
});

test("a producer that begins anew is asked anew, also where its answer of before is on the way", async () => {
  const [producer, client] = [new Producer(), new Client()];
  const feed = makeFeed(producer, [client]);
  feed.join(client);
  feed.renew();
  producer.answer();
  await settle();
  expect(client.view).toBe(0);
  producer.last = 5_000;
  expect(producer.answer()).toBe(true);
  await settle();
  expect([client.view, producer.fetches]).toEqual([5_000, []]);
  feed.renew();
  expect(producer.answer()).toBe(true);
});
