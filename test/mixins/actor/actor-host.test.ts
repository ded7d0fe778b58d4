/** The life of an actor on a node: what it does with its claim, and what those hear who wait for it. */
import { beforeEach, expect, it } from "vitest";
import { ActorHost, type HostedActor, type Tenure } from "../../../mixins/actor/actor-host.ts";
import { type Claim, OwnershipTaken } from "../../../mixins/ownership/ownership.ts";

/** One actor, whose claim and opening a test holds in its hands. */
class World {
  readonly told: string[] = [];
  tenure: Tenure | undefined;
  epoch = 0;
  isTaken = false;
  lose: (reason: Error) => void = () => undefined;
  /** What opening waits for. */
  opened: Promise<void> = Promise.resolve();
  closed: Promise<void> = Promise.resolve();

  async claim(actor: string): Promise<Claim> {
    if (this.isTaken) throw new OwnershipTaken(actor);
    this.isTaken = true;
    const lost = new Promise<Error>(resolve => {
      this.lose = resolve;
    });
    const release = async () => {
      this.told.push("released");
      this.isTaken = false;
    };
    return { actor, epoch: ++this.epoch, standing: true, lost, release };
  }

  async open(tenure: Tenure): Promise<HostedActor> {
    this.tenure = tenure;
    await this.opened;
    this.told.push("opened");
    return {
      isMovable: false,
      close: async () => {
        this.told.push("closes");
        await this.closed;
      },
      abandon: async reason => void this.told.push(`abandoned: ${String(reason)}`),
    };
  }

  host(): ActorHost {
    return new ActorHost({
      actor: "market.EURUSD",
      claim: actor => this.claim(actor),
      open: tenure => this.open(tenure),
      onFailed: reason => this.told.push(`failed: ${String(reason)}`),
      onTrouble: error => this.told.push(`trouble: ${String(error)}`),
    });
  }
}

let world: World;
let host: ActorHost;

beforeEach(() => {
  world = new World();
  host = world.host();
});

it("serves under its claim, and hands over in order", async () => {
  await host.take();
  expect([host.state, host.epoch, host.isMovable]).toEqual(["serving", 1, false]);
  await host.handOver();
  expect([host.state, host.epoch]).toEqual(["idle", undefined]);
  expect(world.told).toEqual(["opened", "closes", "released"]);
  await host.take();
  expect(host.epoch).toBe(2);
});

it("gives its claim back where it cannot open", async () => {
  world.opened = Promise.reject(new Error("no snapshot"));
  await expect(host.take()).rejects.toThrow("no snapshot");
  expect([host.state, ...world.told]).toEqual(["idle", "released"]);
});

it("is idle where another has the claim", async () => {
  world.isTaken = true;
  await expect(host.take()).rejects.toThrow(OwnershipTaken);
  expect([host.state, ...world.told]).toEqual(["idle"]);
});

it("abandons what it serves when its claim is lost or it fails, once, and may begin again", async () => {
  for (const end of [(reason: Error) => world.lose(reason), (reason: Error) => world.tenure?.fail(reason)]) {
    world.told.length = 0;
    await host.take();
    end(new Error("gone"));
    await expect.poll(() => host.state).not.toBe("serving");
    world.tenure?.fail(new Error("and so on"));
    await host.handOver();
    expect(host.state).toBe("idle");
    const told = ["opened", "failed: Error: gone", "abandoned: Error: gone", "released"];
    expect(world.told).toEqual(told);
  }
});

it.each(["lost", "given up"])("serves nothing whose claim was %s while it opened", async how => {
  let open: () => void = () => undefined;
  world.opened = new Promise(resolve => {
    open = resolve;
  });
  const taken = host.take();
  await expect.poll(() => world.tenure).toBeDefined();
  const given = how === "lost" ? Promise.resolve(world.lose(new Error("gone"))) : host.handOver();
  await expect.poll(() => world.tenure?.isOver).toBe(true);
  open();
  await expect(taken).rejects.toThrow();
  await given;
  expect(host.state).toBe("idle");
  expect(world.told).toEqual(["opened", expect.stringContaining("abandoned"), "released"]);
});

it("gives its claim back though saving failed, and says so", async () => {
  await host.take();
  world.closed = Promise.reject(new Error("disk full"));
  await expect(host.handOver()).rejects.toThrow("disk full");
  expect([host.state, world.isTaken]).toEqual(["idle", false]);
});

it("opens nothing where it was given up before its claim came", async () => {
  const taking = host.take();
  const given = host.handOver();
  await expect(taking).rejects.toThrow("handed over");
  await given;
  expect([host.state, ...world.told]).toEqual(["idle", "released"]);
  await host.take();
  expect(host.state).toBe("serving");
});
