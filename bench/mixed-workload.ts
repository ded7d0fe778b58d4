/**
 * A seeded workload of all types of order, as a market's commands. `KINDS` is the mix, in per mille; a type
 * more is a line more there. Prices stand around a middle that drifts by at most a tick a command, sizes are
 * 1 … 100 lots; amends and cancels name orders that are open, which a machine that plays along knows. While
 * fewer than `OPEN_ORDERS` are open a limit order takes a cancel's place, so the mix is also counted. Every
 * `COMMANDS_A_CALL` commands the market goes through an intraday auction of `CALL_COMMANDS` commands.
 */
import type { AmendOrder, MarketCommand, PlaceOrder } from "../engine/market/command.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import type { Phase } from "../engine/market/phase.ts";
import type { OrderTerms } from "../engine/market/terms.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Ticks } from "../engine/units.ts";
import { instrument } from "./instrument.ts";

const OPEN_ORDERS = 10_000;
const COMMANDS_A_CALL = 50_000;
const CALL_COMMANDS = 500;
const ACCOUNTS = 50;
const FIRST_MIDDLE = 110_000;

/** Where the market is, and chance. */
export interface Draw {
  readonly middle: number;
  readonly sign: 1 | -1;
  /** A whole number from 0, less than `below`. */
  random(below: number): number;
  /** A limit on the own side of the middle, `nearest` ticks from it or more, mostly little more. */
  passive(nearest: number): Ticks;
  /** A limit or stop `ticks` beyond the middle: a buyer's above it. */
  beyond(ticks: number): Ticks;
}

type Place = Partial<Omit<PlaceOrder, "kind">>;
type Amend = Partial<Omit<AmendOrder, "kind" | "orderId">>;

interface Kind {
  readonly name: string;
  readonly perMille: number;
  readonly place?: (draw: Draw) => Place;
  readonly amend?: (draw: Draw) => Amend;
}

function waits(kind: "stop" | "takeProfit", at: Ticks, source: "last" | "bid" | "ask" | "mid" = "last") {
  return { trigger: { kind, source, stopTicks: at } };
}

function resting(draw: Draw, terms: OrderTerms): Place {
  return { ticks: draw.passive(1), lots: (10 + draw.random(91)) as Lots, terms };
}

const market = { type: "market", timeInForce: "IOC", ticks: 0 as Ticks } as const;

const LIMIT: Kind = { name: "limit", perMille: 320, place: draw => ({ ticks: draw.passive(-1) }) };
const CANCEL: Kind = { name: "cancel", perMille: 350 };

const KINDS: readonly Kind[] = [
  LIMIT,
  { name: "post-only", perMille: 30, place: draw => ({ ticks: draw.passive(0), postOnly: true }) },
  { name: "market", perMille: 40, place: () => market },
  { name: "IOC", perMille: 40, place: draw => ({ ticks: draw.beyond(20), timeInForce: "IOC" }) },
  { name: "FOK", perMille: 20, place: draw => ({ ticks: draw.beyond(20), timeInForce: "FOK" }) },
  {
    name: "stop",
    perMille: 20,
    place: draw => ({ ...market, terms: waits("stop", draw.beyond(10 + draw.random(90))) }),
  },
  {
    name: "stop-limit",
    perMille: 15,
    place: draw => {
      const stop = draw.beyond(10 + draw.random(90));
      return { ticks: stop, terms: waits("stop", stop, draw.sign > 0 ? "ask" : "bid") };
    },
  },
  {
    name: "take-profit",
    perMille: 10,
    place: draw => ({ ...market, terms: waits("takeProfit", draw.passive(10), "mid") }),
  },
  {
    name: "take-profit-limit",
    perMille: 5,
    place: draw => {
      const ticks = draw.passive(10);
      return { ticks, terms: waits("takeProfit", ticks) };
    },
  },
  { name: "iceberg", perMille: 30, place: draw => resting(draw, { displayLots: 5 as Lots }) },
  { name: "hidden", perMille: 20, place: draw => resting(draw, { hidden: true }) },
  {
    name: "hidden with a minimum",
    perMille: 10,
    place: draw => resting(draw, { hidden: true, minimumLots: (1 + draw.random(10)) as Lots }),
  },
  {
    name: "minimum",
    perMille: 15,
    place: draw => resting(draw, { minimumLots: (1 + draw.random(10)) as Lots }),
  },
  { name: "all-or-none", perMille: 15, place: draw => resting(draw, { allOrNone: true }) },
  { name: "amend to a smaller size", perMille: 30, amend: draw => ({ lots: (1 + draw.random(20)) as Lots }) },
  { name: "amend to another price", perMille: 30, amend: draw => ({ ticks: draw.passive(0) }) },
  CANCEL,
];

