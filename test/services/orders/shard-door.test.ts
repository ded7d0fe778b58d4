/** A node's door to a shard that answers, is away, is silent, slow or full, on a clock of the test's. */
import { expect, it } from "vitest";
import { Fault, type FaultCode } from "../../../mixins/fault.ts";
import type { OrderView } from "../../../models/order.model.ts";
import { ShardDoor, WAITING_MAX } from "../../../services/orders/shard-door.ts";
import { BATCH_MAX, type OrderCommand, type OrderOutcome } from "../../../services/risk/order-batch.ts";
import { ManualTime } from "../../manual-timers.ts";

type Reply = readonly OrderOutcome[] | Error;

const place = (clientOrderId: string): OrderCommand => ({
  kind: "place",
  placing: { request: { clientOrderId } as never },
});
const cancel = (id: string): OrderCommand => ({ kind: "cancel", account: 1, id });
const nameOf = (command: OrderCommand) =>
  command.kind === "place" ? command.placing.request.clientOrderId : command.kind;
const done = (command: OrderCommand): OrderOutcome => ({
  order: { id: nameOf(command) } as OrderView,
  repeated: false,
});
const faulty = (code: FaultCode): OrderOutcome => ({ fault: { code, message: `Cannot: ${code}` } });

class FarShard {
  readonly time = new ManualTime();
  readonly calls: string[][] = [];
  readonly door: ShardDoor;
  /** What the next calls come to; then everything is done at once. "late": by `answer`. */
  readonly #fates: (Reply | "late")[];
  readonly #late: (() => void)[] = [];

  constructor(...fates: (Reply | "late")[]) {
    this.#fates = fates;
    this.door = new ShardDoor({
      name: "risk.0",
      timers: this.time.node(),
      carryOut: commands => this.#take(commands),
    });
  }

  /** Answers the oldest call that waits. */
  answer(): void {
    this.#late.shift()?.();
  }

  /** What becomes of a command: its order's id, or the fault's code. */
  ask(command: OrderCommand): Promise<string> {
    return this.door.ask(command).then(
      ({ order }) => order.id,
      (error: unknown) => (error instanceof Fault ? error.type : String(error)),
    );
  }

  #take(commands: readonly OrderCommand[]): Promise<readonly OrderOutcome[]> {
    this.calls.push(commands.map(nameOf));
    const fate = this.#fates.shift() ?? commands.map(done);
    if (fate === "late") return new Promise(resolve => this.#late.push(() => resolve(commands.map(done))));
    return fate instanceof Error ? Promise.reject(fate) : Promise.resolve(fate);
  }
}

function framework(type: string): Error {
  return Object.assign(new Error(type), { type });
}

const away = () => framework("SERVICE_NOT_FOUND");
const silent = () => framework("REQUEST_TIMEOUT");

it("what is asked in one turn goes in one call, one alone in the next turn", async () => {
  const shard = new FarShard();
  const first = ["a", "b", "c"].map(name => shard.ask(place(name)));
  expect(shard.calls).toEqual([]);
  await shard.time.pass(5);
  expect(shard.calls).toEqual([["a", "b", "c"]]);
  expect(await Promise.all(first)).toEqual(["a", "b", "c"]);
  const alone = shard.ask(cancel("7"));
  await shard.time.pass(5);
  expect(await alone).toBe("cancel");
});

it("a few calls are under way, and what comes meanwhile shares the next", async () => {
  const shard = new FarShard(...Array.from({ length: 8 }, () => "late" as const));
  const asked: Promise<string>[] = [];
  for (let index = 0; index < 12; index++) {
    asked.push(shard.ask(place(`o${index}`)));
    await shard.time.pass(5);
  }
  expect(shard.calls).toHaveLength(8);
  shard.answer();
  await shard.time.pass(10);
  expect(shard.calls.slice(8)).toEqual([["o8", "o9", "o10", "o11"]]);
  for (let index = 0; index < 7; index++) shard.answer();
  expect(await Promise.all(asked)).toEqual(Array.from({ length: 12 }, (_, index) => `o${index}`));
});

it("calls that are slow hold up nobody", async () => {
  const shard = new FarShard(...Array.from({ length: 8 }, () => "late" as const));
  for (let index = 0; index < 8; index++) {
    void shard.ask(place(`slow${index}`));
    await shard.time.pass(5);
  }
  const next = shard.ask(place("next"));
  await shard.time.pass(300);
  expect(await next).toBe("next");
});

it("many go in calls of a size that a message holds", async () => {
  const shard = new FarShard();
  const asked = Array.from({ length: 2 * BATCH_MAX + 1 }, (_, index) => shard.ask(place(`o${index}`)));
  await shard.time.pass(20);
  expect(shard.calls.map(({ length }) => length)).toEqual([BATCH_MAX, BATCH_MAX, 1]);
  expect((await Promise.all(asked)).at(-1)).toBe(`o${2 * BATCH_MAX}`);
});

