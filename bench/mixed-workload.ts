/**
 * A seeded workload of all types of order, as a market's commands. The mix stands in
 * `mixed-kinds.ts`. Prices stand around a middle that drifts by at most a tick a command, sizes are
 * 1 … 100 lots; amends and cancels name orders that are open, which a machine that plays along knows. While
 * fewer than `OPEN_ORDERS` are open a limit order takes a cancel's place, so the mix is also counted. Every
 * `COMMANDS_A_CALL` commands the market goes through an intraday auction of `CALL_COMMANDS` commands; a day
 * has `COMMANDS_A_DAY`, a command a millisecond.
 */
import { composeOrderId, marketOrigin } from "../engine/ids.ts";
import type { MarketCommand, OrderBody } from "../engine/market/command.ts";
import { amendOrder, cancelOrder, placeOrder, shapedTerms } from "../engine/market/command-shape.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import type { Phase } from "../engine/market/phase.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../engine/units.ts";
import { instrument } from "./instrument.ts";
import { CANCEL, type Draw, KINDS, type Kind, LIMIT, MIXES, type Mix, type Place } from "./mixed-kinds.ts";

const OPEN_ORDERS = 10_000;
const COMMANDS_A_CALL = 50_000;
const CALL_COMMANDS = 500;
const COMMANDS_A_DAY = 250_000;
const ACCOUNTS = 50;
const FIRST_MIDDLE = 110_000;

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

function drawAt(source: Source, middle: number, sign: 1 | -1, time: number): Draw {
  const random = (below: number) => source.random(below);
  return {
    middle,
    sign,
    time,
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

export function mixedWorkload(count: number, seed: number, name: Mix = "even"): MixedWorkload {
  const source = new Source(seed);
  const machine = new MarketMachine(instrument);
  const open = new OpenOrders(machine);
  const commands: MarketCommand[] = [];
  const mix = new Map<string, number>();
  let middle = FIRST_MIDDLE;
  let number = 0;
  let orders = 0;
  const phaseAt = (at: number): Phase | undefined =>
    at === COMMANDS_A_CALL - CALL_COMMANDS ? "intraday-auction" : at === 0 ? "continuous" : undefined;
  while (commands.length < count) {
    const phase = phaseAt(commands.length % COMMANDS_A_CALL);
    const time = commands.length as Milliseconds;
    let command: MarketCommand | undefined;
    if (time % COMMANDS_A_DAY === COMMANDS_A_DAY - 1) command = { kind: "endOfDay", time };
    else if (phase !== undefined) command = { kind: "phase", time, phase, reason: "schedule" };
    else {
      const drawn = kindAt(name, source.random(1_000));
      const kind = drawn === CANCEL && open.size < OPEN_ORDERS ? LIMIT : drawn;
      middle += source.random(3) - 1;
      const draw = drawAt(source, middle, source.random(2) === 0 ? 1 : -1, time);
      command = commandOf(kind, draw, open, source, time, number + 1);
      if (command === undefined) continue;
      number++;
      mix.set(kind.name, (mix.get(kind.name) ?? 0) + 1);
    }
    commands.push(command);
    machine.apply(command);
    if (command.kind !== "place" && command.kind !== "replace") continue;
    open.add(composeOrderId(++orders, marketOrigin(instrument.number)));
  }
  return { commands, mix };
}

function kindAt(name: Mix, perMille: number): Kind {
  let left = perMille;
  for (const kind of KINDS) {
    left -= kind.perMille[MIXES.indexOf(name)] ?? 0;
    if (left < 0) return kind;
  }
  throw new Error("Cannot draw a kind as the mix must add up to 1000 per mille");
}

/** Undefined where no order is open that it could be about. All commands of a kind have one shape. */
function commandOf(
  kind: Kind,
  draw: Draw,
  open: OpenOrders,
  source: Source,
  time: Milliseconds,
  number: number,
): MarketCommand | undefined {
  const from = (account: AccountId) => ({ time, shard: 0, number, account, liquidity: false, reference: 0 });
  const drawnAccount = () => (1 + source.random(ACCOUNTS)) as AccountId;
  if (kind.place !== undefined) {
    const account = drawnAccount();
    return placeOrder(from(account), bodyOf(kind.place(draw), draw, draw.sign > 0 ? "buy" : "sell"));
  }
  if (kind.massCancel) return { kind: "massCancel", ...from(drawnAccount()) };
  const order = open.draw(source);
  if (order === undefined) return undefined;
  const { orderId, account, side } = order;
  const own = drawAt(source, draw.middle, side === "buy" ? 1 : -1, time);
  if (kind.replace !== undefined) {
    const body = bodyOf(kind.replace(own), own, side);
    return { kind: "replace", ...from(account), orderId, onFailure: "stop", order: body };
  }
  if (kind.amend === undefined) return cancelOrder(from(account), orderId);
  const { lots = 0 as Lots, ticks = 0 as Ticks, terms } = kind.amend(own);
  return amendOrder(from(account), { orderId, lots, ticks, reserved: 0n as Money, terms });
}

function bodyOf(place: Place, draw: Draw, side: Side): OrderBody {
  const { type = "limit", timeInForce = "GTC", ticks = 0 as Ticks, postOnly = false } = place;
  const lots = place.lots ?? ((1 + draw.random(100)) as Lots);
  const reserved = 0n as Money;
  const terms = place.terms && shapedTerms(place.terms);
  return { clientOrderId: "", side, type, timeInForce, postOnly, lots, ticks, reserved, terms };
}