export interface MixedWorkload {
  readonly commands: readonly MarketCommand[];
  /** How many of each kind there are. */
  readonly mix: ReadonlyMap<string, number>;
}

class Source {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }
}

function drawAt(source: Source, middle: number, sign: 1 | -1): Draw {
  const random = (below: number) => source.random(below);
  return {
    middle,
    sign,
    random,
    passive: nearest => (middle - sign * (nearest + random(random(200) + 1))) as Ticks,
    beyond: ticks => (middle + sign * ticks) as Ticks,
  };
}

/** Orders placed that may be open; forgets those that a look finds closed. */
class OpenOrders {
  readonly #machine: MarketMachine;
  readonly #ids: OrderId[] = [];

  constructor(machine: MarketMachine) {
    this.#machine = machine;
  }

  get size(): number {
    return this.#ids.length;
  }

  add(id: OrderId): void {
    this.#ids.push(id);
  }

  /** One of them, drawn. */
  draw(source: Source) {
    while (this.#ids.length > 0) {
      const at = source.random(this.#ids.length);
      const order = this.#machine.order(this.#ids[at] ?? (0 as OrderId));
      if (order !== undefined) return order;
      const last = this.#ids.pop();
      if (last !== undefined && at < this.#ids.length) this.#ids[at] = last;
    }
    return undefined;
  }
}

export function mixedWorkload(count: number, seed: number): MixedWorkload {
  const source = new Source(seed);
  const machine = new MarketMachine(instrument);
  const open = new OpenOrders(machine);
  const commands: MarketCommand[] = [];
  const mix = new Map<string, number>();
  let middle = FIRST_MIDDLE;
  let number = 0;
  const phaseAt = (at: number): Phase | undefined =>
    at === COMMANDS_A_CALL - CALL_COMMANDS ? "intraday-auction" : at === 0 ? "continuous" : undefined;
  while (commands.length < count) {
    const phase = phaseAt(commands.length % COMMANDS_A_CALL);
    const time = commands.length as Milliseconds;
    let command: MarketCommand | undefined;
    if (phase !== undefined) command = { kind: "phase", time, phase, reason: "schedule" };
    else {
      const drawn = kindAt(source.random(1_000));
      const kind = drawn === CANCEL && open.size < OPEN_ORDERS ? LIMIT : drawn;
      middle += source.random(3) - 1;
      const draw = drawAt(source, middle, source.random(2) === 0 ? 1 : -1);
      command = commandOf(kind, draw, open, source, time, number + 1);
      if (command === undefined) continue;
      number++;
      mix.set(kind.name, (mix.get(kind.name) ?? 0) + 1);
    }
    commands.push(command);
    const log = machine.apply(command);
    if (command.kind === "place") open.add((log.rows[1] ?? 0) as OrderId);
  }
  return { commands, mix };
}

function kindAt(perMille: number): Kind {
  let left = perMille;
  for (const kind of KINDS) {
    left -= kind.perMille;
    if (left < 0) return kind;
  }
  throw new Error("Cannot draw a kind as the mix must add up to 1000 per mille");
}

/** Undefined where no order is open that it could be about. */
function commandOf(
  kind: Kind,
  draw: Draw,
  open: OpenOrders,
  source: Source,
  time: Milliseconds,
  number: number,
): MarketCommand | undefined {
  const common = { time, shard: 0, number, liquidity: false, reference: 0 };
  const money = { reserved: 0n as Money };
  if (kind.place !== undefined) {
    const account = (1 + source.random(ACCOUNTS)) as AccountId;
    const plain = {
      ...({ type: "limit", timeInForce: "GTC", postOnly: false } as const),
      ...{
        side: draw.sign > 0 ? ("buy" as const) : ("sell" as const),
        lots: (1 + source.random(100)) as Lots,
      },
    };
    const order = { ticks: 0 as Ticks, ...plain, ...kind.place(draw) };
    return { kind: "place", ...common, account, ...money, clientOrderId: "", ...order };
  }
  const order = open.draw(source);
  if (order === undefined) return undefined;
  const { orderId, account, side } = order;
  if (kind.amend === undefined) return { kind: "cancel", ...common, account, orderId };
  const asked = kind.amend(drawAt(source, draw.middle, side === "buy" ? 1 : -1));
  const change = { lots: 0 as Lots, ticks: 0 as Ticks, ...asked };
  return { kind: "amend", ...common, account, orderId, ...money, ...change };
}