it("orders wait for a shard that is moving, cancels are told that it is", async () => {
  const shard = new FarShard(away(), away(), new Fault("NOT_READY", "Cannot ask as it is moving"));
  const asked = [place("a"), cancel("1"), place("b")].map(command => shard.ask(command));
  await shard.time.pass(60);
  const later = [place("c"), cancel("2")].map(command => shard.ask(command));
  expect(await later[1]).toBe("NOT_READY");
  await shard.time.pass(200);
  expect(await Promise.all([...asked, ...later])).toEqual(["a", "NOT_READY", "b", "c", "NOT_READY"]);
  expect(shard.calls.at(-1)).toEqual(["a", "b", "c"]);
});

it("a cancel is sent again once the shard has been away", async () => {
  const shard = new FarShard(away());
  const first = shard.ask(cancel("1"));
  await shard.time.pass(100);
  const second = shard.ask(cancel("1"));
  await shard.time.pass(10);
  expect([await first, await second]).toEqual(["NOT_READY", "cancel"]);
});

it("an order that nobody answers for is asked again, a cancel is not", async () => {
  const shard = new FarShard(silent(), framework("REQUEST_REJECTED"));
  const asked = [place("a"), cancel("1")].map(command => shard.ask(command));
  await shard.time.pass(200);
  expect(await Promise.all(asked)).toEqual(["a", "OUTCOME_UNKNOWN"]);
  expect(shard.calls).toEqual([["a", "cancel"], ["a"], ["a"]]);
});

it("one order of a call may be unknown, and is asked again alone", async () => {
  const shard = new FarShard([done(place("a")), faulty("OUTCOME_UNKNOWN"), faulty("ORDER_NOT_OPEN")]);
  const asked = [place("a"), place("b"), cancel("1")].map(command => shard.ask(command));
  await shard.time.pass(100);
  expect(await Promise.all(asked)).toEqual(["a", "b", "ORDER_NOT_OPEN"]);
  expect(shard.calls).toEqual([["a", "b", "cancel"], ["b"]]);
});

it("patience ends: what was never sent was not taken, what was sent nobody knows", async () => {
  const never = new FarShard(...Array.from({ length: 400 }, away));
  const notTaken = never.ask(place("a"));
  await never.time.pass(9_000, 25);
  expect(await notTaken).toBe("NOT_READY");
  expect(never.calls.length).toBeLessThan(200);

  const lost = new FarShard(silent(), ...Array.from({ length: 400 }, away));
  const unknown = lost.ask(place("a"));
  await lost.time.pass(9_000, 25);
  expect(await unknown).toBe("OUTCOME_UNKNOWN");
});

it("a refusal for want of room is no outcome of an order that may have been taken", async () => {
  const shard = new FarShard(silent(), [faulty("MAILBOX_FULL")], [faulty("MAILBOX_FULL")]);
  const perhaps = shard.ask(place("a"));
  await shard.time.pass(100);
  const fresh = shard.ask(place("b"));
  await shard.time.pass(100);
  expect([await perhaps, await fresh]).toEqual(["OUTCOME_UNKNOWN", "MAILBOX_FULL"]);
});

it("so many wait and no more", async () => {
  const shard = new FarShard(...Array.from({ length: 400 }, away));
  const asked = Array.from({ length: WAITING_MAX }, (_, index) => shard.ask(place(`o${index}`)));
  await shard.time.pass(50);
  expect(await shard.ask(place("more"))).toBe("MAILBOX_FULL");
  await shard.time.pass(9_000, 50);
  expect(new Set(await Promise.all(asked))).toEqual(new Set(["NOT_READY"]));
  const waits = shard.ask(place("again"));
  shard.door.close();
  expect(await waits).toBe("NOT_READY");
});

it("what is no matter of moving is told as it is", async () => {
  const broken = new TypeError("Cannot read");
  const shard = new FarShard(broken);
  const asked = shard.ask(place("a"));
  await shard.time.pass(10);
  expect(await asked).toBe("TypeError: Cannot read");
});

it("asks a new owner at once what the old one may never answer", async () => {
  const far = new FarShard("late", "late");
  const [order, cancelled] = [far.ask(place("one")), far.ask(cancel("two"))];
  await far.time.pass(10);
  far.door.moved();
  expect(await cancelled).toBe("OUTCOME_UNKNOWN");
  await far.time.pass(100);
  far.answer();
  await far.time.pass(10);
  expect(far.calls).toEqual([["one", "cancel"], ["one"]]);
  far.answer();
  expect(await order).toBe("one");
});
