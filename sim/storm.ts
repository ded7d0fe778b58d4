/**
 * What goes wrong in a run: processes that crash, stand still or sleep, wires that are cut, slow or lossy, a
 * store without a leader, clocks that jump. One thing after another, several at a time, until it is called
 * off; then everything is mended.
 */
import type { Chance } from "./kernel/chance.ts";
import { BREEZE, CALM, type Network, STORE, type Wires } from "./kernel/network.ts";
import type { Process } from "./kernel/process.ts";
import type { Scheduler } from "./kernel/scheduler.ts";
import { RELIABLE, type StoreLink } from "./store/store-link.ts";
import type { Cluster } from "./venue/cluster.ts";

type Kind = "kill" | "move" | "pause" | "cut" | "depose" | "wires" | "store" | "clock";

/** How often each kind strikes where it strikes at all. */
const WEIGHTS: readonly (readonly [Kind, number])[] = [
  ["kill", 3],
  ["move", 8],
  ["pause", 4],
  ["cut", 4],
  ["depose", 2],
  ["wires", 5],
  ["store", 4],
  ["clock", 1],
];
/** Of the kinds, the share that strikes in one run: few at a time show what all together hide. */
const SHARE = 0.5;

export interface StormWorld {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly link: StoreLink;
  readonly cluster: Cluster;
  readonly chance: Chance;
  readonly note: (words: string) => void;
}

export class Storm {
  readonly #world: StormWorld;
  readonly #pauseMs: number;
  /** Each kind as often as it weighs. */
  readonly #kinds: readonly Kind[];
  /** What wires are like between two disturbances. */
  readonly #usual: Wires;
  #over = false;
  /** Faults so far. */
  faults = 0;

  constructor(world: StormWorld) {
    const { chance } = world;
    this.#world = world;
    this.#pauseMs = chance.within(200, 3_000);
    this.#usual = chance.is(0.5) ? CALM : BREEZE;
    const kinds = WEIGHTS.filter(() => chance.is(SHARE)).flatMap(([kind, weight]) =>
      Array(weight).fill(kind),
    );
    this.#kinds = kinds.length === 0 ? ["kill"] : kinds;
  }

  start(): void {
    const { scheduler, chance, network } = this.#world;
    if (this.faults === 0) network.wires = this.#usual;
    scheduler.after(chance.within(0, 2 * this.#pauseMs), () => {
      if (this.#over) return;
      this.faults++;
      this.#strike();
      this.start();
    });
  }

  /** Nothing goes wrong from here on. */
  end(): void {
    const { network, link, cluster } = this.#world;
    this.#over = true;
    network.heal();
    network.wires = { ...CALM };
    link.faults = { ...RELIABLE };
    link.leaderlessUntil = 0;
    for (const name of cluster.names) cluster.processOf(name).resume();
  }

  #strike(): void {
    const { chance, cluster } = this.#world;
    const node = chance.pick(cluster.names);
    const strikes: Readonly<Record<Kind, () => void>> = {
      kill: () => this.#kill(node),
      move: () => this.#move(),
      pause: () => this.#pause(node),
      cut: () => this.#cut(node),
      depose: () => this.#depose(),
      wires: () => this.#disturbWires(),
      store: () => this.#disturbStore(),
      clock: () => this.#turnClock(node),
    };
    strikes[chance.pick(this.#kinds)]();
  }

  #kill(node: string): void {
    this.#world.note(`${node} is killed`);
    this.#world.cluster.crash(node);
  }

  #move(): void {
    const { chance, cluster, note } = this.#world;
    for (let times = chance.between(1, 4); times > 0; times--) {
      const moved = cluster.move(hosts => chance.pick(hosts));
      if (moved !== undefined) note(`${moved} moves`);
    }
  }

  #turnClock(node: string): void {
    const process = this.#world.cluster.processOf(node);
    process.skewMs = this.#world.chance.between(-20_000, 20_000);
    this.#world.note(`the clock of ${node} is wrong by ${process.skewMs}`);
  }

  /** For less than a lease, or for longer. */
  #pause(node: string): void {
    const { chance, note, cluster } = this.#world;
    const process: Process = cluster.processOf(node);
    const ms = chance.is(0.5) ? chance.between(50, 1_400) : chance.between(1_400, 6_000);
    const asleep = chance.is(0.4);
    note(`${node} stands still for ${ms}${asleep ? ", its clock too" : ""}`);
    process.pause(asleep);
    this.#later(ms, () => process.resume());
  }

  #cut(node: string): void {
    const { chance, note, network, cluster } = this.#world;
    const other = chance.pick([STORE, STORE, "outside", ...cluster.names.filter(name => name !== node)]);
    const oneWay = chance.is(0.4);
    const [from, to] = chance.is(0.5) ? [node, other] : [other, node];
    note(`${from} and ${to} are cut${oneWay ? ", one way" : ""}`);
    network.cut(from, to, oneWay);
    this.#later(chance.within(100, 5_000), () => network.mend(from, to));
  }

  #depose(): void {
    const { chance, note, link } = this.#world;
    const ms = chance.between(50, 3_000);
    note(`the store has no leader for ${ms}`);
    link.leaderlessUntil = Math.max(link.leaderlessUntil, link.now + ms);
  }

  #disturbWires(): void {
    const { chance, note, network } = this.#world;
    const wires = {
      typicalMs: chance.within(0.2, 20),
      tailMs: chance.within(5, 800),
      loss: chance.is(0.5) ? chance.within(0, 0.2) : 0,
      duplicate: chance.is(0.7) ? chance.within(0, 0.6) : 0,
      late: chance.is(0.5) ? chance.within(0, 0.25) : 0,
    };
    note(`wires: ${JSON.stringify(wires)}`);
    network.wires = wires;
    this.#later(chance.within(500, 8_000), () => {
      network.wires = this.#usual;
    });
  }

  #disturbStore(): void {
    const { chance, note, link } = this.#world;
    const some = (most: number) => (chance.is(0.5) ? chance.within(0, most) : 0);
    const faults = {
      lost: some(0.1),
      late: some(0.25),
      unanswered: some(0.15),
      stale: some(0.5),
      damaged: some(0.3),
    };
    note(`the store: ${JSON.stringify(faults)}`);
    link.faults = faults;
    this.#later(chance.within(500, 5_000), () => {
      link.faults = { ...RELIABLE };
    });
  }

  #later(ms: number, mend: () => void): void {
    this.#world.scheduler.after(ms, () => {
      if (!this.#over) mend();
    });
  }
}
